"""Decides how an order gets its place in a round, and what was handed over in the end."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import handover, rounds, windows
from logistics.handover import HandoverRefused, Outcome
from logistics.models import Delivery, DeliveryWindow
from logistics.signals import delivery_completed
from marketplace.core import audit
from marketplace.core.transitions import lock_for
from marketplace.order import progress
from marketplace.order.models import Order
from marketplace.regions.models import Municipality
from marketplace.users.models import User

__all__ = ["BookingRefused", "HandoverRefused", "Outcome", "book", "cancel", "complete", "fail"]

Kind = Delivery.Kind
Status = Delivery.Status
#: no letter or digit that looks like another one
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 4


class BookingRefused(Exception):
    """The delivery does not fit the window."""


@transaction.atomic
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
) -> Delivery:
    """Give the order a place in the window's round and a code for its crates. Part of the transaction that places the order.

    `needs_age_check` is 16, 18 or None. Raises `rounds.RoundClosed`, `windows.WindowFull`, or `BookingRefused` when a home
    window is asked to serve a pickup point or the other way round.
    """
    rounds.hold_open(round_id=window.round_id, at=at)
    if (kind == Kind.PICKUP) != (window.pickup_point_id is not None):
        raise BookingRefused(_("This time window does not fit the kind of delivery."))
    windows.take_place(window=window)
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
        booked_at=at,
    )


@transaction.atomic
def cancel(*, delivery: Delivery, at: datetime, by: User | None = None) -> Delivery:
    """Give the place back, as long as the round is open. The order and its stock are the caller's matter, above both.

    Raises `rounds.RoundClosed` after the cut-off, `ForbiddenTransition` when the place was given back before.
    """
    rounds.hold_open(round_id=delivery.round_id, at=at)
    locked = lock_for(row=delivery, to=Status.CANCELLED)
    windows.release_place(window=locked.window)
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
    """Hand the goods over: what was packed, unless `outcomes` (by packed line id) tells of less, with the reason.

    Completes the order, and ends the round with its last delivery. A delivery that was handed over before is returned as it is.
    Raises `HandoverRefused` without the check of age, or when goods are not recorded as packed; `ForbiddenTransition` when the
    delivery was cancelled.
    """
    locked_round = rounds.lock(round_id=delivery.round_id)
    present = Delivery.objects.get(pk=delivery.pk)
    if present.status == Status.COMPLETED:
        return present
    locked = lock_for(row=delivery, to=Status.COMPLETED)
    with_age_limit = handover.record(delivery=locked, outcomes=outcomes or {})
    if locked.needs_age_check and with_age_limit and not age_checked:
        limit = {"age": locked.needs_age_check}
        raise HandoverRefused(_("Goods from %(age)s years on: please look at the identity card and tick that you have.") % limit)
    locked.completed_at = at
    locked.handed_to = handed_to
    locked.handover_note = note
    locked.age_checked_by = by if age_checked else None
    _step(locked, Status.COMPLETED, ["completed_at", "handed_to", "handover_note", "age_checked_by"], at, by)
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


def _free_code(round_id: int) -> str:
    """A code that no other delivery of the round has. Two buyers drawing the same one at once is left to the constraint."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _unused in range(CODE_LENGTH))
        if not Delivery.objects.filter(round_id=round_id, code=code).exists():
            return code
