"""Another note, phone number or way to pay for an order, and the address where it is needed."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from billing import terms
from billing.models import OrderTerms
from logistics import windows
from logistics.models import Delivery, DeliveryWindow
from marketplace.checkout import drafts, gifts, pages
from marketplace.checkout.forms import DetailsForm
from marketplace.checkout.views.change import at_hand
from marketplace.checkout.views.change.at_hand import TooLate
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422


@public
@never_cache
def details(request: MarketRequest, number: str) -> HttpResponseBase:
    """Filled in as it was ordered."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    change = drafts.change_of(request, order=order)
    window = _window(order, change.window_id)
    kind = windows.kind_of(window=window)
    village = change.contact.municipality if kind == Delivery.Kind.HOME else None
    initial = {name: getattr(change.contact, name) for name in drafts.TYPED}
    form = DetailsForm(
        request.POST or None,
        methods=_methods(order, kind=str(kind)),
        village=village,
        is_known=True,
        initial={**initial, **gifts.entries_of(change.contact.gift), "payment": change.payment},
    )
    if request.method == "POST" and form.is_valid():
        drafts.tell(request, order=order, details=form.cleaned_data)
        return redirect("change:goods", number=number)
    context = {"form": form, "order": order, "window": window, "when": pages.when(window)}
    return render(request, "checkout/change/details.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _window(order: Order, window_id: int) -> DeliveryWindow:
    known = DeliveryWindow.objects.select_related("round", "pickup_point", "partner")
    return known.filter(pk=window_id, round__region_id=order.region_id).first() or order.delivery.window


def _methods(order: Order, *, kind: str) -> list[str]:
    """The ways to pay; once money has come in, only the present one. Who pays online may go on, or choose another way."""
    if order.payments.exists():
        return [order.terms.method]
    online = order.terms.method == OrderTerms.Method.ONLINE
    return [str(method) for method in terms.methods_for(user=order.user, region=order.region, kind=kind, online=online)]
