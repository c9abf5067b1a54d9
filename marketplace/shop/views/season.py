"""The season calendar of the region."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import season_calendar


@public
@kept.page()
def index(request: MarketRequest) -> HttpResponse:
    """What is to be had in which month."""
    calendar = season_calendar.calendar(region=request.region, sight=request.sight, today=timezone.localdate())
    return render(request, "shop/season.html", {"calendar": calendar})
