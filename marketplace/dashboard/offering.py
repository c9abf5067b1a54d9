"""Puts an article of a producer on the market in one go, with photo, price and stock, and changes all of it in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.db import transaction

from logistics import cases
from logistics.cases import Terms
from marketplace.catalogue import articles
from marketplace.catalogue.models import Category, Product
from marketplace.partner import offers
from marketplace.partner.models import Partner, StockRecord
from marketplace.pictures import uploads
from marketplace.users.models import User


@dataclass(frozen=True, kw_only=True)
class Buying:
    """How the producer itself gets an article: by these terms in cases, or, with None, otherwise."""

    terms: Terms | None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a producer says of an article. `price` in euro including VAT is per sales unit, per kilogram for weighed goods."""

    category: Category
    price: Decimal
    stock_kind: str
    stock: int | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    photo: IO[bytes] | None = None
    photo_text: str = ""
    #: None leaves it as it is
    buying: Buying | None = None

    @property
    def prices(self) -> dict[str, Any]:
        """The price by the name under which the rules know it."""
        return {"price_per_kg" if self.fields.get("catch_weight") else "price": self.price}


@transaction.atomic
def add(*, partner: Partner, listing: Listing, at: datetime, by: User | None) -> Product:
    """A new article. Raises `BadArticle`, `BadOffer`, `BadCase` or `BadPicture`; then nothing is kept."""
    product = articles.create(
        partner=partner,
        category=listing.category,
        stock_kind=listing.stock_kind,
        stock=listing.stock,
        at=at,
        by=by,
        **listing.prices,
        **_fields(listing, at, by),
    )
    _agree(product.stockrecords.get(), listing, at, by)
    return product


@transaction.atomic
def revise(*, product: Product, listing: Listing, at: datetime, by: User | None) -> Product:
    """Change everything that was told anew. Raises `BadArticle`, `BadOffer`, `BadCase` or `BadPicture`; then nothing is."""
    product.categories.set([listing.category])
    changed = articles.edit(product=product, changes=_fields(listing, at, by), at=at, by=by)
    offer: StockRecord = product.stockrecords.get()
    offers.set_price(stockrecord=offer, at=at, by=by, **listing.prices)
    offers.set_stock(stockrecord=offer, stock_kind=listing.stock_kind, quantity=listing.stock, at=at, by=by)
    _agree(offer, listing, at, by)
    return changed


@transaction.atomic
def restate(*, product: Product, price: Decimal, quantity: int | None, at: datetime, by: User | None) -> StockRecord:
    """Change price and number alone, from the list; the kind of stock stays. Raises `BadOffer`."""
    offer: StockRecord = product.stockrecords.get()
    prices = {"price_per_kg" if product.catch_weight else "price": price}
    offers.set_price(stockrecord=offer, at=at, by=by, **prices)
    return offers.set_stock(stockrecord=offer, stock_kind=offer.stock_kind, quantity=quantity, at=at, by=by)


def _agree(offer: StockRecord, listing: Listing, at: datetime, by: User | None) -> None:
    if listing.buying is not None:
        cases.agree(stockrecord=offer, terms=listing.buying.terms, at=at, by=by)


def _fields(listing: Listing, at: datetime, by: User | None) -> dict[str, Any]:
    if listing.photo is None:
        return dict(listing.fields)
    title = str(listing.fields["title"])
    picture = uploads.store(file=listing.photo, title=title, description=listing.photo_text or title, by=by, at=at)
    return {**listing.fields, "picture": picture}
