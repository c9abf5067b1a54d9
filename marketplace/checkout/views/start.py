"""The first page of the checkout: with or without an account."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.basket import sharing, visitors
from marketplace.checkout import entries
from marketplace.checkout.views import joining
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest


@public
@never_cache
@require_safe
def start(request: MarketRequest) -> HttpResponseBase:
    """With or without an account; who is logged in goes on, and in somebody else's basket whoever sees all of it."""
    if visitors.sees_a_part(request):
        messages.error(request, sharing.not_whole())
        return redirect("basket:summary")
    orders = joining.orders_of(request)
    second_wanted = entries.second_wanted(request)
    if any(order.delivery.round_id not in second_wanted for order in orders):
        return redirect("checkout:together")
    if request.user.is_authenticated:
        return redirect("checkout:delivery")
    return render(request, "checkout/start.html")
