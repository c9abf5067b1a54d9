"""The heart: marking articles and producers. Works with and without scripts; who is not logged in is led to the login."""

import json
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.catalogue.models import Product
from marketplace.notices import favourites, wishes
from marketplace.partner.models import Partner
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

ARTICLE, PRODUCER = "artikel", "betrieb"


@public
@require_POST
def mark(request: MarketRequest) -> HttpResponse:
    """Mark what is not marked, and the other way round; a visitor does it by logging in."""
    article, producer = request.POST.get(ARTICLE, ""), request.POST.get(PRODUCER, "")
    thing = favourites.find(article=article, producer=producer, region=request.region, sight=request.sight)
    if thing is None:
        raise Http404("nothing that could be marked here")
    back = _back(request)
    if not request.user.is_authenticated:
        wishes.keep(request, thing)
        messages.info(request, _("Please log in, so that we can keep your favourites for you."))
        return _go(request, redirect_to_login(back).headers["Location"])
    marked = favourites.switch(user=request.user, thing=thing, at=timezone.now())
    said = told(thing, marked=marked)
    if not request.htmx:
        messages.success(request, said)
        return redirect(back)
    answer = HttpResponse(status=204)
    name = ARTICLE if isinstance(thing, Product) else PRODUCER
    changed = {"name": name, "value": str(thing.pk), "marked": marked}
    answer.headers["HX-Trigger"] = json.dumps({"market:marked": changed})
    answer.headers["X-Told"] = quote(said)
    return answer


def told(thing: Product | Partner, *, marked: bool) -> str:
    """What has happened, in a sentence."""
    name = thing.title if isinstance(thing, Product) else thing.name
    text = _("%(name)s is among your favourites.") if marked else _("%(name)s is no longer among your favourites.")
    return text % {"name": name}


def _go(request: MarketRequest, url: str) -> HttpResponse:
    if not request.htmx:
        return redirect(url)
    answer = HttpResponse(status=204)
    answer.headers["HX-Redirect"] = url
    return answer


def _back(request: MarketRequest) -> str:
    """The page with the heart, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if ours else reverse("catalogue:favourites")
