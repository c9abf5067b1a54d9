"""Decides what sharing a round has saved: the tours as they were planned and driven, beside every producer driving alone.

The comparison is kept on the cautious side. Alone, every producer drives the very same deliveries on the shortest tour that the
engine finds, from the own farm and back, without time windows, without a limit of load, and without the time for loading. The
round counts everything: collecting, delivering, empty ways, waiting for windows, and the ways of producers who bring goods to the
hub. Goods that are fetched at a farm are driven by nobody and count nowhere. What a kilometre costs is `RoadCosts`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from logistics import jobs
from logistics.models import Delivery, DeliveryRound, PackedLine, RoadCosts, RoundSavings, Tour, Vehicle
from logistics.routing import (
    HaversineProvider,
    Hub,
    Job,
    MatrixProvider,
    Place,
    Problem,
    VehicleSpec,
    Wave,
    solve,
)
from marketplace.core import audit, money
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

ITERATIONS, CPU_SECONDS = 150, 5.0
SEED = 1
#: long enough for any tour; nobody who drives alone is bound to hours here
ALL_DAY = (0, 3 * 24 * 3600)
NO_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What one producer would drive alone."""

    partner: int
    name: str
    stops: int
    metres: int
    seconds: int
    nearest_m: int


@dataclass(frozen=True, kw_only=True)
class Worth:
    """Savings in figures that people know: whole metres and seconds, euro, grams of CO₂."""

    metres: int
    seconds: int
    euro: Decimal
    grams: int


def due() -> QuerySet[DeliveryRound]:
    """Rounds that are over and whose savings nobody has computed, the oldest first."""
    over = DeliveryRound.objects.filter(status=DeliveryRound.Status.DONE, savings__isnull=True, tours__isnull=False)
    return over.distinct().order_by("delivery_day", "pk")


def compute(*, delivery_round: DeliveryRound, at: datetime, provider: MatrixProvider | None = None) -> RoundSavings:
    """Work out what a round has saved and keep it; again changes nothing but `computed_at`.

    Takes some tenths of a second for each producer: call it from a worker. The same round gives the same figures.
    """
    roads = provider or HaversineProvider()
    lines = PackedLine.objects.filter(collection__round=delivery_round, packed__gt=0, delivery__stop__isnull=False)
    driven = list(lines.select_related("collection__partner", "delivery__window__pickup_point").order_by("pk"))
    calls: dict[Partner, dict[int, Delivery]] = defaultdict(dict)
    for line in driven:
        calls[line.collection.partner][line.delivery_id] = line.delivery
    alone = [_alone(partner, list(rows.values()), roads) for partner, rows in calls.items()]
    tours = list(Tour.objects.filter(round=delivery_round).select_related("vehicle"))
    to_hub = [] if delivery_round.is_direct else [partner for partner in calls if partner.brings_to_hub]
    brought = [_to_hub(partner, delivery_round.region, roads) for partner in to_hub]
    shared_m = sum(tour.distance_m for tour in tours) + sum(metres for metres, _seconds in brought)
    on_bikes = sum(tour.distance_m for tour in tours if tour.vehicle.profile == Vehicle.Profile.BIKE)
    figures = {
        "computed_at": at,
        "orders": len({line.delivery_id for line in driven}),
        "producers": len(alone),
        "shared_m": shared_m,
        "shared_s": sum(int((tour.ends_at - tour.starts_at).total_seconds()) for tour in tours) + sum(s for _m, s in brought),
        "motor_m": shared_m - on_bikes,
        "alone_m": sum(one.metres for one in alone),
        "alone_s": sum(one.seconds for one in alone),
        "nearest_m": sum(one.nearest_m for one in alone),
        "is_estimated": isinstance(roads, HaversineProvider),
        "by_producer": [asdict(one) for one in sorted(alone, key=lambda one: (-one.metres, one.partner))],
    }
    row, _new = RoundSavings.objects.update_or_create(round=delivery_round, defaults=figures)
    return row


def costs_of(*, region: Region) -> RoadCosts:
    """What the region reckons with; the usual figures until the office enters its own."""
    return RoadCosts.objects.filter(region=region).first() or RoadCosts(region=region)


@transaction.atomic
def keep_costs(*, costs: RoadCosts, at: datetime, by: User | None) -> RoadCosts:
    """Reckon with these figures from now on, for past rounds too."""
    costs.save()
    new = {name: str(getattr(costs, name)) for name in ("euro_per_km", "euro_per_hour", "grams_per_km")}
    audit.record(action="road_costs.changed", target=costs, at=at, by=by, new=new)
    return costs


def worth(*, savings: Iterable[RoundSavings], costs: RoadCosts) -> Worth:
    """What was saved in all, below zero when sharing cost more. Compared with the shortest tours alone."""
    rows = list(savings)
    metres = sum(row.alone_m - row.shared_m for row in rows)
    seconds = sum(row.alone_s - row.shared_s for row in rows)
    motor = sum(row.alone_m - row.motor_m for row in rows)
    euro = Decimal(metres) / 1000 * costs.euro_per_km + Decimal(seconds) / 3600 * costs.euro_per_hour
    return Worth(metres=metres, seconds=seconds, euro=money.to_cents(euro), grams=motor * costs.grams_per_km // 1000)


def _alone(partner: Partner, deliveries: Sequence[Delivery], roads: MatrixProvider) -> Alone:
    farm = Place(partner.latitude, partner.longitude)
    wanted = _jobs(deliveries)
    vehicle = VehicleSpec(key="alone", start=farm, end=farm, capacity_crates=NO_LIMIT, capacity_cold=NO_LIMIT, shift=ALL_DAY)
    problem = Problem(
        hub=Hub(farm, 0, 0),
        jobs=tuple(wanted),
        vehicles=(vehicle,),
        seed=SEED,
        iterations=ITERATIONS,
        cpu_seconds=CPU_SECONDS,
        setup_seconds=jobs.SETUP_SECONDS,
    )
    tours = solve(problem=problem, provider=roads).tours
    return Alone(
        partner=partner.pk,
        name=partner.name,
        stops=len(wanted),
        metres=sum(tour.distance_m for tour in tours),
        seconds=sum(tour.duration_s for tour in tours),
        nearest_m=_nearest(farm, [job.place for job in wanted], roads),
    )


def _jobs(deliveries: Sequence[Delivery]) -> list[Job]:
    """Each door, and each pickup point once."""
    at_points: dict[int, int] = defaultdict(int)
    places: dict[str, tuple[Place, int]] = {}
    for row in sorted(deliveries, key=lambda row: row.pk):
        point = row.window.pickup_point
        if point is None:
            places[f"delivery:{row.pk}"] = Place(row.latitude, row.longitude), jobs.DOOR_SECONDS
            continue
        at_points[point.pk] += 1
        seconds = jobs.POINT_SECONDS + jobs.POINT_DELIVERY_SECONDS * at_points[point.pk]
        places[f"point:{point.pk}"] = Place(point.latitude, point.longitude), seconds
    return [_job(key, place, seconds) for key, (place, seconds) in places.items()]


def _job(key: str, place: Place, seconds: int) -> Job:
    return Job(key=key, place=place, load_crates=0, load_cold=0, service_seconds=seconds, window=ALL_DAY, kind=Wave.DELIVER)


def _nearest(farm: Place, places: Sequence[Place], roads: MatrixProvider) -> int:
    """Metres of going on to the nearest place each time, and home at last."""
    points = list(dict.fromkeys([farm, *places]))
    metres = roads.table(points, "van").metres
    here, left, driven = 0, set(range(1, len(points))), 0
    while left:
        there = min(left, key=lambda number: (int(metres[here, number]), number))
        driven += int(metres[here, there])
        left.remove(there)
        here = there
    return driven + int(metres[here, 0])


def _to_hub(partner: Partner, region: Region, roads: MatrixProvider) -> tuple[int, int]:
    """Metres and seconds from the farm to the hub and back."""
    table = roads.table([Place(partner.latitude, partner.longitude), Place(region.hub_latitude, region.hub_longitude)], "van")
    return int(table.metres[0, 1] + table.metres[1, 0]), int(table.seconds[0, 1] + table.seconds[1, 0])


def shares(*, savings: Iterable[RoundSavings]) -> Mapping[str, int]:
    """Metres that each producer would have driven alone, by name, most first."""
    found: dict[str, int] = defaultdict(int)
    for row in savings:
        for one in row.by_producer:
            found[one["name"]] += one["metres"]
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
