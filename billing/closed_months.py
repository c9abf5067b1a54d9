"""Reads until when the books are closed, and where a late fact goes instead."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from billing.models import Closing


def first_open_day(*, region: Any, day: date) -> date:
    """The day itself, or the first one after the closed months."""
    last = until(region=region)
    return max(day, last + timedelta(days=1)) if last else day


def until(*, region: Any) -> date | None:
    """The last day of the last closed month."""
    last: date | None = Closing.objects.filter(region=region, reopened_at__isnull=True).aggregate(last=Max("last"))["last"]
    return last
