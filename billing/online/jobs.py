"""Everything about online payments that is due, region by region. Run twice, late or after it broke off: the same books."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from billing.online import collecting, connection, giving_back, raising, reminding, reports, transferring
from billing.online.provider import Provider, Unreachable
from billing.online.remitting import Remitter
from marketplace.regions.models import Region

log = logging.getLogger(__name__)


def collect(*, at: datetime) -> None:
    """Take what delivered orders came to, before their invoices are drawn."""
    for region, provider in _each():
        collecting.collect_due(region=region, provider=provider, at=at)


def follow(*, at: datetime) -> None:
    """Work off what was reported; then take, give back, forget, tell whose payment failed, and pay producers."""
    for region, provider in _each():
        try:
            reports.work_off(region=region, provider=provider, at=at)
            collecting.collect_due(region=region, provider=provider, at=at)
            raising.raise_due(region=region, provider=provider, at=at)
            giving_back.give_back_due(region=region, provider=provider, at=at)
            collecting.forget_due(region=region, provider=provider, at=at)
            reminding.send_due(region=region, at=at)
            transferring.pay_due(region=region, remitter=Remitter(provider=provider), today=timezone.localdate(at), at=at)
        except Exception:
            log.exception("Online payments in %s could not be followed; they stay due.", region.name)


def catch_up(*, at: datetime) -> None:
    """Ask for what no report told of, e.g. after a day on which the provider or the market was away."""
    for region, provider in _each():
        try:
            reports.catch_up(region=region, provider=provider, at=at)
        except Unreachable:
            log.warning("The payment provider of %s does not answer.", region.name)
        except Exception:
            log.exception("The account of %s with the payment provider could not be read.", region.name)


def _each() -> Iterator[tuple[Region, Provider]]:
    for region in Region.objects.order_by("pk"):
        provider = connection.of(region=region)
        if provider is not None:
            yield region, provider
