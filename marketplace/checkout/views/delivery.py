"""When and where the goods come: village and window."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from logistics import cooling, windows
from marketplace.basket import baskets
from marketplace.checkout import entries, pages
from marketplace.checkout.forms import DeliveryForm
from marketplace.regions import hosts, villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.users import profiles

UNPROCESSABLE = 422


@public
@never_cache
def delivery(request: MarketRequest) -> HttpResponseBase:
    """Village and window; both are remembered from before."""
    _take_village_from_profile(request)
    choices = windows.choices(region=request.region, municipality=villages.chosen(request), at=timezone.now())
    known = hosts.villages_of(region=request.region)
    wanted = baskets.contents(basket=request.basket).lines
    cold = cooling.names(products=(line.product for line in wanted), today=timezone.localdate())
    given: dict[str, Any] = {"choices": choices, "villages": known, "cold": cold}
    if request.method == "POST":
        form = DeliveryForm(request.POST, **given)
        valid = form.is_valid()
        if village := form.villages.get(form.cleaned_data.get("municipality") or 0):
            villages.choose(request, village)
        if "nearest" in request.POST:
            return redirect("checkout:delivery")
        if valid:
            entries.choose_window(request, form.cleaned_data["window"])
            return redirect("checkout:details")
    else:
        form = DeliveryForm(**given, initial={"municipality": request.session.get(villages.KEY)})
    posted = form.data.get("window", "")
    chosen = int(posted) if posted.isdecimal() else entries.window(request)
    groups = pages.slot_groups(choices=choices, chosen=chosen, cold=cold)
    context = {"form": form, "groups": groups, "steps": pages.steps("delivery")}
    return render(request, "checkout/delivery.html", context, status=UNPROCESSABLE if form.errors else 200)


def _take_village_from_profile(request: MarketRequest) -> None:
    """A known customer who has not chosen a village in this session lives where the profile says."""
    if villages.KEY in request.session or not request.user.is_authenticated:
        return
    village = profiles.of(user=request.user).municipality
    if village is not None and village.region_id == request.region.pk:
        villages.choose(request, village)
