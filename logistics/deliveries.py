"""Decides how an order gets its place in a round, and what was handed over in the end."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import boxes, crates, handover, label_codes, rounds, shortfalls, spaces, waiting, windows
from logistics.crates import Load
from logistics.handover import HandoverRefused, Outcome
from logistics.models import BoxEvent, Delivery, DeliveryWindow
from logistics.signals import delivery_completed
from logistics.spaces import Taken
from marketplace.core import audit
from marketplace.core.transitions import lock_for
from marketplace.order import progress
from marketplace.order.models import Order
from marketplace.regions.models import Municipality
from marketplace.users.models import User

__all__ = ["BookingRefused", "Destination", "HandoverRefused", "Outcome", "book", "cancel", "complete", "fail", "move"]

Status = Delivery.Status


class BookingRefused(Exception):
    """The delivery does not fit the window."""


class Destination(TypedDict):
    """Where the goods go and who takes them. `needs_age_check` is 16, 18 or None; positions are degrees."""

    kind: str
    recipient: str
    street: str
    postal_code: str
    city: str
    municipality: Municipality | None
    latitude: float
    longitude: float
    phone: str
    note: str
    needs_age_check: int | None


def book(
    *,
    order: Order,
    window: DeliveryWindow,
    kind: str,
    recipient: str,
    street: str,
    postal_code: str,
    city: str,
    municipality: Municipality | None,
    latitude: float,
    longitude: float,
    phone: str,
    note: str,
    needs_age_check: int | None,
    at: datetime,
    place_kept: bool = False,
    load: Load | None = None,
) -> Delivery:
    """Give the order a place in the window's round and a code for its crates. Part of the transaction that places the order.

    `needs_age_check` is 16, 18 or None; `place_kept` says that the place and the room for `load` were taken before, for the
    checkout, and the round is held open. The `load` is that of the order's lines when nobody tells it. Raises
    `rounds.RoundClosed`, `windows.WindowFull`, or `BookingRefused` when the window is at another kind of place.
    """
    if not place_kept:
        rounds.hold_open(round_id=window.round_id, at=at)
    if kind != windows.kind_of(window=window):
        raise BookingRefused(_("This time window does not fit the kind of delivery."))
    room = load or _load(order)
    if not place_kept:
        windows.take_place(window=window)
        spaces.exchange(before=None, after=Taken(window_id=window.pk, load=room))
    return Delivery.objects.create(
        order=order,
        round_id=window.round_id,
        window=window,
        kind=kind,
        code=_free_code(window.round_id),
        recipient=recipient,
        street=street,
        postal_code=postal_code,
        city=city,
        municipality=municipality,
        latitude=latitude,
        longitude=longitude,
        phone=phone,
        note=note,
        needs_age_check=needs_age_check,
        crates=room.crates,
        cold_crates=room.cold,
        weight_g=room.grams,
        booked_at=at,
    )


@transaction.atomic
def move(
    *,
    delivery: Delivery,
    window: DeliveryWindow,
    at: datetime,
    by: User | None = None,
    offer: int | None = None,
    load: Load | None = None,
    **goes_to: Unpack[Destination],
) -> Delivery:
    """Give a booked delivery another place, or the same one with other details. Part of the transaction that changes the order.

    The caller holds the rounds of both windows open. `offer` is the entry of the waiting list whose place is taken. In another
    round there is another code on the crates. The `load` is that of the order's lines when nobody tells it. Raises
    `windows.WindowFull`, or `BookingRefused` as `book` does and when the goods are no longer only booked.
    """
    _check(kind=goes_to["kind"], window=window)
    locked = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if locked.status != Status.BOOKED:
        raise BookingRefused(_("This delivery can no longer be changed."))
    old = locked.window_id
    if offer is None or old == window.pk:
        windows.move_place(before=old, after=window.pk)
    else:
        windows.move_place(before=old, after=None)
        waiting.take_directly(entry_id=offer, window=window, at=at)
    room = load or _load(locked.order)
    taken_up = offer is not None and old != window.pk
    wanted = spaces.beside_offer(window_id=window.pk, load=room) if taken_up else Taken(window_id=window.pk, load=room)
    spaces.exchange(before=spaces.of_delivery(delivery=locked), after=wanted)
    locked.crates, locked.cold_crates, locked.weight_g = room.crates, room.cold, room.grams
    if locked.round_id != window.round_id:
        locked.round_id, locked.code = window.round_id, _free_code(window.round_id)
    locked.window = window
    for name, value in goes_to.items():
        setattr(locked, name, value)
    locked.save(update_fields=["round", "code", "window", "crates", "cold_crates", "weight_g", *goes_to])
    if old != window.pk:
        audit.record(action="delivery.move", target=locked, at=at, by=by, old={"window": old}, new={"window": window.pk})
    return locked


@transaction.atomic
def cancel(*, delivery: Delivery, at: datetime, by: User | None = None) -> Delivery:
    """Give the place back, as long as the round is open. The order and its stock are the caller's matter, above both.

    Raises `rounds.RoundClosed` after the cut-off, `ForbiddenTransition` when the place was given back before.
    """
    rounds.hold_open(round_id=delivery.round_id, at=at)
    locked = lock_for(row=delivery, to=Status.CANCELLED)
    windows.release_place(window=locked.window)
    spaces.exchange(before=spaces.of_delivery(delivery=locked), after=None)
    locked.cancelled_at = at
    _step(locked, Status.CANCELLED, ["cancelled_at"], at, by)
    return locked


@transaction.atomic
def complete(
    *,
    delivery: Delivery,
    at: datetime,
    by: User | None,
    handed_to: str,
    age_checked: bool = False,
    outcomes: Mapping[int, Outcome] | None = None,
    note: str = "",
) -> Delivery:
    """Hand the goods over: what was packed and in no missing box, unless `outcomes` (by packed line id) says otherwise.

    Completes the order, and ends the round with its last delivery. A delivery that was handed over before is returned as it is.
    Raises `HandoverRefused` without the check of age, or when goods are not recorded as packed; `ForbiddenTransition` when the
    delivery was cancelled.
    """
    locked_round = rounds.lock(round_id=delivery.round_id)
    present = Delivery.objects.get(pk=delivery.pk)
    if present.status == Status.COMPLETED:
        return present
    locked = lock_for(row=delivery, to=Status.COMPLETED)
    with_age_limit = handover.record(delivery=locked, outcomes={**shortfalls.outcomes(delivery=locked), **(outcomes or {})})
    if locked.needs_age_check and with_age_limit and not age_checked:
        limit = {"age": locked.needs_age_check}
        raise HandoverRefused(_("Goods from %(age)s years on: please look at the identity card and tick that you have.") % limit)
    locked.completed_at = at
    locked.handed_to = handed_to
    locked.handover_note = note
    locked.age_checked_by = by if age_checked else None
    _step(locked, Status.COMPLETED, ["completed_at", "handed_to", "handover_note", "age_checked_by"], at, by)
    boxes.note_all(boxes=boxes.of(delivery=locked), kind=BoxEvent.Kind.HANDED_OVER, at=at, by=by)
    progress.complete(order=locked.order, at=at, by=by)
    rounds.end_if_over(locked_round, at=at, by=by)
    transaction.on_commit(lambda: delivery_completed.send(sender=Delivery, delivery_id=locked.pk), robust=True)
    return locked


@transaction.atomic
def fail(*, delivery: Delivery, at: datetime, by: User | None, reason: str) -> Delivery:
    """Nobody was there, or the door could not be reached: the goods go back. A second attempt may still complete it."""
    locked_round = rounds.lock(round_id=delivery.round_id)
    present = Delivery.objects.get(pk=delivery.pk)
    if present.status == Status.FAILED:
        return present
    locked = lock_for(row=delivery, to=Status.FAILED)
    locked.failed_at = at
    locked.handover_note = reason
    _step(locked, Status.FAILED, ["failed_at", "handover_note"], at, by)
    rounds.end_if_over(locked_round, at=at, by=by)
    return locked


def _step(locked: Delivery, to: str, fields: list[str], at: datetime, by: User | None) -> None:
    old, locked.status = locked.status, to
    locked.save(update_fields=["status", *fields])
    audit.record(action=f"delivery.{to}", target=locked, at=at, by=by, old={"status": old}, new={"status": to})


def _load(order: Order) -> Load:
    return crates.at_least_one(goods=((line, line.quantity) for line in order.lines.order_by("pk")))


def _check(*, kind: str, window: DeliveryWindow) -> None:
    if kind != windows.kind_of(window=window):
        raise BookingRefused(_("This time window does not fit the kind of delivery."))


def _free_code(round_id: int) -> str:
    """A code that no other delivery of the round has. Two buyers drawing the same one at once is left to the constraint."""
    while True:
        code = label_codes.draw(taken=())
        if not Delivery.objects.filter(round_id=round_id, code=code).exists():
            return code
