"""Decides what is kept for a customer on the way to an order: place and goods, as long as they fit each other."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from logistics import crates, reservations, waiting
from logistics.models import DeliveryWindow
from logistics.reservations import Held, NotHeld
from logistics.rounds import RoundClosed
from logistics.windows import Visitor, WindowFull
from marketplace.basket.baskets import Contents
from marketplace.basket.models import Basket
from marketplace.partner.stock import SoldOut

#: what may keep a place or goods from being kept; the message is for the customer
REFUSALS = (WindowFull, SoldOut, RoundClosed, NotHeld)
#: who has less time left on the last page gets the full time again
PLENTY = timedelta(minutes=10)


def keep(
    *, basket: Basket, contents: Contents, window: DeliveryWindow, visitor: Visitor, user: Any, at: datetime
) -> datetime | None:
    """Keep a place in the window and all that is in the basket; says until when, None for an empty basket.

    A place that the waiting list offers to the visitor is used. Raises one of `REFUSALS`.
    """
    if not contents.lines:
        return None
    known = visitor.offer_id is not None or visitor.user_id is not None
    offers = waiting.offer_for(window_ids=[window.pk], entry_id=visitor.offer_id, user=user, at=at) if known else []
    offer = offers[0] if offers else None
    return reservations.hold(
        basket=basket,
        window=window,
        wanted=wanted(contents=contents),
        at=at,
        offer=offer,
        offers={line.stockrecord.pk: line.stockrecord for line in contents.lines},
        load=crates.at_least_one(goods=((line.product, line.quantity) for line in contents.lines)),
    )


def kept(*, basket: Basket, contents: Contents, window_id: int | None, visitor: Visitor, user: Any, at: datetime) -> Held | None:
    """What is kept when the last page is opened: the time begins anew when it runs short, another basket is exchanged for it.

    What cannot be kept is no reason to stop here: the page says what is wrong.
    """
    held = reservations.held_by(basket=basket)
    window = (
        DeliveryWindow.objects.filter(pk=window_id).first() if window_id and not _fits(held, contents, window_id, at) else None
    )
    if window is None:
        return held
    try:
        keep(basket=basket, contents=contents, window=window, visitor=visitor, user=user, at=at)
    except REFUSALS:
        return held
    return reservations.held_by(basket=basket)


def wanted(*, contents: Contents) -> Mapping[int, int]:
    """The quantities of a basket by stockrecord id."""
    return {line.stockrecord.pk: line.quantity for line in contents.lines}


def _fits(held: Held | None, contents: Contents, window_id: int, at: datetime) -> bool:
    if held is None or held.window_id != window_id or held.stock != wanted(contents=contents):
        return False
    return held.expires_at - at >= PLENTY
