"""Decides what a driver sees of a tour: each stop with its crates, codes, gaps, checks and what is to be collected.

Plain values, for the screen and for paper. No names of other customers, no prices but the sum to collect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from logistics import boxes, crates, daytime, drops, empties, pickup_hosts
from logistics.models import Box as Labelled
from logistics.models import Collection, Delivery, PackedLine, Stop, Tour
from marketplace.catalogue.models import Product
from marketplace.core import money, sheets
from marketplace.order import amounts, discounts

AT_HANDOVER = "handover"


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One line in a box: how many were packed of how many ordered."""

    line_id: int
    name: str
    packed: int
    ordered: int
    #: of which producer's goods it is one (key of the collection), and whether it is in a box for chilled goods
    lies_in: tuple[int, bool] = (0, False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """The goods of one delivery; `to_collect` gross euro, None when nothing is paid at the door; `age_check` 0, 16 or 18.

    `drop` is where they may be left (a `Delivery.Drop`). The slip of a gift shows a greeting.
    """

    delivery_id: int
    code: str
    recipient: str
    phone: str
    note: str
    drop: str
    drop_note: str
    crates: int
    cold_crates: int
    age_check: int
    to_collect: Decimal | None
    articles: tuple[Article, ...]
    open: bool
    failed: bool
    is_gift: bool = False

    @property
    def wish(self) -> str:
        """Where the customer wants the goods left, in words; "" when by hand."""
        return drops.wording(drop=self.drop, note=self.drop_note)

    @property
    def gaps(self) -> tuple[Article, ...]:
        """What the customer will miss, because it was never packed."""
        return tuple(article for article in self.articles if article.packed < article.ordered)


@dataclass(frozen=True, kw_only=True, slots=True)
class Halt:
    """One stop as the driver sees it. `window_*` is None where only the planned time counts."""

    stop: Stop
    phone: str
    crates: int
    cold_crates: int
    window_from: datetime | None
    window_until: datetime | None
    boxes: tuple[Box, ...]
    packed: bool

    @property
    def kept(self) -> bool:
        """Whether somebody takes the goods in there and hands them out, so that the driver only puts them down."""
        return self.stop.kind == Stop.Kind.PICKUP and bool(getattr(self.stop, "is_kept", False))

    @property
    def over(self) -> bool:
        """Whether nothing is left to do there."""
        return self.stop.completed_at is not None

    @property
    def open(self) -> bool:
        """Whether something can be reported there: it is not over, or somebody got nothing and is tried again."""
        return not self.over or self.failed

    @property
    def failed(self) -> bool:
        """Whether somebody there got nothing."""
        return any(box.failed for box in self.boxes)

    @property
    def put_off(self) -> bool:
        """Whether the driver wants to come back later."""
        return not self.over and self.stop.put_off_at is not None

    @property
    def codes(self) -> str:
        """What stands on the crates."""
        return ", ".join(box.code for box in self.boxes)

    @property
    def age_check(self) -> int:
        """The highest age that has to be proven there."""
        return max((box.age_check for box in self.boxes), default=0)

    @property
    def to_collect(self) -> Decimal:
        """All that is to be collected there."""
        return sum((box.to_collect for box in self.boxes if box.to_collect and box.open), money.ZERO)


def halts(*, tour: Tour) -> list[Halt]:
    """The stops of a tour in their order. Eight queries at most for any number of stops."""
    deliveries = loaded(deliveries=Delivery.objects.exclude(status=Delivery.Status.CANCELLED))
    collections = Collection.objects.select_related("partner").order_by("pk")
    stops = (
        tour.stops.annotate(is_kept=pickup_hosts.of_stop())
        .order_by("sequence")
        .prefetch_related(Prefetch("deliveries", deliveries), Prefetch("collections", collections))
    )
    coming = [row for stop in stops for row in stop.deliveries.all() if row.status != Delivery.Status.COMPLETED]
    given_back = empties.coming_off(deliveries=coming)
    return [_halt(stop, given_back) for stop in stops]


def loaded(*, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Deliveries with all that `box` reads, by code. Four queries more at most."""
    lines = PackedLine.objects.select_related("order_line").order_by("pk")
    rows = deliveries.select_related("order__terms", "window").order_by("code")
    return rows.prefetch_related(Prefetch("packed_lines", lines), "order__fees", discounts.prefetch(of="order__"))


def box(*, delivery: Delivery, given_back: Mapping[int, Decimal]) -> Box:
    """The goods of one delivery, which is loaded with lines, order, terms and fees (`loaded`).

    `given_back` is what the deposits of empties take off, by key of the delivery (`empties.coming_off`).
    """
    lines: list[PackedLine] = list(delivery.packed_lines.all())
    load = crates.needed((line.order_line, _there(line)) for line in lines)
    return Box(
        delivery_id=delivery.pk,
        code=delivery.code,
        recipient=delivery.recipient,
        phone=delivery.phone,
        note=delivery.note,
        drop=drops.wish(delivery=delivery),
        drop_note=delivery.drop_note,
        crates=max(1, load.crates),
        cold_crates=load.cold,
        age_check=max((line.order_line.age_limit or 0 for line in lines if _there(line)), default=0),
        to_collect=_to_collect(delivery, lines, given_back.get(delivery.pk, money.ZERO)),
        articles=tuple(
            Article(
                line_id=line.pk,
                name=line.order_line.title,
                packed=_there(line),
                ordered=line.ordered,
                lies_in=(line.collection_id, line.order_line.storage != Product.Storage.AMBIENT),
            )
            for line in lines
        ),
        open=delivery.status != Delivery.Status.COMPLETED,
        failed=delivery.status == Delivery.Status.FAILED,
        is_gift=delivery.order.is_gift,
    )


def loading(*, found: Sequence[Halt]) -> list[Halt]:
    """The halts in the order in which crates go into the vehicle: the last stop first. None where they are fetched on the way."""
    fetched_on_the_way = any(halt.stop.kind == Stop.Kind.COLLECT for halt in found)
    return [] if fetched_on_the_way else [halt for halt in reversed(found) if halt.boxes]


def sheet(*, tour: Tour, found: Sequence[Halt]) -> sheets.TourSheet:
    """The tour on paper; `round__region`, `vehicle` and `driver` at hand."""
    region = tour.round.region
    labelled = boxes.by_stop(tour=tour)
    return sheets.TourSheet(
        region=region.name,
        name=str(tour),
        round_on=tour.round.delivery_day,
        vehicle=tour.vehicle.name,
        driver=tour.driver.get_full_name() if tour.driver else "",
        starts_at=tour.starts_at.astimezone(daytime.ZONE),
        ends_at=tour.ends_at.astimezone(daytime.ZONE),
        length=tour.distance_m,
        stops=tuple(_on_paper(halt, labelled.get(halt.stop.pk, [])) for halt in found),
        contact=region.phone,
        trip=tour.trip,
        break_at=tour.break_at.astimezone(daytime.ZONE) if tour.break_at else None,
    )


def _halt(stop: Stop, given_back: Mapping[int, Decimal]) -> Halt:
    deliveries, collections = list(stop.deliveries.all()), list(stop.collections.all())
    found = tuple(box(delivery=delivery, given_back=given_back) for delivery in deliveries)
    partner = collections[0].partner if collections else None
    at_door = deliveries[0].window if deliveries and stop.kind == Stop.Kind.DELIVER else None
    return Halt(
        stop=stop,
        phone=partner.phone if partner else (deliveries[0].phone if stop.kind == Stop.Kind.DELIVER and deliveries else ""),
        crates=sum(row.crates for row in collections) + sum(one.crates for one in found),
        cold_crates=sum(row.cold_crates for row in collections) + sum(one.cold_crates for one in found),
        window_from=at_door.starts_at if at_door else None,
        window_until=at_door.ends_at if at_door else None,
        boxes=found,
        packed=all(row.status != Collection.Status.OPEN for row in collections),
    )


def _there(line: PackedLine) -> int:
    return line.coming


def _to_collect(delivery: Delivery, lines: Sequence[PackedLine], given_back: Decimal) -> Decimal | None:
    """Goods, deposits and fees by what was packed, less vouchers and empties, if the order is paid at handover.

    Billing hangs its terms on the order. More empties than goods: nothing is collected, and the office pays the rest back.
    """
    terms: Any = getattr(delivery.order, "terms", None)
    if terms is None or terms.method != AT_HANDOVER:
        return None
    fee = sum((fee.gross for fee in delivery.order.fees.all()), money.ZERO)
    goods = {
        line.order_line_id: amounts.goods_gross(line=line.order_line, quantity=_there(line), weight_g=line.packed_weight_g)
        for line in lines
    }
    off = discounts.come_to(
        granted=discounts.of_order(order=delivery.order),
        ordered=discounts.ordered_goods(lines=(line.order_line for line in lines)),
        delivered=goods,
        fee=fee,
    )
    deposits = [amounts.deposit_gross(line=line.order_line, quantity=_there(line)) for line in lines]
    return max(sum((*goods.values(), *deposits, *(one.off for one in off)), fee) - given_back, money.ZERO)


def _on_paper(halt: Halt, labelled: Sequence[Labelled]) -> sheets.TourStop:
    """The driver whose phone is dead ticks off the codes on the boxes by hand."""
    stop = halt.stop
    codes = ", ".join(box.code for box in labelled)
    told = [_("Boxes: %(codes)s") % {"codes": codes}] if codes else []
    told += [text for box in halt.boxes for text in (box.wish, box.note) if text]
    return sheets.TourStop(
        position=stop.sequence,
        at=stop.planned_arrival.astimezone(daytime.ZONE),
        kind=stop.kind,
        name=stop.name,
        address=stop.address,
        code=halt.codes,
        phone=halt.phone,
        crates=halt.crates,
        cold_crates=halt.cold_crates,
        window=_span(halt),
        age_check=halt.age_check,
        to_collect=halt.to_collect or None,
        note=" · ".join(told),
    )


def _span(halt: Halt) -> str:
    if halt.window_from is None or halt.window_until is None:
        return ""
    begin, end = (moment.astimezone(daytime.ZONE) for moment in (halt.window_from, halt.window_until))
    return f"{begin:%H:%M}–{end:%H:%M}"
