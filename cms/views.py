"""What machines ask of a site: its addresses, and what they may read."""

from django.http import HttpResponse
from django.shortcuts import render

from cms import addresses
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest


@public
def sitemap(request: MarketRequest) -> HttpResponse:
    """All pages of the region that may be found by searching."""
    found = addresses.every(region=request.region)
    context = {"addresses": found, "host": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "cms/sitemap.xml", context, content_type="application/xml")


@public
def robots(request: MarketRequest) -> HttpResponse:
    """Everything but baskets, accounts and workplaces may be read."""
    context = {"sitemap": request.build_absolute_uri("/sitemap.xml")}
    return render(request, "cms/robots.txt", context, content_type="text/plain; charset=utf-8")
