"""Remembers what a visitor has entered in the checkout, for as long as the session lasts and until the order is placed."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from logistics.models import DeliveryWindow
from marketplace.checkout.contact import Contact
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.regions import villages
from marketplace.regions.requests import MarketRequest

WINDOW, DETAILS, PLACED = "window", "checkout", "placed"
#: how many orders of a session can be looked at again without login
KEPT = 10


def window(request: HttpRequest) -> int | None:
    """The key of the delivery window that was chosen."""
    chosen = request.session.get(WINDOW)
    return chosen if isinstance(chosen, int) else None


def chosen_window(request: MarketRequest) -> DeliveryWindow | None:
    """The delivery window that was chosen, if it is one of the region."""
    known = DeliveryWindow.objects.select_related("round__rule", "pickup_point")
    return known.filter(pk=window(request) or 0, round__region=request.region).first()


def choose_window(request: HttpRequest, window_id: int) -> None:
    """Remember the window."""
    request.session[WINDOW] = window_id


def details(request: HttpRequest) -> dict[str, Any]:
    """What was entered about the person, the address and the payment; empty before it was."""
    return dict(request.session.get(DETAILS, {}))


def keep_details(request: HttpRequest, given: dict[str, Any]) -> None:
    """Remember the entries."""
    request.session[DETAILS] = given


def contact(request: MarketRequest) -> Contact:
    """Who orders and where the goods go, as it was entered."""
    entered, village = details(request), villages.chosen(request)
    return Contact(
        first_name=entered.get("first_name", ""),
        last_name=entered.get("last_name", ""),
        email=request.user.email if request.user.is_authenticated else entered.get("email", ""),
        phone=entered.get("phone", ""),
        company=entered.get("company", ""),
        note=entered.get("note", ""),
        street=entered.get("street", ""),
        postal_code=entered.get("postal_code", ""),
        city=village.name if village else "",
        municipality=village,
    )


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


def own_order(request: MarketRequest, number: str) -> Order:
    """An order that the visitor may see, loaded for its page; 404 otherwise."""
    related = ("user", "delivery__window__round", "delivery__window__pickup_point", "delivery__municipality", "terms")
    rows = Order.objects.filter(region=request.region).select_related(*related)
    order: Order = get_object_or_404(rows.prefetch_related(*statement.prefetches()), number=number)
    if not may_see(request, order):
        raise Http404
    return order
