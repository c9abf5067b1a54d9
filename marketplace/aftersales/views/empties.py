"""Empties given back at the pickup point or at the farm: the office and the producer write them down."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from logistics import empties
from logistics.empties import ReturnRefused
from logistics.empties_page import rows, taken
from logistics.models import Delivery
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422


@office
def office_page(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Any delivery of the region."""
    booked = Delivery.objects.filter(round__region=request.region).exclude(status=Delivery.Status.CANCELLED)
    delivery = get_object_or_404(booked.select_related("order__terms", "order__region"), pk=pk)
    return _page(request, delivery, "office", {"section": "orders"})


@producer
def producer_page(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """What customers bring along who fetch their order at the own farm."""
    at_the_farm = Delivery.objects.filter(kind=Delivery.Kind.FARM, window__partner=partner)
    booked = at_the_farm.exclude(status=Delivery.Status.CANCELLED)
    delivery = get_object_or_404(booked.select_related("order__terms", "order__region"), pk=pk)
    return _page(request, delivery, "producer", {"section": "rounds", "partner": partner})


def _page(request: MarketRequest, delivery: Delivery, room: str, context: dict[str, Any]) -> HttpResponseBase:
    status = 200
    if request.method == "POST":
        try:
            taken(delivery=delivery, posted=request.POST, at=timezone.now(), by=request.user)
        except ReturnRefused as refusal:
            messages.error(request, str(refusal))
            status = UNPROCESSABLE
        else:
            messages.success(request, _("Written down; the money comes back on the customer's next document."))
            return redirect(f"aftersales:{room}_empties", pk=delivery.pk)
    noted = list(delivery.deposit_returns.order_by("noted_at", "pk"))
    context |= {
        "delivery": delivery,
        "rows": rows(delivery=delivery),
        "noted": noted,
        "worth": empties.worth(noted),
        "posted": request.POST,
    }
    return render(request, f"aftersales/{room}/empties.html", context, status=status)
