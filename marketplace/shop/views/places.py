"""The map of the region."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import places


@public
@require_safe
@kept.page()
def index(request: MarketRequest) -> HttpResponse:
    """Where the goods come from and where they can be fetched: a drawing, and the same as a list."""
    return render(request, "shop/map.html", {"places": places.of(region=request.region, sight=request.sight)})
