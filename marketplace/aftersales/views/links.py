"""What the pages behind an order's signed link share."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from marketplace.order import links
from marketplace.order.models import Order
from marketplace.regions.requests import MarketRequest

GONE = 410


def order_of(request: MarketRequest, signed: str) -> Order | HttpResponse:
    """The order to which a link leads, or the page that says why not; what is wrong with a link says nothing about any order."""
    try:
        number = links.read(token=signed, today=timezone.localdate())
    except links.LinkExpired:
        return render(request, "customers/link_expired.html", status=GONE)
    except links.BadLink:
        return render(request, "404.html", status=404)
    rows = Order.objects.filter(region=request.region).select_related("user", "region", "delivery__round", "terms__account")
    return get_object_or_404(rows, number=number)


def page_of(request: MarketRequest, order: Order, signed: str) -> str:
    """Where the customer reads the order: the own account, or by the link."""
    if order.user_id is not None and order.user_id == request.user.pk:
        return reverse("customer:order", args=[order.number])
    return reverse("customer:order_by_link", args=[signed])
