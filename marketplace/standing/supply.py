"""Decides what of a standing order can be had in a round: all, fewer, something similar or nothing, and says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F

from logistics import orderable, stock
from logistics.models import DeliveryRound
from marketplace.assortments import sights
from marketplace.catalogue.models import Product
from marketplace.core.wishes import Substitution
from marketplace.partner.models import StockRecord
from marketplace.standing import notes
from marketplace.standing.models import StandingLine

#: dearer than this, and the customer is asked first
ASKED_ABOVE = Decimal("1.20")
#: dearer than this, and it is nothing similar
SIMILAR_UP_TO = Decimal("1.10")


@dataclass(frozen=True)
class Piece:
    """So many of one offer for one line of the standing order."""

    line: StandingLine
    offer: StockRecord
    quantity: int

    @property
    def product(self) -> Product:
        """The article, which may be another than the line's."""
        product: Product = self.offer.product
        return product


@dataclass
class Supply:
    """What can be had, and what differs from the wish."""

    pieces: list[Piece] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Shelf:
    """What is on offer in the round: offers by product, and how many of each are left (None: no limit)."""

    offers: Mapping[int, StockRecord]
    left: Mapping[int, int | None]
    delivery_round: DeliveryRound
    at: datetime
    age_confirmed: int
    user_id: int
    #: articles (keys) that are not for this customer
    unseen: frozenset[int]

    def why_not(self, product_id: int | None) -> str:
        """Why an article cannot be had, as a sentence; "" when it can."""
        offer = self.offers.get(product_id or 0)
        if offer is None or offer.product.pk in self.unseen:
            return notes.gone()
        row = self.delivery_round
        why = orderable.hindrance(product=offer.product, partner=offer.product.partner, delivery_round=row, at=self.at)
        return why or (notes.sold_out() if self.count(offer, 1) < offer.product.minimum_quantity else "")

    def count(self, offer: StockRecord, wanted: int) -> int:
        """How many of so many can be had, none when that is less than the smallest quantity; at least that one is wanted."""
        wanted = max(wanted, offer.product.minimum_quantity)
        left = self.left.get(offer.pk)
        given = wanted if left is None else min(wanted, left)
        return given if given >= offer.product.minimum_quantity else 0


def find(
    *,
    lines: Sequence[StandingLine],
    region_id: int,
    delivery_round: DeliveryRound,
    at: datetime,
    age_confirmed: int,
    user_id: int,
) -> Supply:
    """What a person's lines come to in the round. Five queries, however many there are, two more where something is missing."""
    offers = _offers(region_id=region_id, product__in=[line.product_id for line in lines])
    unseen = _unseen(offers, region_id, user_id)
    shelf = _shelf(offers, delivery_round, at, age_confirmed, user_id, unseen)
    found, missing = Supply(), []
    for line in lines:
        why = shelf.why_not(line.product_id)
        if why:
            missing.append((line, why))
        else:
            _have(found, line, offers[line.product_id or 0], shelf)
    if missing:
        _replace(found, missing, region_id, shelf)
    return found


def _have(found: Supply, line: StandingLine, offer: StockRecord, shelf: _Shelf) -> None:
    """The article itself is there, maybe fewer, maybe dearer."""
    age = offer.product.age_limit or 0
    if age > shelf.age_confirmed:
        found.notes.append({"code": "age", "title": line.title, "age": age})
        return
    prices = {"title": line.title, "price": str(offer.price)}
    if offer.price > line.agreed_price * ASKED_ABOVE:
        found.notes.append({"code": "price_asks", "was": str(line.agreed_price), "line": line.pk, **prices})
        return
    given = shelf.count(offer, line.quantity)
    found.pieces.append(Piece(line, offer, given))
    if given < line.quantity:
        found.notes.append({"code": "capped", "title": line.title, "wanted": line.quantity, "given": given})
    if offer.price > line.told_price:
        found.notes.append({"code": "price", "was": str(line.told_price), **prices})


def _replace(found: Supply, missing: Iterable[tuple[StandingLine, str]], region_id: int, shelf: _Shelf) -> None:
    """For what is missing: something similar where that is the wish, otherwise it is said."""
    missing = list(missing)
    wishing = [line for line, _why in missing if line.substitution == Substitution.SIMILAR and line.product is not None]
    others = _others(lines=wishing, region_id=region_id, shelf=shelf) if wishing else None
    used = {piece.product.pk for piece in found.pieces}
    for line, why in missing:
        offer = _similar(line, others, used) if others and line in wishing else None
        if offer is None or others is None:
            told = notes.missing(title=line.title, wish=line.substitution, why=why, wanted=line.quantity)
            found.notes.append(told)
            continue
        piece = Piece(line, offer, others.count(offer, line.quantity))
        used.add(offer.product.pk)
        found.pieces.append(piece)
        told = {"code": "similar", "title": line.title, "other": offer.product.title, "given": piece.quantity}
        found.notes.append({**told, "price": str(offer.price)})


def _similar(line: StandingLine, shelf: _Shelf, used: set[int]) -> StockRecord | None:
    """The article of the same farm and shelf whose price is nearest; with no allergen more, and hardly dearer."""
    before = line.product
    if before is None:
        return None
    shelves = {category.pk for category in before.categories.all()}
    dearest = line.agreed_price * SIMILAR_UP_TO
    fitting = [
        offer
        for pk, offer in shelf.offers.items()
        if pk not in used | {before.pk}
        and offer.partner_id == before.partner_id
        and offer.price <= dearest
        and shelves & {category.pk for category in offer.product.categories.all()}
        and set(offer.product.allergens) <= set(before.allergens)
        and (not before.diet or offer.product.diet in (before.diet, Product.Diet.VEGAN))
        and (offer.product.age_limit or 0) <= shelf.age_confirmed
        and shelf.count(offer, line.quantity)
        and not shelf.why_not(pk)
    ]
    return min(fitting, key=lambda offer: (abs(offer.price - line.agreed_price), offer.pk), default=None)


def _others(*, lines: Sequence[StandingLine], region_id: int, shelf: _Shelf) -> _Shelf:
    """Everything that the farms of these lines sell, with shelves at hand."""
    products = {line.product_id: line.product for line in lines if line.product is not None}
    with_shelves = Product.objects.filter(pk__in=products).prefetch_related("categories").in_bulk()
    for line in lines:
        line.product = with_shelves.get(line.product_id)
    farms = {product.partner_id for product in products.values()}
    offers = _offers(region_id=region_id, partner__in=farms, product__is_public=True)
    unseen = _unseen(offers, region_id, shelf.user_id)
    return _shelf(offers, shelf.delivery_round, shelf.at, shelf.age_confirmed, shelf.user_id, unseen)


def _unseen(offers: Mapping[int, StockRecord], region_id: int, user_id: int) -> frozenset[int]:
    return sights.unseen(articles=(offer.product for offer in offers.values()), region_id=region_id, user_id=user_id)


def _shelf(
    offers: Mapping[int, StockRecord], delivery_round: DeliveryRound, at: datetime, age: int, user_id: int, unseen: frozenset[int]
) -> _Shelf:
    left = stock.available_in(delivery_round=delivery_round, stockrecords=list(offers.values()))
    who: dict[str, Any] = {"age_confirmed": age, "user_id": user_id, "unseen": unseen}
    return _Shelf(offers=offers, left=left, delivery_round=delivery_round, at=at, **who)


def _offers(*, region_id: int, **which: Any) -> dict[int, StockRecord]:
    """Offers of articles by their own producers, by product, with article, producer and shelves."""
    rows = StockRecord.objects.filter(product__partner=F("partner"), partner__region_id=region_id, **which)
    rows = rows.select_related("product__partner__municipality", "product__picture").prefetch_related("product__categories")
    return {row.product_id: row for row in rows.order_by("-pk")}
