"""Choosing notices one by one, and stopping them by the link in a mail."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from marketplace.notices import choices, links
from marketplace.notices.models import Kind
from marketplace.regions.access import customer, public
from marketplace.regions.requests import MarketRequest

GONE = 410


@customer
@never_cache
def index(request: MarketRequest) -> HttpResponse:
    """Every kind of notice with a tick, and what is sent in any case."""
    if request.method == "POST":
        wanted = set(request.POST.getlist("kind"))
        for yes in (True, False):
            kinds = [kind for kind in Kind if (kind in wanted) == yes]
            choices.choose(region=request.region, kinds=kinds, wanted=yes, at=timezone.now(), user_id=request.user.pk)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:choices")
    context = {
        "choices": choices.of(region=request.region, user=request.user),
        "mandatory": choices.MANDATORY,
        "crumbs": [
            {"label": _("My account"), "url": reverse("customer:overview")},
            {"label": _("Notices"), "url": ""},
        ],
    }
    return render(request, "notices/choices.html", context)


@csrf_exempt
@public
@never_cache
def stop(request: MarketRequest, signed: str) -> HttpResponse:
    """Stop what a mail told. Mail programs post here by themselves when somebody presses their button (RFC 8058)."""
    try:
        wish = links.stopped(signed=signed)
    except links.LinkExpired:
        return render(request, "notices/expired.html", status=GONE)
    except links.BadLink as error:
        raise Http404 from error
    if wish.region_id != request.region.pk:
        raise Http404("of another region")
    kinds = [kind for kind in Kind if kind in wish.kinds]
    if request.method == "POST":
        choices.choose(
            region=request.region, kinds=kinds, wanted=False, at=timezone.now(), user_id=wish.user_id, email=wish.email
        )
    context = {"kinds": [kind.label for kind in kinds], "done": request.method == "POST", "has_account": bool(wish.user_id)}
    return render(request, "notices/stop.html", context)
