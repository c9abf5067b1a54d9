"""What visitors searched for and did not find."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.catalogue import misses
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 100


@office
@require_safe
def search_list(request: MarketRequest) -> HttpResponse:
    """Words, how often, and when for the last time; nothing is known of who asked."""
    page = Paginator(misses.report(region=request.region), PAGE).get_page(request.GET.get("page"))
    return render(request, "office/searches.html", {"section": "searches", "page": page})
