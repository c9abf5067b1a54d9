"""What everybody reads: the reviews of an article, and those of a producer."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.catalogue import claims
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.reviews import reading
from marketplace.reviews.models import Review

PAGE = 20


@public
@require_safe
def article(request: MarketRequest, slug: str, pk: int) -> HttpResponse:
    """Of an article that is on show."""
    shown = Product.objects.on_show(request.region, sight=request.sight).select_related("partner")
    product = get_object_or_404(shown, pk=pk)
    if product.slug != slug:
        return redirect("reviews:article", slug=product.slug, pk=pk, permanent=True)
    title = claims.title(product=product, today=timezone.localdate())
    return _page(request, reading.published(product=product), title, product.get_absolute_url())


@public
@require_safe
def producer(request: MarketRequest, slug: str) -> HttpResponse:
    """Of everything that a producer sells."""
    partner = get_object_or_404(Partner.objects.selling().filter(region=request.region), slug=slug)
    rows = reading.published(partner=partner).filter(request.sight.where("product__"))
    return _page(request, rows, partner.name, partner.get_absolute_url())


def _page(request: MarketRequest, rows: QuerySet[Review], title: str, back: str) -> HttpResponse:
    context: dict[str, Any] = {
        "title": title,
        "back": back,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "crumbs": [{"label": title, "url": back}, {"label": _("Reviews"), "url": ""}],
        **reading.summary(rows=rows),
    }
    return render(request, "reviews/list.html", context)
