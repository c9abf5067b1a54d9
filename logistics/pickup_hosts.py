"""Decides who hands goods out at a pickup point: whoever the office has invited by e-mail and who has said yes.

The link in the mail is the proof that the address is the person's own; an account comes with the yes.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from logistics.models import PickupHost, PickupPoint
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User

SALT = "logistics.pickup_host"
#: how long an invitation is good
GOOD_FOR = timedelta(days=14)
MOST = 20


class HostRefused(Exception):
    """That person cannot be made host; the message is for the office or for the person invited."""


def points(*, user: Any, region: Region | None) -> QuerySet[PickupPoint]:
    """The pickup points of a region where a person hands goods out, by name; none for visitors."""
    if not user.is_authenticated or region is None:
        return PickupPoint.objects.none()
    return PickupPoint.objects.filter(region=region, hosts__user=user).order_by("name", "pk")


def is_hosted(*, pickup_point: PickupPoint) -> bool:
    """Whether somebody is there who hands goods out; elsewhere whoever comes takes them off the shelf."""
    return pickup_point.hosts.filter(user__isnull=False).exists()


def of_stop() -> Exists:
    """For a queryset of stops: whether whoever looks after the pickup point takes the goods in there."""
    return Exists(PickupHost.objects.filter(user__isnull=False, pickup_point__windows__deliveries__stop=OuterRef("pk")))


@transaction.atomic
def invite(*, pickup_point: PickupPoint, email: str, at: datetime, by: User | None) -> PickupHost:
    """Ask somebody to hand goods out there; the mail goes out by itself. Whoever is invited again gets the mail again."""
    PickupPoint.objects.select_for_update(of=("self",), no_key=True).get(pk=pickup_point.pk)
    address = email.strip().lower()
    known = PickupHost.objects.filter(pickup_point=pickup_point, email=address).first()
    if known is not None and known.user_id:
        raise HostRefused(_("%(email)s hands goods out there already.") % {"email": address})
    if known is None and pickup_point.hosts.count() >= MOST:
        raise HostRefused(_("More people than that cannot look after one pickup point."))
    host, _new = PickupHost.objects.update_or_create(
        pickup_point=pickup_point, email=address, defaults={"invited_at": at, "asked_at": None}
    )
    audit.record(action="pickup_host.invited", target=pickup_point, at=at, by=by, new={"host": host.pk})
    return host


@transaction.atomic
def accept(*, host: PickupHost, user: User, at: datetime) -> PickupHost:
    """The person invited says yes, with the account she is logged in with. Again changes nothing."""
    locked = PickupHost.objects.select_for_update(of=("self",)).select_related("pickup_point").get(pk=host.pk)
    if locked.user_id == user.pk:
        return locked
    if locked.user_id or locked.pickup_point.hosts.filter(user=user).exists():
        raise HostRefused(_("This invitation has been used already."))
    locked.user, locked.accepted_at = user, at
    locked.save(update_fields=["user", "accepted_at"])
    audit.record(action="pickup_host.accepted", target=locked.pickup_point, at=at, by=user, new={"host": locked.pk})
    return locked


@transaction.atomic
def remove(*, host: PickupHost, at: datetime, by: User | None) -> None:
    """The person no longer hands goods out there, and sees nothing of it from now on."""
    audit.record(action="pickup_host.removed", target=host.pickup_point, at=at, by=by, old={"host": host.pk})
    host.delete()


@transaction.atomic
def keep_for(*, pickup_point: PickupPoint, hours: int, at: datetime, by: User | None) -> None:
    """Goods that nobody fetched go back so many hours after the window."""
    locked = PickupPoint.objects.select_for_update(of=("self",)).get(pk=pickup_point.pk)
    old, locked.kept_hours = locked.kept_hours, hours
    locked.save(update_fields=["kept_hours"])
    told = {"old": {"kept_hours": old}, "new": {"kept_hours": hours}}
    audit.record(action="pickup_point.keeping", target=locked, at=at, by=by, **told)


def sign(*, host: PickupHost) -> str:
    """What the link of an invitation holds."""
    return signing.TimestampSigner(salt=SALT).sign_object([host.pk, host.email])


def read(*, token: str, region: Region) -> PickupHost | None:
    """The invitation a link is for; None when it was never given out, is too old, or was taken back."""
    try:
        pk, email = signing.TimestampSigner(salt=SALT).unsign_object(token, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = PickupHost.objects.filter(pickup_point__region=region, email=email).select_related("pickup_point")
    return rows.filter(pk=pk).first()
