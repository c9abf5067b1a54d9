"""A customer's addresses: seeing, adding, changing, choosing the usual one, deleting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.customers.homes.forms import AddressForm
from marketplace.regions import hosts
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.users import addresses, profiles
from marketplace.users.models import Address

UNPROCESSABLE = 422


@customer
@never_cache
@require_safe
def index(request: MarketRequest) -> HttpResponseBase:
    """Name, village and all addresses."""
    context = {
        "profile": profiles.of(user=request.user),
        "addresses": addresses.of(user=request.user, region=request.region),
        "crumbs": _crumbs((_("Addresses"), "")),
    }
    return render(request, "customers/addresses.html", context)


@customer
@never_cache
def new(request: MarketRequest) -> HttpResponseBase:
    """A further address."""
    form = AddressForm(request.POST or None, villages=hosts.villages_of(region=request.region))
    if request.method == "POST" and form.is_valid():
        try:
            addresses.add(user=request.user, **form.cleaned_data)
        except addresses.NotKept as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The address is saved."))
            return redirect("customer:addresses")
    return _form(request, form, _("New address"))


@customer
@never_cache
def edit(request: MarketRequest, pk: int) -> HttpResponseBase:
    """One address."""
    address = _mine(request, pk)
    initial = {
        "label": address.label,
        "street": address.street,
        "postal_code": address.postal_code,
        "municipality": address.municipality_id,
        "note": address.note,
        "usual": address.is_default,
    }
    form = AddressForm(request.POST or None, initial=initial, villages=hosts.villages_of(region=request.region))
    if request.method == "POST" and form.is_valid():
        try:
            addresses.change(address=address, **form.cleaned_data)
        except addresses.NotKept as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The address is saved."))
            return redirect("customer:addresses")
    return _form(request, form, _("Change address"), address=address)


@customer
@require_POST
def usual(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Usually there."""
    address = _mine(request, pk)
    addresses.make_usual(address=address)
    messages.success(request, _("We usually bring it to “%(label)s” now.") % {"label": address.label})
    return redirect("customer:addresses")


@customer
@require_POST
def remove(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Forget it; orders that go there stay as they are."""
    address = _mine(request, pk)
    addresses.remove(address=address)
    messages.success(request, _("The address “%(label)s” is deleted.") % {"label": address.label})
    return redirect("customer:addresses")


def _mine(request: MarketRequest, pk: int) -> Address:
    rows = Address.objects.select_related("municipality", "user")
    return get_object_or_404(rows.filter(user=request.user, municipality__region=request.region), pk=pk)


def _form(request: MarketRequest, form: AddressForm, title: str, address: Address | None = None) -> HttpResponseBase:
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "address": address,
        "crumbs": _crumbs((_("Addresses"), reverse("customer:addresses")), (title, "")),
    }
    return render(request, "customers/address.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _crumbs(*further: tuple[str, str]) -> list[dict[str, str]]:
    way = ((_("My account"), reverse("customer:overview")), *further)
    return [{"label": label, "url": url} for label, url in way]
