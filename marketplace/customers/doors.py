"""Decides which other rooms of the market a person has the key to: the account page shows the doors, a login opens one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import pickup_hosts
from marketplace.partner.models import Partner
from marketplace.regions.models import Membership, Region, Role


@dataclass(frozen=True)
class Door:
    """A link to a room; `icon` is a symbol of the sprite."""

    label: str
    url: str
    icon: str


def of(*, user: Any, region: Region) -> list[Door]:
    """The rooms of a person in a region, in two queries."""
    duties = Membership.objects.filter(user=user, region=region).values_list("role", Value("", output_field=CharField()))
    points = pickup_hosts.points(user=user, region=region).order_by().values_list("slug", "name")
    held = dict(duties.union(points))
    roles = {role for role, name in held.items() if not name}
    if user.is_superuser:
        roles = set(Role.values)
    found = []
    partner = Partner.objects.run_by(user).filter(region=region).order_by("pk").first()
    if partner is not None:
        found.append(Door(_("Workspace of %(name)s") % {"name": partner.name}, reverse("dashboard:home"), "store"))
    if Role.OFFICE in roles:
        found.append(Door(_("Office"), reverse("office:home"), "layout-dashboard"))
    if Role.EDITOR in roles:
        found.append(Door(_("Editing"), reverse("wagtailadmin_home"), "pencil"))
    for slug, name in sorted(held.items()):
        if name:
            found.append(Door(name, reverse("pickup:point", args=[slug]), "package"))
    if Role.DRIVER in roles:
        found.append(Door(_("Tours"), reverse("logistics:tours"), "truck"))
        found.append(Door(_("Hub"), reverse("hub:home"), "package"))
    return found


def workplace(*, user: Any, region: Region) -> str | None:
    """Where somebody starts who works here: the office before the own business, editing, tours and pickup points."""
    found = {door.url for door in of(user=user, region=region)}
    names = ("office:home", "dashboard:home", "wagtailadmin_home", "logistics:tours")
    first = next((url for url in map(reverse, names) if url in found), None)
    return first or (reverse("pickup:home") if pickup_hosts.points(user=user, region=region).exists() else None)
