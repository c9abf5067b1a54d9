"""A producer that sells in its own name opens an account with the payment provider and sees whether it is paid there."""

import logging

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.online import connection, disclosure, onboarding, transferring
from billing.online.onboarding import NotOffered
from billing.online.provider import NotPossible, Unreachable
from billing.online.remitting import Remitter
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest

log = logging.getLogger(__name__)


@producer
@require_safe
def account(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """How the account stands, what was paid there, and the way to the provider."""
    found = onboarding.of(partner=partner)
    context = {
        "section": "settlements",
        "partner": partner,
        "account": found,
        "offered": connection.is_offered(region=request.region),
        "may_open": onboarding.may_open(partner=partner, today=timezone.localdate()),
        "transfers": transferring.listed(partner=partner),
        "disclosure": disclosure.of_producers(),
    }
    return render(request, "dashboard/payout_account.html", context)


@producer
@never_cache
@require_safe
def page(request: MarketRequest, *, partner: Partner) -> HttpResponseBase:
    """On to the provider's page, on which the producer tells who it is; asked for again, it is the same account."""
    back, again = (request.build_absolute_uri(reverse(f"dashboard:payout_account{name}")) for name in ("_back", "_page"))
    website = request.build_absolute_uri(partner.get_absolute_url())
    try:
        url = onboarding.page_for(
            partner=partner, remitter=_remitter(request), at=timezone.now(), back=back, again=again, website=website
        )
    except NotOffered as refusal:
        messages.info(request, str(refusal))
    except (Unreachable, NotPossible) as trouble:
        log.warning("No page for the account of producer %s: %s", partner.pk, trouble)
        messages.error(request, _("The payment service does not answer at the moment. Please try again in a minute."))
    else:
        return redirect(url)
    return redirect("dashboard:payout_account")


@producer
@never_cache
@require_safe
def back(request: MarketRequest, *, partner: Partner) -> HttpResponseBase:
    """Back from the provider, who is asked how the account stands."""
    found = onboarding.of(partner=partner)
    if found is not None:
        try:
            onboarding.follow(account=found, remitter=_remitter(request), at=timezone.now())
        except Unreachable:
            messages.info(request, _("The payment service does not answer at the moment. Its word appears here by itself."))
    return redirect("dashboard:payout_account")


def _remitter(request: MarketRequest) -> Remitter:
    provider = connection.of(region=request.region)
    if provider is None:
        raise Http404("not offered here")
    return Remitter(provider=provider)
