"""Decides what comes off a producer's next credit note: credits to customers at its cost, and deposits of its empties (ADR 0012).

A credit note never asks a producer for money: what does not fit into a month is carried into the next one.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from billing import periods, supplies
from billing.models import Credit, InvoiceLine
from billing.supplies import Agreed, Supplied
from logistics import empties
from logistics.models import DepositReturn, PackedLine
from marketplace.core import money


def credits(*, partner: Any) -> QuerySet[Credit]:
    """Credits that a producer bears and that came off none of its credit notes yet, the oldest first."""
    taken = _standing().filter(credit=OuterRef("pk"))
    return Credit.objects.filter(~Exists(taken), bearer=partner).order_by("granted_at", "pk")


def returns(*, partner: Any) -> QuerySet[DepositReturn]:
    """A producer's empties that came back and whose deposit came off none of its credit notes yet, the oldest first."""
    taken = _standing().filter(deposit_return=OuterRef("pk"))
    return DepositReturn.objects.filter(~Exists(taken), partner=partner).order_by("noted_at", "pk")


def open_amount(*, partner: Any) -> Decimal:
    """What will come off a producer's next credit notes, in euro as customers paid it, before commission."""
    credited: Decimal | None = credits(partner=partner).aggregate(sum=Sum("borne"))["sum"]
    return (credited or money.ZERO) + empties.worth(returns(partner=partner))


def of(
    *,
    partner: Any,
    rows: Sequence[PackedLine],
    agreed: Agreed,
    period: tuple[date, date],
) -> list[Supplied]:
    """What can come off the credit note for these lines, the oldest first; of a credit only what was credited before."""
    settled = InvoiceLine.objects.filter(kind="389", order_line=OuterRef("order_line"))
    known = Q(order_line__in=[row.order_line_id for row in rows]) | Exists(settled)
    end = periods.starts(period[1] + timedelta(days=1))
    found: list[tuple[datetime, Supplied]] = []
    mine = credits(partner=partner).filter(known, granted_at__lt=end)
    for credit in mine.select_related("order_line__packed_line__delivery", "order_line__partner"):
        day = _within(credit.granted_at, period)
        if item := supplies.of_credit(credit=credit, day=day, agreed=agreed):
            found.append((credit.granted_at, item))
    for row in returns(partner=partner).filter(noted_at__lt=end):
        if item := supplies.of_return(row=row, day=_within(row.noted_at, period), agreed=agreed):
            found.append((row.noted_at, item))
    return [item for _moment, item in sorted(found, key=lambda entry: entry[0])]


def fitting(*, off: Sequence[Supplied], worth: Callable[[Sequence[Supplied]], Decimal]) -> list[Supplied]:
    """As much of it as leaves the credit note not below zero; `worth` says what it comes to with these."""
    if worth(off) >= 0:
        return list(off)
    return list(_one_by_one(off, worth))


def _standing() -> QuerySet[InvoiceLine]:
    """The lines of credit notes that were not cancelled."""
    return InvoiceLine.objects.filter(kind="389", invoice__replaced_by__isnull=True)


def _one_by_one(off: Sequence[Supplied], worth: Callable[[Sequence[Supplied]], Decimal]) -> Iterator[Supplied]:
    taken: list[Supplied] = []
    for item in off:
        if worth([*taken, item]) >= 0:
            taken.append(item)
            yield item


def _within(moment: datetime, period: tuple[date, date]) -> date:
    """The day it came about, or the first of the period when it was carried into it."""
    return max(timezone.localdate(moment), period[0])
