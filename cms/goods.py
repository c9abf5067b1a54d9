"""Decides which articles stand on a page: those an editor picked, or those a rule finds, never two in a row of one producer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, Final

from django.db.models import F, IntegerField, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from marketplace.catalogue import seasons
from marketplace.catalogue.models import Product
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Region
from marketplace.shop import shelves
from marketplace.shop.cards import ProductCard, cards, with_offers
from marketplace.shop.offered import Offered

ALL, SEASON, NEW, ORGANIC, LIMITED = "all", "season", "new", "organic", "limited"
#: so many are looked at for each that is shown, so that what cannot be ordered can step back
CANDIDATES: Final = 4
LIMITED_KINDS: Final = (StockRecord.StockKind.LIMITED, StockRecord.StockKind.PER_ROUND)


@dataclass(frozen=True, kw_only=True)
class GoodsWish:
    """Articles by hand (their ids, in order) or by rule, from one shelf or all, at most `count`."""

    picked: tuple[int, ...] = ()
    rule: str = ""
    category_id: int | None = None
    count: int = 8


def fill(*, wishes: Mapping[str, GoodsWish], region: Region, at: datetime, rounds: Offered) -> dict[str, tuple[ProductCard, ...]]:
    """The cards of each wish: one query for all rules together, three for all cards, however many blocks there are.

    What is deleted, hidden, of another region or without an offer is left out.
    """
    if not wishes:
        return {}
    chosen = _chosen(wishes, region, at.date())
    every = {pk for keys in chosen.values() for pk in keys}
    rows = with_offers(products=Product.objects.on_show(region).filter(pk__in=every)) if every else []
    made = {card.product_id: card for card in cards(products=rows, region=region, at=at, delivery_round=None, rounds=rounds)}
    shown: dict[str, tuple[ProductCard, ...]] = {}
    for key, wish in wishes.items():
        before = {card.product_id for cards_before in shown.values() for card in cards_before}
        shown[key] = _cut([made[pk] for pk in chosen[key] if pk in made], wish, before)
    return shown


def in_turn(*, pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """Of (article, producer) pairs at most `count` articles: first one of each producer, then the second of each, and so on."""
    by_producer: dict[int, list[int]] = {}
    for article, producer in pairs:
        by_producer.setdefault(producer, []).append(article)
    turns = zip_longest(*by_producer.values())
    return [article for turn in turns for article in turn if article is not None][:count]


def _chosen(wishes: Mapping[str, GoodsWish], region: Region, today: date) -> dict[str, list[int]]:
    """The ids of candidates for each wish."""
    ruled = {key: wish for key, wish in wishes.items() if wish.rule}
    found: dict[int, list[tuple[int, int]]] = {}
    queries = [_ruled(wish, region, today, place) for place, wish in enumerate(ruled.values())]
    union = queries[0].union(*queries[1:], all=True) if queries else []
    for article, producer, place, _rank in sorted(union, key=lambda row: (row[2], row[3])):
        found.setdefault(place, []).append((article, producer))
    by_rule = {
        key: in_turn(pairs=found.get(place, []), count=wish.count * CANDIDATES) for place, (key, wish) in enumerate(ruled.items())
    }
    return {key: list(wish.picked) if not wish.rule else by_rule[key] for key, wish in wishes.items()}


def _ruled(wish: GoodsWish, region: Region, today: date, place: int) -> Any:
    """(article, producer, place of the wish, rank) of the candidates of one rule."""
    products = shelves.on_shelf(region=region)
    if wish.category_id is not None:
        products = products.filter(categories=wish.category_id)
    order = (F("date_created").desc(), F("pk").desc()) if wish.rule == NEW else (F("priority").desc(), F("pk").asc())
    rank = Window(RowNumber(), order_by=order)
    ranked = _by_rule(products, wish.rule, today).annotate(place=Value(place, output_field=IntegerField()), rank=rank)
    return ranked.order_by("rank").values_list("pk", "partner_id", "place", "rank")[: wish.count * CANDIDATES * 3]


def _by_rule(products: QuerySet[Product], rule: str, today: date) -> QuerySet[Product]:
    if rule == SEASON:
        products = products.filter(seasons.now(day=today), kind=Product.Kind.GOODS)
    if rule == ORGANIC:
        products = products.filter(is_organic=True, partner__organic_valid_until__gte=today)
    if rule == LIMITED:
        products = products.filter(stockrecords__stock_kind__in=LIMITED_KINDS)
    return products


def _cut(found: list[ProductCard], wish: GoodsWish, before: set[int]) -> tuple[ProductCard, ...]:
    """Picked ones stay as the editor set them. Of a rule's, those come first that no block above shows and that one can order."""
    if wish.rule:
        found = sorted(found, key=lambda card: (card.product_id in before, not card.orderable))
    return tuple(found[: wish.count])
