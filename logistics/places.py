"""Decides what the office may enter about pickup points and vehicles; open rounds follow at once."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from logistics import limits
from logistics.models import PickupPoint, Vehicle
from marketplace.core import audit
from marketplace.users.models import User

_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


class BadPlace(Exception):
    """What was entered cannot be; the message is for the office."""


@transaction.atomic
def keep_point(*, point: PickupPoint, at: datetime, by: User | None) -> PickupPoint:
    """Keep a pickup point, new or changed. What is booked there already stays, even if less fits in from now on.

    Raises `BadPlace` for a name that another one of the region has.
    """
    others = PickupPoint.objects.filter(region=point.region_id).exclude(pk=point.pk)
    if others.filter(name__iexact=point.name.strip()).exists():
        raise BadPlace(_("There is a pickup point of this name already."))
    is_new = point.pk is None
    if is_new:
        point.slug = _free_slug(point, set(others.values_list("slug", flat=True)))
    point.save()
    told = {"name": point.name, "orders": str(point.capacity_orders or ""), "crates": str(point.capacity_crates or "")}
    action = "pickup_point.created" if is_new else "pickup_point.changed"
    audit.record(action=action, target=point, at=at, by=by, new=told | {"is_active": str(point.is_active)})
    limits.refit(region=point.region)
    return point


@transaction.atomic
def keep_vehicle(*, vehicle: Vehicle, at: datetime, by: User | None) -> Vehicle:
    """Keep a vehicle, new or changed. Raises `BadPlace` for more chilled crates than crates, or a shift that ends too soon."""
    if vehicle.capacity_cold > vehicle.capacity_crates:
        raise BadPlace(_("There cannot be more chilled crates than crates."))
    if vehicle.shift_ends <= vehicle.shift_starts:
        raise BadPlace(_("The shift ends before it begins."))
    is_new = vehicle.pk is None
    vehicle.save()
    told = {"name": vehicle.name, "crates": str(vehicle.capacity_crates), "cold": str(vehicle.capacity_cold)}
    action = "vehicle.created" if is_new else "vehicle.changed"
    audit.record(action=action, target=vehicle, at=at, by=by, new=told | {"is_active": str(vehicle.is_active)})
    limits.refit(region=vehicle.region)
    return vehicle


def _free_slug(point: PickupPoint, taken: set[str]) -> str:
    """The name as part of an address, with a number where it is taken."""
    plain = slugify(point.name.translate(_LETTERS))[:40] or "abholstelle"
    return next(
        slug for number in range(1, len(taken) + 3) if (slug := plain if number == 1 else f"{plain}-{number}") not in taken
    )
