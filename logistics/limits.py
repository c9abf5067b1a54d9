"""Decides how much fits into a round: its vehicles together, each pickup point, each window; and keeps the counters in step.

The rounds that are still open follow a changed vehicle, place or plan at once; what is taken already stays taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from logistics import daytime
from logistics.crates import LEAST
from logistics.models import (
    Delivery,
    DeliveryRound,
    DeliveryWindow,
    PickupPoint,
    Reservation,
    RoundSpace,
    RuleWindow,
    Vehicle,
    WaitingEntry,
)
from logistics.spaces import FIELDS
from marketplace.regions.models import Region

Status = DeliveryRound.Status
#: the key of a place in a round: pickup point and window; both None are the vehicles
Place = tuple[int | None, int | None]
FLEET: Place = (None, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What fits in; None is no limit."""

    orders: int | None = None
    crates: int | None = None
    cold: int | None = None
    grams: int | None = None


def of_fleet(*, vehicles: Iterable[Vehicle], is_direct: bool = False) -> Limits:
    """What vehicles carry together on all their tours of a day; without any there is no limit.

    Where goods never see the hub (`is_direct`), nobody loads there again. A vehicle of which nobody told how
    heavy it may be loaded sets no limit for all.
    """
    known = list(vehicles)
    if not known:
        return Limits()
    trips = [(row, 1 if is_direct else row.max_trips) for row in known]
    loads = [row.capacity_g * times if row.capacity_g is not None else None for row, times in trips]
    return Limits(
        crates=sum(row.capacity_crates * times for row, times in trips),
        cold=sum(row.capacity_cold * times for row, times in trips),
        grams=sum(load for load in loads if load is not None) if None not in loads else None,
    )


def of_point(*, point: PickupPoint) -> Limits:
    """What a pickup point holds for one round."""
    cold = point.capacity_cold if point.cold_storage else 0
    return Limits(orders=point.capacity_orders, crates=point.capacity_crates, cold=cold)


@transaction.atomic
def refit(*, region: Region) -> None:
    """Let all open rounds of a region follow its vehicles, pickup points and plans."""
    rows = DeliveryRound.objects.filter(region=region, status=Status.OPEN)
    fit(rounds=rows)


@transaction.atomic
def fit(*, rounds: QuerySet[DeliveryRound]) -> None:
    """Give these rounds the limits of now, and counters where they have none. Locks them, so that nobody books meanwhile.

    The same number of queries for any number of rounds of a region.
    """
    locked = list(rounds.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not locked:
        return
    fleets = {
        (pk, is_direct): of_fleet(vehicles=Vehicle.objects.filter(region=pk, is_active=True), is_direct=is_direct)
        for pk, is_direct in {(row.region_id, row.is_direct) for row in locked}
    }
    wanted: dict[int, dict[Place, Limits]] = {row.pk: {FLEET: fleets[row.region_id, row.is_direct]} for row in locked}
    for round_id, place, limits in _places(locked):
        wanted[round_id][place] = limits
    known: dict[int, dict[Place, RoundSpace]] = {row.pk: {} for row in locked}
    for space in RoundSpace.objects.filter(round__in=locked):
        known[space.round_id][space.pickup_point_id, space.window_id] = space
    fresh = [row.pk for row in locked if wanted[row.pk].keys() - known[row.pk].keys()]
    taken = _taken(fresh) if fresh else {}
    for round_id, spaces in known.items():
        for place in wanted[round_id].keys() - spaces.keys():
            numbers = taken.get((round_id, place), {})
            spaces[place] = RoundSpace(round_id=round_id, pickup_point_id=place[0], window_id=place[1], **numbers)
        for place, space in spaces.items():
            _set(space, wanted[round_id].get(place, Limits()))
    rows = [space for spaces in known.values() for space in spaces.values()]
    RoundSpace.objects.bulk_update([row for row in rows if row.pk], [f"limit_{field}" for field in FIELDS])
    RoundSpace.objects.bulk_create(row for row in rows if not row.pk)


def _set(space: RoundSpace, limits: Limits) -> None:
    """What is taken already stays, even where less fits in from now on."""
    for field in FIELDS:
        limit = getattr(limits, field)
        setattr(space, f"limit_{field}", None if limit is None else max(limit, getattr(space, field)))


def _places(rounds: Sequence[DeliveryRound]) -> Iterator[tuple[int, Place, Limits]]:
    """The pickup points of each round, and those of its windows that take only so many crates. Two queries."""
    plans: dict[tuple[int, int | None, time], int | None] = {
        (one.rule_id, one.pickup_point_id, one.starts): one.capacity_crates
        for one in RuleWindow.objects.filter(rule__in={row.rule_id for row in rounds}, partner__isnull=True)
    }
    rules = {row.pk: row.rule_id for row in rounds}
    windows = DeliveryWindow.objects.filter(round__in=rounds, partner__isnull=True).select_related("pickup_point")
    for window in windows.order_by("pk"):
        if window.pickup_point is not None:
            yield window.round_id, (window.pickup_point.pk, None), of_point(point=window.pickup_point)
        clock = window.starts_at.astimezone(daytime.ZONE).time()
        crates = plans.get((rules[window.round_id], window.pickup_point_id, clock))
        if crates is not None:
            yield window.round_id, (None, window.pk), Limits(crates=crates)


def _taken(round_ids: Sequence[int]) -> dict[tuple[int, Place], dict[str, int]]:
    """What orders, checkouts under way and offers of the waiting list take of each place, counted anew. Three queries."""
    found: dict[tuple[int, Place], dict[str, int]] = {}
    booked = Delivery.objects.filter(round__in=round_ids, status=Delivery.Status.BOOKED)
    held = Reservation.objects.filter(window__round__in=round_ids)
    offered = WaitingEntry.objects.filter(window__round__in=round_ids, status=WaitingEntry.Status.OFFERED)
    where = ("window__round", "window", "window__pickup_point", "window__partner")
    load = {"in_crates": Sum("crates"), "in_cold": Sum("cold_crates"), "in_grams": Sum("weight_g")}
    own = Count("pk", filter=Q(offer__isnull=True))  # a place of the waiting list's is counted there
    for *places, orders, crates, cold, grams in booked.order_by().values_list(*where).annotate(number=Count("pk"), **load):
        _count(found, places, (orders, crates, cold, grams))
    for *places, orders, crates, cold, grams in held.order_by().values_list(*where).annotate(number=own, **load):
        _count(found, places, (orders, crates, cold, grams))
    for *places, number in offered.order_by().values_list(*where).annotate(number=Count("pk")):
        _count(found, places, (number, number * LEAST.crates, 0, 0))
    return found


def _count(found: dict[tuple[int, Place], dict[str, int]], where: Sequence[int | None], numbers: Sequence[int]) -> None:
    """Add up at the window, the pickup point and, unless it is fetched at a farm, the vehicles."""
    round_id, window, point, farm = where
    if round_id is None:
        return
    places: list[Place] = [(None, window), *([FLEET] if farm is None else []), *([(point, None)] if point else [])]
    for place in places:
        mine = found.setdefault((round_id, place), dict.fromkeys(FIELDS, 0))
        for field, number in zip(FIELDS, numbers, strict=True):
            mine[field] += number


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """How full a place of a round is, for the office; `name` is empty for the vehicles. Pairs of taken and limit (or None)."""

    name: str
    orders: tuple[int, int | None]
    crates: tuple[int, int | None]
    cold: tuple[int, int | None]
    kilograms: tuple[int, int | None]


def shown(*, delivery_round: DeliveryRound) -> list[Filled]:
    """How full the vehicles are, then the pickup points by name. One query."""
    rows = RoundSpace.objects.filter(round=delivery_round, window__isnull=True).select_related("pickup_point")
    return [
        Filled(
            name=row.pickup_point.name if row.pickup_point else "",
            orders=(row.orders, row.limit_orders),
            crates=(row.crates, row.limit_crates),
            cold=(row.cold, row.limit_cold),
            kilograms=(row.grams // 1000, None if row.limit_grams is None else row.limit_grams // 1000),
        )
        for row in rows.order_by(F("pickup_point__name").asc(nulls_first=True), "pk")
    ]
