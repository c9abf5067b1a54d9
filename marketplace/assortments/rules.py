"""Lays down by which rules the customers of a region see its assortments: agreed, moved, dropped, each time written down."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from marketplace.assortments.models import Assortment, AssortmentRule, CustomerGroup
from marketplace.core import audit
from marketplace.regions import hosts, kept
from marketplace.regions.models import Region


class RuleRefused(Exception):
    """The rule cannot be laid down like that; the message is for the office."""


def of_region(*, region: Region) -> QuerySet[AssortmentRule]:
    """The rules in the order in which they are asked: those for groups first, each kind by its priority."""
    rows = AssortmentRule.objects.filter(region=region).select_related("assortment", "group")
    return rows.annotate(default=Q(group__isnull=True)).order_by("default", "place", "pk")


@transaction.atomic
def lay_down(
    *, region: Region, assortment: Assortment, group: CustomerGroup | None, shows: bool, at: datetime, by: Any
) -> AssortmentRule:
    """A rule below all others; one that is there for the same assortment and group says the new thing. Raises `RuleRefused`."""
    if assortment.region_id != region.pk or (group is not None and group.region_id != region.pk):
        raise RuleRefused(_("This assortment or group belongs to another region."))
    lock(region=region)
    last = AssortmentRule.objects.filter(region=region).aggregate(last=Max("place"))["last"] or 0
    rule, _new = AssortmentRule.objects.update_or_create(
        assortment=assortment, group=group, defaults={"shows": shows}, create_defaults={
            "region": region, "shows": shows, "place": last + 1,
        },
    )  # fmt: skip
    told = {"assortment": assortment.name, "group": group.name if group else "", "shows": shows}
    audit.record(action="assortment.rule", target=rule, at=at, by=by, new=told)
    return rule


@transaction.atomic
def raise_up(*, rule: AssortmentRule, at: datetime, by: Any) -> None:
    """Ask the rule before the one above it; the first of its kind (for groups, or for everybody) stays where it is."""
    lock(region=rule.region)
    rows = list(AssortmentRule.objects.filter(region=rule.region_id, group__isnull=rule.group_id is None).order_by("place", "pk"))
    here = [row.pk for row in rows].index(rule.pk)
    if here == 0:
        return
    above, mine = rows[here - 1], rows[here]
    above.place, mine.place = mine.place, above.place
    above.save(update_fields=["place"])
    mine.save(update_fields=["place"])
    audit.record(action="assortment.rule_raised", target=rule, at=at, by=by)


@transaction.atomic
def drop(*, rule: AssortmentRule, at: datetime, by: Any) -> None:
    """The rule is asked no more."""
    lock(region=rule.region)
    audit.record(action="assortment.rule_dropped", target=rule, at=at, by=by, old={"shows": rule.shows})
    rule.delete()


def lock(*, region: Region) -> None:
    """One change of a region's rules after the other."""
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)


def settle(*, region_id: int) -> None:
    """Copy the rules to the region, so that no page has to ask for them; pages that are kept are written anew."""
    rows = AssortmentRule.objects.filter(region=region_id).order_by("place", "pk")
    told = [list(row) for row in rows.values_list("assortment_id", "group_id", "shows")]
    Region.objects.filter(pk=region_id).update(assortment_rules=told)
    hosts.forget()
    kept.forget(region_id=region_id)
