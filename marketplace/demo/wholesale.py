"""Puts large packs on the market of the demo, which only kitchens and restaurants see."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from billing.models import Account
from marketplace.assortments import groups, rules
from marketplace.assortments.groups import Kind
from marketplace.catalogue import articles
from marketplace.catalogue.models import Product
from marketplace.regions.models import Region
from marketplace.users.models import User

REGION, ASSORTMENT = "huettener-berge", "Großgebinde"
#: who is in which group, by the kind of customer
GROUPS = {"Gastronomie": frozenset({"restaurant", "cafe"}), "Kita- und Heimküchen": frozenset({"daycare", "retirement_home"})}
#: the article of whose kind it is: (slug, title, price, net content in grams or millilitres)
PACKS = (
    ("bio-moehren", "Bio-Möhren, Sack 10 kg", "17.90", 10_000),
    ("bio-vollmilch", "Bio-Vollmilch, Eimer 10 l", "14.50", 10_000),
    ("speisequark", "Speisequark, Eimer 5 kg", "21.50", 5_000),
    ("rapshonig-cremig", "Rapshonig cremig, Eimer 12,5 kg", "129.00", 12_500),
    ("bio-weizenmehl-type-550", "Bio-Weizenmehl Type 550, Sack 25 kg", "49.00", 25_000),
)
#: what a pack shares with the small one
SHARED = (
    "description", "kind", "net_unit", "vat_category", "is_organic", "season_months", "allergens", "diet", "labels",
    "ingredients", "origin", "storage", "picture",
)  # fmt: skip


def offer(
    *,
    region: Region,
    products: Mapping[str, Product],
    accounts: Mapping[str, Account],
    kinds: Mapping[str, str],
    at: datetime,
    by: User,
) -> None:
    """The assortment with its groups and packs; `accounts` and the `kinds` of customers are found by the customer's slug."""
    told: dict[str, Any] = {"at": at, "by": by}
    assortment = groups.found_assortment(region=region, name=ASSORTMENT, **told)
    for name, wanted in GROUPS.items():
        group = groups.found_group(region=region, name=name, **told)
        rules.lay_down(region=region, assortment=assortment, group=group, shows=True, **told)
        for slug, account in accounts.items():
            if kinds[slug] in wanted and account.region_id == region.pk:
                groups.join(group=group, kind=Kind.ACCOUNTS, member=account, **told)
    for slug, title, price, content in PACKS:
        small = Product.objects.select_related("partner").get(pk=products[slug].pk)
        articles.create(
            partner=small.partner,
            category=small.categories.get(),
            price=Decimal(price),
            title=title,
            sales_unit=Product.SalesUnit.BOX,
            net_content=content,
            volume_ml=content,
            lead_time_days=max(small.lead_time_days, 2),
            assortments=[assortment.pk],
            **told,
            **{name: getattr(small, name) for name in SHARED},
        )
