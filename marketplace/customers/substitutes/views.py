"""The page on which a customer says whether something similar may come."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from logistics import arrival, shortage_mails, shortages
from logistics.shortages import AnswerRefused
from marketplace.order import day_links, statement
from marketplace.order.day_links import Purpose
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

GONE = 410


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: MarketRequest, signed: str) -> HttpResponse:
    """What a farm has too little of, what it offers, and two buttons."""
    order = _order(request, signed)
    delivery = order.delivery
    if arrival.over(delivery=delivery, today=timezone.localdate()):
        return render(request, "customers/link_expired.html", status=GONE)
    if request.method == "POST":
        return _answer(request, order, signed)
    at = timezone.now()
    rows = [(row, shortages.can_answer(shortage=row, at=at)) for row in shortage_mails.of_order(order=order)]
    context = {"order": order, "delivery": delivery, "rows": rows, "statement": statement.read(order=order)}
    return render(request, "customers/substitutes/page.html", context)


def _order(request: MarketRequest, signed: str) -> Order:
    try:
        number = day_links.read(token=signed, purpose=Purpose.SUBSTITUTE)
    except day_links.BadLink as error:
        raise Http404 from error
    rows = Order.objects.filter(region=request.region).select_related("delivery__round", "delivery__window")
    return get_object_or_404(rows.prefetch_related(*statement.prefetches()), number=number, delivery__isnull=False)


def _answer(request: MarketRequest, order: Order, signed: str) -> HttpResponse:
    told = request.POST.get("shortage", "")
    rows = shortage_mails.of_order(order=order).exclude(offer=None)
    row = get_object_or_404(rows, pk=int(told) if told.isdecimal() and len(told) < 10 else 0)
    wanted = request.POST.get("answer") == "yes"
    try:
        shortages.answer(shortage=row, wanted=wanted, at=timezone.now(), by=None)
    except AnswerRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you, the farm knows.") if wanted else _("Thank you, it is left out."))
    return redirect("substitute:page", signed)
