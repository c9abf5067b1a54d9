"""One open order for each round: what is ordered later is added to it, unless a second order is wanted on purpose."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from marketplace.basket import baskets
from marketplace.checkout import entries, open_orders, pages
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest


def orders_of(request: MarketRequest) -> list[Order]:
    """The orders that the visitor can still change."""
    return open_orders.of_visitor(
        user=request.user, numbers=entries.known_orders(request), region_id=request.region.pk, at=timezone.now()
    )


def order_in_the_way(request: MarketRequest, *, round_id: int) -> Order | None:
    """The open order for that round to which the visitor has not yet said that he wants another."""
    second_wanted = entries.second_wanted(request)
    if round_id in second_wanted:
        return None
    return open_orders.for_round(orders=orders_of(request), round_id=round_id, second_wanted=second_wanted)


@public
@never_cache
def together(request: MarketRequest) -> HttpResponseBase:
    """Add to the order that is there, or order a second time, e.g. for another address."""
    orders = orders_of(request)
    onward = redirect("checkout:details" if entries.chosen_window(request) else "checkout:start")
    if request.method == "POST":
        entries.want_second(request, round_ids=[order.delivery.round_id for order in orders])
        return onward
    if not orders:
        return onward
    window = entries.chosen_window(request)
    orders.sort(key=lambda order: window is None or order.delivery.round_id != window.round_id)
    context = {
        "rows": [{"order": order, "when": pages.when(order.delivery.window)} for order in orders],
        "count": baskets.contents(basket=request.basket).count,
    }
    return render(request, "checkout/together.html", context)
