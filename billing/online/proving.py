"""Decides whether the books say the same of paying online as the payments do; every finding is a sentence for the office."""

from decimal import Decimal

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from billing.models import (
    Dispute,
    OnlinePayment,
    OnlineRefund,
    Payment,
    Posting,
    ProviderMovement,
    ProviderPayout,
    ProviderTransfer,
    TransferReversal,
)
from billing.online.movements import FEES
from marketplace.core import money
from marketplace.regions.models import Region

Ledger = Posting.Ledger


def problems(*, region: Region) -> list[str]:
    """Held, with the provider, disputed: by the journal and by the rows. The same few queries for any number of payments."""
    booked = dict(
        Posting.objects.filter(entry__region=region, ledger__in=(Ledger.HELD, Ledger.PROVIDER, Ledger.DISPUTED))
        .values_list("ledger")
        .annotate(sum=Sum("amount"))
        .order_by("ledger")
    )
    told = {Ledger.HELD: _held(region), Ledger.PROVIDER: _with_provider(region), Ledger.DISPUTED: _disputed(region, "open")}
    found = []
    for ledger, amount in told.items():
        journal = booked.get(ledger, money.ZERO)
        if journal != amount:
            found.append(f"{ledger.value}: the journal says {journal}, the online payments {amount}.")
    return found + [f"Transfer {row.number} is booked nowhere." for row in _unbooked(region)]


def _held(region: Region) -> Decimal:
    return _sum(OnlinePayment.objects.filter(region=region, status=OnlinePayment.Status.AUTHORISED).aggregate(sum=Sum("amount")))


def _with_provider(region: Region) -> Decimal:
    """Taken, less what went back, was disputed, was kept as fees, was transferred to producers and arrived at the bank."""
    taken = _sum(OnlinePayment.objects.filter(region=region).aggregate(sum=Sum("taken")))
    given = OnlineRefund.objects.filter(payment__region=region).exclude(status=OnlineRefund.Status.FAILED)
    moved = ProviderMovement.objects.filter(region=region)
    fees = _sum(moved.exclude(kind__in=FEES).aggregate(sum=Sum("fee")))
    fees += _sum(moved.filter(kind__in=FEES).aggregate(sum=Sum(F("fee") - F("amount"))))
    arrived = _sum(ProviderPayout.objects.filter(region=region, entry__isnull=False).aggregate(sum=Sum("amount")))
    away = _disputed(region, "open") + _disputed(region, "lost")
    return taken - _sum(given.aggregate(sum=Sum("amount"))) - away - fees - arrived - _transferred(region)


def _transferred(region: Region) -> Decimal:
    """To producers, less what came back."""
    done = ProviderTransfer.objects.filter(account__region=region, status=ProviderTransfer.Status.DONE)
    back = TransferReversal.objects.filter(transfer__account__region=region, status=TransferReversal.Status.DONE)
    return _sum(done.aggregate(sum=Sum("amount"))) - _sum(back.aggregate(sum=Sum("amount")))


def _unbooked(region: Region) -> QuerySet[ProviderTransfer]:
    """Transfers that were done and of which no payment on their statement says so."""
    paid = Payment.objects.filter(
        invoice=OuterRef("item__settlement"),
        method=Payment.Method.ONLINE,
        amount=OuterRef("amount"),
        reference=OuterRef("number"),
    )
    done = ProviderTransfer.objects.filter(account__region=region, status=ProviderTransfer.Status.DONE)
    return done.exclude(Exists(paid)).order_by("pk")


def _disputed(region: Region, status: str) -> Decimal:
    return _sum(Dispute.objects.filter(payment__region=region, status=status).aggregate(sum=Sum("amount")))


def _sum(found: dict[str, Decimal | None]) -> Decimal:
    return found["sum"] or money.ZERO
