"""Delivery and pickup: when, where, for how much, and how many places are left."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from logistics import windows
from marketplace.regions import villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import offered, slots
from marketplace.shop.views.market import rounds_context


@public
def index(request: MarketRequest) -> HttpResponse:
    """All windows that can be chosen; choosing one is remembered for the basket."""
    at, village = timezone.now(), villages.chosen(request)
    choices = windows.choices(region=request.region, municipality=village, at=at)
    problem = ""
    if request.method == "POST":
        wanted = request.POST.get("window", "")
        picked = next((choice for choice in choices if str(choice.window_id) == wanted), None)
        if picked is not None and picked.free > 0:
            slots.choose(request, choice=picked)
            messages.success(request, _("Chosen: %(name)s, %(when)s.") % {"name": picked.name, "when": slots.when(choice=picked)})
            return redirect(_back(request) or "catalogue:delivery")
        problem = _("All places in this time window are taken. Please choose another one.") if picked else _("Please choose one.")
    rounds = offered.offered(region=request.region, at=at, chosen_round=slots.chosen_round(request))
    chosen = slots.chosen_window(request, choices=choices)
    context = {
        "village": village,
        "days": slots.days(choices=choices, chosen=chosen),
        "chosen": chosen,
        "chosen_when": slots.when(choice=chosen) if chosen else "",
        "problem": problem,
        "back": _back(request),
        "minimum": max((row.rule.minimum_order for row in rounds.open), default=0),
        "rounds": rounds_context(rounds, at),
    }
    return render(request, "shop/delivery.html", context, status=422 if problem else 200)


def _back(request: MarketRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""
