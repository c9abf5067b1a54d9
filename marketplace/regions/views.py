"""Choosing one's village, and the ground under the maps."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.regions import hosts, villages
from marketplace.regions.access import public
from marketplace.regions.forms import VillageForm
from marketplace.regions.ground import sheets
from marketplace.regions.ground.frame import Frame, Unreadable
from marketplace.regions.requests import MarketRequest


@public
def village(request: MarketRequest) -> HttpResponse:
    """Say where one lives, from the list or by postal code; it leads back to where one came from."""
    here = villages.chosen(request)
    form = VillageForm(
        request.POST if request.method == "POST" else None, region=request.region, initial={"village": here.slug if here else ""}
    )
    back = _back(request)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data["found"]
        villages.choose(request, found)
        messages.success(request, _("We show delivery windows and pickup points for %(village)s.") % {"village": found.name})
        return redirect(back or "catalogue:delivery")
    status = 422 if form.is_bound else 200
    return render(request, "shop/village.html", {"form": form, "back": back, "chosen": here}, status=status)


@public
@require_safe
def ground(request: MarketRequest, mark: str, told: str) -> HttpResponse:
    """Water, woods, roads and names under a map of ours; `mark` changes with the file, so the picture never does."""
    names = frozenset(village.name for village in hosts.villages_of(region=request.region))
    try:
        drawn = sheets.svg(frame=Frame.read(told), path=settings.MAP_TILES, known=names)
    except Unreadable as error:
        raise Http404 from error
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=604800, immutable"})


def _back(request: MarketRequest) -> str:
    """Where the visitor came from, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""
