"""Keeps a region's assortments and groups of customers: founded, renamed, taken away, joined and left."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace.assortments import rules
from marketplace.assortments.models import Assortment, CustomerGroup
from marketplace.core import audit
from marketplace.regions.models import Region

LONGEST = 60
#: as the trail calls them
NAMES: Final[dict[type[Any], str]] = {Assortment: "assortment", CustomerGroup: "customer_group"}


class Kind(StrEnum):
    """What can be in a group, named as its relation is."""

    PEOPLE = "people"
    ACCOUNTS = "accounts"
    CALLERS = "callers"


class GroupRefused(Exception):
    """It cannot be founded or taken away like that; the message is for the office."""


@transaction.atomic
def found_assortment(*, region: Region, name: str, at: datetime, by: Any) -> Assortment:
    """A new assortment, hidden from everybody until a rule shows it to a group. Raises `GroupRefused`."""
    plain = _free(name, taken=Assortment.objects.filter(region=region))
    new = Assortment.objects.create(region=region, name=plain)
    audit.record(action="assortment.founded", target=new, at=at, by=by, new={"name": plain})
    rules.lay_down(region=region, assortment=new, group=None, shows=False, at=at, by=by)
    return new


@transaction.atomic
def found_group(*, region: Region, name: str, at: datetime, by: Any) -> CustomerGroup:
    """A new group without anybody in it. Raises `GroupRefused`."""
    plain = _free(name, taken=CustomerGroup.objects.filter(region=region))
    new = CustomerGroup.objects.create(region=region, name=plain)
    audit.record(action="customer_group.founded", target=new, at=at, by=by, new={"name": plain})
    return new


@transaction.atomic
def rename(*, thing: Assortment | CustomerGroup, name: str, at: datetime, by: Any) -> None:
    """An assortment or a group is called something else; nothing else changes. Raises `GroupRefused`."""
    others: QuerySet[Any] = type(thing)._default_manager.filter(region=thing.region_id)
    plain, old = _free(name, taken=others.exclude(pk=thing.pk)), thing.name
    if plain == old:
        return
    thing.name = plain
    thing.save(update_fields=["name"])
    audit.record(action=f"{NAMES[type(thing)]}.renamed", target=thing, at=at, by=by, old={"name": old}, new={"name": plain})


@transaction.atomic
def take_away_group(*, group: CustomerGroup, at: datetime, by: Any) -> None:
    """The group and its rules; who was in it sees what everybody sees."""
    audit.record(action="customer_group.taken_away", target=group, at=at, by=by, old={"name": group.name})
    group.delete()


@transaction.atomic
def join(*, group: CustomerGroup, kind: Kind, member: Any, at: datetime, by: Any) -> None:
    """A person, an account or a caller's card (by `kind`) is in the group from now on; twice is once."""
    getattr(group, kind.value).add(member)
    audit.record(action="customer_group.joined", target=group, at=at, by=by, new={kind.value: member.pk})


@transaction.atomic
def leave(*, group: CustomerGroup, kind: Kind, member_id: int, at: datetime, by: Any) -> None:
    """It is in the group no more; twice is once."""
    getattr(group, kind.value).remove(member_id)
    audit.record(action="customer_group.left", target=group, at=at, by=by, old={kind.value: member_id})


def _free(name: str, *, taken: Any) -> str:
    """The name as it is kept. Raises `GroupRefused`."""
    plain = " ".join(name.replace("\x00", "").split())[:LONGEST]
    if not plain:
        raise GroupRefused(_("Please give it a name."))
    if taken.filter(name__iexact=plain).exists():
        raise GroupRefused(_("“%(name)s” is there already.") % {"name": plain})
    return plain
