"""Says how a round went, once it is over: how much, how far, how punctual, what was missing, and what to change next time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import crates, daytime
from logistics.models import Delivery, DeliveryRound, DeliveryWindow, PackedLine, RoadCosts, Stop, Tour
from marketplace.core import money, wording
from marketplace.order import amounts

#: shares of a hundred from which something is worth a word
FULL, EMPTY, LATE = 90, 35, 10
#: so many lines of one producer missing are no accident
OFTEN = 2
MINUTE = 60
Kind = Delivery.Kind


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a producer or a village had of a round; `worth` in euro is the goods that were handed over."""

    name: str
    orders: int
    worth: Decimal
    missing: int = 0


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
    """A round in figures."""

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

    @property
    def punctual(self) -> int:
        """How many of a hundred deliveries came in time; 100 when there was none to come."""
        return self.on_time * 100 // self.timed if self.timed else 100


def of(*, delivery_round: DeliveryRound, costs: RoadCosts) -> Review:
    """Look back on a round. Five queries for any number of orders."""
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
        producers=_producers(lines),
        villages=_villages(deliveries, lines),
        tours=tours,
        lessons=list(_lessons(windows, tours, late, timed, missing)),
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


def _producers(lines: Iterable[PackedLine]) -> list[Share]:
    by_name: dict[str, list[PackedLine]] = defaultdict(list)
    for line in lines:
        by_name[line.collection.partner.name].append(line)
    found = [
        Share(
            name=name,
            orders=len({line.delivery_id for line in own}),
            worth=sum(map(_worth, own), money.ZERO),
            missing=sum(map(_short, own)),
        )
        for name, own in by_name.items()
    ]
    return sorted(found, key=lambda one: (-one.worth, one.name))


def _villages(deliveries: Iterable[Delivery], lines: Iterable[PackedLine]) -> list[Share]:
    worth: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
    for line in lines:
        worth[line.delivery_id] += _worth(line)
    orders: Counter[str] = Counter()
    sums: dict[str, Decimal] = defaultdict(lambda: money.ZERO)
    for row in deliveries:
        name = row.municipality.name if row.municipality else row.city
        orders[name] += 1
        sums[name] += worth[row.pk]
    found = [Share(name=name, orders=number, worth=sums[name]) for name, number in orders.items()]
    return sorted(found, key=lambda one: (-one.orders, one.name))


def _lessons(
    windows: Iterable[DeliveryWindow],
    tours: Iterable[Driven],
    late: Sequence[Late],
    timed: Sequence[Delivery],
    missing: Iterable[PackedLine],
) -> Iterator[str]:
    """What to change next time, in sentences."""
    for window in windows:
        if window.taken * 100 >= window.capacity * FULL and window.capacity:
            begin, end = (moment.astimezone(daytime.ZONE) for moment in (window.starts_at, window.ends_at))
            where = {"place": window.place or _("At the door"), "span": wording.clock_span(begin, end)}
            yield _("%(place)s, %(span)s was full: offer more places.") % where
    if late and len(late) * 100 >= len(timed) * LATE:
        text = ngettext(
            "%(number)s delivery came too late: start earlier, allow wider windows or take a further vehicle.",
            "%(number)s deliveries came too late: start earlier, allow wider windows or take a further vehicle.",
            len(late),
        )
        yield text % {"number": len(late)}
    for tour in tours:
        told = {"vehicle": tour.tour.vehicle.name, "wave": tour.tour.get_wave_display(), "full": tour.full}
        if tour.full > 100 - (100 - FULL) // 2:
            yield _("%(vehicle)s (%(wave)s) had hardly any room left.") % told
        elif tour.full < EMPTY:
            yield _("%(vehicle)s (%(wave)s) was filled to %(full)s percent: a smaller vehicle would do.") % told
    often = Counter(line.collection.partner.name for line in missing)
    for name, number in sorted(often.items()):
        if number >= OFTEN:
            yield _("%(name)s lacked %(number)s articles: please ask whether the stock is right.") % {
                "name": name,
                "number": number,
            }
