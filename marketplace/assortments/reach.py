"""Says in words who sees an assortment, for those who work with it."""

import copy
from collections.abc import Collection, Mapping
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
    return [Reach(row, _who(region, [row.pk], groups)) for row in rows]


def of_articles(*, region: Region, belonging: Mapping[int, Collection[int]], without: int | None = None) -> dict[int, str]:
    """Who sees each article, told by key which assortments it belongs to; `without` an assortment, as if it had no rules.

    One query, none where no article belongs to any.
    """
    groups = list(CustomerGroup.objects.filter(region=region).order_by("name", "pk")) if any(belonging.values()) else []
    known = _without(region, without)
    kinds = {frozenset(those) for those in belonging.values()}
    told = {kind: _who(known, sorted(kind), groups) for kind in kinds}
    return {pk: told[frozenset(those)] for pk, those in belonging.items()}


def is_for_everybody(*, assortment: Assortment) -> bool:
    """Whether visitors whom nobody knows see it now; one query."""
    region = Region.objects.get(pk=assortment.region_id)
    return sights.everybody(region=region).sees([assortment.pk])


def _without(region: Region, assortment: int | None) -> Region:
    """The region as if one of its assortments had no rules; a copy that is never stored."""
    if assortment is None:
        return region
    known = copy.copy(region)
    known.assortment_rules = [rule for rule in region.assortment_rules if rule[0] != assortment]
    return known


def _who(region: Region, belonging: Collection[int], groups: Collection[CustomerGroup]) -> str:
    special = {group: sights.of_groups(region=region, groups=[group.pk]).sees(belonging) for group in groups}
    if sights.everybody(region=region).sees(belonging):
        without = ", ".join(group.name for group, sees in special.items() if not sees)
        return _("for everybody except %(groups)s") % {"groups": without} if without else _("for everybody")
    there = ", ".join(group.name for group, sees in special.items() if sees)
    return _("for %(groups)s") % {"groups": there} if there else _("for nobody yet")
