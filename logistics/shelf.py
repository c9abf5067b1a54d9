"""Decides what lies at a pickup point for whom, what has come, and how it gets into its customer's hands.

Where a host is, the driver only puts the goods down: they are handed over when the host hands them out. Producers are not named
here; a host needs codes and names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from logistics import absences, boxes, codes, deliveries, empties, manifest, pickup_hosts
from logistics.handover import Outcome
from logistics.manifest import Article
from logistics.models import Box, BoxEvent, Delivery, DeliveryRound, PickupPoint, Stop, StopEvent
from marketplace.users.models import User

#: how long what was handed out stays in the list
LOOK_BACK = timedelta(days=1)
#: how long what was never fetched stays in it
NOT_FETCHED = timedelta(days=7)
COMING = (DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED, DeliveryRound.Status.UNDER_WAY)


class State(StrEnum):
    """How far a customer's goods are, as the host sees it."""

    COMING = "coming"
    PARTLY = "partly"
    HERE = "here"
    GONE = "gone"
    FAILED = "failed"


class ShelfRefused(Exception):
    """That cannot be said of the goods; the message is for the host."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelfBox:
    """A box by the code on its label."""

    pk: int
    code: str
    is_cold: bool
    here: bool
    missing: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One customer's goods; `to_collect` gross euro, None when nothing is paid there; `age_check` 0, 16 or 18."""

    delivery_id: int
    code: str
    name: str
    round_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    state: State
    boxes: tuple[ShelfBox, ...]
    articles: tuple[Article, ...]
    age_check: int
    to_collect: Decimal | None
    handed_to: str

    @property
    def cold(self) -> int:
        """How many of the boxes have to stay cold."""
        return sum(box.is_cold for box in self.boxes)

    @property
    def open(self) -> bool:
        """Whether somebody may still come for it."""
        return self.state != State.GONE


def parcels(*, pickup_point: PickupPoint, today: date) -> list[Parcel]:
    """All that is coming, here, or just gone, by day and name. Seven queries at most for any number of customers."""
    running = Q(round__status__in=COMING) | Q(round__delivery_day__gte=today - LOOK_BACK)
    waiting = Q(status=Delivery.Status.FAILED, round__delivery_day__gte=today - NOT_FETCHED)
    closed = at_point(pickup_point=pickup_point).filter(round__closed_at__isnull=False)
    rows = list(_loaded(closed.filter(running | waiting)))
    given_back = empties.coming_off(deliveries=[row for row in rows if row.status != Delivery.Status.COMPLETED])
    found = [_parcel(row, given_back) for row in rows]
    return sorted(found, key=lambda one: (one.day, one.name.casefold(), one.code))


def parcel(*, delivery: Delivery) -> Parcel:
    """The goods of one delivery."""
    row = _loaded(Delivery.objects.filter(pk=delivery.pk)).get()
    open_one = [] if row.status == Delivery.Status.COMPLETED else [row]
    return _parcel(row, empties.coming_off(deliveries=open_one))


def at_point(*, pickup_point: PickupPoint) -> QuerySet[Delivery]:
    """What is fetched at a pickup point."""
    rows = Delivery.objects.filter(kind=Delivery.Kind.PICKUP, window__pickup_point=pickup_point)
    return rows.exclude(status=Delivery.Status.CANCELLED)


def find(*, found: list[Parcel], told: str) -> list[Parcel]:
    """Those whose code, label or name was told; the code of a customer or of a box wins over names."""
    word = " ".join(told.split()).casefold()
    bare = word.replace(" ", "").rpartition("-")[2]
    by_code = [one for one in found if bare in {one.code.casefold(), *(box.code.casefold() for box in one.boxes)}]
    return by_code or [one for one in found if word and word in one.name.casefold()]


def find_by_link(*, pickup_point: PickupPoint, told: str) -> Delivery | None:
    """The delivery whose square code somebody shows, if it waits here."""
    return codes.of_link(told=told, among=at_point(pickup_point=pickup_point))


@transaction.atomic
def arrived(*, box: Box, pickup_point: PickupPoint, uuid: UUID, at: datetime, by: User | None) -> bool:
    """The host has one box on the shelf. False if that was told before."""
    return boxes.note(
        box=box,
        uuid=uuid,
        kind=BoxEvent.Kind.AT_POINT,
        reported_at=at,
        received_at=at,
        by=by,
        pickup_point=pickup_point,
    )


@transaction.atomic
def all_arrived(*, pickup_point: PickupPoint, delivery_round: DeliveryRound, at: datetime, by: User | None) -> int:
    """Everything of a round that nobody missed is there; returns of how many boxes that is new."""
    here = at_point(pickup_point=pickup_point).filter(round=delivery_round)
    open_ones = here.exclude(status=Delivery.Status.COMPLETED)
    there = Box.objects.filter(delivery__in=open_ones).exclude(status__in=(Box.Status.EMPTY, Box.Status.MISSING))
    return boxes.note_all(boxes=there, kind=BoxEvent.Kind.AT_POINT, at=at, by=by)


@transaction.atomic
def absent(*, box: Box, pickup_point: PickupPoint, at: datetime, by: User | None) -> None:
    """The box is not there; a tick that said so was a slip."""
    locked = Box.objects.select_for_update(of=("self",)).get(pk=box.pk)
    if locked.status == Box.Status.HANDED_OVER:
        raise ShelfRefused(_("This box has been handed out already."))
    absences.note(box=locked, instead_of=BoxEvent.Kind.AT_POINT, pickup_point=pickup_point, at=at, by=by)


@transaction.atomic
def hand_out(
    *,
    delivery: Delivery,
    handed_to: str,
    age_checked: bool,
    outcomes: Mapping[int, Outcome],
    at: datetime,
    by: User | None,
    paid: str = "",
) -> Delivery:
    """The customer has the goods: all that was packed, less missing boxes and what `outcomes` (by packed line id) tells.

    `paid` is "cash" or "card" if it was paid at the point; billing finds it as it finds what drivers report. Raises
    `deliveries.HandoverRefused` without the check of age, `ForbiddenTransition` for what was cancelled.
    """
    handed = deliveries.complete(
        delivery=delivery,
        at=at,
        by=by,
        handed_to=(handed_to or delivery.recipient)[:100],
        age_checked=age_checked,
        outcomes=outcomes,
    )
    if paid and handed.stop_id:
        data = {"delivery": handed.pk, "paid": paid}
        StopEvent.objects.create(
            uuid=uuid4(), stop_id=handed.stop_id, kind="delivered", reported_at=at, received_at=at, by=by, data=data
        )
    return handed


def is_kept(*, stop: Stop) -> bool:
    """Whether a host takes the goods in at a stop of a tour, so that they are not handed over yet."""
    return stop.kind == Stop.Kind.PICKUP and Stop.objects.filter(pickup_hosts.of_stop(), pk=stop.pk).exists()


@transaction.atomic
def put_down(*, stop: Stop, at: datetime, by: User | None) -> int:
    """The driver has put the goods of a stop on the shelf; returns of how many boxes that is new. The host hands them out."""
    open_ones = stop.deliveries.exclude(status__in=(Delivery.Status.COMPLETED, Delivery.Status.CANCELLED))
    there = Box.objects.filter(delivery__in=open_ones).exclude(status__in=(Box.Status.EMPTY, Box.Status.MISSING))
    return boxes.note_all(boxes=there, kind=BoxEvent.Kind.AT_POINT, at=at, by=by, stop=stop)


def _loaded(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    there = Box.objects.exclude(status=Box.Status.EMPTY).order_by("pk")
    related = manifest.loaded(deliveries=rows).select_related("order__terms", "order__user", "window", "round")
    return related.prefetch_related(Prefetch("boxes", there))


def _parcel(row: Delivery, given_back: Mapping[int, Decimal]) -> Parcel:
    known = manifest.box(delivery=row, given_back=given_back)
    found = tuple(
        ShelfBox(
            pk=box.pk,
            code=box.code,
            is_cold=box.is_cold,
            here=box.status in {Box.Status.AT_POINT, Box.Status.HANDED_OVER},
            missing=box.status == Box.Status.MISSING,
        )
        for box in row.boxes.all()
    )
    return Parcel(
        delivery_id=row.pk,
        code=row.code,
        name=row.recipient,
        round_id=row.round_id,
        day=row.round.delivery_day,
        starts_at=row.window.starts_at,
        ends_at=row.window.ends_at,
        state=_state(row, found),
        boxes=found,
        articles=known.articles,
        age_check=known.age_check,
        to_collect=known.to_collect,
        handed_to=row.handed_to,
    )


def _state(row: Delivery, found: tuple[ShelfBox, ...]) -> State:
    if row.status == Delivery.Status.COMPLETED:
        return State.GONE
    if row.status == Delivery.Status.FAILED:
        return State.FAILED
    if found and all(box.here or box.missing for box in found) and any(box.here for box in found):
        return State.HERE
    return State.PARTLY if any(box.here for box in found) else State.COMING
