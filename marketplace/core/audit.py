"""Writes down who changed what; the trail is only ever added to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from marketplace.core.models import AuditEntry


def record(
    *,
    action: str,
    target: models.Model,
    at: datetime,
    by: AbstractBaseUser | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry. `old` and `new` hold plain JSON values; `by` is None for what the market does by itself."""
    AuditEntry.objects.create(
        action=action,
        target_type=target._meta.label_lower,
        target_id=target.pk,
        at=at,
        by_id=by.pk if by is not None else None,
        old=dict(old or {}),
        new=dict(new or {}),
    )
