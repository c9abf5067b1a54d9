"""Remembers which window a visitor has chosen, and which offer of the waiting list he came with."""

from typing import Any

from django.http import HttpRequest

from logistics.models import DeliveryWindow, WaitingEntry
from logistics.windows import Visitor

WINDOW, ROUND, OFFER = "window", "round", "offer"


def window(request: HttpRequest) -> int | None:
    """The key of the window that was chosen."""
    return _number(request, WINDOW)


def round_of(request: HttpRequest) -> int | None:
    """The key of its round, for which the shop shows goods."""
    return _number(request, ROUND)


def choose(request: HttpRequest, *, window_id: int, round_id: int) -> None:
    """Remember the window for the basket and the checkout, which keeps a place in it."""
    request.session[WINDOW], request.session[ROUND] = window_id, round_id


def come_with(request: HttpRequest, *, offer: WaitingEntry, window: DeliveryWindow) -> None:
    """Remember the offer that a visitor's link leads to, and its window."""
    request.session[OFFER] = offer.pk
    choose(request, window_id=window.pk, round_id=window.round_id)


def forget(request: HttpRequest) -> None:
    """The order is placed."""
    for key in (WINDOW, ROUND, OFFER):
        request.session.pop(key, None)


def visitor(request: HttpRequest) -> Visitor:
    """Who looks at windows: what is kept for him counts as free."""
    basket: Any = getattr(request, "basket", None)
    user: Any = request.user
    return Visitor(
        basket_id=basket.pk if basket is not None else None,
        user_id=user.pk if user.is_authenticated else None,
        offer_id=_number(request, OFFER),
    )


def _number(request: HttpRequest, key: str) -> int | None:
    found = request.session.get(key)
    return found if isinstance(found, int) else None
