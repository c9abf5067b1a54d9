"""Decides who may sell in a region: a business applies, the office approves it and can suspend it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.core.transitions import lock_for
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region

#: what every producer's page must show (section 5 DDG, article 30 (1) DSA)
IDENTITY = ("name", "contact_first_name", "contact_last_name", "street", "postal_code", "city", "email", "phone")

_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


class BadApplication(Exception):
    """Something that the law wants known of a seller is missing; the message is for the person who applies."""


@transaction.atomic
def apply(*, region: Region, municipality: Municipality, at: datetime, by: AbstractBaseUser | None, **details: Any) -> Partner:
    """Register a business that wants to sell; `details` are fields of `Partner`. It is invisible until it is approved.

    `by` becomes the first person who acts for it. Raises `BadApplication`.
    """
    if municipality.region_id != region.pk:
        raise BadApplication(_("This village belongs to another region."))
    missing = [name for name in IDENTITY if not str(details.get(name, "")).strip()]
    if missing:
        names = ", ".join(str(Partner._meta.get_field(name).verbose_name) for name in missing)
        raise BadApplication(_("Please complete: %(names)s.") % {"names": names})
    slug = details.pop("slug", "") or _free_slug(region=region, name=str(details["name"]))
    partner: Partner = Partner.objects.create(region=region, municipality=municipality, slug=slug, **details)
    if by is not None:
        partner.users.add(by)
    audit.record(action="producer.applied", target=partner, at=at, by=by, new={"status": partner.status})
    return partner


@transaction.atomic
def approve(*, partner: Partner, at: datetime, by: AbstractBaseUser | None) -> Partner:
    """Let a business sell, for the first time or again. Raises `ForbiddenTransition`."""
    locked = lock_for(row=partner, to=Partner.Status.APPROVED)
    old = locked.status
    locked.status = Partner.Status.APPROVED
    locked.approved_at = locked.approved_at or at
    locked.save(update_fields=["status", "approved_at"])
    audit.record(action="producer.approved", target=locked, at=at, by=by, old={"status": old}, new={"status": locked.status})
    return locked


@transaction.atomic
def suspend(*, partner: Partner, reason: str, at: datetime, by: AbstractBaseUser | None) -> Partner:
    """Take a business and all its articles off the market. Its open orders stay. Raises `ForbiddenTransition`."""
    locked = lock_for(row=partner, to=Partner.Status.SUSPENDED)
    old = locked.status
    locked.status = Partner.Status.SUSPENDED
    locked.save(update_fields=["status"])
    new = {"status": locked.status, "reason": reason}
    audit.record(action="producer.suspended", target=locked, at=at, by=by, old={"status": old}, new=new)
    return locked


def _free_slug(*, region: Region, name: str) -> str:
    base = slugify(name.translate(_LETTERS))[:70] or "betrieb"
    taken = set(Partner.objects.filter(region=region, slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)
