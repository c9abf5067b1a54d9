"""Decides how a driver hands a tour over to another one: with a link, shown as a square code, that is good for a short while."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from logistics import rounds
from logistics.models import Tour
from logistics.reports import HANDED_OVER
from marketplace.core import audit
from marketplace.users.models import User

SALT = "logistics.tour_handover"
GOOD_FOR = timedelta(minutes=30)


class HandoverOver(Exception):
    """The link is of no use (any more); the message is for whoever scanned it."""


def sign(*, tour: Tour) -> str:
    """What the square code holds: the tour, and who drives it now. Once somebody else does, it is void."""
    return signing.dumps({"tour": tour.pk, "driver": tour.driver_id}, salt=SALT)


def read(*, token: str) -> Tour:
    """The tour that a link is about. Raises `HandoverOver` when it is too old or void."""
    try:
        told = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        raise HandoverOver(_("This link is no longer good. Please have a new code shown to you.")) from None
    tour = Tour.objects.select_related("round__region", "vehicle", "driver").filter(pk=told["tour"]).first()
    if tour is None or tour.driver_id != told["driver"] or tour.status == Tour.Status.DONE:
        raise HandoverOver(_("Somebody else drives this tour by now, or it is done."))
    return tour


@transaction.atomic
def take_over(*, token: str, by: User, at: datetime) -> Tour:
    """From now on `by` drives the tour. What the driver before still sends counts all the same. Raises `HandoverOver`."""
    tour = read(token=token)
    rounds.lock(round_id=tour.round_id)
    locked = Tour.objects.select_for_update(of=("self",)).get(pk=tour.pk)
    if locked.driver_id != tour.driver_id:
        raise HandoverOver(_("Somebody else drives this tour by now, or it is done."))
    before, locked.driver = locked.driver_id, by
    locked.save(update_fields=["driver"])
    if before != by.pk:
        audit.record(action=HANDED_OVER, target=locked, at=at, by=by, old={"driver": before}, new={"driver": by.pk})
    return locked
