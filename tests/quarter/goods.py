"""Goods that are not like the others: bought from wholesalers in whole cases, or shown only to some customers."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import F, Sum

from billing.models import Account
from logistics import cases, purchases
from logistics.cases import Terms
from logistics.models import CasePack, Collection, DeliveryRound, Purchase
from marketplace.assortments import groups, rules, sights
from marketplace.assortments.groups import Kind
from marketplace.catalogue import articles
from marketplace.catalogue.models import Product
from marketplace.checkout import legal
from marketplace.demo import casework
from marketplace.demo.setup import Ground
from marketplace.demo.shopping import Shelf
from marketplace.order.models import Line
from marketplace.regions.models import Region
from marketplace.users.models import User

if TYPE_CHECKING:
    from tests.quarter.quarter import Quarter

ASSORTMENT, GROUP = "Großgebinde", "Gastronomie"
LARGE = (
    "bergdachs-kasten-20-flaschen-gemischt",
    "mehlsack-weizen-10-kg",
    "kuechenkaffee-1-kg",
    "apfelsaft-kiste-mit-6-flaschen",
    "rapsoel-zum-nachfuellen",
    "mineralwasser-sprudelnd-kasten",
)
#: what is bought in cases besides what the demo's shops buy: pieces in a case, and pieces that lie there
BOUGHT = {"apfelsaft-naturtrueb": (6, 2), "bergdachs-helles": (20, 0), "bio-weizenmehl-type-550": (8, 3), "lindenhonig": (12, 1)}
#: of a hundred orders of others, those that try for large packs; of a hundred purchases, those of which something is missing
TEMPTED, MISSING = 8, 30


def buy_in_cases(*, ground: Ground, at: datetime) -> None:
    """More articles come from a wholesaler."""
    for slug, (size, loose) in BOUGHT.items():
        offer = ground.products[slug].stockrecords.get()
        cases.agree(stockrecord=offer, terms=Terms(size=size, wholesaler="Großhandel Beispiel"), at=at, by=None)
        cases.recount(stockrecord=offer, seen=0, counted=loose, at=at, by=None)


def hide(*, ground: Ground, region: Region, at: datetime, by: User) -> Shelf:
    """Large packs are shown to kitchens and restaurants; returns what these see on the shelf."""
    assortment = groups.found_assortment(region=region, name=ASSORTMENT, at=at, by=by)
    group = groups.found_group(region=region, name=GROUP, at=at, by=by)
    rules.lay_down(region=region, assortment=assortment, group=group, shows=True, at=at, by=by)
    for account in Account.objects.filter(region=region).order_by("pk"):
        groups.join(group=group, kind=Kind.ACCOUNTS, member=account, at=at, by=by)
    for slug in LARGE:
        articles.edit(product=ground.products[slug], changes={"assortments": [assortment.pk]}, at=at, by=by)
    region.refresh_from_db()
    sight = sights.of_groups(region=region, groups=[group.pk])
    rows = Product.objects.on_show(region, sight=sight).select_related("partner__municipality")
    rows = rows.prefetch_related("stockrecords", "categories").order_by("pk")
    goods = {row.pk: (row, row.stockrecords.all()[0], row.categories.all()[0].slug) for row in rows}
    return Shelf(region=region, goods=goods, terms=legal.texts(region=region))


def order_cases(quarter: "Quarter", row: DeliveryRound, at: datetime) -> None:
    """What was cut since is reckoned anew, and the shops order; a second time orders nothing more."""
    for _twice in range(2):
        quarter.mishaps.work("order cases", partial(_order, row, at))


def receive(quarter: "Quarter", collection: Collection, at: datetime) -> None:
    """What a shop ordered for a round comes, now and then a piece less; told twice."""
    rows = Purchase.objects.filter(round=collection.round_id, stockrecord__partner=collection.partner_id, cases__gt=0)
    came = {}
    for row in rows.order_by("pk"):
        dice = quarter.dice("came", row.round_id, row.stockrecord_id)
        short = dice.randint(1, 3) if dice.randrange(100) < MISSING else 0
        came[row.stockrecord_id] = max(0, row.cases * row.size - short)
    if came:
        for _twice in range(2):
            purchases.arrive(delivery_round=collection.round, pieces=came, at=at, by=None)


def reckon(*, at: datetime) -> None:
    """Rounds whose customers get another number than was reckoned."""
    for row in DeliveryRound.objects.filter(pk__in=purchases.stale(at=at)).order_by("pk"):
        purchases.reckon(delivery_round=row, at=at)


def counted() -> dict[str, int]:
    """How many cases were bought, how many deliveries of them were short, how many lines of large packs were ordered."""
    bought = Purchase.objects.filter(cases__gt=0)
    return {
        "cases": bought.aggregate(sum=Sum("cases"))["sum"] or 0,
        "short": bought.filter(arrived__lt=F("cases") * F("size")).count(),
        "large": Line.objects.filter(product__slug__in=LARGE).count(),
    }


def findings(*, region: Region) -> Iterator[str]:
    """No piece of a case arose or was lost, and nobody got what was not shown."""
    loose = {slug: pieces for slug, (_terms, pieces) in (*casework.BOUGHT.items(), *BOUGHT.items())}
    for pack in CasePack.objects.filter(stockrecord__product__slug__in=loose).select_related("stockrecord__product"):
        rows = Purchase.objects.filter(stockrecord=pack.stockrecord_id)
        came = sum(row.supply for row in rows)
        needed = rows.aggregate(sum=Sum("needed"))["sum"] or 0
        slug = pack.stockrecord.product.slug
        if pack.loose != loose[slug] + came - needed:
            yield f"{slug}: {loose[slug]} and {came} that came less {needed} are not {pack.loose}."
        if rows.filter(cases__gt=0, arrived__isnull=True).exists():
            yield f"{slug} was bought and never came."
    for line in Line.objects.filter(order__region=region, product__slug__in=LARGE).select_related("order", "product"):
        seen = sights.of_order(region=region, order_id=line.order_id, user_id=line.order.user_id)
        if not seen.sees(line.product.assortments):
            yield f"Order {line.order.number} holds {line.product.slug}, which its customer does not see."


def _order(row: DeliveryRound, at: datetime) -> None:
    reckon(at=at)
    casework.order_due(at=at)
