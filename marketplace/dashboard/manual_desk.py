"""Reads what the office has proposed to book by hand, what may be proposed, and the months that are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing import closed_months, closing, manual_entries
from billing.models import Closing, ManualEntry
from logistics.models import CashCount
from marketplace.regions.models import Region
from marketplace.users.models import User

MOST = 50
Status = ManualEntry.Status


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A proposal; `mine` when the person who looks made it and somebody else has to decide."""

    entry: ManualEntry
    mine: bool


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Proposals that wait, counted cash that was not what drivers reported, and what was decided lately."""

    waiting: Sequence[Proposal]
    differences: Sequence[CashCount]
    done: Sequence[ManualEntry]


@dataclass(frozen=True, kw_only=True)
class Months:
    """Until when the books are closed, the month that comes next and what hinders it, and what was closed."""

    until: date | None
    month: tuple[date, date] | None
    hindrances: Sequence[str]
    remarks: Sequence[str]
    last: Closing | None
    closed: Sequence[Closing]


def read(*, region: Region, user: User) -> Desk:
    """The desk as this person sees it. Three queries."""
    rows = ManualEntry.objects.filter(region=region).select_related(
        "invoice__order",
        "payment__invoice",
        "payment__order",
        "cash_count__tour__round",
        "bank_line",
        "reverses",
        "incoming",
        "proposed_by",
        "decided_by",
        "entry",
    )
    rows = rows.defer("invoice__content", "payment__invoice__content")
    rows = rows.defer("incoming__original", "incoming__content", "incoming__findings")
    waiting = rows.filter(status=Status.PROPOSED).order_by("proposed_at", "pk")
    done = rows.exclude(status=Status.PROPOSED).order_by("-decided_at", "-pk")
    return Desk(
        waiting=[Proposal(entry=entry, mine=entry.proposed_by_id == user.pk) for entry in waiting],
        differences=manual_entries.cash_differences(region=region),
        done=list(done[:MOST]),
    )


def months(*, region: Region, today: date) -> Months:
    """The closing of months. The queries do not depend on how many there are."""
    month = closing.next_month(region=region, today=today)
    rows = Closing.objects.filter(region=region).select_related("closed_by", "asked_by", "reopened_by")
    closed = list(rows.order_by("-first", "-pk")[:MOST])
    return Months(
        until=closed_months.until(region=region),
        month=month,
        hindrances=closing.hindrances(region=region, first=month[0], last=month[1], today=today) if month else (),
        remarks=closing.remarks(region=region, last=month[1]) if month else (),
        last=next((row for row in closed if row.reopened_at is None), None),
        closed=closed,
    )
