"""Decides whether the money fits the books: payments, bank statements, files for the bank, debits, closed months, exports."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from billing import debit_runs, supplier_invoices
from billing.models import (
    BankLine,
    Closing,
    DebitRun,
    JournalEntry,
    ManualEntry,
    Payment,
    PaymentReturn,
    PayoutRun,
    PeriodExport,
    Posting,
    Refund,
)
from marketplace.core import money

Ledger = Posting.Ledger
#: where a posting is linked to a line of the bank's statement
_LINKS = (
    "payment__bank_line",
    "payment_return__bank_line",
    "debit_receipt__bank_line",
    "provider_payout__bank_line",
    "manual_entry__bank_line",
    "manual_entry__reverses__bank_line",
)


def problems(*, region: Any) -> list[str]:
    """Everything about money that does not fit; the same few queries for any number of bookings."""
    return [
        *_payments(region),
        *_bank(region),
        *_cash(region),
        *_payout_runs(region),
        *_debits(region),
        *_manual(region),
        *_suppliers(region),
        *_closed(region),
        *_exports(region),
    ]


def _payments(region: Any) -> Iterator[str]:
    """What a payment or refund says stands in its entry; an entry of that kind has its row."""
    party = Sum(
        "entry__postings__amount", filter=Q(entry__postings__ledger__in=(Ledger.RECEIVABLE, Ledger.PAYABLE, Ledger.SUPPLIERS))
    )
    paid = Payment.objects.filter(entry__region=region).exclude(entry__kind=JournalEntry.Kind.OFFSET).annotate(booked=party)
    for row in paid.exclude(Q(booked=F("amount")) | Q(booked=-F("amount"))).order_by("pk"):
        yield f"Payment {row.pk} says {row.amount}, its entry {row.booked}."
    refunds = Refund.objects.filter(entry__region=region).annotate(booked=party)
    for refund in refunds.exclude(booked=F("amount")).order_by("pk"):
        yield f"Refund {refund.pk} says {refund.amount}, its entry {refund.booked}."
    bare = JournalEntry.objects.filter(region=region, payment__isnull=True, refund__isnull=True)
    money_kinds = (JournalEntry.Kind.PAYMENT, JournalEntry.Kind.PAYOUT, JournalEntry.Kind.REFUND)
    for entry in bare.filter(kind__in=money_kinds).order_by("pk"):
        yield f"Entry {entry.key} has no payment."


def _bank(region: Any) -> Iterator[str]:
    """What is booked on a line of the statement is what the line says."""
    booked: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
    postings = Posting.objects.filter(entry__region=region, ledger=Ledger.BANK)
    for link in _LINKS:
        linked = postings.filter(**{f"entry__{link}__isnull": False})
        for line, amount in linked.values_list(f"entry__{link}").annotate(sum=Sum("amount")).order_by(f"entry__{link}"):
            booked[line] += amount
    returned = PaymentReturn.objects.filter(entry__region=region)
    for line, charges in returned.filter(bank_line__isnull=False).values_list("bank_line", "charges"):
        booked[line] -= charges
    taken_back = returned.filter(bank_line__isnull=True, payment__bank_line__isnull=False)
    for line, amount in taken_back.values_list("payment__bank_line", "amount"):
        booked[line] -= amount
    for row in BankLine.objects.filter(region=region).exclude(status=BankLine.Status.OPEN).order_by("pk"):
        said = row.amount if row.status == BankLine.Status.BOOKED else money.ZERO
        if booked[row.pk] != said:
            yield f"Bank line {row.pk} of {row.booked_on} says {said}, booked on it is {booked[row.pk]}."


def _cash(region: Any) -> Iterator[str]:
    held = _balance(region, Ledger.CASH)
    if held < 0:
        yield f"There is less than nothing in the till: {held}."
    beside = _balance(region, Ledger.HELD) + _balance(region, Ledger.HELD_AGAINST)
    if beside:
        yield f"Held amounts and their counterpart differ by {beside}."


def _payout_runs(region: Any) -> Iterator[str]:
    """A file for the bank sums to its credit notes."""
    for run in PayoutRun.objects.filter(region=region).annotate(sum=Sum("items__amount")).exclude(sum=F("total")).order_by("pk"):
        yield f"Payout {run.number} says {run.total}, its credit notes {run.sum}."


def _debits(region: Any) -> Iterator[str]:
    """What was handed in and is not credited is on its way."""
    runs = DebitRun.objects.filter(region=region, dropped_at__isnull=True).defer("message").prefetch_related("receipts")
    waiting = sum((debit_runs.outstanding(run=run) for run in runs), money.ZERO)
    booked = _balance(region, Ledger.IN_TRANSIT)
    if booked != waiting:
        yield f"Direct debits: the journal says {booked} are on their way, the runs {waiting}."


def _manual(region: Any) -> Iterator[str]:
    """Two people, one entry."""
    rows = ManualEntry.objects.filter(region=region, status__in=(ManualEntry.Status.BOOKED, ManualEntry.Status.REVERSED))
    for row in rows.filter(Q(entry__isnull=True) | Q(decided_by=F("proposed_by"))).order_by("pk"):
        yield f"Manual booking {row.pk} was not approved by a second person."


def _suppliers(region: Any) -> Iterator[str]:
    """What others are owed by the journal is what their invoices say that were booked and are not paid."""
    booked, said = -_balance(region, Ledger.SUPPLIERS), supplier_invoices.open_sum(region=region)
    if booked != said:
        yield f"Suppliers: the journal says {booked} are owed, their invoices {said}."


def _closed(region: Any) -> Iterator[str]:
    """Nothing was booked into a month after it was closed; months follow one another."""
    for closing in Closing.objects.filter(region=region, reopened_at__isnull=True).order_by("first"):
        late = JournalEntry.objects.filter(
            region=region, day__range=(closing.first, closing.last), booked_at__gt=closing.closed_at
        )
        for entry in late.order_by("pk")[:5]:
            yield f"Entry {entry.key} was booked into {closing} after it was closed."
    double = Closing.objects.filter(region=region, reopened_at__isnull=True).order_by().values("first")
    for row in double.annotate(number=Count("pk")).filter(number__gt=1):
        yield f"{row['first']} is closed twice."


def _exports(region: Any) -> Iterator[str]:
    """What was handed out is what is kept."""
    for made in PeriodExport.objects.filter(region=region, content__isnull=False).order_by("pk").iterator(chunk_size=5):
        if hashlib.sha256(bytes(made.content or b"")).hexdigest() != made.sha256:
            yield f"The export {made} is not what was handed out."


def _balance(region: Any, ledger: str) -> Decimal:
    found: Decimal | None = Posting.objects.filter(entry__region=region, ledger=ledger).aggregate(sum=Sum("amount"))["sum"]
    return found or money.ZERO
