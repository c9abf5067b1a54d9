"""Decides who sells a line of an order: the operator in its own name (commission), or the producer itself (agency).

What was agreed when the order was placed holds, because that is what the customer was told (Art. 246d section 1 EGBGB). VAT goes
by the day of supply, whoever sells.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from billing.models import SupplyContract
from billing.rates import RateTable, Taxed
from marketplace.order.models import Line, Order
from marketplace.partner.models import Partner

AGENCY = SupplyContract.Mode.AGENCY
KEPT_SECONDS = 60


class Agencies:
    """The agency contracts of some producers, read in one query."""

    def __init__(self, contracts: Iterable[SupplyContract]) -> None:
        self._contracts = tuple(contracts)

    @classmethod
    def load(cls, *, partners: Collection[int | None]) -> "Agencies":
        """What the database holds for these producers (by key)."""
        known = [pk for pk in partners if pk is not None]
        return cls(SupplyContract.objects.filter(mode=AGENCY, partner__in=known).order_by("pk"))

    def seller_of(self, *, partner_id: int | None, day: date) -> int | None:
        """The producer's key when it sells itself on that day, else None: the operator sells."""
        for row in self._contracts:
            if row.partner_id == partner_id and row.valid_from <= day and (row.valid_until is None or day <= row.valid_until):
                return partner_id
        return None

    def seller_of_line(self, *, line: Line, order: Order) -> int | None:
        """Who sells a line of an order."""
        return self.seller_of(partner_id=line.partner_id, day=timezone.localdate(order.date_placed))


class OwnRates(RateTable):
    """The rates at which a producer sells in its own name: those of its VAT status on the day of supply."""

    def __init__(self, *, rates: RateTable, contracts: Iterable[SupplyContract]) -> None:
        self._rates = rates
        self._contracts = tuple(contracts)

    def on(self, *, category: str, day: date) -> Taxed:
        """The producer's sale of goods of a category. Raises `NoVatRate`."""
        held = [row for row in self._contracts if row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)]
        status = held[-1].vat_status if held else SupplyContract.VatStatus.REGULAR
        return self._rates.of_producer(status=status, category=category, day=day)


def own_rates(*, partner_id: int, rates: RateTable) -> OwnRates:
    """The rates of one producer. One query."""
    return OwnRates(rates=rates, contracts=SupplyContract.objects.filter(partner=partner_id).order_by("valid_from"))


def in_own_name(line: str = "order_line__") -> Exists:
    """Whether the producer of a line sells itself, for a query of rows that name an order line by this prefix."""
    day = f"{line}order__date_placed__date"
    rows = SupplyContract.objects.filter(mode=AGENCY, partner=OuterRef(f"{line}partner"), valid_from__lte=OuterRef(day))
    return Exists(rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef(day))))


def on(*, region_id: int, day: date) -> frozenset[int]:
    """The producers of a region that sell themselves on a day, by key. One query, none for a minute after it.

    New terms begin tomorrow at the earliest, so what is kept is right for as long as it is kept.
    """
    key = f"agencies:{region_id}:{day:%Y-%m-%d}"
    known: frozenset[int] | None = cache.get(key)
    if known is None:
        rows = SupplyContract.objects.filter(mode=AGENCY, partner__region=region_id, valid_from__lte=day)
        running = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
        known = frozenset(running.values_list("partner", flat=True))
        cache.set(key, known, KEPT_SECONDS)
    return known


def sellers(*, region_id: int, partners: Iterable[Partner], day: date) -> list[Partner]:
    """Of these producers of a region those that sell themselves on a day, in their order."""
    own = on(region_id=region_id, day=day)
    return [partner for partner in partners if partner.pk in own]


def sells_itself(*, partner: str, day: date) -> Exists:
    """Whether a producer sells itself on a day, for a query of rows that name it by this field."""
    rows = SupplyContract.objects.filter(mode=AGENCY, partner=OuterRef(partner), valid_from__lte=day)
    return Exists(rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day)))


def rows_of(rows: Any, *, seller_id: int | None) -> Any:
    """Of delivered lines those that a producer sells itself, or (None) those that the operator sells."""
    return rows.filter(in_own_name(), order_line__partner=seller_id) if seller_id is not None else rows.filter(~in_own_name())
