"""Decides what is kept of a person for the next order."""

from typing import Any

from django.db import transaction

from marketplace.regions.models import Municipality
from marketplace.users.models import Profile, User


def of(*, user: Any) -> Profile:
    """The profile of a person; an empty unsaved one for visitors and for whom nothing is kept yet."""
    if not user.is_authenticated:
        return Profile()
    return Profile.objects.select_related("municipality").filter(user=user).first() or Profile(user=user)


@transaction.atomic
def keep(
    *,
    user: User,
    first_name: str,
    last_name: str,
    phone: str = "",
    company: str = "",
    municipality: Municipality | None = None,
) -> Profile:
    """Store name, phone and village of a person; `addresses` keeps the doors."""
    User.objects.filter(pk=user.pk).update(first_name=first_name, last_name=last_name)
    known = {"phone": phone, "company": company, "municipality": municipality}
    return Profile.objects.update_or_create(user=user, defaults=known)[0]


def keep_first(*, user: User, **given: Any) -> None:
    """Store what a person entered with the first order, as for `keep`; what is known already is not overwritten."""
    if not Profile.objects.filter(user=user).exists():
        keep(user=user, **given)
