"""Says how a running round stands: each tour with what is done, how late it is and when it was last heard of, and what is wrong.

Problems are found by queries and vanish by themselves as soon as they are over.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import arrival, daytime, readings, trips, unfetched
from logistics.models import Box, Collection, Delivery, DeliveryRound, Stop, Tour, UnfollowedReport
from marketplace.core import wording

#: from when on it is worth a word that a tour is late, has not set out, or was not heard of
LATE = timedelta(minutes=20)
NOT_STARTED = timedelta(minutes=15)
SILENT = timedelta(minutes=45)
MINUTE = timedelta(minutes=1)


class Kind(StrEnum):
    """What is wrong."""

    LATE = "late"
    NOT_STARTED = "not_started"
    SILENT = "silent"
    UNPACKED = "unpacked"
    MISSING = "missing"
    WARM = "warm"
    REPORT = "report"
    FAILED = "failed"
    UNFETCHED = "unfetched"


#: what somebody has to do something about at once
URGENT = frozenset({Kind.WARM, Kind.SILENT, Kind.NOT_STARTED, Kind.REPORT})


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong, in a sentence; `phone` is whom to call, `order` the number of the order it is about."""

    kind: Kind
    text: str
    phone: str = ""
    order: str = ""

    @property
    def urgent(self) -> bool:
        """Whether it waits for somebody now."""
        return self.kind in URGENT


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveTour:
    """A tour; `behind` and `ends_at` as expected by now, `heard_at` is the last report that came in, None before the first."""

    number: int
    tour: Tour
    done: int
    stops: int
    behind: timedelta
    ends_at: datetime
    heard_at: datetime | None
    following: Stop | None
    #: its number, when the vehicle has to come back from an earlier trip first
    waits_for: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes behind the plan, below zero ahead of it."""
        return int(self.behind / MINUTE)

    @property
    def late(self) -> bool:
        """Whether its customers wait noticeably longer."""
        return self.behind >= LATE


@dataclass(frozen=True, kw_only=True, slots=True)
class Live:
    """A round as it stands; how many deliveries are in whose hands."""

    tours: tuple[LiveTour, ...]
    problems: tuple[Problem, ...]
    delivered: int
    on_shelf: int
    under_way: int
    waiting: int
    failed: int

    @property
    def deliveries(self) -> int:
        """All that are not cancelled."""
        return self.delivered + self.on_shelf + self.under_way + self.waiting + self.failed


def board(*, delivery_round: DeliveryRound, at: datetime) -> Live:
    """How the round stands at a moment. Nine queries for any number of tours, deliveries and problems."""
    tours = _tours(delivery_round, at)
    rows = Delivery.objects.filter(round=delivery_round).exclude(status=Delivery.Status.CANCELLED)
    deliveries = list(rows.select_related("stop", "order", "window__pickup_point").order_by("code"))
    stands = Counter(map(_stand, deliveries))
    found = (
        *_of_tours(tours, at),
        *_warm(delivery_round),
        *_reports(delivery_round),
        *_unpacked(delivery_round, at),
        *_missing(delivery_round),
        *_failed(deliveries),
        *_unfetched(deliveries, at),
    )
    return Live(
        tours=tuple(tours),
        problems=tuple(sorted(found, key=lambda one: not one.urgent)),
        delivered=stands["delivered"],
        on_shelf=stands["on_shelf"],
        under_way=stands["under_way"],
        waiting=stands["waiting"],
        failed=stands["failed"],
    )


def _tours(delivery_round: DeliveryRound, at: datetime) -> list[LiveTour]:
    rows = delivery_round.tours.select_related("vehicle", "driver").prefetch_related("stops")
    heard = dict(delivery_round.tours.values_list("pk").annotate(Max("stops__events__received_at")))
    ordered = rows.order_by("wave", "starts_at", "pk")
    found: list[LiveTour] = []
    latest: dict[tuple[int, str], LiveTour] = {}
    for number, tour in enumerate(ordered, start=1):
        row = _tour(number, tour, heard[tour.pk], latest.get((tour.vehicle_id, tour.wave)), at)
        latest[tour.vehicle_id, tour.wave] = row
        found.append(row)
    return found


def _tour(number: int, tour: Tour, heard_at: datetime | None, before: LiveTour | None, at: datetime) -> LiveTour:
    """`before` is the trip before of the same vehicle, if there is one."""
    stops = sorted(tour.stops.all(), key=lambda stop: stop.sequence)
    halts = [arrival.halt(stop=stop) for stop in stops]
    over = tour.status == Tour.Status.DONE
    behind = timedelta(0) if over else arrival.late_by(halts=halts, starts_at=tour.starts_at, started_at=tour.started_at, at=at)
    waits = tour.status == Tour.Status.PLANNED and before is not None and before.tour.status != Tour.Status.DONE
    if before and waits:
        behind = max(behind, trips.held_up(starts_at=tour.starts_at, back_at=before.ends_at))
    return LiveTour(
        number=number,
        tour=tour,
        done=sum(stop.completed_at is not None for stop in stops),
        stops=len(stops),
        behind=behind,
        ends_at=tour.done_at or tour.ends_at + behind,
        heard_at=max(filter(None, (heard_at, tour.started_at)), default=None),
        following=next((stop for stop in stops if stop.completed_at is None), None),
        waits_for=before.number if before and waits else 0,
    )


def _stand(row: Delivery) -> str:
    """In whose hands a delivery is, by the name of its count."""
    if row.status == Delivery.Status.COMPLETED:
        return "delivered"
    if row.status == Delivery.Status.FAILED:
        return "failed"
    if row.status == Delivery.Status.BOOKED:
        return "waiting"
    there = row.kind == Delivery.Kind.PICKUP and row.stop is not None and row.stop.completed_at is not None
    return "on_shelf" if there else "under_way"


def _of_tours(tours: Iterable[LiveTour], at: datetime) -> Iterator[Problem]:
    for row in tours:
        told = {"tour": row.number, "vehicle": row.tour.vehicle.name, "minutes": row.minutes}
        if row.tour.status == Tour.Status.PLANNED:
            if row.waits_for and row.late:
                text = _("Tour %(tour)s, %(vehicle)s, waits for tour %(before)s and sets out %(minutes)s minutes late.")
                yield Problem(kind=Kind.LATE, text=text % {**told, "before": row.waits_for})
            elif not row.waits_for and at - row.tour.starts_at >= NOT_STARTED:
                text = _("Tour %(tour)s, %(vehicle)s, should have set out %(minutes)s minutes ago.")
                yield Problem(kind=Kind.NOT_STARTED, text=text % told)
        elif row.tour.status == Tour.Status.UNDER_WAY:
            if row.heard_at and at - row.heard_at >= SILENT:
                silent = {**told, "minutes": int((at - row.heard_at) / MINUTE)}
                text = _("Nothing was heard of tour %(tour)s, %(vehicle)s, for %(minutes)s minutes.")
                yield Problem(kind=Kind.SILENT, text=text % silent)
            if row.late:
                text = _("Tour %(tour)s, %(vehicle)s, is %(minutes)s minutes late. Its customers are told.")
                yield Problem(kind=Kind.LATE, text=text % told)


def _warm(delivery_round: DeliveryRound) -> Iterator[Problem]:
    for judged in readings.of_round(delivery_round=delivery_round):
        if judged.open:
            yield Problem(kind=Kind.WARM, text=_("Too warm. %(text)s.") % {"text": judged.text})


def _reports(delivery_round: DeliveryRound) -> Iterator[Problem]:
    rows = UnfollowedReport.objects.filter(tour__round=delivery_round, settled_at__isnull=True)
    for row in rows.select_related("stop", "tour__vehicle").order_by("reported_at", "pk"):
        told = {
            "vehicle": row.tour.vehicle.name if row.tour else "",
            "stop": row.stop.name if row.stop else "",
            "reason": row.refusal,
        }
        yield Problem(kind=Kind.REPORT, text=_("A report of %(vehicle)s at %(stop)s could not be followed: %(reason)s") % told)


def _unpacked(delivery_round: DeliveryRound, at: datetime) -> Iterator[Problem]:
    """Farms that still pack on the delivery day."""
    if daytime.day_of(at) < delivery_round.delivery_day:
        return
    rows = Collection.objects.filter(round=delivery_round, status=Collection.Status.OPEN).select_related("partner")
    for row in rows.order_by("partner__name", "pk"):
        text = _("%(producer)s has not finished packing.") % {"producer": row.partner.name}
        yield Problem(kind=Kind.UNPACKED, text=text, phone=row.partner.phone)


def _missing(delivery_round: DeliveryRound) -> Iterator[Problem]:
    """Boxes that were missed and whose customers have not got the rest yet."""
    rows = Box.objects.filter(round=delivery_round, status=Box.Status.MISSING)
    rows = rows.filter(delivery__status__in=(Delivery.Status.BOOKED, Delivery.Status.LOADED))
    for row in rows.select_related("collection__partner", "delivery__order").order_by("code"):
        told = {"code": row.code, "producer": row.collection.partner.name, "customer": row.delivery.code}
        yield Problem(
            kind=Kind.MISSING,
            text=_("Box %(code)s of %(producer)s for %(customer)s is missing.") % told,
            phone=row.collection.partner.phone,
            order=row.delivery.order.number,
        )


def _failed(deliveries: Sequence[Delivery]) -> Iterator[Problem]:
    for row in deliveries:
        if row.status == Delivery.Status.FAILED:
            told = {"code": row.code, "name": row.recipient, "reason": row.handover_note or _("no reason told")}
            text = _("%(code)s, %(name)s, was not handed over: %(reason)s") % told
            yield Problem(kind=Kind.FAILED, text=text, phone=row.phone, order=row.order.number)


def _unfetched(deliveries: Sequence[Delivery], at: datetime) -> Iterator[Problem]:
    """One line for each pickup point where goods still lie after the window."""
    waits: dict[str, list[Delivery]] = {}
    for row in deliveries:
        if _stand(row) == "on_shelf" and row.window.ends_at <= at and row.window.pickup_point:
            waits.setdefault(row.window.pickup_point.name, []).append(row)
    for place, rows in sorted(waits.items()):
        kept = unfetched.kept_until(delivery=rows[0]).astimezone(daytime.ZONE)
        told = {"number": len(rows), "place": place, "day": wording.weekday_date(kept.date()), "clock": wording.clock(kept)}
        text = ngettext(
            "%(number)s customer has not fetched the goods at %(place)s; they are kept until %(day)s, %(clock)s.",
            "%(number)s customers have not fetched their goods at %(place)s; they are kept until %(day)s, %(clock)s.",
            len(rows),
        )
        yield Problem(kind=Kind.UNFETCHED, text=text % told)
