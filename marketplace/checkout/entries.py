"""Remembers what a visitor has entered in the checkout, for as long as the session lasts and until the order is placed."""

from typing import Any

from django.http import HttpRequest

from marketplace.order.models import Order

WINDOW, DETAILS, PLACED = "window", "checkout", "placed"
#: how many orders of a session can be looked at again without login
KEPT = 10


def window(request: HttpRequest) -> int | None:
    """The key of the delivery window that was chosen."""
    chosen = request.session.get(WINDOW)
    return chosen if isinstance(chosen, int) else None


def choose_window(request: HttpRequest, window_id: int) -> None:
    """Remember the window."""
    request.session[WINDOW] = window_id


def details(request: HttpRequest) -> dict[str, Any]:
    """What was entered about the person, the address and the payment; empty before it was."""
    return dict(request.session.get(DETAILS, {}))


def keep_details(request: HttpRequest, given: dict[str, Any]) -> None:
    """Remember the entries."""
    request.session[DETAILS] = given


def finish(request: HttpRequest, order: Order) -> None:
    """The order is placed: forget the entries, remember the order for the thank-you page."""
    for key in (WINDOW, DETAILS):
        request.session.pop(key, None)
    placed = [number for number in request.session.get(PLACED, []) if number != order.number]
    request.session[PLACED] = [*placed, order.number][-KEPT:]


def may_see(request: HttpRequest, order: Order) -> bool:
    """Whether the visitor placed the order in this session, or is the customer whose order it is."""
    mine = request.user.is_authenticated and order.user_id == request.user.pk
    return mine or order.number in request.session.get(PLACED, [])
