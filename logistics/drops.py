"""Decides where goods may be left when nobody opens: as the customer wishes it, until the vehicle leaves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import rounds
from logistics.models import Delivery, Tour
from marketplace.core import audit
from marketplace.users.models import User

Drop = Delivery.Drop
AT_HANDOVER = "handover"


class DropRefused(Exception):
    """The goods cannot be left like that; the message is for the customer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to leave the goods."""

    value: str
    label: str
    hint: str


def choices() -> list[Choice]:
    """All ways, the usual one first."""
    return [
        Choice(Drop.HAND, _("Hand it over to me"), _("Somebody opens the door.")),
        Choice(Drop.DOOR, _("Leave it at the door"), _("In the shade and dry, if there is such a place.")),
        Choice(Drop.COOL_BOX, _("Put it into my cool box"), _("Please put it outside with cold packs in it.")),
        Choice(Drop.NEIGHBOUR, _("Give it to a neighbour"), _("Please write the name and house number below.")),
    ]


def hindrance(*, delivery: Delivery) -> str:
    """Why the goods can only be handed over in person; "" when the customer may choose."""
    if delivery.kind != Delivery.Kind.HOME:
        return _("These goods are fetched.")
    if delivery.needs_age_check:
        return _("Goods with an age limit are handed over in person, with a look at the identity card.")
    terms: Any = getattr(delivery.order, "terms", None)  # billing hangs them on the order
    if terms is not None and terms.method == AT_HANDOVER:
        return _("You pay at the door, so somebody has to be there.")
    return ""


def wish(*, delivery: Delivery) -> str:
    """What counts for the driver: the customer's wish, or by hand wherever nothing else is possible."""
    return Drop.HAND if delivery.drop == Drop.HAND or hindrance(delivery=delivery) else delivery.drop


def is_open(*, delivery: Delivery) -> bool:
    """Whether one can still choose: nothing is on its way."""
    started = delivery.stop is not None and delivery.stop.tour.status != Tour.Status.PLANNED
    return delivery.status == Delivery.Status.BOOKED and not started


@transaction.atomic
def choose(*, delivery: Delivery, drop: str, note: str, at: datetime, by: User | None = None) -> Delivery:
    """Keep the customer's wish. Raises `DropRefused` once the vehicle has left, or where it has to be by hand.

    Holds the round, as a tour does that starts: either the driver knows of the wish, or the customer of the refusal.
    """
    rounds.lock(round_id=delivery.round_id)
    related = Delivery.objects.select_related("order__terms", "stop__tour")
    locked = related.select_for_update(of=("self",)).get(pk=delivery.pk)
    if not is_open(delivery=locked):
        raise DropRefused(_("The goods are on their way already. Please call us if something is important."))
    if drop not in Drop.values:
        raise DropRefused(_("Please choose what we shall do with the goods."))
    if drop != Drop.HAND and (reason := hindrance(delivery=locked)):
        raise DropRefused(reason)
    if drop == Drop.NEIGHBOUR and not note.strip():
        raise DropRefused(_("Please write the name and the house number of the neighbour."))
    old = {"drop": locked.drop}
    locked.drop, locked.drop_note = drop, note.strip() if drop != Drop.HAND else ""
    locked.save(update_fields=["drop", "drop_note"])
    audit.record(action="delivery.drop", target=locked, at=at, by=by, old=old, new={"drop": drop})
    return locked


def wording(*, drop: str, note: str) -> str:
    """The wish in the driver's words, `an der Tür abstellen: hinter der Bank`; "" when by hand."""
    if drop == Drop.HAND:
        return ""
    return ": ".join(filter(None, [str(Drop(drop).label), note]))


def done(*, drop: str) -> str:
    """What the driver says who has done so."""
    return {
        Drop.DOOR: _("Left at the door"),
        Drop.COOL_BOX: _("Put into the cool box"),
        Drop.NEIGHBOUR: _("Given to the neighbour"),
    }[Drop(drop)]


def left(*, delivery: Delivery, where: str, neighbour: str) -> str:
    """In whose hands or where the goods are, for the record, when they were left as wished.

    Raises `DropRefused` when the customer wished no such thing.
    """
    if where == Drop.HAND or where != wish(delivery=delivery):
        raise DropRefused(_("The customer did not agree to that. Please hand the goods over in person."))
    if where == Drop.NEIGHBOUR:
        return _("neighbour: %(name)s") % {"name": neighbour or delivery.drop_note}
    return _("left at the door") if where == Drop.DOOR else _("put into the cool box")
