"""A basket that a household fills together: its owner shares a link, whoever opens it fills the same basket."""

from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.basket import baskets, glimpses, sharing, visitors
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

GONE = 410


@public
@require_POST
def share(request: MarketRequest) -> HttpResponseBase:
    """Give the own basket a link."""
    if not visitors.is_shared(request):
        visitors.share(request, at=timezone.now())
        messages.success(request, _("Your basket can be filled together now: pass the link on."))
    return redirect(reverse("basket:summary") + "#teilen")


@public
@require_POST
def end(request: MarketRequest) -> HttpResponseBase:
    """The link leads nowhere any more."""
    if request.basket.pk and not visitors.is_shared(request):
        visitors.end_sharing(request)
        messages.success(request, _("You fill your basket alone again. What the others have put in is still there."))
    return redirect("basket:summary")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_shared(request: MarketRequest, key: str) -> HttpResponseBase:
    """Ask whoever has the link whether to fill that basket, and open it."""
    found = sharing.find(key=key, region=request.region, at=timezone.now())
    if not found.known:
        raise Http404
    if found.basket is None:
        return render(request, "basket/shared_over.html", status=GONE)
    if request.basket.pk == found.basket.pk:
        return redirect("basket:summary")
    if request.method == "POST":
        visitors.open_shared(request, basket=found.basket, name=sharing.first_name(typed=request.POST.get("first_name", "")))
        messages.success(request, _("You are filling the shared basket now. Your own one waits for you."))
        return redirect("basket:summary")
    found.basket.shown_to = request.sight
    context = {"brief": baskets.brief_of_basket(basket=found.basket), "longest": sharing.LONGEST_NAME}
    return render(request, "basket/shared.html", context)


@public
@require_POST
def leave(request: MarketRequest) -> HttpResponse:
    """Back to the own basket."""
    if visitors.shared_key(request):
        visitors.leave(request)
        messages.info(request, _("Here is your own basket again. What you put into the shared one stays there."))
    return redirect("basket:summary")


def links(request: MarketRequest) -> dict[str, Any]:
    """What the basket's page says about sharing: whether the basket is somebody else's, else its link with a drawing to scan."""
    if visitors.is_shared(request):
        return {"is_guest_here": True, "hidden": glimpses.hidden(basket=request.basket), "until": request.basket.share_until}
    key = visitors.share_link(request, at=timezone.now())
    if not key:
        return {}
    address = request.build_absolute_uri(reverse("basket:shared", args=[key]))
    qr = segno.make(address, error="m").svg_data_uri(scale=4, border=3, light="#fff")
    return {"address": address, "until": request.basket.share_until, "qr": qr}
