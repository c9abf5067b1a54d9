"""Decides which articles stand on a page: those an editor picked, or those a rule finds, never two in a row of one producer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from operator import attrgetter
from typing import Any, Final

from django.db.models import F, IntegerField, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from billing.net_prices import Rates
from cms.drafts import Draft
from cms.gallery import Gallery
from logistics import daytime
from logistics.models import DeliveryRound
from marketplace.assortments.precedence import Sight
from marketplace.catalogue import seasons
from marketplace.catalogue.models import Product
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Region
from marketplace.shop import shelves
from marketplace.shop.cards import ProductCard, card, standings, with_offers
from marketplace.shop.offered import Offered

ALL, SEASON, NEW, ORGANIC, LIMITED = "all", "season", "new", "organic", "limited"
#: so many are looked at for each that is shown, so that what cannot be ordered can step back
CANDIDATES: Final = 4
#: so many names stand in a list of the season
SEASON_NAMES: Final = 18
#: the place of what was picked by hand, which answers no rule
BY_HAND: Final = -1
#: what comes first by a rule: columns, and whether the highest leads
BY_PRIORITY: Final = (("priority", True), ("pk", False))
ORDERS: Final = {NEW: (("date_created", True), ("pk", True))}
LIMITED_KINDS: Final = (StockRecord.StockKind.LIMITED, StockRecord.StockKind.PER_ROUND)


@dataclass(frozen=True, kw_only=True)
class GoodsWish:
    """Articles by hand (their ids, in order) or by rule, from one shelf or all, at most `count`."""

    picked: tuple[int, ...] = ()
    rule: str = ""
    category_id: int | None = None
    count: int = 8


@dataclass(frozen=True, kw_only=True)
class SeasonWish(GoodsWish):
    """Names of what is in season, whatever other blocks show."""

    rule: str = SEASON
    count: int = SEASON_NAMES


@dataclass(frozen=True, kw_only=True)
class Season:
    """What the month has: (name, address) of articles."""

    month: date
    articles: tuple[tuple[str, str], ...]


def draft(
    *,
    wishes: Mapping[str, GoodsWish],
    region: Region,
    at: datetime,
    rounds: Offered,
    net: Rates | None = None,
    sight: Sight | None = None,
) -> Draft:
    """The cards of each wish (of a `SeasonWish` a `Season`): one query for all articles and their stock in the round.

    What is deleted, hidden, of another region, without an offer or beyond the `sight` is left out. With `net` prices stand
    without VAT.
    """
    shelf = shelves.on_shelf(region=region, sight=sight)
    candidates = _candidates(wishes, shelf, daytime.day_of(at), rounds.current)
    rows = list({row.pk: row for found in candidates.values() for row in found}.values())
    stands = standings(products=rows, at=at, rounds=rounds)

    def finish(_found: Gallery) -> dict[str, Any]:
        made = {row.pk: card(product=row, stands=stands[row.pk], at=at, net=net) for row in rows}
        shown: dict[str, Any] = {}
        before: set[int] = set()
        for key, wish in wishes.items():
            cards = [made[row.pk] for row in candidates[key]]
            if isinstance(wish, SeasonWish):
                shown[key] = _season(cards[: wish.count], at)
                continue
            shown[key] = _cut(cards, wish, before)
            before |= {one.product_id for one in shown[key]}
        return shown

    return Draft(finish=finish, cards=[row.picture for row in rows])


def in_turn(*, pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """Of (article, producer) pairs at most `count` articles: first one of each producer, then the second of each, and so on."""
    by_producer: dict[int, list[int]] = {}
    for article, producer in pairs:
        by_producer.setdefault(producer, []).append(article)
    turns = zip_longest(*by_producer.values())
    return [article for turn in turns for article in turn if article is not None][:count]


def _candidates(
    wishes: Mapping[str, GoodsWish], shelf: QuerySet[Product], today: date, current: DeliveryRound | None
) -> dict[str, list[Product]]:
    """The articles that come into question for each wish, the first choice first; one query for all wishes together."""
    ruled = {key: wish for key, wish in wishes.items() if wish.rule}
    picked = {pk for wish in wishes.values() if not wish.rule for pk in wish.picked}
    arms = [_arm(shelf.filter(pk__in=picked).values("pk"), BY_HAND, current)] if picked else []
    arms += [_arm(_ruled(wish, shelf, today), place, current) for place, wish in enumerate(ruled.values())]
    places: dict[int, dict[int, Product]] = {}
    for row in arms[0].union(*arms[1:], all=True) if arms else ():
        places.setdefault(row.place, {})[row.pk] = row
    by_hand = places.get(BY_HAND, {})
    found = {key: [by_hand[pk] for pk in wish.picked if pk in by_hand] for key, wish in wishes.items() if not wish.rule}
    return found | {key: _first(places.get(place, {}), wish) for place, (key, wish) in enumerate(ruled.items())}


def _arm(keys: Any, place: int, current: DeliveryRound | None) -> QuerySet[Product]:
    """The articles with these keys and all that a card needs, and for which wish they were found."""
    whole: QuerySet[Product] = with_offers(products=Product.objects.filter(pk__in=keys), delivery_round=current).order_by()
    marked: QuerySet[Product] = whole.annotate(place=Value(place, output_field=IntegerField()))
    return marked


def _ruled(wish: GoodsWish, products: QuerySet[Product], today: date) -> Any:
    """The ids of what comes into question by one rule: one of each producer first, then the second of each, and so on."""
    if wish.category_id is not None:
        products = products.filter(categories=wish.category_id)
    order = [F(name).desc() if falling else F(name).asc() for name, falling in ORDERS.get(wish.rule, BY_PRIORITY)]
    turn = Window(RowNumber(), partition_by=F("partner"), order_by=order)
    spare = 1 if isinstance(wish, SeasonWish) else CANDIDATES
    return _by_rule(products, wish.rule, today).annotate(turn=turn).order_by("turn", *order).values("pk")[: wish.count * spare]


def _first(found: Mapping[int, Product], wish: GoodsWish) -> list[Product]:
    """In the order of the rule, producers in turn."""
    by_order = list(found.values())
    for name, falling in reversed(ORDERS.get(wish.rule, BY_PRIORITY)):
        by_order.sort(key=attrgetter(name), reverse=falling)
    return [found[pk] for pk in in_turn(pairs=[(row.pk, row.partner_id) for row in by_order], count=len(by_order))]


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


def _season(found: list[ProductCard], at: datetime) -> Season:
    return Season(month=daytime.day_of(at), articles=tuple(sorted((one.title, one.url) for one in found)))
