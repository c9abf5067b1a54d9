"""Decides what bringing goods to a door costs in an area of a round, from which order on, and whether anybody drives there.

The areas are a copy in the round (`DeliveryRound.areas`), made when it was announced: a round that somebody has ordered for keeps
them whatever the plan says later. A round without areas drives to the whole region for the fee of the window.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from logistics.models import DeliveryRound, DeliveryWindow, RoundRule, RuleWindow
from marketplace.core import money
from marketplace.regions.models import Municipality


@dataclass(frozen=True, kw_only=True, slots=True)
class Tariff:
    """What holds in an area: the fee on top of the window's, the least order, and from which goods on it costs nothing.

    Gross euro; `free_from` None is never.
    """

    name: str
    fee: Decimal
    minimum: Decimal
    free_from: Decimal | None

    def fee_for(self, *, window_fee: Decimal, goods: Decimal) -> Decimal:
        """What an order of goods for so much pays; deposits do not count."""
        free = self.free_from is not None and goods >= self.free_from
        return money.ZERO if free else window_fee + self.fee

    def to_free(self, *, goods: Decimal) -> Decimal:
        """How much is missing until it costs nothing; zero when it does, or never will."""
        return max(money.ZERO, self.free_from - goods) if self.free_from is not None else money.ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Where the goods are to be brought, as far as it is known: the village, and the postal code once somebody told it."""

    municipality_id: int | None = None
    postal_codes: tuple[str, ...] = ()


NOWHERE = Door()


def door(*, municipality: Municipality | None, postal_code: str = "") -> Door:
    """A door in a village; without a postal code any of the village."""
    if municipality is None:
        return Door(postal_codes=(postal_code,) if postal_code else ())
    codes = (postal_code,) if postal_code else tuple(municipality.postal_codes)
    return Door(municipality_id=municipality.pk, postal_codes=codes)


def of_door(*, delivery_round: DeliveryRound, door: Door) -> Tariff | None:
    """What holds at a door; None where nobody drives, and in rounds without areas.

    A single postal code counts before the village, since it is told more exactly. Nobody knows where `NOWHERE` is: the cheapest.
    """
    rows = delivery_round.areas
    if door == NOWHERE:
        return min((_tariff(row) for row in rows), key=lambda one: (one.fee, one.minimum, one.name), default=None)
    exact = [row for row in rows if len(door.postal_codes) == 1 and door.postal_codes[0] in row["postal_codes"]]
    village = [row for row in rows if door.municipality_id in row["municipalities"]]
    some = [row for row in rows if set(door.postal_codes) & set(row["postal_codes"])]
    found = exact or village or some
    return _tariff(found[0]) if found else None


def serves(*, delivery_round: DeliveryRound, door: Door) -> bool:
    """Whether the round comes to that door."""
    return not delivery_round.areas or of_door(delivery_round=delivery_round, door=door) is not None


def of_window(*, window: DeliveryWindow, door: Door) -> Tariff | None:
    """What holds for an order in that window; only what is brought to a door has a tariff."""
    if window.pickup_point_id is not None or window.partner_id is not None:
        return None
    return of_door(delivery_round=window.round, door=door)


def fee_of(*, window: DeliveryWindow, door: Door, goods: Decimal) -> Decimal:
    """What getting goods for so much in that window costs there, gross euro."""
    tariff = of_window(window=window, door=door)
    return tariff.fee_for(window_fee=window.fee, goods=goods) if tariff else window.fee


def minimum_of(*, window: DeliveryWindow, door: Door) -> Decimal:
    """The least order, gross euro of goods: that of the plan, and of the area where it is brought to."""
    tariff = of_window(window=window, door=door)
    least: Decimal = window.round.rule.minimum_order
    return max(least, tariff.minimum) if tariff else least


def announced(*, rule: RoundRule) -> list[dict[str, Any]]:
    """The areas of a plan as its rounds keep them. Two queries."""
    rows = rule.areas.prefetch_related("municipalities").order_by("fee", "name", "pk")
    return [
        {
            "name": row.name,
            "municipalities": sorted(village.pk for village in row.municipalities.all()),
            "postal_codes": sorted(row.postal_codes),
            "fee": str(row.fee),
            "minimum": str(row.minimum_order),
            "free_from": None if row.free_from is None else str(row.free_from),
        }
        for row in rows
    ]


def fee_of_plan(*, window: RuleWindow, door: Door, goods: Decimal) -> Decimal:
    """What bringing goods for so much costs by the plan of today, gross euro; for what is agreed for many rounds. Two queries."""
    if window.pickup_point_id is not None or window.partner_id is not None:
        return window.fee
    tariff = of_door(delivery_round=DeliveryRound(areas=announced(rule=window.rule)), door=door)
    return tariff.fee_for(window_fee=window.fee, goods=goods) if tariff else window.fee


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An area as customers read it; `places` are names of villages, or postal codes."""

    tariff: Tariff
    places: Sequence[str]


def shown(*, rounds: Iterable[DeliveryRound], villages: Iterable[Municipality]) -> list[Shown]:
    """The areas of the open rounds, each once. No query."""
    names = {village.pk: village.name for village in villages}
    found: dict[tuple[Any, ...], Shown] = {}
    for row in rounds:
        for area in row.areas:
            tariff = _tariff(area)
            places = [*sorted(names[pk] for pk in area["municipalities"] if pk in names), *area["postal_codes"]]
            found.setdefault((tariff, tuple(places)), Shown(tariff=tariff, places=places))
    return sorted(found.values(), key=lambda one: (one.tariff.fee, one.tariff.name))


def _tariff(row: Mapping[str, Any]) -> Tariff:
    free = row["free_from"]
    return Tariff(
        name=row["name"],
        fee=Decimal(row["fee"]),
        minimum=Decimal(row["minimum"]),
        free_from=None if free is None else Decimal(free),
    )
