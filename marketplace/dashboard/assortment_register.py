"""Says for the office which assortments a region has, who sees them, and who is in a group of customers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Account
from marketplace.assortments import reach, rules, sights
from marketplace.assortments.groups import Kind
from marketplace.assortments.models import Assortment, AssortmentRule, CustomerGroup
from marketplace.assortments.reach import Reach
from marketplace.catalogue.models import Product
from marketplace.regions.models import Region


@dataclass(frozen=True)
class Row:
    """An assortment with who sees it and how many articles it has, hidden ones too."""

    reach: Reach
    articles: int


@dataclass(frozen=True)
class RuleRow:
    """A rule with its number in the order of priority; `can_rise` unless it is the first of its kind."""

    rule: AssortmentRule
    number: int
    can_rise: bool


@dataclass(frozen=True)
class Member:
    """An account, a person or a caller's card in a group; `url` where more of it stands, or ""."""

    kind: Kind
    pk: int
    name: str
    detail: str
    url: str


def of_region(*, region: Region) -> list[Row]:
    """All assortments by name; three queries at most."""
    rows = reach.of_region(region=region)
    marked = Product.objects.filter(partner__region=region).exclude(assortments=[]) if rows else Product.objects.none()
    counts = Counter(pk for found in marked.values_list("assortments", flat=True) for pk in found)
    return [Row(one, counts[one.assortment.pk]) for one in rows]


def rules_of(*, region: Region) -> list[RuleRow]:
    """The rules as they are asked, those for groups first; one query."""
    found: list[RuleRow] = []
    kinds: Counter[bool] = Counter()
    for number, rule in enumerate(rules.of_region(region=region), start=1):
        is_default = rule.group_id is None
        found.append(RuleRow(rule, number, can_rise=kinds[is_default] > 0))
        kinds[is_default] += 1
    return found


def members(*, group: CustomerGroup) -> list[Member]:
    """Accounts first, then people, then cards of the telephone desk, each by name; three queries."""
    return [*_accounts(group), *_people(group), *_callers(group)]


def seen_by(*, group: CustomerGroup) -> list[Assortment]:
    """Which assortments who is in this group alone sees; one query."""
    sight = sights.of_groups(region=group.region, groups=[group.pk])
    return [row for row in Assortment.objects.filter(region=group.region).order_by("name", "pk") if sight.sees([row.pk])]


def _accounts(group: CustomerGroup) -> Iterator[Member]:
    for row in Account.objects.filter(groups=group).order_by("name", "pk"):
        detail = row.number if row.approved_at else _("%(number)s, not approved: does not count yet") % {"number": row.number}
        yield Member(Kind.ACCOUNTS, row.pk, row.name, detail, reverse("office:account", args=[row.pk]))


def _people(group: CustomerGroup) -> Iterator[Member]:
    for row in group.people.order_by("last_name", "first_name", "pk"):
        yield Member(Kind.PEOPLE, row.pk, row.get_full_name() or row.email, row.email, "")


def _callers(group: CustomerGroup) -> Iterator[Member]:
    for row in group.callers.order_by("last_name", "first_name", "pk"):
        yield Member(Kind.CALLERS, row.pk, row.name, _("orders by telephone"), reverse("desk:caller", args=[row.pk]))
