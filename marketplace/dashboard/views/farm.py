"""Fetched at the farm: who comes, handing over, and the hours in which one can come."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from logistics import farm_windows
from logistics.deliveries import HandoverRefused
from logistics.farm_windows import BadWindow
from logistics.models import Delivery
from marketplace.core.transitions import ForbiddenTransition
from marketplace.dashboard import farm_pickups
from marketplace.dashboard.forms.farm import HoursForm
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422


@producer
@require_POST
def hand_over(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """The customer has the goods."""
    delivery = _delivery(partner, pk)
    try:
        farm_pickups.hand_over(delivery=delivery, age_checked="age_checked" in request.POST, at=timezone.now(), by=request.user)
        messages.success(request, _("%(code)s is handed over.") % {"code": delivery.code})
    except (HandoverRefused, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
    return _back(delivery)


@producer
@require_POST
def not_fetched(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Nobody came."""
    delivery = _delivery(partner, pk)
    try:
        farm_pickups.not_fetched(delivery=delivery, reason=_("not fetched at the farm"), at=timezone.now(), by=request.user)
        messages.info(
            request, _("%(code)s was not fetched; the office gets in touch with the customer.") % {"code": delivery.code}
        )
    except ForbiddenTransition as refusal:
        messages.error(request, str(refusal))
    return _back(delivery)


@producer
def hours(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """When customers can come to the farm."""
    rules = farm_windows.rules_of(partner=partner)
    form = HoursForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        try:
            farm_windows.offer(partner=partner, at=timezone.now(), by=request.user, **form.cleaned_data)
        except BadWindow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Customers who buy from you alone can now choose these hours."))
            return redirect("dashboard:farm_hours")
    context = {
        "section": "profile",
        "partner": partner,
        "form": form,
        "hours": farm_windows.offered(partner=partner),
    }
    return render(request, "dashboard/farm_hours.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@producer
@require_POST
def withdraw(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Offer the hours no longer."""
    found = get_object_or_404(farm_windows.offered(partner=partner), pk=pk)
    stay = farm_windows.withdraw(hours=found, at=timezone.now(), by=request.user)
    if stay:
        text = ngettext(
            "The hours are withdrawn. On %(number)s delivery day customers have booked them already; these still come.",
            "The hours are withdrawn. On %(number)s delivery days customers have booked them already; these still come.",
            stay,
        )
        messages.warning(request, text % {"number": stay})
    else:
        messages.success(request, _("The hours are withdrawn."))
    return redirect("dashboard:farm_hours")


def _delivery(partner: Partner, pk: int) -> Delivery:
    """One that is fetched at the producer's own farm."""
    return get_object_or_404(farm_pickups.at_farm(partner=partner).select_related("order"), pk=pk)


def _back(delivery: Delivery) -> HttpResponseBase:
    return redirect(f"{reverse('dashboard:round', args=[delivery.round_id])}#hof")
