"""Remembers what a visitor has entered in the checkout, for as long as the session lasts and until the order is placed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from logistics import choosing, unread
from logistics.models import DeliveryWindow, Reservation
from marketplace.basket import visitors
from marketplace.catalogue import columns
from marketplace.checkout import gifts
from marketplace.checkout.contact import Contact
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.regions import villages
from marketplace.regions.requests import MarketRequest

WINDOW, DETAILS, PLACED = choosing.WINDOW, "checkout", "placed"
BEGAN, SECOND = "began", "second"
#: what nobody reads on the page of an order that was placed just now
UNREAD = (
    *columns.under("delivery__round", ("areas", *unread.COURSE)),
    *columns.under("delivery__window__pickup_point", unread.ROOM),
    *columns.under("delivery__window__partner", (*unread.FARM, "closed_from", "closed_until")),
    *columns.under("user", ("password", "last_login", "is_superuser", "date_joined")),
)
#: how many orders of a session can be looked at again without login
KEPT = 10


def chosen_window(request: MarketRequest) -> DeliveryWindow | None:
    """The delivery window that was chosen, if it is one of the region; `kept_until` says how long the visitor's place is kept."""
    known = DeliveryWindow.objects.select_related("round__rule", "pickup_point", "partner").defer(*unread.OF_WINDOWS)
    held = Reservation.objects.filter(window=OuterRef("pk"), basket=request.session.get(visitors.KEY))
    if visitors.shared_key(request):
        held = Reservation.objects.filter(window=OuterRef("pk"), basket=request.basket.pk)
    elif request.user.is_authenticated:
        held = Reservation.objects.filter(window=OuterRef("pk"), basket__owner=request.user)
    known = known.annotate(kept_until=Subquery(held.values("expires_at")[:1]))
    return next(iter(known.filter(pk=choosing.window(request) or 0, round__region=request.region)), None)


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
        gift=gifts.of_entries(entered),
    )


def begin(request: HttpRequest, *, what: str, at: datetime) -> None:
    """The last page before an order (or a change) is before the customer's eyes: see `logistics.rounds.moment_for`."""
    request.session[BEGAN] = {"what": what, "at": at.isoformat()}


def began(request: HttpRequest, *, what: str) -> datetime | None:
    """When the customer had it before his eyes in time; None if it was something else."""
    kept = request.session.get(BEGAN, {})
    return datetime.fromisoformat(kept["at"]) if kept.get("what") == what else None


def want_second(request: HttpRequest, *, round_ids: Iterable[int]) -> None:
    """A second order for these rounds is wanted on purpose."""
    request.session[SECOND] = sorted({*request.session.get(SECOND, []), *round_ids})


def second_wanted(request: HttpRequest) -> list[int]:
    """The rounds for which one is."""
    return list(request.session.get(SECOND, []))


def known_orders(request: HttpRequest) -> list[str]:
    """Numbers of the orders that the visitor placed or opened by their link in this session."""
    return list(request.session.get(PLACED, []))


def remember(request: HttpRequest, order: Order) -> None:
    """The visitor may see the order for as long as the session lasts."""
    placed = [number for number in request.session.get(PLACED, []) if number != order.number]
    request.session[PLACED] = [*placed, order.number][-KEPT:]


def finish(request: HttpRequest, order: Order) -> None:
    """The order is placed: forget the entries and the basket, remember the order for the thank-you page."""
    choosing.forget(request)
    for key in (DETAILS, BEGAN, SECOND):
        request.session.pop(key, None)
    visitors.leave(request)
    remember(request, order)


def may_see(request: HttpRequest, order: Order) -> bool:
    """Whether the visitor placed the order in this session, or is the customer whose order it is."""
    mine = request.user.is_authenticated and order.user_id == request.user.pk
    return mine or order.number in request.session.get(PLACED, [])


def own_order(request: MarketRequest, number: str) -> Order:
    """An order that the visitor may see, loaded for its page; 404 otherwise."""
    related = (
        "user",
        "delivery__round",
        "delivery__window__pickup_point",
        "delivery__window__partner",
        "delivery__municipality",
        "terms",
    )
    rows = Order.objects.filter(region=request.region).select_related(*related)
    rows = rows.defer(*UNREAD)
    order: Order = get_object_or_404(rows.prefetch_related(*statement.prefetches()), number=number)
    if not may_see(request, order):
        raise Http404
    order.delivery.window.round = order.delivery.round  # one row, loaded once
    return order
