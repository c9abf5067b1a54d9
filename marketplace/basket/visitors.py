"""Remembers which basket belongs to which visitor: a customer's by the customer, a guest's by the session."""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpRequest

from marketplace.basket import baskets
from marketplace.basket.models import Basket, Line
from marketplace.catalogue.models import Product
from marketplace.regions.models import Region

KEY = "basket"


def basket_of(request: HttpRequest) -> Basket:
    """The visitor's open basket, or a new one that is not stored yet."""
    region: Region = request.region  # type: ignore[attr-defined]  # RegionMiddleware
    return baskets.for_visitor(user=request.user, region=region, basket_id=request.session.get(KEY))


def add(request: HttpRequest, *, product: Product, quantity: int, own: Mapping[int, int] = MappingProxyType({})) -> Line:
    """Put an article into the visitor's basket, which is stored only now if it was empty. Raises `baskets.NotAdded`."""
    line = baskets.add(basket=request.basket, product=product, quantity=quantity, own=own)  # type: ignore[attr-defined]  # ours
    basket: Basket = line.basket
    if basket.owner_id is None:
        request.session[KEY] = basket.pk
    request.basket = basket  # type: ignore[attr-defined]  # likewise
    return line


def brief_of(request: HttpRequest) -> baskets.Brief:
    """What the header says of the basket; one query, none for a visitor who has put nothing into it yet."""
    region: Region | None = getattr(request, "region", None)
    if region is None or not hasattr(request, "session"):
        return baskets.NOTHING
    return baskets.brief_for_visitor(user=request.user, region=region, basket_id=request.session.get(KEY))
