"""Decides that a box is not where it should be by now; whoever had ticked it off there was mistaken."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from logistics import boxes
from logistics.models import Box, BoxEvent, PickupPoint
from marketplace.users.models import User


@transaction.atomic
def note(*, box: Box, instead_of: str, at: datetime, by: User | None, pickup_point: PickupPoint | None = None) -> None:
    """The box was looked for and is not there. `instead_of` is what would have been seen (a `BoxEvent.Kind`).

    Ticks that said it was there are taken back; what was seen of it further along stays, and then it is not missing.
    """
    locked = Box.objects.select_for_update(of=("self",)).get(pk=box.pk)
    undone = {event.undoes for event in locked.events.filter(kind=BoxEvent.Kind.UNDO)}
    for event in locked.events.filter(kind=instead_of).order_by("received_at", "pk"):
        if event.pk in undone:
            continue
        boxes.note(box=locked, uuid=uuid4(), kind=BoxEvent.Kind.UNDO, undoes=event.pk, reported_at=at, received_at=at, by=by)
    boxes.note(
        box=locked,
        uuid=uuid4(),
        kind=BoxEvent.Kind.MISSING,
        instead_of=instead_of,
        pickup_point=pickup_point,
        reported_at=at,
        received_at=at,
        by=by,
    )
