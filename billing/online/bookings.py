"""Books what happens at the provider: memos of what is held, fees, disputes, and what arrives at the bank."""

from datetime import date, datetime
from decimal import Decimal

from billing import journal
from billing.journal import Ledger, Side
from billing.models import Dispute, JournalEntry, OnlinePayment, ProviderMovement, ProviderPayout, TransferReversal

Kind = JournalEntry.Kind


def hold(*, payment: OnlinePayment, day: date, at: datetime) -> None:
    """A memo: a customer's bank holds so much for us. It is on no balance."""
    _memo(payment, payment.amount, f"online:hold:{payment.pk}", "Betrag reserviert", day, at)


def let_go(*, payment: OnlinePayment, day: date, at: datetime) -> None:
    """The memo is over: the amount was taken, or nobody holds it any more."""
    if JournalEntry.objects.filter(key=f"online:hold:{payment.pk}").exists():
        _memo(payment, -payment.amount, f"online:let-go:{payment.pk}", "Reservierung aufgehoben", day, at)


def fee(*, movement: ProviderMovement, amount: Decimal, day: date, at: datetime) -> None:
    """What the provider kept for itself."""
    journal.post(
        region=movement.region,
        kind=Kind.PROVIDER_FEE,
        key=f"online:fee:{movement.number}",
        day=day,
        at=at,
        text=f"Gebühr Zahlungsanbieter {movement.number}",
        sides=(Side(ledger=Ledger.PROV_FEES, amount=amount), Side(ledger=Ledger.PROVIDER, amount=-amount)),
    )


def arrival(*, payout: ProviderPayout, day: date, at: datetime) -> JournalEntry:
    """What the provider transferred is on the bank account."""
    return journal.post(
        region=payout.region,
        kind=Kind.PROVIDER_PAYOUT,
        key=f"online:payout:{payout.number}",
        day=day,
        at=at,
        text=f"Auszahlung Zahlungsanbieter {payout.number}",
        sides=(Side(ledger=Ledger.BANK, amount=payout.amount), Side(ledger=Ledger.PROVIDER, amount=-payout.amount)),
    )


def payout_back(*, reversal: TransferReversal, day: date, at: datetime) -> JournalEntry:
    """What a producer was paid through the provider and owes again is with the provider again."""
    account = reversal.transfer.account
    return journal.post(
        region=account.region,
        kind=Kind.PAYOUT_BACK,
        key=f"online:payout-back:{reversal.pk}",
        day=day,
        at=at,
        text=f"Rückholung aus Auszahlung {reversal.transfer.group}",
        sides=(
            Side(ledger=Ledger.PROVIDER, amount=reversal.amount),
            Side(ledger=Ledger.PAYABLE, amount=-reversal.amount, partner_id=account.partner_id),
        ),
    )


def dispute(*, dispute: Dispute, sign: int, key: str, text: str, day: date, at: datetime) -> None:
    """Disputed money leaves the account with the provider (`sign` 1) or comes back to it (-1)."""
    amount = dispute.amount * sign
    journal.post(
        region=dispute.payment.region,
        kind=Kind.DISPUTE,
        key=f"online:dispute:{dispute.pk}:{key}",
        day=day,
        at=at,
        text=text,
        sides=(Side(ledger=Ledger.DISPUTED, amount=amount), Side(ledger=Ledger.PROVIDER, amount=-amount)),
    )


def _memo(payment: OnlinePayment, amount: Decimal, key: str, text: str, day: date, at: datetime) -> None:
    journal.post(
        region=payment.region,
        kind=Kind.HOLD,
        key=key,
        day=day,
        at=at,
        text=text,
        sides=(
            Side(ledger=Ledger.HELD, amount=amount, order_id=payment.order_id),
            Side(ledger=Ledger.HELD_AGAINST, amount=-amount, order_id=payment.order_id),
        ),
    )
