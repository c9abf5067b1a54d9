"""The producer's first page, and the way in for everybody else who works here."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import earnings, settlements
from marketplace.core import wording
from marketplace.dashboard import agenda
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.access import customer, has_role
from marketplace.regions.models import Role
from marketplace.regions.requests import MarketRequest


@customer
@require_safe
def home(request: MarketRequest) -> HttpResponseBase:
    """The overview of a producer; people with another task here are led to theirs, everybody else to the application."""
    try:
        return _overview(request)
    except PermissionDenied:
        return redirect(_elsewhere(request))


@producer
def _overview(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    now = timezone.now()
    items = agenda.upcoming(partner=partner, at=now)
    first = next((item for item in items if item.to_pack), None) or next(iter(items), None)
    articles = {product for _category, product in first.brief.by_article} if first else set()
    terms = earnings.terms_of(partner=partner, day=timezone.localdate(now), products=articles)
    page = {
        "section": "home",
        "partner": partner,
        "items": items,
        "first": first,
        "later": [item for item in items if item is not first],
        "earning": terms.earn_all(sums=first.brief.by_article) if terms and first and first.brief.orders else None,
        "left": wording.duration(int((first.round.cutoff_at - now).total_seconds())) if first else "",
        "settlement": settlements.for_partner(partner).first(),
    }
    return render(request, "dashboard/home.html", page)


def _elsewhere(request: MarketRequest) -> str:
    if has_role(user=request.user, region=request.region, role=Role.OFFICE):
        return "office:home"
    return "logistics:tours" if has_role(user=request.user, region=request.region, role=Role.DRIVER) else "dashboard:apply"
