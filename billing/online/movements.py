"""Takes in the account with the provider line by line: fees are booked, payouts wait for the bank, the rest is compared."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from billing.models import (
    Dispute,
    OnlinePayment,
    OnlineRefund,
    Posting,
    ProviderMovement,
    ProviderPayout,
    ProviderTransfer,
    TransferReversal,
)
from billing.online import bookings
from billing.online.provider import Moved, Provider, Transferred
from marketplace.core import audit, money
from marketplace.regions.models import Region

#: lines are read again for so long, in case one came late
OVERLAP = timedelta(days=3)
FIRST_LOOK = timedelta(days=30)
PAYMENTS = frozenset({"charge", "payment"})
REFUNDS = frozenset({"refund", "payment_refund", "refund_failure", "payment_failure_refund"})
FEES = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee"})
DISPUTES = frozenset({"adjustment"})
TRANSFERS, REVERSALS = frozenset({"transfer"}), frozenset({"transfer_refund"})
PAYOUTS = frozenset({"payout", "payout_cancel", "payout_failure"})


def take_in(*, region: Region, provider: Provider, at: datetime) -> int:
    """Read the lines since the last look, and the payouts; each is taken in once. Raises `provider.Unreachable`."""
    last = ProviderMovement.objects.filter(region=region).order_by("-moved_at").values_list("moved_at", flat=True).first()
    since = last - OVERLAP if last is not None else at - FIRST_LOOK
    told, sent = list(provider.movements(since=since)), list(provider.transfers(since=since))
    known = set(ProviderMovement.objects.filter(number__in=[row.number for row in told]).values_list("number", flat=True))
    for row in reversed(told):
        if row.number not in known:
            _take(region, row, at)
    for payout in sent:
        _expect(region, payout, at)
    return len(told) - len(known)


@transaction.atomic
def _take(region: Region, told: Moved, at: datetime) -> None:
    movement, is_new = ProviderMovement.objects.get_or_create(
        number=told.number,
        defaults={
            "region": region,
            "kind": told.kind[:40],
            "amount": told.amount,
            "fee": told.fee,
            "source": told.source,
            "intent": told.intent,
            "moved_at": told.at,
        },
    )
    fee = told.fee - told.amount if told.kind in FEES else told.fee
    if is_new and fee:
        bookings.fee(movement=movement, amount=fee, day=timezone.localdate(told.at), at=at)


def _expect(region: Region, told: Transferred, at: datetime) -> None:
    """A payout that failed is not waited for any more; the provider has the money again."""
    if told.status in ("canceled", "failed"):
        ProviderPayout.objects.filter(region=region, number=told.number, entry__isnull=True).delete()
    elif told.amount > 0:
        ProviderPayout.objects.get_or_create(
            number=told.number,
            defaults={"region": region, "amount": told.amount, "arrives_on": told.arrives_on, "seen_at": at},
        )


def unfitting(*, region: Region) -> QuerySet[ProviderMovement]:
    """Lines that fit nothing we have booked and that nobody has looked at, the newest first."""
    taken = OnlinePayment.objects.filter(intent=OuterRef("intent"), intent__gt="", taken=OuterRef("amount"))
    given = OnlineRefund.objects.annotate(back=F("amount") * -1).filter(number=OuterRef("source"), back=OuterRef("amount"))
    disputed = Dispute.objects.annotate(back=F("amount") * -1).filter(number=OuterRef("source"))
    disputed = disputed.filter(Q(back=OuterRef("amount")) | Q(amount=OuterRef("amount")))
    rows = ProviderMovement.objects.filter(region=region, settled_at__isnull=True).exclude(kind__in=FEES | PAYOUTS)
    unknown = rows.exclude(Exists(taken), kind__in=PAYMENTS).exclude(Exists(given), kind__in=REFUNDS)
    sent = ProviderTransfer.objects.annotate(back=F("amount") * -1).filter(number=OuterRef("source"), back=OuterRef("amount"))
    fetched = TransferReversal.objects.filter(number=OuterRef("source"), amount=OuterRef("amount"))
    unknown = unknown.exclude(Exists(sent), kind__in=TRANSFERS).exclude(Exists(fetched), kind__in=REVERSALS)
    return unknown.exclude(Exists(disputed), kind__in=DISPUTES).order_by("-moved_at", "-pk")


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What is with the provider by our books, and by the provider's lines; `on_its_way`: sent to the bank, not there yet."""

    booked: Decimal
    told: Decimal
    on_its_way: Decimal

    @property
    def difference(self) -> Decimal:
        """What does not fit."""
        return self.booked - self.told - self.on_its_way


def balance(*, region: Region) -> Balance:
    """Both sides of the account. Three queries."""
    booked = Posting.objects.filter(entry__region=region, ledger=Posting.Ledger.PROVIDER).aggregate(sum=Sum("amount"))["sum"]
    sums = ProviderMovement.objects.filter(region=region).aggregate(amount=Sum("amount"), fee=Sum("fee"))
    way = ProviderPayout.objects.filter(region=region, entry__isnull=True).aggregate(sum=Sum("amount"))["sum"]
    told = (sums["amount"] or money.ZERO) - (sums["fee"] or money.ZERO)
    return Balance(booked=booked or money.ZERO, told=told, on_its_way=way or money.ZERO)


@transaction.atomic
def settle(*, movement: ProviderMovement, at: datetime, by: Any) -> None:
    """Somebody of the office has looked at a line that did not fit."""
    if ProviderMovement.objects.filter(pk=movement.pk, settled_at__isnull=True).update(settled_at=at):
        audit.record(action="provider_movement.settle", target=movement, at=at, by=by)
