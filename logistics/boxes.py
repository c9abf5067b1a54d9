"""Decides where a box is from what anybody saw of it: the same events give the same answer, in whatever order they arrive.

Phones report late, twice and in any order, and their clocks lie. So where a box is depends on how far it was seen on its way,
never on when a report came in: whoever hands it over has had it, whatever was reported before or after.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from logistics import label_codes
from logistics.models import Box, BoxEvent, Collection, Delivery, DeliveryRound, PackedLine, PickupPoint, Stop, Tour
from marketplace.catalogue.models import Product
from marketplace.users.models import User

Kind = BoxEvent.Kind
Status = Box.Status
#: the way of a box; whatever was seen furthest along counts
WAY = (
    Kind.EMPTY,
    Kind.PACKED,
    Kind.COLLECTED,
    Kind.AT_HUB,
    Kind.LOADED,
    Kind.AT_POINT,
    Kind.RETURNED,
    Kind.HANDED_OVER,
)
MOST_BOXES = 50


class BoxRefused(Exception):
    """What was reported cannot be of this box; the message is for whoever reported it."""


@transaction.atomic
def lay_out(*, delivery_round: DeliveryRound) -> int:
    """Give each customer's goods of each producer a box, and the chilled among them another; returns how many are new.

    For a closed round; again adds only what is missing. Goods fetched at the farm and collections called off need none.
    The same number of queries for any number of orders.
    """
    DeliveryRound.objects.select_for_update(of=("self",)).get(pk=delivery_round.pk)
    present = list(Box.objects.filter(round=delivery_round))
    numbers = Counter((box.collection_id, box.delivery_id) for box in present)
    codes = label_codes.series(taken={box.code for box in present})
    there = {(box.collection_id, box.delivery_id, box.is_cold) for box in present}
    rows = []
    for collection_id, delivery_id, cold in sorted(_wanted(delivery_round) - there):
        numbers[collection_id, delivery_id] += 1
        rows.append(
            Box(
                round=delivery_round,
                collection_id=collection_id,
                delivery_id=delivery_id,
                number=numbers[collection_id, delivery_id],
                is_cold=cold,
                code=next(codes),
            )
        )
    return len(Box.objects.bulk_create(rows))


@transaction.atomic
def add(*, collection: Collection, delivery: Delivery, is_cold: bool) -> Box:
    """A further box for goods that do not fit into one. Raises `BoxRefused` unless packing is open and the delivery is in it."""
    locked = Collection.objects.select_for_update(of=("self",)).get(pk=collection.pk)
    if locked.status != Collection.Status.OPEN:
        raise BoxRefused(_("Packing is finished. Please reopen it to change something."))
    if not locked.lines.filter(delivery=delivery).exists():
        raise BoxRefused(_("Nothing of this collection is for this delivery."))
    highest = locked.boxes.filter(delivery=delivery).order_by("-number").values_list("number", flat=True).first() or 0
    if highest >= MOST_BOXES:
        raise BoxRefused(_("More boxes than that for one customer cannot be meant."))
    taken = set(Box.objects.filter(round=locked.round_id).values_list("code", flat=True))
    return Box.objects.create(
        round_id=locked.round_id,
        collection=locked,
        delivery=delivery,
        number=highest + 1,
        is_cold=is_cold,
        code=label_codes.draw(taken=taken),
    )


@transaction.atomic
def note(
    *,
    box: Box,
    uuid: UUID,
    kind: str,
    reported_at: datetime,
    received_at: datetime,
    by: User | None,
    instead_of: str = "",
    undoes: UUID | None = None,
    stop: Stop | None = None,
    pickup_point: PickupPoint | None = None,
) -> bool:
    """Take in what somebody saw of a box. False, with nothing changed, if this event was taken in before.

    `instead_of` says of a missing box what was expected (one of `WAY`); `undoes` takes an event back, even one that is yet to
    arrive. Raises `BoxRefused` when the event says nothing of the kind.
    """
    locked = Box.objects.select_for_update(of=("self",)).get(pk=box.pk)
    if BoxEvent.objects.filter(pk=uuid).exists():
        return False
    if kind not in Kind.values or (kind == Kind.MISSING) != (instead_of in WAY) or (kind == Kind.UNDO) != (undoes is not None):
        raise BoxRefused(_("That cannot be reported of a box."))
    BoxEvent.objects.create(
        uuid=uuid,
        box=locked,
        kind=kind,
        instead_of=instead_of,
        undoes=undoes,
        stop=stop,
        pickup_point=pickup_point,
        reported_at=min(reported_at, received_at),
        received_at=received_at,
        by=by,
    )
    _follow(locked)
    box.status = locked.status
    return True


@transaction.atomic
def note_all(*, boxes: Iterable[Box], kind: str, at: datetime, by: User | None, stop: Stop | None = None) -> int:
    """The same was seen of several boxes by one act in this system (not by a phone); returns of how many it is new.

    Boxes that stay empty, or of which it was seen before, are left alone. Two queries for any number of boxes.
    """
    rows = list(Box.objects.select_for_update(of=("self",)).filter(pk__in=[box.pk for box in boxes]).order_by("pk"))
    events = _events_of(rows)
    fresh = [
        BoxEvent(uuid=uuid4(), box=row, kind=kind, stop=stop, reported_at=at, received_at=at, by=by)
        for row in rows
        if row.status != Status.EMPTY and kind not in {event.kind for event in _standing(events[row.pk])}
    ]
    BoxEvent.objects.bulk_create(fresh)
    changed = [event.box for event in fresh]
    for event in fresh:
        events[event.box_id].append(event)
        event.box.status = status(events=events[event.box_id])
    Box.objects.bulk_update(changed, ["status"])
    return len(fresh)


def of(*, delivery: Delivery) -> list[Box]:
    """The boxes of a delivery that are on their way: neither empty nor missed. One query."""
    return list(delivery.boxes.exclude(status__in=(Status.EMPTY, Status.MISSING)).order_by("pk"))


def by_stop(*, tour: Tour) -> dict[int, list[Box]]:
    """The boxes of a tour that are not empty, by key of the stop that hands them over or fetches them (or both). One query."""
    brought, fetched = tour.wave != Tour.Wave.COLLECT, tour.wave != Tour.Wave.DELIVER
    here = Q(delivery__stop__tour=tour) if brought else Q(collection__stop__tour=tour)
    rows = Box.objects.filter(here).exclude(status=Status.EMPTY).exclude(delivery__status=Delivery.Status.CANCELLED)
    found: dict[int, list[Box]] = defaultdict(list)
    for box in rows.select_related("delivery", "collection__partner").order_by("delivery__code", "number", "pk"):
        if brought:
            found[box.delivery.stop_id or 0].append(box)
        if fetched:
            found[box.collection.stop_id or 0].append(box)
    return found


@transaction.atomic
def close_up(*, collection: Collection, at: datetime, by: User | None) -> None:
    """Packing is finished: boxes with something in them are packed, the others stay empty."""
    there = {
        (line.delivery_id, line.order_line.storage != Product.Storage.AMBIENT)
        for line in PackedLine.objects.filter(collection=collection, packed__gt=0).select_related("order_line")
    }
    boxes = list(collection.boxes.order_by("pk"))
    note_all(boxes=[box for box in boxes if (box.delivery_id, box.is_cold) in there], kind=Kind.PACKED, at=at, by=by)
    note_all(boxes=[box for box in boxes if (box.delivery_id, box.is_cold) not in there], kind=Kind.EMPTY, at=at, by=by)


@transaction.atomic
def open_again(*, collection: Collection, at: datetime, by: User | None) -> None:
    """Packing goes on: what was said of the boxes when it was finished no longer holds."""
    rows = list(collection.boxes.select_for_update(of=("self",)).order_by("pk"))
    events = _events_of(rows)
    said = [event for row in rows for event in _standing(events[row.pk]) if event.kind in {Kind.PACKED, Kind.EMPTY}]
    undone = [
        BoxEvent(uuid=uuid4(), box_id=event.box_id, kind=Kind.UNDO, undoes=event.pk, reported_at=at, received_at=at, by=by)
        for event in said
    ]
    BoxEvent.objects.bulk_create(undone)
    for event in undone:
        events[event.box_id].append(event)
    for row in rows:
        row.status = status(events=events[row.pk])
    Box.objects.bulk_update(rows, ["status"])


def status(*, events: Iterable[BoxEvent]) -> str:
    """Where a box is, of which these events are known.

    Seen furthest along counts. A box that was missed is missing until it is seen there or further along.
    """
    seen = missed = -1
    for event in _standing(events):
        if event.kind == Kind.MISSING:
            missed = max(missed, WAY.index(Kind(event.instead_of)))
        else:
            seen = max(seen, WAY.index(Kind(event.kind)))
    if missed > seen:
        return Status.MISSING
    return Status(WAY[seen]) if seen >= 0 else Status.EXPECTED


def find(*, delivery_round: DeliveryRound, told: str) -> Box | None:
    """The box whose label was scanned (`token`) or whose four letters were typed; None when the round has none like it."""
    prefix, _dash, code = "".join(told.split()).upper().rpartition("-")
    if prefix not in {"", f"MR{delivery_round.pk}"}:
        return None
    return Box.objects.filter(round=delivery_round, code=code).select_related("delivery", "collection__partner").first()


def token(*, box: Box) -> str:
    """What stands in the square code on the label: the round, so that no label of another week is taken for it, and the code."""
    return f"MR{box.round_id}-{box.code}"


def _wanted(delivery_round: DeliveryRound) -> set[tuple[int, int, bool]]:
    lines = PackedLine.objects.filter(collection__round=delivery_round).select_related("order_line")
    lines = lines.exclude(collection__status=Collection.Status.CALLED_OFF).exclude(delivery__status=Delivery.Status.CANCELLED)
    return {
        (line.collection_id, line.delivery_id, line.order_line.storage != Product.Storage.AMBIENT)
        for line in lines.exclude(delivery__kind=Delivery.Kind.FARM)
    }


def _follow(locked: Box) -> None:
    locked.status = status(events=locked.events.all())
    locked.save(update_fields=["status"])


def _events_of(rows: Iterable[Box]) -> dict[int, list[BoxEvent]]:
    found: dict[int, list[BoxEvent]] = defaultdict(list)
    for event in BoxEvent.objects.filter(box__in=[row.pk for row in rows]):
        found[event.box_id].append(event)
    return found


def _standing(events: Iterable[BoxEvent]) -> list[BoxEvent]:
    """The events that nobody took back."""
    rows = list(events)
    taken_back = {event.undoes for event in rows if event.kind == Kind.UNDO}
    return [event for event in rows if event.kind != Kind.UNDO and event.pk not in taken_back]
