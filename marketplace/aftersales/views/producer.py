"""A producer answers complaints about the own goods."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from billing import deductions
from marketplace.aftersales import complaints
from marketplace.aftersales.views import deciding
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest

PAGE = 30


@producer
@require_safe
def complaint_list(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """All complaints about the own goods, those that wait first."""
    page = Paginator(complaints.of_producer(partner=partner), PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "complaints",
        "partner": partner,
        "page": page,
        "coming_off": deductions.open_amount(partner=partner),
    }
    return render(request, "aftersales/producer/complaints.html", context)


@producer
@require_safe
def complaint(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """One of them, with its photo."""
    return deciding.page(request, _own(partner, pk), for_office=False, partner=partner)


@producer
@require_POST
def credit(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Credit it at the own cost."""
    return deciding.credit(request, _own(partner, pk), for_office=False, partner=partner)


@producer
@require_POST
def refuse(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Credit nothing."""
    return deciding.refuse(request, _own(partner, pk), for_office=False, partner=partner)


@producer
@require_safe
def photo(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """What the customer saw."""
    return deciding.photo(_own(partner, pk))


def _own(partner: Partner, pk: int) -> Any:
    return get_object_or_404(complaints.of_producer(partner=partner), pk=pk)
