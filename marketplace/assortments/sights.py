"""Tells what a visitor, a customer or a caller sees of a region's articles; who is nobody we know sees what everybody sees."""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from django.db.models import Q

from marketplace.assortments import precedence
from marketplace.assortments.models import CustomerGroup
from marketplace.assortments.precedence import EVERYTHING, Rule, Sight
from marketplace.regions.models import Region


class Article(Protocol):
    """All that is asked of an article here."""

    pk: Any
    assortments: list[int]


def everybody(*, region: Region) -> Sight:
    """What visitors see whom nobody knows; no query."""
    return precedence.sight(rules=_rules(region), groups=()) if region.assortment_rules else EVERYTHING


def of(*, region: Region, user: Any) -> Sight:
    """What a person sees: one query for the groups, none for visitors and where no rule is for a group."""
    if user is None or not _has_groups(region) or not user.is_authenticated:
        return everybody(region=region)
    return of_groups(region=region, groups=groups_of(region_id=region.pk, user_id=user.pk))


def of_groups(*, region: Region, groups: Collection[int]) -> Sight:
    """What somebody in these groups (by key) sees; no query."""
    return precedence.sight(rules=_rules(region), groups=groups)


def groups_of(*, region_id: int, user_id: int) -> frozenset[int]:
    """The keys of the groups that a person is in, alone or by an approved account of the region; one query."""
    by_account = Q(accounts__users=user_id, accounts__region=region_id, accounts__approved_at__isnull=False)
    mine = CustomerGroup.objects.filter(Q(people=user_id) | by_account, region=region_id)
    return frozenset(mine.values_list("pk", flat=True))


def of_many(*, region: Region, user_ids: Collection[int]) -> dict[int, Sight]:
    """What each of many people sees: two queries at most, none where no rule is for a group."""
    groups: dict[int, set[int]] = {pk: set() for pk in user_ids}
    if groups and _has_groups(region):
        here = CustomerGroup.objects.filter(region=region)
        alone = here.filter(people__in=groups).values_list("people", "pk")
        approved = here.filter(accounts__users__in=groups, accounts__region=region, accounts__approved_at__isnull=False)
        for user_id, group in (*alone, *approved.values_list("accounts__users", "pk")):
            if user_id in groups:
                groups[user_id].add(group)
    return {pk: of_groups(region=region, groups=found) for pk, found in groups.items()}


def of_customer(*, region_id: int, user_id: int | None) -> Sight:
    """What a person sees where only keys are at hand: two queries at most."""
    region = Region.objects.get(pk=region_id)
    if user_id is None or not _has_groups(region):
        return everybody(region=region)
    return of_groups(region=region, groups=groups_of(region_id=region_id, user_id=user_id))


def of_order(*, region: Region, order_id: int, user_id: int | None) -> Sight:
    """What who has placed an order sees: as a person, or by the card of a caller; two queries at most."""
    if not _has_groups(region):
        return everybody(region=region)
    by_card = CustomerGroup.objects.filter(region=region, callers__taken_orders__order=order_id).values_list("pk", flat=True)
    by_login = groups_of(region_id=region.pk, user_id=user_id) if user_id is not None else frozenset()
    return of_groups(region=region, groups={*by_card, *by_login})


def unseen(*, articles: Iterable[Article], region_id: int, user_id: int | None, sight: Sight | None = None) -> frozenset[int]:
    """The keys of those of the articles that the customer does not see; no query where none is of an assortment.

    With a `sight` it is that which counts: somebody who orders by telephone may have none by a login.
    """
    marked = [one for one in articles if one.assortments]
    if not marked:
        return frozenset()
    known = of_customer(region_id=region_id, user_id=user_id) if sight is None else sight
    return frozenset(one.pk for one in marked if not known.sees(one.assortments))


def _rules(region: Region) -> Iterable[Rule]:
    """As `rules.settle` has copied them to the region, in the order of their priority."""
    return [Rule(assortment, group, shows) for assortment, group, shows in region.assortment_rules]


def _has_groups(region: Region) -> bool:
    return any(group is not None for _assortment, group, _shows in region.assortment_rules)
