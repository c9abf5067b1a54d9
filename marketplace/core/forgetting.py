"""Forgets what the cache holds of rows that have changed."""

from django.core.cache import cache
from django.db import transaction


def forget(*keys: str) -> None:
    """Empty these keys now, and once more when the change is committed, because somebody may have read in between."""
    cache.delete_many(keys)
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: cache.delete_many(keys))
