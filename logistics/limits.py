"""Decides how much fits into a round: its vehicles together, each pickup point, each window; and keeps the counters in step.

The rounds that are still open follow a changed vehicle, place or plan at once; what is taken already stays taken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from logistics import daytime
from logistics.crates import LEAST
from logistics.models import (
    Delivery,
    DeliveryRound,
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


def of_fleet(*, vehicles: Iterable[Vehicle]) -> Limits:
    """What vehicles carry together on all their tours of a day; without any there is no limit.

    One of whose load in kilograms nobody told sets none for all.
    """
    known = list(vehicles)
    if not known:
        return Limits()
    loads = [row.capacity_g * row.max_trips if row.capacity_g is not None else None for row in known]
    return Limits(
        crates=sum(row.capacity_crates * row.max_trips for row in known),
        cold=sum(row.capacity_cold * row.max_trips for row in known),
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
    """Give these rounds the limits of now, and counters where they have none. Locks them, so that nobody books meanwhile."""
    locked = list(rounds.select_for_update(of=("self",), no_key=True).select_related("rule").order_by("pk"))
    fleets = {
        pk: of_fleet(vehicles=Vehicle.objects.filter(region=pk, is_active=True)) for pk in {row.region_id for row in locked}
    }
    for row in locked:
        _fit(row, fleets[row.region_id])


def _fit(row: DeliveryRound, fleet: Limits) -> None:
    wanted = {FLEET: fleet, **_places(row)}
    known: dict[Place, RoundSpace] = {(one.pickup_point_id, one.window_id): one for one in RoundSpace.objects.filter(round=row)}
    taken = _taken(row) if wanted.keys() - known.keys() else {}
    for place, space in known.items():
        _set(space, wanted.get(place, Limits()))
    new = []
    for place in wanted.keys() - known.keys():
        space = RoundSpace(round=row, pickup_point_id=place[0], window_id=place[1], **taken.get(place, {}))
        _set(space, wanted[place])
        new.append(space)
    RoundSpace.objects.bulk_update(known.values(), [f"limit_{field}" for field in FIELDS])
    RoundSpace.objects.bulk_create(new)


def _set(space: RoundSpace, limits: Limits) -> None:
    """What is taken already stays, even where less fits in from now on."""
    for field in FIELDS:
        limit = getattr(limits, field)
        setattr(space, f"limit_{field}", None if limit is None else max(limit, getattr(space, field)))


def _places(row: DeliveryRound) -> dict[Place, Limits]:
    """The pickup points of the round, and those of its windows that take only so many crates."""
    found: dict[Place, Limits] = {}
    plan = {
        (one.pickup_point_id, daytime.on(row.delivery_day, one.starts)): one.capacity_crates
        for one in RuleWindow.objects.filter(rule=row.rule_id, partner__isnull=True)
    }
    for window in row.windows.filter(partner__isnull=True).select_related("pickup_point"):
        if window.pickup_point is not None:
            found[window.pickup_point.pk, None] = of_point(point=window.pickup_point)
        crates = plan.get((window.pickup_point_id, window.starts_at))
        if crates is not None:
            found[None, window.pk] = Limits(crates=crates)
    return found


def _taken(row: DeliveryRound) -> dict[Place, dict[str, int]]:
    """What orders, checkouts under way and offers of the waiting list take of each place, counted anew."""
    found: dict[Place, dict[str, int]] = {}
    booked = Delivery.objects.filter(round=row, status=Delivery.Status.BOOKED)
    held = Reservation.objects.filter(window__round=row)
    offered = WaitingEntry.objects.filter(window__round=row, status=WaitingEntry.Status.OFFERED)
    where = ("window", "window__pickup_point", "window__partner")
    load = {"in_crates": Sum("crates"), "in_cold": Sum("cold_crates"), "in_grams": Sum("weight_g")}
    for window, point, farm, *numbers in booked.order_by().values_list(*where).annotate(number=Count("pk"), **load):
        _count(found, window, point, farm, numbers)
    own = Count("pk", filter=Q(offer__isnull=True))  # a place of the waiting list's is counted there
    for window, point, farm, *numbers in held.order_by().values_list(*where).annotate(number=own, **load):
        _count(found, window, point, farm, numbers)
    for window, point, farm, number in offered.order_by().values_list(*where).annotate(Count("pk")):
        _count(found, window, point, farm, (number, number * LEAST.crates, 0, 0))
    return found


def _count(found: dict[Place, dict[str, int]], window: int, point: int | None, farm: int | None, numbers: Iterable[int]) -> None:
    places: list[Place] = [(None, window), *([FLEET] if farm is None else []), *([(point, None)] if point else [])]
    for field, number in zip(FIELDS, numbers, strict=True):
        for place in places:
            mine = found.setdefault(place, dict.fromkeys(FIELDS, 0))
            mine[field] += number


def shown(*, delivery_round: DeliveryRound) -> Mapping[str, RoundSpace]:
    """What is taken and fits in, for the office: of the vehicles, then of the pickup points by name. One query."""
    rows = RoundSpace.objects.filter(round=delivery_round, window__isnull=True).select_related("pickup_point")
    return {row.pickup_point.name if row.pickup_point else "": row for row in rows.order_by("pickup_point__name", "pk")}
