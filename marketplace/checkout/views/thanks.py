"""After the order: what happens next, and an account with one tap."""

from allauth.account.views import request_login_code
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing import payments
from billing.models import OrderTerms
from marketplace.checkout import entries, guests, pages
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.order import links, statement, transfer
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest


@public
@never_cache
@require_safe
def thanks(request: MarketRequest, number: str) -> HttpResponseBase:
    """What happens next; for who placed the order."""
    order = entries.own_order(request, number)
    payment = order.terms.method
    in_advance = payment == OrderTerms.Method.TRANSFER and order.status != Order.Status.CANCELLED
    context = {
        "order": order,
        "statement": statement.read(order=order),
        "when": pages.when(order.delivery.window),
        "cutoff": pages.cutoff(order.delivery.window),
        "link": links.sign(order=order),
        "transfer": transfer.for_order(order=order, region=request.region, paid=payments.paid_ahead(order=order))
        if in_advance
        else None,
        "payment": PAYMENT_TEXTS[OrderTerms.Method(payment)],
        "can_open_account": not request.user.is_authenticated and bool(order.guest_email),
    }
    return render(request, "checkout/thanks.html", context)


@public
@require_POST
def open_account(request: MarketRequest, number: str) -> HttpResponseBase:
    """An account with one tap: the person is created without a password; allauth sends a code to the address in the form."""
    order = entries.own_order(request, number)
    if request.user.is_authenticated or not order.guest_email or request.POST.get("email") != order.guest_email:
        return redirect("customer:overview")
    guests.open_account(order=order, delivery=order.delivery)
    response: HttpResponseBase = request_login_code(request)
    return response
