"""Says in words who sees an assortment, for those who work with it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.assortments import sights
from marketplace.assortments.models import Assortment, CustomerGroup
from marketplace.regions.models import Region


@dataclass(frozen=True)
class Reach:
    """An assortment, and who sees its articles: `für Gastronomie, Dorfläden`, or `für alle außer Schulküchen`."""

    assortment: Assortment
    who: str


def of_region(*, region: Region) -> list[Reach]:
    """All assortments of a region by name; two queries, one where there is none."""
    rows = list(Assortment.objects.filter(region=region).order_by("name", "pk"))
    groups = list(CustomerGroup.objects.filter(region=region).order_by("name", "pk")) if rows else []
    return [Reach(row, _who(region, row.pk, groups)) for row in rows]


def is_for_everybody(*, assortment: Assortment) -> bool:
    """Whether visitors whom nobody knows see it now; one query."""
    region = Region.objects.get(pk=assortment.region_id)
    return sights.everybody(region=region).sees([assortment.pk])


def _who(region: Region, assortment: int, groups: list[CustomerGroup]) -> str:
    special = {group: sights.of_groups(region=region, groups=[group.pk]).sees([assortment]) for group in groups}
    if sights.everybody(region=region).sees([assortment]):
        without = ", ".join(group.name for group, sees in special.items() if not sees)
        return _("for everybody except %(groups)s") % {"groups": without} if without else _("for everybody")
    there = ", ".join(group.name for group, sees in special.items() if sees)
    return _("for %(groups)s") % {"groups": there} if there else _("for nobody yet")
