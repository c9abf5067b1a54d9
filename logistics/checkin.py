"""Decides what has come to the hub, where it goes from there, and what is missing when the check is finished.

Every box is looked at once between the farms and the tours. Finishing says of whatever was not seen by then that it is missing; a
box that turns up later is simply ticked off.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from logistics import absences, boxes, packing, rounds
from logistics.models import Box, BoxEvent, Collection, Delivery, DeliveryRound, HubCheck, Tour
from marketplace.core import audit
from marketplace.users.models import User

WAY = boxes.WAY
#: seen at the hub or further along
THROUGH = frozenset(Box.Status(kind) for kind in WAY[WAY.index(BoxEvent.Kind.AT_HUB) :])
RUNNING = (DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED, DeliveryRound.Status.UNDER_WAY)


class CheckinRefused(Exception):
    """That box cannot be ticked off here; the message is for whoever sorts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a box goes: the tour by its `number` on all pages, its vehicle, and the stop; the last stop is loaded first."""

    number: int
    tour_id: int
    vehicle: str
    stop: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HubBox:
    """A box on its way through the hub; `place` is None while no tour takes it."""

    pk: int
    code: str
    is_cold: bool
    customer: str
    producer: str
    here: bool
    missing: bool
    place: Place | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Arriving:
    """A producer whose goods come to the hub."""

    collection_id: int
    name: str
    phone: str
    brings: bool
    packed: bool
    boxes: tuple[HubBox, ...]

    @property
    def here(self) -> int:
        """How many boxes have come."""
        return sum(box.here for box in self.boxes)

    @property
    def open(self) -> int:
        """How many are still waited for."""
        return sum(not box.here and not box.missing for box in self.boxes)

    @property
    def missing(self) -> int:
        """How many were looked for in vain."""
        return sum(box.missing for box in self.boxes)

    @property
    def cold(self) -> int:
        """How many have to stay cold."""
        return sum(box.is_cold for box in self.boxes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Loading:
    """What goes into a vehicle, in the order in which it is loaded."""

    place: Place
    boxes: tuple[HubBox, ...]

    @property
    def here(self) -> int:
        """How many of its boxes have come."""
        return sum(box.here for box in self.boxes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The hub on a delivery day."""

    producers: tuple[Arriving, ...]
    tours: tuple[Loading, ...]
    unplanned: tuple[HubBox, ...]
    check: HubCheck | None

    @property
    def boxes(self) -> int:
        """How many boxes go through the hub."""
        return sum(len(one.boxes) for one in self.producers)

    @property
    def here(self) -> int:
        """How many of them have come."""
        return sum(one.here for one in self.producers)

    @property
    def cold(self) -> int:
        """How many of them have to stay cold."""
        return sum(one.cold for one in self.producers)


def board(*, delivery_round: DeliveryRound) -> Board:
    """All that comes and where it goes. Three queries for any number of boxes."""
    rows = list(_through_the_hub(delivery_round))
    places = _places(delivery_round)
    producers: dict[int, list[Box]] = defaultdict(list)
    for row in rows:
        producers[row.collection_id].append(row)
    shown = {row.pk: _shown(row, places) for row in rows}
    arriving = [_arriving(found, shown) for found in producers.values()]
    by_tour: dict[int, list[tuple[Place, HubBox]]] = defaultdict(list)
    for box in shown.values():
        if box.place:
            by_tour[box.place.tour_id].append((box.place, box))
    return Board(
        producers=tuple(sorted(arriving, key=lambda one: (not one.open, one.name))),
        tours=tuple(sorted(map(_loading, by_tour.values()), key=lambda one: one.place.number)),
        unplanned=tuple(box for box in shown.values() if box.place is None),
        check=HubCheck.objects.filter(round=delivery_round).first(),
    )


@transaction.atomic
def take_in(*, delivery_round: DeliveryRound, told: str, uuid: UUID, at: datetime, by: User | None) -> HubBox:
    """A label was scanned, or its four letters typed: the box is at the hub. Says where it goes. The same report counts once.

    Raises `CheckinRefused` for a label that is not of this round.
    """
    box = boxes.find(delivery_round=delivery_round, told=told)
    if box is None:
        raise CheckinRefused(_("No box of this round has the code “%(code)s”.") % {"code": told.strip()[:20]})
    if box.status == Box.Status.EMPTY:
        raise CheckinRefused(_("Box %(code)s stays empty: nothing was packed for it.") % {"code": box.code})
    boxes.note(box=box, uuid=uuid, kind=BoxEvent.Kind.AT_HUB, reported_at=at, received_at=at, by=by)
    _hand_in([box.collection], at, by)
    seen = _through_the_hub(delivery_round).get(pk=box.pk)
    return _shown(seen, _places(delivery_round))


@transaction.atomic
def take_in_all(*, collection: Collection, at: datetime, by: User | None) -> int:
    """All boxes of a producer are there that nobody missed; returns of how many that is new."""
    there = collection.boxes.exclude(status__in=(Box.Status.EMPTY, Box.Status.MISSING, *THROUGH))
    number = boxes.note_all(boxes=there, kind=BoxEvent.Kind.AT_HUB, at=at, by=by)
    _hand_in([collection], at, by)
    return number


@transaction.atomic
def miss(*, box: Box, at: datetime, by: User | None) -> None:
    """The box did not come; a tick that said so was a slip. Raises `CheckinRefused` once it has left the hub."""
    locked = Box.objects.select_for_update(of=("self",)).get(pk=box.pk)
    if locked.status in THROUGH - {Box.Status.AT_HUB}:
        raise CheckinRefused(_("Box %(code)s has left the hub already.") % {"code": locked.code})
    absences.note(box=locked, instead_of=BoxEvent.Kind.AT_HUB, at=at, by=by)


@transaction.atomic
def finish(*, delivery_round: DeliveryRound, at: datetime, by: User | None) -> int:
    """Everything was looked at: what has not come is missing. Returns how many boxes that are; again changes nothing."""
    rounds.lock(round_id=delivery_round.pk)
    if HubCheck.objects.filter(round=delivery_round).exists():
        return 0
    absent = [box for box in _through_the_hub(delivery_round) if box.status not in {*THROUGH, Box.Status.MISSING}]
    for box in absent:
        absences.note(box=box, instead_of=BoxEvent.Kind.AT_HUB, at=at, by=by)
    HubCheck.objects.create(round=delivery_round, finished_at=at, finished_by=by)
    audit.record(action="round.hub_checked", target=delivery_round, at=at, by=by, new={"missing": len(absent)})
    return len(absent)


def _through_the_hub(delivery_round: DeliveryRound) -> QuerySet[Box]:
    rows = Box.objects.filter(round=delivery_round).exclude(status=Box.Status.EMPTY)
    rows = rows.exclude(delivery__status=Delivery.Status.CANCELLED)
    return rows.select_related("collection__partner", "delivery__stop").order_by("collection__partner__name", "code")


def _places(delivery_round: DeliveryRound) -> dict[int, tuple[int, str]]:
    """The number and the vehicle of each tour, numbered as on the office's page."""
    rows = Tour.objects.filter(round=delivery_round).select_related("vehicle").order_by("wave", "starts_at", "pk")
    return {tour.pk: (number, tour.vehicle.name) for number, tour in enumerate(rows, start=1)}


def _shown(row: Box, places: dict[int, tuple[int, str]]) -> HubBox:
    stop = row.delivery.stop
    place = None
    if stop is not None and stop.tour_id in places:
        number, vehicle = places[stop.tour_id]
        place = Place(number=number, tour_id=stop.tour_id, vehicle=vehicle, stop=stop.sequence)
    return HubBox(
        pk=row.pk,
        code=row.code,
        is_cold=row.is_cold,
        customer=row.delivery.code,
        producer=row.collection.partner.name,
        here=row.status in THROUGH,
        missing=row.status == Box.Status.MISSING,
        place=place,
    )


def _arriving(found: list[Box], shown: dict[int, HubBox]) -> Arriving:
    collection = found[0].collection
    return Arriving(
        collection_id=collection.pk,
        name=collection.partner.name,
        phone=collection.partner.phone,
        brings=collection.partner.brings_to_hub,
        packed=collection.status != Collection.Status.OPEN,
        boxes=tuple(shown[row.pk] for row in found),
    )


def _loading(found: list[tuple[Place, HubBox]]) -> Loading:
    ordered = sorted(found, key=lambda pair: (-pair[0].stop, pair[1].customer, pair[1].code))
    return Loading(place=ordered[0][0], boxes=tuple(box for _place, box in ordered))


def _hand_in(collections: Iterable[Collection], at: datetime, by: User | None) -> None:
    """Whose boxes are at the hub has handed the goods over, whoever forgot to say so."""
    for collection in collections:
        present = Collection.objects.get(pk=collection.pk)
        if present.status == Collection.Status.PACKED:
            packing.hand_to_driver(collection=present, at=at, by=by)
