"""Reads which months can be handed out of the books, and what was handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min

from billing import closed_months, period_exports, periods
from billing.models import JournalEntry, PeriodExport
from marketplace.regions.models import Region

MOST = 60


@dataclass(frozen=True, kw_only=True)
class Made:
    """An export with the name under which it is downloaded."""

    export: PeriodExport
    name: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The first days of months that are over and hold bookings, the newest first; until when the books are closed."""

    months: Sequence[date]
    closed: date | None
    made: Sequence[Made]


def read(*, region: Region, today: date) -> Desk:
    """What the page shows. Three queries."""
    rows = PeriodExport.objects.filter(region=region).defer("content").order_by("-made_at", "-pk")[:MOST]
    return Desk(
        months=months(region=region, today=today),
        closed=closed_months.until(region=region),
        made=[Made(export=row, name=period_exports.file_name(export=row)) for row in rows],
    )


def months(*, region: Region, today: date) -> list[date]:
    """First days of the months that are over, from the first booking on, the newest first. One query."""
    earliest: date | None = JournalEntry.objects.filter(region=region).aggregate(day=Min("day"))["day"]
    found: list[date] = []
    first = periods.month_of(today)[0]
    while earliest is not None and (first := periods.month_of(first - timedelta(days=1))[0]) >= earliest.replace(day=1):
        found.append(first)
    return found
