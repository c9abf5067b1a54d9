"""Books payments that did not last: the debt is there again, as if they had never come."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing import journal
from billing.journal import Ledger, Side
from billing.models import BankLine, JournalEntry, Payment, PaymentReturn
from marketplace.core import money


@transaction.atomic
def take_back(
    *,
    payment: Payment,
    day: date,
    at: datetime,
    ledger: Ledger,
    reason: str = "",
    charges: Decimal = money.ZERO,
    bank_line: BankLine | None = None,
) -> PaymentReturn:
    """Book all of a payment back onto who owed it, out of `ledger`; `charges` are the bank's own, euro. Once a payment."""
    locked = Payment.objects.select_for_update(of=("self",)).select_related("entry__region").get(pk=payment.pk)
    known = locked.returns.first()
    if known is not None:
        return known
    owed = locked.entry.postings.get(ledger=Ledger.RECEIVABLE)
    region, text = locked.entry.region, locked.entry.text.removeprefix("Zahlung ")
    entry = journal.post(
        region=region,
        kind=JournalEntry.Kind.RETURN,
        key=f"return:{locked.pk}",
        day=day,
        at=at,
        text=f"Rückgabe {text} {reason}".strip(),
        sides=(
            Side(ledger=Ledger.RECEIVABLE, amount=locked.amount, account_id=owed.account_id, order_id=owed.order_id),
            Side(ledger=ledger, amount=-locked.amount),
        ),
        invoice=locked.invoice,
    )
    if charges:
        journal.post(
            region=region,
            kind=JournalEntry.Kind.RETURN,
            key=f"return:{locked.pk}:charges",
            day=day,
            at=at,
            text=f"Bankgebühr Rückgabe {text}",
            sides=(Side(ledger=Ledger.BANK_FEES, amount=charges), Side(ledger=Ledger.BANK, amount=-charges)),
            invoice=locked.invoice,
        )
    return PaymentReturn.objects.create(
        payment=locked, amount=locked.amount, day=day, reason=reason, charges=charges, bank_line=bank_line, entry=entry
    )
