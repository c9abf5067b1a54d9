"""Pictures for other sites' previews of a page: made when the first one asks, so that no visitor waits for them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control

from marketplace.partner.models import Partner
from marketplace.pictures import sizes
from marketplace.pictures.models import Picture
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import shelves

SECONDS = 3600


@public
def article_picture(request: MarketRequest, pk: int) -> HttpResponse:
    """The article's picture in the size that Open Graph asks for."""
    shelf = shelves.on_shelf(region=request.region, sight=request.sight)
    return _to(get_object_or_404(shelf.select_related("picture"), pk=pk).picture)


@public
def producer_picture(request: MarketRequest, slug: str) -> HttpResponse:
    """The producer's picture in that size."""
    known = Partner.objects.selling().filter(region=request.region).select_related("picture")
    return _to(get_object_or_404(known, slug=slug).picture)


def _to(picture: Picture | None) -> HttpResponse:
    shown = sizes.shown(picture=picture, size=sizes.SHARE)
    if shown is None:
        raise Http404("no picture")
    response = redirect(shown.url)
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response
