"""The customer's standing orders."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.order.models import Order
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.standing import board
from marketplace.standing.views import at_hand

#: orders from which one can be made
LAST = 3


@customer
@never_cache
@require_safe
def overview(request: MarketRequest) -> HttpResponse:
    """All that run, what ended lately, and how to make one."""
    rows = board.of_customer(user=request.user, region=request.region, today=timezone.localdate())
    last = Order.objects.of_customer(request.user).filter(region=request.region).exclude(status=Order.Status.CANCELLED)
    context = {
        "rows": rows,
        "last": list(last.select_related("delivery__round").order_by("-date_placed", "-pk")[:LAST]),
        "crumbs": [*at_hand.crumbs()[:-1], {**at_hand.crumbs()[-1], "url": ""}],
    }
    return render(request, "standing/overview.html", context)
