"""Another window, pickup point or delivery day for an order."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from logistics import choosing, slots, waiting, windows
from logistics import goods as suitable
from logistics.models import Delivery
from marketplace.checkout import changes, drafts
from marketplace.checkout.forms import DeliveryForm
from marketplace.checkout.views.change import at_hand
from marketplace.checkout.views.change.at_hand import TooLate
from marketplace.order.models import Order
from marketplace.regions import hosts, villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422


@public
@never_cache
def delivery(request: MarketRequest, number: str) -> HttpResponseBase:
    """The windows of all rounds that are open; the own place counts as free."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    change = drafts.change_of(request, order=order)
    village = change.contact.municipality or villages.chosen(request)
    at = timezone.now()
    contents = changes.propose(order=order, change=change, at=at).contents
    farms = [partner.pk for partner in contents.producers]
    visitor = replace(choosing.visitor(request), basket_id=None)
    offered = windows.choices(region=request.region, municipality=village, at=at, farms=farms, visitor=visitor)
    choices = [_own(choice, order) for choice in offered]
    goods = suitable.of_products(products=[line.product for line in contents.lines], today=timezone.localdate(at))
    given: dict[str, Any] = {"choices": choices, "villages": hosts.villages_of(region=request.region), "goods": goods}
    posted = request.method == "POST"
    form = DeliveryForm(request.POST if posted else None, **given, initial={"municipality": village.pk if village else None})
    if posted and form.is_valid():
        return _choose(request, order, form)
    chosen = form.data.get("window", "")
    days = slots.days(choices=choices, chosen=int(chosen) if chosen.isdecimal() else change.window_id, goods=goods)
    context = {"form": form, "days": days, "order": order}
    return render(request, "checkout/change/delivery.html", context, status=UNPROCESSABLE if form.errors else 200)


def _choose(request: MarketRequest, order: Order, form: DeliveryForm) -> HttpResponseBase:
    """Back to the order, or on to the address when the goods are to be brought and nobody knows where to."""
    window_id = form.cleaned_data["window"]
    village = form.villages.get(form.cleaned_data.get("municipality") or 0)
    home = form.windows[window_id].kind == Delivery.Kind.HOME
    offer = _offer(request, window_id) if window_id != order.delivery.window_id else None
    drafts.choose(request, order=order, window_id=window_id, village=village if home else None, offer=offer)
    contact = drafts.change_of(request, order=order).contact
    known = contact.street and village is not None and contact.postal_code in village.postal_codes
    return redirect("change:goods" if known or not home else "change:details", number=order.number)


def _own(choice: windows.WindowChoice, order: Order) -> windows.WindowChoice:
    return replace(choice, free=choice.free + 1) if choice.window_id == order.delivery.window_id else choice


def _offer(request: MarketRequest, window_id: int) -> int | None:
    """The place in that window which the waiting list keeps for the visitor."""
    visitor = choosing.visitor(request)
    found = waiting.offer_for(window_ids=[window_id], entry_id=visitor.offer_id, user=request.user, at=timezone.now())
    return found[0].pk if found else None
