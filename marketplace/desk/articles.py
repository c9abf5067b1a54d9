"""Decides what somebody at the telephone sees of an article while typing: price, what is left, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from marketplace.assortments.precedence import Sight
from marketplace.catalogue import search
from marketplace.catalogue.models import Product
from marketplace.regions.models import Region
from marketplace.shop import cards, shelves
from marketplace.shop.offered import Offered

#: so many are shown, and from so many letters on
MOST, SHORTEST = 8, 2


@dataclass(frozen=True)
class Offer:
    """One article for the delivery day that is spoken of. Money is euro including VAT; `left` None is no limit.

    With a `reason` it cannot be had that day. `least` is the smallest number of pieces.
    """

    product_id: int
    title: str
    producer: str
    village: str
    price: Decimal
    unit: str
    base_price: str
    weighed: str
    deposit: Decimal
    left: int | None
    least: int
    reason: str


def find(*, region: Region, text: str, rounds: Offered, at: datetime, sight: Sight) -> list[Offer]:
    """The articles of the caller's `sight` that fit what is typed so far, in whatever spelling; those to be had come first."""
    if len(text.strip()) < SHORTEST:
        return []
    shelf = shelves.on_shelf(region=region, sight=sight)
    found = _loaded(search.find(queryset=shelf, text=text), rounds)
    found = found or _loaded(search.similar(queryset=shelf, text=text), rounds)
    offers = _offers(found, region, rounds, at)
    return sorted(offers, key=lambda offer: bool(offer.reason))


def of_products(*, product_ids: Sequence[int], region: Region, rounds: Offered, at: datetime, sight: Sight) -> dict[int, Offer]:
    """The same for articles that are known, by key; those that the market does not show the caller are left out."""
    shelf = shelves.on_shelf(region=region, sight=sight).filter(pk__in=product_ids)
    rows = cards.with_offers(products=shelf, delivery_round=rounds.current)
    return {offer.product_id: offer for offer in _offers(list(rows), region, rounds, at)}


def _loaded(rows: QuerySet[Product], rounds: Offered) -> list[Product]:
    return list(cards.with_offers(products=rows, delivery_round=rounds.current)[:MOST])


def _offers(products: list[Product], region: Region, rounds: Offered, at: datetime) -> list[Offer]:
    stands = cards.standings(products=products, at=at, rounds=rounds)
    shown = cards.cards(products=products, region=region, at=at, delivery_round=rounds.current, rounds=rounds)
    least = {product.pk: product.minimum_quantity for product in products}
    return [
        Offer(
            product_id=card.product_id,
            title=card.title,
            producer=card.producer_name,
            village=card.village,
            price=card.price,
            unit=card.unit_label,
            base_price=card.base_price,
            weighed=card.catch_weight_text,
            deposit=card.deposit,
            left=stands[card.product_id].left,
            least=least[card.product_id],
            reason=card.reason,
        )
        for card in shown
    ]
