"""Turns a closed round into the plain values the planner works on: which calls there are, how big, from when to when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal

from logistics import crates, daytime, farms, parting, roads
from logistics.crates import Load
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine, RoadCosts, Stop, Vehicle
from logistics.routing import Hub, Job, Place, Problem, VehicleSpec, Wave
from marketplace.order.models import Line

SETUP_SECONDS = 60  # parking and walking, once a place
COLLECT_SECONDS, COLLECT_CRATE_SECONDS = 240, 15
DOOR_SECONDS = 120
POINT_SECONDS, POINT_DELIVERY_SECONDS = 180, 30
SORTING_SECONDS = 45 * 60  # from the last goods coming in to the first leaving sorted
UNLOADING_SECONDS = 15 * 60
#: until when goods can be fetched where nothing waits for them to be sorted
LATE = time(23)
FROZEN = "frozen"


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of a round: what the planner knows of it (`job`), and what the driver must know besides."""

    job: Job
    kind: str
    name: str
    address: str
    deliveries: tuple[int, ...] = ()
    collections: tuple[int, ...] = ()
    #: at which stop of the present plan, if at any
    stop: int | None = None


def calls(*, delivery_round: DeliveryRound, vehicles: Sequence[Vehicle] = ()) -> list[Call]:
    """The producers to collect from, the doors, and each pickup point once with all its deliveries. Three queries.

    What is more for a point than any of the `vehicles` carries is several calls, each with some of its deliveries.
    """
    loads, grams, farms_of = _loads(delivery_round)
    deliveries = Delivery.objects.filter(round=delivery_round, status=Delivery.Status.BOOKED)
    deliveries = deliveries.exclude(kind=Delivery.Kind.FARM)
    at_points: dict[int, list[Delivery]] = defaultdict(list)
    found = [_collect(row, delivery_round, grams[row.pk]) for row in _collections(delivery_round)]
    for row in deliveries.select_related("window__pickup_point").order_by("pk"):
        if row.window.pickup_point_id is None:
            found.append(_door(row, loads[row.pk]))
        else:
            at_points[row.window.pickup_point_id].append(row)
    for rows in at_points.values():
        inside = [loads[row.pk] for row in rows]
        for number, part in enumerate(parting.parts(loads=inside, vehicles=vehicles), start=1):
            found.append(_point([rows[spot] for spot in part], [inside[spot] for spot in part], number))
    return _fetched_before(found, farms_of) if delivery_round.is_direct else found


def _fetched_before(found: Sequence[Call], farms_of: Mapping[int, set[int]]) -> list[Call]:
    """Without a hub, whoever brings an order has fetched its goods before, as far as they are still to be fetched."""
    open_calls = {call.job.key for call in found}
    wanted = {
        call.job.key: frozenset(f"collection:{pk}" for delivery in call.deliveries for pk in farms_of[delivery]) & open_calls
        for call in found
    }
    return [replace(call, job=replace(call.job, after=wanted[call.job.key])) for call in found]


def fleet(*, delivery_round: DeliveryRound) -> list[Vehicle]:
    """The vehicles in use in the round's region. One query."""
    rows = Vehicle.objects.filter(region=delivery_round.region_id, is_active=True)
    return list(rows.select_related("starts_in", "ends_in").order_by("pk"))


def problem(
    *,
    delivery_round: DeliveryRound,
    found: Sequence[Call],
    vehicles: Sequence[Vehicle],
    usual: RoadCosts,
    seed: int,
    iterations: int,
    cpu_seconds: float,
    pinned: Mapping[str, int] | None = None,
) -> Problem:
    """The round for the planner, `region` and `rule` at hand. `pinned` calls, by key, ride on that vehicle only.

    As long as no vehicle has costs of its own, the planner reckons in metres alone; else in what metres and hours cost, the
    `usual` where a vehicle has none.
    """
    rule, region = delivery_round.rule, delivery_round.region
    hub = Place(region.hub_latitude, region.hub_longitude)
    opens, sorted_by = daytime.seconds(rule.hub_open_from), daytime.seconds(rule.hub_sorted_by)
    pins = pinned or {}
    costs = _costs(vehicles, usual)
    return Problem(
        hub=Hub(hub, min(max(opens, sorted_by - SORTING_SECONDS), sorted_by), sorted_by, UNLOADING_SECONDS),
        jobs=tuple(_pinned(call.job, pins.get(call.job.key)) for call in found),
        vehicles=tuple(_vehicle(row, hub, costs[row.pk], row.pk in pins.values()) for row in vehicles),
        seed=seed,
        iterations=iterations,
        cpu_seconds=cpu_seconds,
        setup_seconds=SETUP_SECONDS,
        direct=delivery_round.is_direct,
    )


def _loads(delivery_round: DeliveryRound) -> tuple[dict[int, Load], dict[int, int], dict[int, set[int]]]:
    """What each delivery takes, grams of each collection, and from which collections a delivery has something.

    Of what was packed, or ordered until somebody has packed.
    """
    lines: dict[int, list[PackedLine]] = defaultdict(list)
    by_collection: dict[int, int] = defaultdict(int)
    farms_of: dict[int, set[int]] = defaultdict(set)
    for line in PackedLine.objects.filter(collection__round=delivery_round).select_related("order_line"):
        lines[line.delivery_id].append(line)
        by_collection[line.collection_id] += crates.needed([_there(line)]).grams
        if line.coming:
            farms_of[line.delivery_id].add(line.collection_id)
    loads: dict[int, Load] = defaultdict(lambda: Load(crates=1, cold=0))
    loads.update({delivery_id: crates.needed(_there(line) for line in inside) for delivery_id, inside in lines.items()})
    return loads, by_collection, farms_of


def _there(line: PackedLine) -> tuple[Line, int]:
    return line.order_line, line.coming


def _collections(delivery_round: DeliveryRound) -> Iterable[Collection]:
    fetched = Collection.objects.filter(round=delivery_round)
    if not delivery_round.is_direct:
        fetched = fetched.filter(partner__brings_to_hub=False)
    rows = farms.on_the_road(collections=fetched)
    return rows.exclude(status=Collection.Status.COLLECTED).select_related("partner").order_by("pk")


def _collect(row: Collection, delivery_round: DeliveryRound, grams: int) -> Call:
    partner, rule = row.partner, delivery_round.rule
    begin = daytime.seconds(partner.collect_from or rule.collect_from or rule.hub_open_from)
    usual = LATE if delivery_round.is_direct else rule.hub_sorted_by
    end = daytime.seconds(partner.collect_until or rule.collect_until or usual)
    return Call(
        job=Job(
            key=f"collection:{row.pk}",
            place=Place(partner.latitude, partner.longitude),
            load_crates=max(1, row.crates),
            load_cold=row.cold_crates,
            load_g=grams,
            service_seconds=COLLECT_SECONDS + COLLECT_CRATE_SECONDS * row.crates,
            window=(begin, max(begin, end)),
            kind=Wave.COLLECT,
        ),
        kind=Stop.Kind.COLLECT,
        name=partner.name,
        address=f"{partner.street}, {partner.postal_code} {partner.city}",
        collections=(row.pk,),
        stop=row.stop_id,
    )


def _door(row: Delivery, load: Load) -> Call:
    return Call(
        job=Job(
            key=f"delivery:{row.pk}",
            place=Place(row.latitude, row.longitude),
            load_crates=max(1, load.crates),
            load_cold=load.cold,
            load_g=load.grams,
            service_seconds=DOOR_SECONDS,
            window=(daytime.seconds_of(row.window.starts_at), daytime.seconds_of(row.window.ends_at)),
            kind=Wave.DELIVER,
            needs=_needs([load]),
        ),
        kind=Stop.Kind.DELIVER,
        name=row.recipient,
        address=f"{row.street}, {row.postal_code} {row.city}",
        deliveries=(row.pk,),
        stop=row.stop_id,
    )


def _point(rows: Sequence[Delivery], loads: Sequence[Load], part: int) -> Call:
    """A pickup point is stocked before its first customer may come."""
    point = rows[0].window.pickup_point
    assert point is not None  # noqa: S101 - the caller sorted them by it
    return Call(
        job=Job(
            key=f"point:{point.pk}" + (f":{part}" if part > 1 else ""),
            place=Place(point.latitude, point.longitude),
            load_crates=sum(max(1, load.crates) for load in loads),
            load_cold=sum(load.cold for load in loads),
            load_g=sum(load.grams for load in loads),
            service_seconds=POINT_SECONDS + POINT_DELIVERY_SECONDS * len(rows),
            window=(0, min(daytime.seconds_of(row.window.starts_at) for row in rows)),
            kind=Wave.DELIVER,
            needs=_needs(loads) | tags(point.needs),
        ),
        kind=Stop.Kind.PICKUP,
        name=point.name,
        address=f"{point.street}, {point.postal_code} {point.city}",
        deliveries=tuple(row.pk for row in rows),
        stop=rows[0].stop_id,
    )


def _needs(loads: Iterable[Load]) -> frozenset[str]:
    return frozenset({FROZEN} if any(load.frozen for load in loads) else ())


def tags(text: str) -> frozenset[str]:
    """What is written with commas, however it is spelt: `Hebebühne, schmal`."""
    return frozenset(word for word in (" ".join(part.split()).casefold() for part in text.split(",")) if word)


def _pinned(job: Job, vehicle_id: int | None) -> Job:
    """A call that stays on a vehicle needs what only that one has."""
    return job if vehicle_id is None else replace(job, needs=job.needs | {f"vehicle:{vehicle_id}"})


def _vehicle(row: Vehicle, hub: Place, costs: tuple[int, int], has_pins: bool) -> VehicleSpec:
    able = tags(row.equipment) - {FROZEN} | ({FROZEN} if row.carries_frozen else set())
    return VehicleSpec(
        key=str(row.pk),
        start=Place(row.starts_in.latitude, row.starts_in.longitude) if row.starts_in else hub,
        end=Place(row.ends_in.latitude, row.ends_in.longitude) if row.ends_in else hub,
        capacity_crates=row.capacity_crates,
        capacity_cold=row.capacity_cold,
        capacity_g=row.capacity_g,
        shift=(daytime.seconds(row.shift_starts), daytime.seconds(row.shift_ends)),
        profile=roads.PROFILES[row.profile],
        speed_percent=row.speed_percent,
        detour_percent=row.detour_percent,
        fixed_cost_m=row.fixed_cost_m,
        metre_cost=costs[0],
        second_cost=costs[1],
        max_distance_m=row.max_distance_m,
        max_trips=row.max_trips,
        break_s=60 * row.break_minutes,
        skills=able | ({f"vehicle:{row.pk}"} if has_pins else set()),
    )


def cents(*, vehicle: Vehicle, usual: RoadCosts, metres: int, seconds: int) -> int:
    """What a way costs, by the vehicle's own figures or the region's."""
    per_km, per_hour = _euro(vehicle, usual)
    return round(100 * (per_km * metres / 1000 + per_hour * seconds / 3600))


def _euro(vehicle: Vehicle, usual: RoadCosts) -> tuple[Decimal, Decimal]:
    per_km = usual.euro_per_km if vehicle.euro_per_km is None else vehicle.euro_per_km
    return per_km, usual.euro_per_hour if vehicle.euro_per_hour is None else vehicle.euro_per_hour


def _costs(vehicles: Sequence[Vehicle], usual: RoadCosts) -> dict[int, tuple[int, int]]:
    """What a metre and a second weigh: thousandths of a cent, or one and nothing while all vehicles cost the usual."""
    if all(row.euro_per_km is None and row.euro_per_hour is None for row in vehicles):
        return {row.pk: (1, 0) for row in vehicles}
    euro = {row.pk: _euro(row, usual) for row in vehicles}
    return {pk: (max(1, round(100 * per_km)), round(per_hour * 1000 / 36)) for pk, (per_km, per_hour) in euro.items()}
