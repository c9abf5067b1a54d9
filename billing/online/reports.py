"""Keeps what the provider reports, then asks the provider about it. A report that comes twice, late or early does no harm."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from billing.models import ConnectedAccount, OnlinePayment, OnlineRefund, ProviderEvent
from billing.online import disputing, following, giving_back, movements, onboarding
from billing.online.provider import NotPossible, Provider, Unreachable
from billing.online.remitting import Remitter
from marketplace.regions.models import Region

log = logging.getLogger(__name__)
Status = OnlinePayment.Status
#: a payment under way of which nothing was heard is asked for after that time
SILENT = timedelta(minutes=2)
#: banks hold an amount for seven days; then the provider is asked what became of it
HOLDS_END = timedelta(days=7)
#: disputes may be opened and decided for months
DISPUTES_BACK = timedelta(days=180)
#: a report that nobody could work off for so long is left to the office
GIVEN_UP = timedelta(days=3)
LONGEST = 100


class NoReport(Exception):
    """What came is no report of the provider."""


def store(*, payload: bytes, at: datetime) -> bool:
    """Keep a report whose signature is checked; whether it is new. Of its content only the numbers are kept."""
    try:
        told: dict[str, Any] = json.loads(payload)
        about: dict[str, Any] = told["data"]["object"]
        number, kind = str(told["id"]), str(told["type"])
        intent = about.get("payment_intent") or ""
        if isinstance(intent, dict):
            intent = intent.get("id", "")
        whose = told.get("account", "") if kind.startswith("account.") else ""
        keys = {"about": str(whose or about.get("id", ""))[:LONGEST], "intent": str(intent)[:LONGEST]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoReport from error
    if not number or len(number) > LONGEST:
        raise NoReport
    _row, is_new = ProviderEvent.objects.get_or_create(
        number=number, defaults={"kind": kind[:LONGEST], "received_at": at, **keys}
    )
    return is_new


def work_off(*, region: Region, provider: Provider, at: datetime) -> None:
    """Ask about everything reported that concerns the region. Ends when the provider does not answer; the rest stays due."""
    waiting = ProviderEvent.objects.filter(done_at__isnull=True, received_at__gt=at - GIVEN_UP).order_by("received_at", "pk")
    for event in waiting:
        payment = _payment(event)
        account = ConnectedAccount.objects.filter(number=event.about).first() if event.kind.startswith("account.") else None
        if any(known is not None and known.region_id != region.pk for known in (payment, account)):
            continue
        problem = ""
        try:
            if account is not None:
                onboarding.follow(account=account, remitter=Remitter(provider=provider), at=at)
            _ask(event, payment, region, provider, at)
        except Unreachable:
            return
        except NotPossible as refusal:
            problem = str(refusal)
        except Exception:
            log.exception("Report %s could not be worked off; it stays due.", event.number)
            continue
        ProviderEvent.objects.filter(pk=event.pk, done_at__isnull=True).update(done_at=at, problem=problem[:200])


def catch_up(*, region: Region, provider: Provider, at: datetime) -> None:
    """Ask for what no report told of: payments under way, holds that ran out, disputes, the account.

    Raises `provider.Unreachable`.
    """
    silent = Q(status__in=(Status.OPENED, Status.PROCESSING), opened_at__lt=at - SILENT)
    ended = Q(status=Status.AUTHORISED, authorised_at__lt=at - HOLDS_END)
    for payment in OnlinePayment.objects.filter(silent | ended, region=region).exclude(page="", intent="").order_by("pk"):
        try:
            following.follow(payment=payment, provider=provider, at=at)
        except NotPossible as refusal:
            log.warning("The provider does not know online payment %s: %s", payment.pk, refusal)
    stale = OnlinePayment.objects.filter(region=region, status=Status.OPENED, page="", intent="")
    for payment in stale.exclude(way=OnlinePayment.Way.LATER).filter(opened_at__lt=at - following.NEVER_CAME):
        following.follow(payment=payment, provider=provider, at=at)
    disputing.take_in(region=region, provider=provider, since=at - DISPUTES_BACK, at=at)
    movements.take_in(region=region, provider=provider, at=at)
    onboarding.follow_all(region=region, remitter=Remitter(provider=provider), at=at)


def _payment(event: ProviderEvent) -> OnlinePayment | None:
    known = OnlinePayment.objects.filter(Q(page=event.about) | Q(intent=event.about) | Q(intent=event.intent, intent__gt=""))
    return known.exclude(page="", intent="").first() if event.about else None


def _ask(event: ProviderEvent, payment: OnlinePayment | None, region: Region, provider: Provider, at: datetime) -> None:
    if payment is not None:
        following.follow(payment=payment, provider=provider, at=at)
    if event.kind.startswith("charge.dispute."):
        disputing.take_in(region=region, provider=provider, since=at - DISPUTES_BACK, at=at)
    elif event.kind.startswith("payout."):
        movements.take_in(region=region, provider=provider, at=at)
    elif event.kind.startswith(("refund.", "charge.refund")):
        for row in OnlineRefund.objects.filter(Q(number=event.about) | Q(payment__intent=event.intent, payment__intent__gt="")):
            if row.number:
                giving_back.send(row=row, provider=provider, at=at)
