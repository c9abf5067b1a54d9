"""Takes in the account with the provider line by line: fees are booked, payouts wait for the bank, the rest is compared."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from billing.models import Dispute, OnlinePayment, OnlineRefund, Posting, ProviderMovement, ProviderPayout
from billing.online import bookings
from billing.online.provider import Moved, Provider, Transferred
from marketplace.core import money
from marketplace.regions.models import Region

#: lines are read again for so long, in case one came late
OVERLAP = timedelta(days=3)
FIRST_LOOK = timedelta(days=30)
PAYMENTS = frozenset({"charge", "payment"})
REFUNDS = frozenset({"refund", "payment_refund", "refund_failure", "payment_failure_refund"})
FEES = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee"})
DISPUTES = frozenset({"adjustment"})
PAYOUTS = frozenset({"payout", "payout_cancel", "payout_failure"})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A line that does not fit what is booked: `expected` is what we know of, None when we know nothing."""

    movement: ProviderMovement
    expected: Decimal | None


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
    if told.amount > 0 and told.status not in ("canceled", "failed"):
        ProviderPayout.objects.get_or_create(
            number=told.number,
            defaults={"region": region, "amount": told.amount, "arrives_on": told.arrives_on, "seen_at": at},
        )


def unfitting(*, region: Region) -> list[Finding]:
    """Lines that fit nothing we have booked and that nobody has looked at, the newest first. Four queries."""
    rows = list(ProviderMovement.objects.filter(region=region, settled_at__isnull=True).order_by("-moved_at", "-pk"))
    taken = dict(OnlinePayment.objects.filter(region=region, status="captured").values_list("intent", "taken"))
    back = OnlineRefund.objects.filter(payment__region=region).exclude(number="")
    given = {number: -amount for number, amount in back.values_list("number", "amount")}
    disputed = dict(Dispute.objects.filter(payment__region=region).values_list("number", "amount"))
    found = []
    for row in rows:
        if row.kind in PAYMENTS:
            expected = taken.get(row.intent)
        elif row.kind in REFUNDS:
            expected = given.get(row.source)
        elif row.kind in DISPUTES and row.source in disputed:
            expected = disputed[row.source] if row.amount > 0 else -disputed[row.source]
        elif row.kind in FEES | PAYOUTS:
            continue
        else:
            expected = None
        if expected is None or expected != row.amount:
            found.append(Finding(movement=row, expected=expected))
    return found


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
def settle(*, movement: ProviderMovement, at: datetime) -> None:
    """Somebody of the office has looked at a line that did not fit."""
    ProviderMovement.objects.filter(pk=movement.pk, settled_at__isnull=True).update(settled_at=at)
