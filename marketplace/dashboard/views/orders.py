"""The office finds and reads orders."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from billing import access
from logistics.models import Delivery, DeliveryRound
from marketplace.core.models import AuditEntry
from marketplace.dashboard import order_register
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 50
#: how many rounds the filter offers
ROUNDS = 26


@office
@require_safe
def order_list(request: MarketRequest) -> HttpResponse:
    """Orders by search, round and status."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("q", "runde", "stand", "lieferung")}
    rows = order_register.find(
        region=request.region,
        text=asked["q"],
        round_id=int(asked["runde"]) if asked["runde"].isascii() and asked["runde"].isdecimal() else None,
        status=asked["stand"],
        delivery_status=asked["lieferung"],
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    recent = DeliveryRound.objects.filter(region=request.region).select_related("rule").order_by("-delivery_day", "-pk")[:ROUNDS]
    context = {
        "section": "orders",
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "asked": asked,
        "rounds": recent,
        "statuses": Order.Status.choices,
        "deliveries": Delivery.Status.choices,
    }
    return render(request, "office/orders.html", context)


@office
@require_safe
def order_page(request: MarketRequest, number: str) -> HttpResponse:
    """One order with all that became of it."""
    order = get_object_or_404(_orders(request), number=number)
    trail = AuditEntry.objects.filter(target_type=Order._meta.label_lower, target_id=order.pk)
    page = {
        "section": "orders",
        "order": order,
        "statement": statement.read(order=order),
        "documents": access.listed(access.of_order(order=order)),
        "trail": trail.select_related("by").order_by("at", "pk"),
        "today": timezone.localdate(),
    }
    return render(request, "office/order.html", page)


def _orders(request: MarketRequest) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.filter(region=request.region)
    related = ("delivery__round", "delivery__window__pickup_point", "delivery__stop__tour__vehicle", "terms__account", "user")
    return rows.select_related(*related).prefetch_related(*statement.prefetches())
