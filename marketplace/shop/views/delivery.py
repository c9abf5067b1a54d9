"""Delivery and pickup: when, where, for how much, and how many places are left."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from logistics import cooling, windows
from marketplace.basket import baskets
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
    wanted = baskets.contents(basket=request.basket).lines
    cold = cooling.names(products=(line.product for line in wanted), today=timezone.localdate(at))
    problem = ""
    if request.method == "POST":
        key = request.POST.get("window", "")
        picked = next((choice for choice in choices if str(choice.window_id) == key), None)
        problem = _problem(picked, cold)
        if picked is not None and not problem:
            slots.choose(request, choice=picked)
            messages.success(request, _("Chosen: %(name)s, %(when)s.") % {"name": picked.name, "when": slots.when(choice=picked)})
            return redirect(_back(request) or "catalogue:delivery")
    rounds = offered.offered(region=request.region, at=at, chosen_round=slots.chosen_round(request))
    chosen = slots.chosen_window(request, choices=choices)
    context = {
        "village": village,
        "days": slots.days(choices=choices, chosen=chosen, cold=cold),
        "chosen": chosen,
        "chosen_when": slots.when(choice=chosen) if chosen else "",
        "problem": problem,
        "back": _back(request),
        "minimum": max((row.rule.minimum_order for row in rounds.open), default=0),
        "rounds": rounds_context(rounds, at),
    }
    return render(request, "shop/delivery.html", context, status=422 if problem else 200)


def _problem(picked: windows.WindowChoice | None, cold: Sequence[str]) -> str:
    """Why the window cannot be chosen; "" when it can."""
    if picked is None:
        return _("Please choose one.")
    if picked.free <= 0:
        return _("All places in this time window are taken. Please choose another one.")
    return cooling.sentence(cold=cold, place=picked.name) if cooling.note(cold=cold, choice=picked) else ""


def _back(request: MarketRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""
