"""Decides how much cash a tour brings home, by what drivers reported at the doors, and keeps what was counted in the evening.

Amounts are gross euro. What the customers owe, and that they have paid, is billing's matter; here it is the driver's purse.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from logistics.models import CashCount, StopEvent, Tour
from marketplace.core import audit, money
from marketplace.regions.models import Region
from marketplace.users.models import User

LOOK_BACK = timedelta(days=28)
MOST = Decimal(100_000)


class CountRefused(Exception):
    """The sum cannot be noted; the message is for the office."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Purse:
    """The cash of one tour: `expected` by the reports, `counted` None until somebody has."""

    tour: Tour
    expected: Decimal
    counted: Decimal | None
    note: str = ""

    @property
    def difference(self) -> Decimal:
        """What is too much, or with a minus too little."""
        return money.ZERO if self.counted is None else self.counted - self.expected


def purses(*, region: Region, today: date) -> list[Purse]:
    """The tours of the last weeks on which cash was taken or counted, the newest first. Two queries."""
    span = {"round__region": region, "round__delivery_day__gte": today - LOOK_BACK, "round__delivery_day__lte": today}
    tours = Tour.objects.filter(**span).select_related("round", "vehicle", "driver", "cash_count")
    rows = list(tours.order_by("-round__delivery_day", "pk"))
    taken = _taken(rows)
    return [_purse(tour, taken[tour.pk]) for tour in rows if taken[tour.pk] or hasattr(tour, "cash_count")]


@transaction.atomic
def count(*, tour: Tour, counted: Decimal, note: str, at: datetime, by: User | None) -> CashCount:
    """Keep what was counted; counting again replaces it, and the trail tells of both. Raises `CountRefused`."""
    if not 0 <= counted < MOST:
        raise CountRefused(_("Please enter what was counted, in euro."))
    Tour.objects.select_for_update(of=("self",)).get(pk=tour.pk)
    before = CashCount.objects.filter(tour=tour).first()
    expected = _taken([tour])[tour.pk]
    told = {"expected": expected, "counted": money.to_cents(counted), "note": note[:200], "counted_at": at, "counted_by": by}
    row, _new = CashCount.objects.update_or_create(tour=tour, defaults=told)
    old = {"counted": str(before.counted)} if before else {}
    audit.record(action="tour.cash_counted", target=tour, at=at, by=by, old=old, new={"counted": str(row.counted)})
    return row


def _purse(tour: Tour, expected: Decimal) -> Purse:
    found = getattr(tour, "cash_count", None)
    return Purse(tour=tour, expected=expected, counted=found.counted if found else None, note=found.note if found else "")


def _taken(tours: Iterable[Tour]) -> dict[int, Decimal]:
    """Sums of cash by tour; of a delivery that was reported twice the newer report counts."""
    events = StopEvent.objects.filter(stop__tour__in=[tour.pk for tour in tours], kind="delivered", data__paid="cash")
    newest = {
        (event.stop_id, str(event.data.get("delivery", ""))): event
        for event in events.select_related("stop").order_by("reported_at", "pk")
    }
    sums: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
    for event in newest.values():
        sums[event.stop.tour_id] += _amount(event)
    return sums


def _amount(event: StopEvent) -> Decimal:
    try:
        return money.to_cents(Decimal(str(event.data.get("amount", "0"))))
    except InvalidOperation:
        return money.ZERO
