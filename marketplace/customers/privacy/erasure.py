"""Erases a person: what nobody needs is deleted, what the law wants stays without a name, and the account is closed for good.

Documents and books are not touched: they keep the name and address that they were issued with, and only billing reads them.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Floor
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from logistics import reservations, waiting
from logistics.models import Delivery, Reservation, WaitingEntry
from marketplace.core import audit
from marketplace.customers.privacy import export, obstacles
from marketplace.customers.privacy.holding import Fate, Holding
from marketplace.customers.privacy.obstacles import Obstacle
from marketplace.order.models import Order
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

ERASED = "person.erased"
#: nobody can receive mail there (RFC 2606), and each is another one
ADDRESS = "deleted-{}@account.invalid"


class NotErased(Exception):
    """Something stands against it; `obstacles` say what."""

    def __init__(self, found: list[Obstacle]) -> None:
        self.obstacles = found
        super().__init__(" ".join(obstacle.text for obstacle in found))


@transaction.atomic
def erase(*, user: User, region: Region, at: datetime, by: User | None = None) -> bool:
    """Erase a person in all regions; False when that has happened. Raises `NotErased`.

    The mail that says so, in the name of `region`, is the last that the person gets.
    """
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if locked.erased_at is not None:
        return False
    if found := obstacles.of(user=locked):
        raise NotErased(found)
    address, name = locked.email, locked.first_name
    proven = export.addresses(user=locked)
    _take_over_guest_orders(locked, proven)
    _give_back(locked, proven, at)
    _end_sessions(locked)
    counts = _go_through(locked, proven)
    _lose_the_name(locked, at)
    audit.record(action=ERASED, target=locked, at=at, by=by, new=counts)
    _farewell(region, address, name)
    return True


def _take_over_guest_orders(user: User, proven: list[str]) -> None:
    """What was ordered without logging in, by the same address: so that their links end, too."""
    Order.objects.filter(user__isnull=True, guest_email__in=proven).update(user=user)


def _give_back(user: User, proven: list[str], at: datetime) -> None:
    """Places and goods that are kept for the person are somebody else's now."""
    for held in Reservation.objects.filter(basket__owner=user).select_related("basket"):
        reservations.release(basket=held.basket)
    mine = models.Q(user=user) | models.Q(user__isnull=True, email__in=proven)
    for entry in WaitingEntry.objects.filter(mine).order_by("pk"):
        waiting.leave(entry=entry, at=at)


def _end_sessions(user: User) -> None:
    """Everywhere; a session that is still written to afterwards belongs to nobody, because the account is closed."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _go_through(user: User, proven: list[str]) -> dict[str, int]:
    """Overwrite, then delete, table by table; says how many rows of which. What points at something else goes first."""
    _blur(user)
    counts: Counter[str] = Counter()
    for fate in (Fate.MASKED, Fate.DELETED):
        for holding in reversed(export.ALL):
            if holding.fate == fate and holding.model != User._meta.label:
                counts[f"{fate.value} {holding.model}"] += _apply(holding, user, proven)
    return {name: number for name, number in sorted(counts.items()) if number}


def _apply(holding: Holding, user: User, proven: list[str]) -> int:
    rows = export.rows_of(holding=holding, user=user, proven=proven).filter(**holding.only)
    # by key: an update or a deletion cannot follow the joins that lead to the person
    found = apps.get_model(holding.model)._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    if holding.fate == Fate.DELETED:
        return int(found.delete()[1].get(holding.model, 0))
    return int(found.update(**_plain(holding.masked)))


def _plain(masked: Mapping[str, Any]) -> dict[str, Any]:
    """Lazy words are written out."""
    return {name: value if isinstance(value, dict) else str(value) for name, value in masked.items()}


def _blur(user: User) -> None:
    """A delivery stays in its village, no longer at its door: what was driven can still be counted."""
    mine = Delivery.objects.filter(order__user=user, kind=Delivery.Kind.HOME)
    centre = Municipality.objects.filter(pk=OuterRef("municipality"))
    mine.update(
        latitude=Coalesce(Subquery(centre.values("latitude")[:1]), Floor("latitude")),
        longitude=Coalesce(Subquery(centre.values("longitude")[:1]), Floor("longitude")),
    )


def _lose_the_name(user: User, at: datetime) -> None:
    user.email, user.first_name, user.last_name = ADDRESS.format(user.pk), "", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login, user.erased_at = None, at
    user.set_unusable_password()
    user.save()


def _farewell(region: Region, address: str, name: str) -> None:
    subject = _("Your account is deleted")
    context = {"region": region, "name": name, "subject": subject}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("customers/mails/erased.txt", context),
        to=[address],
        reply_to=[region.email],
    )
    message.attach_alternative(render_to_string("customers/mails/erased.html", context), "text/html")
    message.send()
