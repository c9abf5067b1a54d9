"""Delivery and pickup: when, where, for how much, and how many places are left."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from logistics import choosing, crates, reservations, slots, tariffs, windows
from logistics import goods as suitable
from logistics.goods import Goods
from logistics.windows import WindowChoice
from marketplace.basket import baskets
from marketplace.regions import hosts, villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import offered
from marketplace.shop.views.market import rounds_context


@public
def index(request: MarketRequest) -> HttpResponse:
    """All windows that can be chosen; choosing one is remembered for the basket."""
    at, village = timezone.now(), villages.chosen(request)
    contents = baskets.contents(basket=request.basket)
    farms = [partner.pk for partner in contents.producers] if contents.count else None
    visitor = choosing.visitor(request)
    load = crates.at_least_one(goods=((line.product, line.quantity) for line in contents.lines))
    choices = windows.choices(region=request.region, municipality=village, at=at, farms=farms, visitor=visitor, load=load)
    goods = suitable.of_products(products=[line.product for line in contents.lines], today=timezone.localdate(at))
    problem = ""
    if request.method == "POST":
        key = request.POST.get("window", "")
        picked = next((choice for choice in choices if str(choice.window_id) == key), None)
        problem = _problem(picked, goods)
        if picked is not None and not problem:
            return _choose(request, picked)
    rounds = offered.offered(region=request.region, at=at, chosen_round=choosing.round_of(request))
    chosen = next((choice for choice in choices if choice.window_id == choosing.window(request)), None)
    context = {
        "village": village,
        "days": slots.days(choices=choices, chosen=chosen.window_id if chosen else None, goods=goods),
        "chosen": chosen,
        "chosen_when": slots.when(choice=chosen) if chosen else "",
        "problem": problem,
        "back": back(request),
        "areas": tariffs.shown(rounds=rounds.open, villages=hosts.villages_of(region=request.region)),
        "minimum": max((row.rule.minimum_order for row in rounds.open), default=0),
        "rounds": rounds_context(rounds, at),
        "free_to_change": all(row.customers_may_change and row.customers_may_cancel for row in rounds.open),
    }
    return render(request, "shop/delivery.html", context, status=422 if problem else 200)


def back(request: MarketRequest) -> str:
    """Where the visitor came from, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""


def _choose(request: MarketRequest, picked: WindowChoice) -> HttpResponse:
    """Remember it. What the checkout had kept in another window is given back; the checkout keeps anew."""
    if choosing.window(request) not in (None, picked.window_id):
        reservations.release(basket=request.basket)
    choosing.choose(request, window_id=picked.window_id, round_id=picked.round_id)
    messages.success(request, _("Chosen: %(name)s, %(when)s.") % {"name": picked.name, "when": slots.when(choice=picked)})
    return redirect(back(request) or "catalogue:delivery")


def _problem(picked: WindowChoice | None, goods: Goods) -> str:
    """Why the window cannot be chosen; "" when it can."""
    if picked is None:
        return _("Please choose one.")
    if picked.free <= 0:
        return _("All places in this time window are taken. Please choose another one.")
    return suitable.sentence(goods=goods, choice=picked)
