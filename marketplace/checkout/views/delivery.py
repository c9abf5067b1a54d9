"""When and where the goods come: village and window. From here on the place and the goods are kept."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from logistics import choosing, crates, slots, windows
from logistics import goods as suitable
from logistics.models import DeliveryWindow
from logistics.rounds import RoundClosed
from logistics.windows import WindowChoice, WindowFull
from marketplace.basket import baskets
from marketplace.basket.baskets import Contents
from marketplace.checkout import keeping, lapse, pages
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
    contents = baskets.contents(basket=request.basket)
    choices = _choices(request, contents)
    goods = suitable.of_products(products=[line.product for line in contents.lines], today=timezone.localdate())
    given: dict[str, Any] = {"choices": choices, "villages": hosts.villages_of(region=request.region), "goods": goods}
    if request.method == "POST":
        form = DeliveryForm(request.POST, **given)
        valid = form.is_valid()
        if village := form.villages.get(form.cleaned_data.get("municipality") or 0):
            villages.choose(request, village)
        if "nearest" in request.POST:
            return redirect("checkout:delivery")
        if valid and (answer := _choose(request, form, contents)):
            return answer
    else:
        form = DeliveryForm(**given, initial={"municipality": request.session.get(villages.KEY)})
    posted = form.data.get("window", "")
    chosen = int(posted) if posted.isdecimal() else choosing.window(request)
    days = slots.days(choices=choices, chosen=chosen, goods=goods)
    gone = choosing.round_of(request)
    lapsed = gone is not None and gone not in {choice.round_id for choice in choices}
    told = lapse.of_round(round_id=gone, region=request.region, contents=contents, at=timezone.now()) if gone and lapsed else None
    context = {"form": form, "days": days, "lapse": told, "steps": pages.steps("delivery")}
    return render(request, "checkout/delivery.html", context, status=UNPROCESSABLE if form.errors else 200)


def _choices(request: MarketRequest, contents: Contents) -> Sequence[WindowChoice]:
    """Farms are offered of whose goods some are in the basket."""
    return windows.choices(
        region=request.region,
        municipality=villages.chosen(request),
        at=timezone.now(),
        farms=[partner.pk for partner in contents.producers],
        visitor=choosing.visitor(request),
        load=crates.at_least_one(goods=((line.product, line.quantity) for line in contents.lines)),
    )


def _choose(request: MarketRequest, form: DeliveryForm, contents: Contents) -> HttpResponseBase | None:
    """Keep what was chosen and go on; None when the window was lost a moment ago, which the form then says."""
    choice = form.windows[form.cleaned_data["window"]]
    window = DeliveryWindow(pk=choice.window_id, round_id=choice.round_id)
    try:
        keeping.keep(
            basket=request.basket,
            contents=contents,
            window=window,
            visitor=choosing.visitor(request),
            user=request.user,
            at=timezone.now(),
        )
    except (WindowFull, RoundClosed) as refusal:
        form.add_error("window", str(refusal))
        return None
    except keeping.REFUSALS as refusal:
        choosing.choose(request, window_id=choice.window_id, round_id=choice.round_id)
        messages.error(request, str(refusal))
        return redirect("basket:summary")
    choosing.choose(request, window_id=choice.window_id, round_id=choice.round_id)
    return redirect("checkout:details")


def _take_village_from_profile(request: MarketRequest) -> None:
    """A known customer who has not chosen a village in this session lives where the profile says."""
    if villages.KEY in request.session or not request.user.is_authenticated:
        return
    village = profiles.of(user=request.user).municipality
    if village is not None and village.region_id == request.region.pk:
        villages.choose(request, village)
