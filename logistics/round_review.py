"""Says how a round went, once it is over: how much, how far, how punctual, how cold, and what was missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from logistics import crates, lessons, readings
from logistics.models import Box, Delivery, DeliveryRound, PackedLine, RoadCosts, Stop, Tour
from logistics.readings import Judged
from marketplace.core import money
from marketplace.order import amounts

MINUTE = 60
Kind = Delivery.Kind


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a producer or a village had of a round: goods that were handed over in euro and grams; boxes that got lost."""

    name: str
    orders: int
    worth: Decimal
    missing: int = 0
    grams: int = 0
    lost: int = 0


@dataclass(frozen=True, kw_only=True)
class Late:
    """A delivery after its time: the end of the window at the door, the beginning of it at a pickup point."""

    delivery: Delivery
    promised: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Driven:
    """A tour: crates that were in it at most and how full (of a hundred) that is, planned and real seconds."""

    tour: Tour
    stops: int
    crates: int
    full: int
    planned_s: int
    driven_s: int | None


@dataclass(frozen=True, kw_only=True)
class Review:
    """A round in figures; `cost` of driving in euro, `grams` of goods that were handed over, about where nobody weighed them.

    `lost` are boxes that were missed on the way, `cold` all temperatures.
    """

    orders: int
    worth: Decimal
    metres: int
    seconds: int
    stops: int
    cost_per_stop: Decimal
    on_time: int
    timed: int
    late: Sequence[Late]
    failed: Sequence[Delivery]
    missing: Sequence[PackedLine]
    producers: Sequence[Share]
    villages: Sequence[Share]
    tours: Sequence[Driven]
    lessons: Sequence[str]
    grams: int
    cost: Decimal
    lost: Sequence[Box]
    cold: Sequence[Judged]

    @property
    def too_warm(self) -> int:
        """How many readings were above their limit."""
        return sum(judged.too_warm for judged in self.cold)

    @property
    def punctual(self) -> int:
        """How many of a hundred deliveries came in time; 100 when there was none to come."""
        return self.on_time * 100 // self.timed if self.timed else 100


def of(*, delivery_round: DeliveryRound, costs: RoadCosts) -> Review:
    """Look back on a round that is loaded with its region. The same number of queries for any number of orders."""
    related = ("window__pickup_point", "window__partner", "municipality", "stop", "order")
    rows = Delivery.objects.filter(round=delivery_round).exclude(status=Delivery.Status.CANCELLED)
    deliveries = list(rows.select_related(*related).order_by("pk"))
    lines = list(
        PackedLine.objects.filter(collection__round=delivery_round)
        .exclude(delivery__status=Delivery.Status.CANCELLED)
        .select_related("collection__partner", "order_line")
        .order_by("collection__partner__name", "pk")
    )
    tours = list(_driven(delivery_round))
    windows = list(delivery_round.windows.select_related("pickup_point", "partner").order_by("starts_at", "pk"))
    lost = list(
        Box.objects.filter(round=delivery_round, status=Box.Status.MISSING)
        .select_related("collection__partner", "delivery__order")
        .order_by("collection__partner__name", "code")
    )
    cold = readings.of_round(delivery_round=delivery_round)
    late = sorted(filter(None, map(_late, deliveries)), key=lambda one: (-one.minutes, one.delivery.pk))
    timed = [row for row in deliveries if _arrived(row)]
    stops = sum(tour.stops for tour in tours)
    metres, seconds = sum(tour.tour.distance_m for tour in tours), sum(tour.driven_s or tour.planned_s for tour in tours)
    cost = Decimal(metres) / 1000 * costs.euro_per_km + Decimal(seconds) / 3600 * costs.euro_per_hour
    missing = [line for line in lines if _short(line)]
    failed = [row for row in deliveries if row.status == Delivery.Status.FAILED]
    return Review(
        orders=len(deliveries),
        worth=sum(map(_worth, lines), money.ZERO),
        metres=metres,
        seconds=seconds,
        stops=stops,
        cost_per_stop=money.to_cents(cost / stops) if stops else money.ZERO,
        on_time=len(timed) - len(late),
        timed=len(timed),
        late=late,
        failed=failed,
        missing=missing,
        producers=_producers(lines, lost),
        villages=_villages(deliveries, lines),
        tours=tours,
        lessons=list(
            lessons.of(
                windows=windows,
                fillings=[lessons.Filling(str(one.tour), one.full) for one in tours],
                late=Counter(one.delivery.window_id for one in late),
                timed=Counter(row.window_id for row in timed),
                failed=Counter(row.window_id for row in failed),
                lacking=Counter(line.collection.partner.name for line in missing),
                lost=Counter(box.collection.partner.name for box in lost),
                warm=[judged for judged in cold if judged.too_warm],
            )
        ),
        grams=sum(map(_grams, lines)),
        cost=money.to_cents(cost),
        lost=lost,
        cold=cold,
    )


def _arrived(row: Delivery) -> datetime | None:
    """When the goods were where they had to be; None for those fetched at a farm, or that never came."""
    if row.kind == Kind.HOME:
        return row.completed_at
    return row.stop.completed_at if row.kind == Kind.PICKUP and row.stop else None


def _late(row: Delivery) -> Late | None:
    arrived = _arrived(row)
    promised = row.window.ends_at if row.kind == Kind.HOME else row.window.starts_at
    if arrived is None or arrived <= promised:
        return None
    return Late(delivery=row, promised=promised, minutes=max(1, int((arrived - promised).total_seconds()) // MINUTE))


def _driven(delivery_round: DeliveryRound) -> Iterator[Driven]:
    stops = "stops__collections", "stops__deliveries__packed_lines__order_line"
    found = Tour.objects.filter(round=delivery_round).select_related("vehicle", "driver").prefetch_related(*stops)
    for tour in found.order_by("wave", "starts_at", "pk"):
        halts = list(tour.stops.all())
        inside = sum(map(_crates, halts))
        times = [stop.completed_at for stop in halts if stop.completed_at]
        begun = tour.started_at
        yield Driven(
            tour=tour,
            stops=len(halts),
            crates=inside,
            full=inside * 100 // tour.vehicle.capacity_crates if tour.vehicle.capacity_crates else 0,
            planned_s=int((tour.ends_at - tour.starts_at).total_seconds()),
            driven_s=int((max(times) - begun).total_seconds()) if times and begun else None,
        )


def _crates(stop: Stop) -> int:
    fetched = sum(row.crates for row in stop.collections.all())
    brought = sum(
        max(1, crates.needed((line.order_line, line.packed or 0) for line in row.packed_lines.all()).crates)
        for row in stop.deliveries.all()
    )
    return fetched + brought


def _there(line: PackedLine) -> int:
    """Pieces that reached the customer."""
    return (line.delivered if line.delivered is not None else line.packed) or 0


def _short(line: PackedLine) -> bool:
    return any(there is not None and there < line.ordered for there in (line.delivered, line.packed))


def _worth(line: PackedLine) -> Decimal:
    weight = line.delivered_weight_g if line.delivered_weight_g is not None else line.packed_weight_g
    return amounts.goods_gross(line=line.order_line, quantity=_there(line), weight_g=weight)


def _grams(line: PackedLine) -> int:
    weight = line.delivered_weight_g if line.delivered_weight_g is not None else line.packed_weight_g
    return weight if weight is not None else crates.weight_of(goods=line.order_line) * _there(line)


def _producers(lines: Iterable[PackedLine], lost: Iterable[Box]) -> list[Share]:
    gone = Counter(box.collection.partner.name for box in lost)
    by_name: dict[str, list[PackedLine]] = defaultdict(list)
    for line in lines:
        by_name[line.collection.partner.name].append(line)
    found = [
        Share(
            name=name,
            orders=len({line.delivery_id for line in own}),
            worth=sum(map(_worth, own), money.ZERO),
            missing=sum(map(_short, own)),
            grams=sum(map(_grams, own)),
            lost=gone[name],
        )
        for name, own in by_name.items()
    ]
    return sorted(found, key=lambda one: (-one.worth, one.name))


def _villages(deliveries: Iterable[Delivery], lines: Iterable[PackedLine]) -> list[Share]:
    worth: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
    grams: Counter[int] = Counter()
    for line in lines:
        worth[line.delivery_id] += _worth(line)
        grams[line.delivery_id] += _grams(line)
    orders: Counter[str] = Counter()
    sums: dict[str, Decimal] = defaultdict(lambda: money.ZERO)
    weights: Counter[str] = Counter()
    for row in deliveries:
        name = row.municipality.name if row.municipality else row.city
        orders[name] += 1
        sums[name] += worth[row.pk]
        weights[name] += grams[row.pk]
    found = [Share(name=name, orders=number, worth=sums[name], grams=weights[name]) for name, number in orders.items()]
    return sorted(found, key=lambda one: (-one.orders, one.name))
