"""Who orders, where the goods go, how they are paid."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from billing import terms
from billing.online import connection
from logistics import windows
from logistics.models import Delivery
from marketplace.checkout import entries, pages
from marketplace.checkout.forms import DetailsForm
from marketplace.checkout.views import joining
from marketplace.regions import villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.users import addresses, profiles
from marketplace.users.models import Address

UNPROCESSABLE = 422


@public
@never_cache
def details(request: MarketRequest) -> HttpResponseBase:
    """Person, address where it is needed, payment."""
    window = entries.chosen_window(request)
    village = villages.chosen(request)
    kind = windows.kind_of(window=window) if window else ""
    if window is None or (kind == Delivery.Kind.HOME and village is None):
        return redirect("checkout:delivery")
    if window.round.cutoff_at <= timezone.now():
        return redirect("checkout:delivery")
    if joining.order_in_the_way(request, round_id=window.round_id):
        return redirect("checkout:together")
    home = village if kind == Delivery.Kind.HOME else None
    online = connection.is_offered(region=request.region)
    methods = terms.methods_for(user=request.user, region=request.region, kind=kind, online=online)
    known = addresses.of(user=request.user, region=request.region)
    given: dict[str, Any] = {
        "methods": methods,
        "village": home,
        "is_known": request.user.is_authenticated,
        "addresses": known if request.user.is_authenticated else None,
        "initial": _known(request, known),
    }
    form = DetailsForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        if form.place is not None:
            villages.choose(request, form.place)
        entries.keep_details(request, form.cleaned_data)
        return redirect("checkout:review")
    context = {
        "form": form,
        "place": window.place,
        "when": pages.when(window),
        "kept_until": getattr(window, "kept_until", None),
        "steps": pages.steps("details"),
    }
    return render(request, "checkout/details.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _known(request: MarketRequest, known: Sequence[Address]) -> dict[str, Any]:
    """What was entered before, or else what the customer's profile holds."""
    entered = entries.details(request)
    if entered or not request.user.is_authenticated:
        return entered
    profile, home = profiles.of(user=request.user), next(iter(known), None)
    own = {"giver_street": home.street, "giver_place": f"{home.postal_code} {home.municipality.name}"} if home else {}
    return {
        **own,
        "first_name": request.user.first_name,
        "last_name": request.user.last_name,
        "phone": profile.phone,
        "company": profile.company,
    }
