"""Decides who is told when an article can be ordered (again), and that an address is written to only if its owner wants it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from logistics import orderable, rounds
from logistics.models import DeliveryRound, RoundStock
from marketplace.assortments import sights
from marketplace.catalogue.models import Product
from marketplace.notices.models import ArticleNotice
from marketplace.partner import stock
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Region

#: how long an address may be confirmed; afterwards it is forgotten
DAYS_TO_CONFIRM = 3
#: how long it is kept that somebody was told
DAYS_KEPT = 60


@transaction.atomic
def ask(*, product: Product, user: Any, email: str, at: datetime) -> None:
    """Note that a person with an account (told by one tap), or the owner of an address (to be asked back), wants to know.

    Asking twice changes nothing, and the caller learns nothing about an address: neither whether it is known nor whether it
    waits already.
    """
    if user.is_authenticated:
        wish = ArticleNotice(product=product, user=user, asked_at=at, confirmed_at=at)
    else:
        wish = ArticleNotice(product=product, email=email.lower(), asked_at=at)
    ArticleNotice.objects.bulk_create([wish], ignore_conflicts=True)


def confirm(*, notice_id: int, at: datetime) -> ArticleNotice | None:
    """The owner of the address wants it; None when it has been forgotten or dropped meanwhile."""
    known = ArticleNotice.objects.filter(pk=notice_id)
    known.filter(confirmed_at__isnull=True).update(confirmed_at=at)
    return known.select_related("product__partner").first()


def drop(*, product: Product, user: Any) -> None:
    """The person does not want to know any more."""
    ArticleNotice.objects.filter(product=product, user=user, told_at__isnull=True).delete()


def waits(*, product: Product, user: Any) -> bool:
    """Whether the person will be told; no query for visitors."""
    return user.is_authenticated and ArticleNotice.objects.filter(product=product, user=user, told_at__isnull=True).exists()


def waiting_of(*, user: Any, region: Region) -> list[ArticleNotice]:
    """What a person waits for in a region, the oldest first."""
    mine = ArticleNotice.objects.filter(user=user, told_at__isnull=True, product__partner__region=region)
    return list(mine.select_related("product__partner").order_by("asked_at", "pk"))


def due(*, region: Region, at: datetime) -> list[ArticleNotice]:
    """Whose article can be ordered now in some open round of the region, with article and producer at hand; three queries.

    Two more where the region shows something to groups of customers only.
    """
    open_rounds = rounds.open_rounds(region=region, at=at)
    if not open_rounds:
        return []
    waiting = _confirmed().filter(product__partner__region=region, product__is_public=True, product__stockrecords__isnull=False)
    rows = list(waiting.select_related("product__partner", "user").prefetch_related("product__stockrecords").order_by("pk"))
    seen = sights.of_many(region=region, user_ids={row.user_id for row in rows if row.user_id})
    other = sights.everybody(region=region)
    rows = [row for row in rows if seen.get(row.user_id or 0, other).sees(row.product.assortments)]
    offers = {row.product_id: row.product.stockrecords.all()[0] for row in rows}
    found = first_rounds(products=[row.product for row in rows], offers=offers, open_rounds=open_rounds, at=at)
    return [row for row in rows if row.product_id in found]


def first_rounds(
    *, products: Iterable[Product], offers: Mapping[int, StockRecord], open_rounds: Sequence[DeliveryRound], at: datetime
) -> dict[int, DeliveryRound]:
    """The first of the open rounds in which each article can be ordered, stock included, by article; at most one query.

    `offers` by article; the producers are at hand. Articles that no round takes are left out.
    """
    counted = [offer.pk for offer in offers.values() if offer.stock_kind == StockRecord.StockKind.PER_ROUND]
    rows = RoundStock.objects.filter(round__in=open_rounds, stockrecord__in=counted) if counted and open_rounds else ()
    taken = {(row.round_id, row.stockrecord_id): row.taken for row in rows}
    found: dict[int, DeliveryRound] = {}
    for product in products:
        offer = offers[product.pk]
        for row in open_rounds:
            enough = _enough(product, offer, taken.get((row.pk, offer.pk), 0))
            if enough and not orderable.hindrance(product=product, partner=product.partner, delivery_round=row, at=at):
                found.setdefault(product.pk, row)
                break
    return found


def unasked() -> list[int]:
    """Addresses whose owners have to be asked whether they want it, the oldest first."""
    open_ones = ArticleNotice.objects.filter(user__isnull=True, confirmed_at__isnull=True, asked_back_at__isnull=True)
    return list(open_ones.order_by("pk").values_list("pk", flat=True))


def forget(*, at: datetime) -> int:
    """Delete addresses that nobody confirmed, and what was told long ago; says how many."""
    stale = ArticleNotice.objects.filter(confirmed_at__isnull=True, asked_at__lt=at - timedelta(days=DAYS_TO_CONFIRM))
    old = ArticleNotice.objects.filter(told_at__lt=at - timedelta(days=DAYS_KEPT))
    return stale.delete()[0] + old.delete()[0]


def _confirmed() -> QuerySet[ArticleNotice]:
    return ArticleNotice.objects.filter(confirmed_at__isnull=False, told_at__isnull=True)


def _enough(product: Product, offer: StockRecord, taken: int) -> bool:
    if offer.stock_kind == StockRecord.StockKind.PER_ROUND:
        left: int | None = (offer.per_round or 0) - taken
    else:
        left = stock.available(stockrecord=offer)
    return left is None or left >= product.minimum_quantity
