"""Remembers which basket belongs to which visitor: a customer's by the customer, a guest's by the session.

Who fills somebody else's basket (`sharing`) keeps the own one aside; it is back when that ends.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.http import HttpRequest

from marketplace.basket import baskets, glimpses, sharing
from marketplace.basket.models import Basket, Line
from marketplace.catalogue.models import Product
from marketplace.regions.models import Region

KEY, SHARED, NAME = "basket", "shared basket", "first name"
#: the key of the own basket that others fill too
OUT = "basket shared out"


def basket_of(request: HttpRequest, *, at: datetime) -> Basket:
    """The basket that is shared with the visitor while it can be filled, or the own open one, or a new one, not stored yet."""
    region: Region = request.region  # type: ignore[attr-defined]  # RegionMiddleware
    shared = sharing.find(key=shared_key(request), region=region, at=at).basket
    if shared is not None and (shared.owner_id is None or shared.owner_id != request.user.pk):
        shared.shown_to = getattr(request, "sight", None)
    return shared or baskets.for_visitor(user=request.user, region=region, basket_id=request.session.get(KEY))


def shared_key(request: HttpRequest) -> str:
    """The key of the basket of somebody else that the visitor fills; "" with the own one."""
    return str(request.session.get(SHARED, "")) if hasattr(request, "session") else ""


def is_shared(request: HttpRequest) -> bool:
    """Whether the basket at hand is somebody else's."""
    basket: Basket = request.basket  # type: ignore[attr-defined]  # ours
    return bool(shared_key(request)) and basket.share_key == shared_key(request)


def sees_a_part(request: HttpRequest) -> bool:
    """Whether somebody else's basket holds articles that are not for the visitor; no query with the own one."""
    return bool(shared_key(request)) and glimpses.hidden(basket=request.basket) > 0  # type: ignore[attr-defined]  # ours


def open_shared(request: HttpRequest, *, basket: Basket, name: str) -> None:
    """From now on the visitor fills that basket; the own one stays as it is."""
    request.session[SHARED] = basket.share_key
    if name:
        request.session[NAME] = name
    request.basket = basket  # type: ignore[attr-defined]  # ours


def share(request: HttpRequest, *, at: datetime) -> None:
    """Let others fill the own basket, too."""
    basket = sharing.share(basket=request.basket, at=at)  # type: ignore[attr-defined]  # ours
    if basket.owner_id is None:
        request.session[KEY] = basket.pk
    request.session[OUT] = basket.share_key


def end_sharing(request: HttpRequest) -> None:
    """Fill the own basket alone again."""
    sharing.end(basket=request.basket)  # type: ignore[attr-defined]  # ours
    request.session.pop(OUT, None)


def share_link(request: HttpRequest, *, at: datetime) -> str:
    """The key that the own basket is shared by; "" when it is not. Remembers it, to tell its owner when somebody orders."""
    basket: Basket = request.basket  # type: ignore[attr-defined]  # ours
    if not sharing.is_open(basket=basket, at=at):
        return ""
    if request.session.get(OUT) != basket.share_key:
        request.session[OUT] = basket.share_key
    return basket.share_key or ""


def leave(request: HttpRequest) -> None:
    """Forget the basket at hand: the one of somebody else, otherwise the own, which has been ordered."""
    if not request.session.pop(SHARED, None):
        for key in (KEY, OUT):
            request.session.pop(key, None)


def has_ended(request: HttpRequest) -> bool:
    """Whether a basket filled together was ordered by somebody else, or is shared no more; said once, then it is forgotten."""
    basket: Basket = request.basket  # type: ignore[attr-defined]  # ours
    which = SHARED if shared_key(request) else OUT
    if request.session.get(which) in {None, basket.share_key}:
        return False
    request.session.pop(which)
    return True


def name_of(request: HttpRequest) -> str:
    """What stands beside what the visitor puts into a basket that is shared."""
    basket: Basket = request.basket  # type: ignore[attr-defined]  # ours
    if not basket.share_key:
        return ""
    own = getattr(request.user, "first_name", "")
    return sharing.first_name(typed=own or request.session.get(NAME, ""))


def add(
    request: HttpRequest, *, product: Product, quantity: int, own: Mapping[int, int] = MappingProxyType({}), name: str = ""
) -> Line:
    """Put an article into the visitor's basket, which is stored only now if it was empty. Raises `baskets.NotAdded`."""
    if has_ended(request):
        raise baskets.NotAdded(sharing.over())
    present: Basket = request.basket  # type: ignore[attr-defined]  # ours
    line = baskets.add(basket=present, product=product, quantity=quantity, own=own, by=name_of(request), name=name)
    basket: Basket = line.basket
    if basket.owner_id is None and not is_shared(request):
        request.session[KEY] = basket.pk
    request.basket = basket  # type: ignore[attr-defined]  # likewise
    return line


def brief_of(request: HttpRequest) -> baskets.Brief:
    """What the header says of the basket; one query, none for a visitor who has put nothing into it yet."""
    region: Region | None = getattr(request, "region", None)
    if region is None or not hasattr(request, "session"):
        return baskets.NOTHING
    if shared_key(request):
        return baskets.brief_of_basket(basket=request.basket)  # type: ignore[attr-defined]  # ours
    return baskets.brief_for_visitor(user=request.user, region=region, basket_id=request.session.get(KEY))
