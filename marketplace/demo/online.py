"""Some customers of the demo pay online, at the practice bank, and some producers are paid there; where none runs, nobody."""

import contextlib
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from billing import agencies, open_items
from billing.models import Invoice, OrderTerms
from billing.online import connection, following, links, movements, onboarding, opening
from billing.online.links import Target
from billing.online.provider import Provider, Unreachable
from billing.online.remitting import Remitter
from logistics.models import Delivery
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Region

ORDERS, INVOICES = 5, 6


class _Stay(urllib.request.HTTPRedirectHandler):
    """The market to which the bank sends customers back does not run yet."""

    def redirect_request(self, *_told: Any) -> None:
        return None


def play(*, region: Region, at: datetime) -> None:
    """A few orders to come are paid online, so that an amount is held for each; a few open invoices are paid."""
    provider = connection.of(region=region)
    if provider is None or not settings.STRIPE_ADDRESS:
        return
    with contextlib.suppress(Unreachable):
        targets: list[Target] = [*_orders(region), *_invoices(region)]
        for target in targets:
            _pay(target, provider, at)
        movements.take_in(region=region, provider=provider, at=at)
        _connect(region, provider, at)


def _orders(region: Region) -> list[Order]:
    rows = Order.objects.filter(
        region=region,
        status=Order.Status.PLACED,
        delivery__status=Delivery.Status.BOOKED,
        terms__method=OrderTerms.Method.HANDOVER,
        payments__isnull=True,
    )
    rows = rows.select_related("terms", "delivery__round", "region__site", "user").prefetch_related(*statement.prefetches())
    return list(rows.order_by("delivery__round__delivery_day", "pk")[:ORDERS])


def _invoices(region: Region) -> list[Invoice]:
    documents = Invoice.objects.filter(region=region, order__terms__method=OrderTerms.Method.TRANSFER)
    rows = open_items.unpaid(documents=documents).select_related("order__user", "account", "region__site")
    return list(rows.order_by("-issued_on", "-pk")[:INVOICES])


def _connect(region: Region, provider: Provider, at: datetime) -> None:
    """Who sells in its own name has told the provider everything, and the office lets it be paid there."""
    remitter, root = Remitter(provider=provider), region.site.root_url
    own = agencies.on(region_id=region.pk, day=timezone.localdate(at))
    for partner in Partner.objects.filter(pk__in=own).select_related("region").order_by("pk"):
        home, website = f"{root}/betrieb/abrechnungen/auszahlungskonto/", f"{root}{partner.get_absolute_url()}"
        page = onboarding.page_for(partner=partner, remitter=remitter, at=at, back=home, again=home, website=website)
        _fill_in(page, {"told": "all"})
        account = onboarding.of(partner=partner)
        if account is not None:
            account = onboarding.follow(account=account, remitter=remitter, at=at)
            onboarding.choose(account=account, wanted=True, at=at, by=None)


def _fill_in(page: str, told: dict[str, str]) -> None:
    with contextlib.suppress(urllib.error.HTTPError):  # on the way back to the market
        urllib.request.build_opener(_Stay()).open(page, data=urllib.parse.urlencode(told).encode())


def _pay(target: Target, provider: Provider, at: datetime) -> None:
    home = f"{target.region.site.root_url}/konto/zahlen/{links.sign(target=target)}/"
    try:
        page = opening.page_for(target=target, provider=provider, at=at, back=home, leave=home)
    except opening.NothingToPay:
        return
    _fill_in(page, {"means": "karte"})
    payment = opening.live(target=target)
    if payment is not None:
        following.follow(payment=payment, provider=provider, at=at)
