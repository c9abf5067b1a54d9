"""Says to the office how rounds stand: orders, sums, what is packed, what is delivered, what is on no tour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from logistics.models import Collection, Delivery, DeliveryRound, Stop, Tour
from marketplace.core import money
from marketplace.regions.models import Region

Status = DeliveryRound.Status
RUNNING = (Status.OPEN, Status.CLOSED, Status.PLANNED, Status.UNDER_WAY)
#: minutes after which a stop counts as late
GRACE = 15


@dataclass(frozen=True, kw_only=True)
class RoundRow:
    """A round in figures; `gross` euro is what its customers agreed to pay, fees and deposits included."""

    round: DeliveryRound
    orders: int = 0
    gross: Decimal = money.ZERO
    delivered: int = 0
    failed: int = 0
    collections: int = 0
    packed: int = 0

    @property
    def unserved(self) -> int:
        """How many calls are on no tour."""
        return len(self.round.plan.get("unserved", ()))

    @property
    def unpacked(self) -> int:
        """How many producers have not finished packing."""
        return self.collections - self.packed


@dataclass(frozen=True, kw_only=True)
class StopRow:
    """A stop with its planned and its real time; `late` is minutes behind the plan, 0 when in time."""

    stop: Stop
    late: int
    waiting: bool


@dataclass(frozen=True, kw_only=True)
class TourRow:
    """A tour with its stops; `number` tells tours of a map apart."""

    number: int
    tour: Tour
    stops: tuple[StopRow, ...]

    @property
    def done(self) -> int:
        """How many stops are over."""
        return sum(row.stop.completed_at is not None for row in self.stops)


def rows(*, rounds: Sequence[DeliveryRound]) -> list[RoundRow]:
    """The figures of several rounds. Two queries."""
    if not rounds:
        return []
    deliveries = Delivery.objects.filter(round__in=rounds).exclude(status=Delivery.Status.CANCELLED)
    sums = deliveries.values("round").annotate(
        orders=Count("pk"),
        gross=Sum("order__total_incl_tax"),
        delivered=Count("pk", filter=Q(status=Delivery.Status.COMPLETED)),
        failed=Count("pk", filter=Q(status=Delivery.Status.FAILED)),
    )
    to_pack = Collection.objects.filter(round__in=rounds).exclude(status=Collection.Status.CALLED_OFF)
    packs = to_pack.values("round")
    packs = packs.annotate(collections=Count("pk"), packed=Count("pk", filter=~Q(status=Collection.Status.OPEN)))
    figures: dict[int, dict[str, Any]] = {}
    for found in (*sums.order_by(), *packs.order_by()):
        figures.setdefault(found["round"], {}).update(found)
    return [RoundRow(**{**figures.get(row.pk, {}), "round": row}) for row in rounds]


def running(*, region: Region) -> list[DeliveryRound]:
    """The rounds that are not over, the next delivery day first."""
    return list(
        DeliveryRound.objects.filter(region=region, status__in=RUNNING).select_related("rule").order_by("delivery_day", "pk")
    )


def collections(*, delivery_round: DeliveryRound) -> QuerySet[Collection]:
    """Each producer's goods of a round with how many lines there are and how many are recorded (`lines_all`, `lines_done`)."""
    found = Collection.objects.filter(round=delivery_round).select_related("partner")
    counted = found.annotate(lines_all=Count("lines"), lines_done=Count("lines", filter=Q(lines__packed__isnull=False)))
    return counted.order_by("partner__name", "pk")


def tours(*, delivery_round: DeliveryRound, at: datetime) -> list[TourRow]:
    """The tours of a round with all stops, the collecting ones first. Two queries."""
    rows = delivery_round.tours.select_related("round__region", "vehicle__starts_in", "vehicle__ends_in", "driver")
    found = rows.prefetch_related("stops").order_by("wave", "starts_at", "pk")
    return [
        TourRow(number=number, tour=tour, stops=tuple(_stop(tour, stop, at) for stop in _in_order(tour)))
        for number, tour in enumerate(found, start=1)
    ]


def _in_order(tour: Tour) -> list[Stop]:
    return sorted(tour.stops.all(), key=lambda stop: stop.sequence)


def _stop(tour: Tour, stop: Stop, at: datetime) -> StopRow:
    waiting = stop.completed_at is None and tour.status == Tour.Status.UNDER_WAY
    reached = stop.arrived_at or stop.completed_at or (at if waiting else None)
    behind = int((reached - stop.planned_arrival).total_seconds() // 60) if reached else 0
    return StopRow(stop=stop, late=behind if behind >= GRACE else 0, waiting=waiting)
