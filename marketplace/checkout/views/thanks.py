"""After the order: what happens next, and an account with one tap."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing import payments
from billing.models import OrderTerms
from billing.online import connection, showing
from billing.online import links as pay_links
from marketplace.checkout import entries, guests, pages
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.order import links, statement, transfer
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.users.views import send_code


@public
@never_cache
@require_safe
def thanks(request: MarketRequest, number: str) -> HttpResponseBase:
    """What happens next; for who placed the order."""
    order = entries.own_order(request, number)
    payment = order.terms.method
    if order.terms.unpaid_until is not None:
        return redirect("billing:pay", pay_links.sign(target=order))
    in_advance = payment == OrderTerms.Method.TRANSFER and order.status != Order.Status.CANCELLED
    context = {
        "order": order,
        "statement": statement.read(order=order),
        "when": pages.when(order.delivery.window),
        "link": links.sign(order=order),
        "transfer": transfer.for_order(order=order, region=request.region, paid=payments.paid_ahead(order=order))
        if in_advance
        else None,
        "payment": PAYMENT_TEXTS[OrderTerms.Method(payment)],
        "online": showing.of_order(order=order, offered=connection.is_offered(region=request.region)),
        "can_open_account": not request.user.is_authenticated and bool(order.guest_email),
    }
    return render(request, "checkout/thanks.html", context)


@public
@never_cache
@require_safe
def paid(request: MarketRequest, signed: str) -> HttpResponseBase:
    """Back from the payment provider: the thank-you for who placed the order just now, else the order itself."""
    order = pay_links.read(signed=signed, region=request.region)
    if not isinstance(order, Order):
        raise Http404("no such order")
    if entries.may_see(request, order):
        return redirect("checkout:thanks", number=order.number)
    return redirect("customer:order_by_link", links.sign(order=order))


@public
@require_POST
def open_account(request: MarketRequest, number: str) -> HttpResponseBase:
    """An account with one tap: the person is created without a password, and a code is sent to the address of the order.

    For who placed the order in this session, or holds its link; the answer is the same whether there is an account already.
    """
    if _holds_link(request, number):
        entries.remember(request, get_object_or_404(Order, number=number, region=request.region))
    order = entries.own_order(request, number)
    if request.user.is_authenticated or not order.guest_email:
        return redirect("customer:overview")
    guests.open_account(order=order, delivery=order.delivery)
    return send_code(request, email=order.guest_email)


def _holds_link(request: MarketRequest, number: str) -> bool:
    try:
        return links.read(token=request.POST.get("link", ""), today=timezone.localdate()) == number
    except (links.BadLink, links.LinkExpired):
        return False
