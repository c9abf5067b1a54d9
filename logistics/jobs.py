"""Turns a closed round into the plain values the planner works on: which calls there are, how big, from when to when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from logistics import crates, daytime, farms
from logistics.crates import Load
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine, Stop, Vehicle
from logistics.routing import Hub, Job, Place, Problem, Profile, VehicleSpec, Wave

SETUP_SECONDS = 60  # parking and walking, once a place
COLLECT_SECONDS, COLLECT_CRATE_SECONDS = 240, 15
DOOR_SECONDS = 120
POINT_SECONDS, POINT_DELIVERY_SECONDS = 180, 30
SORTING_SECONDS = 45 * 60  # from the last goods coming in to the first leaving sorted
UNLOADING_SECONDS = 15 * 60
FROZEN = "frozen"
_PROFILES: dict[str, Profile] = {"van": "van", "car": "car", "bike": "bike"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of a round: what the planner knows of it (`job`), and what the driver must know besides."""

    job: Job
    kind: str
    name: str
    address: str
    deliveries: tuple[int, ...] = ()
    collections: tuple[int, ...] = ()


def calls(*, delivery_round: DeliveryRound) -> list[Call]:
    """The producers to collect from, the doors, and each pickup point once with all its deliveries. Three queries."""
    loads = _loads(delivery_round)
    deliveries = Delivery.objects.filter(round=delivery_round, status=Delivery.Status.BOOKED)
    deliveries = deliveries.exclude(kind=Delivery.Kind.FARM)
    at_points: dict[int, list[Delivery]] = defaultdict(list)
    found = [_collect(row, delivery_round) for row in _collections(delivery_round)]
    for row in deliveries.select_related("window__pickup_point").order_by("pk"):
        if row.window.pickup_point_id is None:
            found.append(_door(row, loads[row.pk]))
        else:
            at_points[row.window.pickup_point_id].append(row)
    found += [_point(rows, [loads[row.pk] for row in rows]) for rows in at_points.values()]
    return found


def problem(*, delivery_round: DeliveryRound, found: Sequence[Call], seed: int, iterations: int, cpu_seconds: float) -> Problem:
    """The round for the planner; the vehicles in use stand at the hub. One query, `region` and `rule` at hand."""
    rule, region = delivery_round.rule, delivery_round.region
    hub = Place(region.hub_latitude, region.hub_longitude)
    opens, sorted_by = daytime.seconds(rule.hub_open_from), daytime.seconds(rule.hub_sorted_by)
    vehicles = Vehicle.objects.filter(region=region, is_active=True).order_by("pk")
    return Problem(
        hub=Hub(hub, min(max(opens, sorted_by - SORTING_SECONDS), sorted_by), sorted_by, UNLOADING_SECONDS),
        jobs=tuple(call.job for call in found),
        vehicles=tuple(_vehicle(row, hub) for row in vehicles),
        seed=seed,
        iterations=iterations,
        cpu_seconds=cpu_seconds,
        setup_seconds=SETUP_SECONDS,
    )


def _loads(delivery_round: DeliveryRound) -> dict[int, Load]:
    """The crates of each delivery: of what was packed, or ordered as long as nobody has packed."""
    lines: dict[int, list[PackedLine]] = defaultdict(list)
    for line in PackedLine.objects.filter(collection__round=delivery_round).select_related("order_line"):
        lines[line.delivery_id].append(line)
    loads: dict[int, Load] = defaultdict(lambda: Load(crates=1, cold=0))
    for delivery_id, inside in lines.items():
        loads[delivery_id] = crates.needed(
            (line.order_line, line.ordered if line.packed is None else line.packed) for line in inside
        )
    return loads


def _collections(delivery_round: DeliveryRound) -> Iterable[Collection]:
    rows = farms.on_the_road(collections=Collection.objects.filter(round=delivery_round, partner__brings_to_hub=False))
    return rows.exclude(status=Collection.Status.COLLECTED).select_related("partner").order_by("pk")


def _collect(row: Collection, delivery_round: DeliveryRound) -> Call:
    partner, rule = row.partner, delivery_round.rule
    begin = daytime.seconds(partner.collect_from or rule.hub_open_from)
    end = daytime.seconds(partner.collect_until or rule.hub_sorted_by)
    return Call(
        job=Job(
            key=f"collection:{row.pk}",
            place=Place(partner.latitude, partner.longitude),
            load_crates=max(1, row.crates),
            load_cold=row.cold_crates,
            service_seconds=COLLECT_SECONDS + COLLECT_CRATE_SECONDS * row.crates,
            window=(begin, max(begin, end)),
            kind=Wave.COLLECT,
        ),
        kind=Stop.Kind.COLLECT,
        name=partner.name,
        address=f"{partner.street}, {partner.postal_code} {partner.city}",
        collections=(row.pk,),
    )


def _door(row: Delivery, load: Load) -> Call:
    return Call(
        job=Job(
            key=f"delivery:{row.pk}",
            place=Place(row.latitude, row.longitude),
            load_crates=max(1, load.crates),
            load_cold=load.cold,
            service_seconds=DOOR_SECONDS,
            window=(daytime.seconds_of(row.window.starts_at), daytime.seconds_of(row.window.ends_at)),
            kind=Wave.DELIVER,
            needs=_needs([load]),
        ),
        kind=Stop.Kind.DELIVER,
        name=row.recipient,
        address=f"{row.street}, {row.postal_code} {row.city}",
        deliveries=(row.pk,),
    )


def _point(rows: Sequence[Delivery], loads: Sequence[Load]) -> Call:
    """A pickup point is stocked before its first customer may come."""
    point = rows[0].window.pickup_point
    assert point is not None  # noqa: S101 - the caller sorted them by it
    return Call(
        job=Job(
            key=f"point:{point.pk}",
            place=Place(point.latitude, point.longitude),
            load_crates=sum(max(1, load.crates) for load in loads),
            load_cold=sum(load.cold for load in loads),
            service_seconds=POINT_SECONDS + POINT_DELIVERY_SECONDS * len(rows),
            window=(0, min(daytime.seconds_of(row.window.starts_at) for row in rows)),
            kind=Wave.DELIVER,
            needs=_needs(loads),
        ),
        kind=Stop.Kind.PICKUP,
        name=point.name,
        address=f"{point.street}, {point.postal_code} {point.city}",
        deliveries=tuple(row.pk for row in rows),
    )


def _needs(loads: Iterable[Load]) -> frozenset[str]:
    return frozenset({FROZEN} if any(load.frozen for load in loads) else ())


def _vehicle(row: Vehicle, hub: Place) -> VehicleSpec:
    return VehicleSpec(
        key=str(row.pk),
        start=hub,
        end=hub,
        capacity_crates=row.capacity_crates,
        capacity_cold=row.capacity_cold,
        shift=(daytime.seconds(row.shift_starts), daytime.seconds(row.shift_ends)),
        profile=_PROFILES[row.profile],
        fixed_cost_m=row.fixed_cost_m,
        max_distance_m=row.max_distance_m,
        skills=frozenset({FROZEN} if row.carries_frozen else ()),
    )
