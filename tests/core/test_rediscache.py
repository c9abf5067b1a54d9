"""The cache's one client."""

from typing import Any

from django.core.cache import cache


def test_one_client_serves_all_commands_of_a_thread() -> None:
    inner: Any = cache._cache  # type: ignore[attr-defined]  # Django's own place for it
    assert inner.get_client(write=True) is inner.get_client("key")
    cache.set("key", ["value"])
    assert cache.get("key") == ["value"]
    cache.clear()
    assert cache.get("key") is None
