"""Decides whether the books of a region hold together; every finding is a sentence for the person who looks after them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Sum, When

from billing import agency, chain, corrections, fee_statements, files, invoicing, money_checks, periods, settlements
from billing.models import (
    Account,
    AgencyStatement,
    Invoice,
    JournalEntry,
    NumberSeries,
    Payment,
    PaymentReturn,
    Posting,
    Refund,
    Surcharge,
    TransferReversal,
)
from billing.online import proving
from marketplace.core import money
from marketplace.partner.models import Partner

#: what a document makes its customer owe: a correction says what is given back
_OWED = Case(When(kind=Invoice.Kind.CREDIT, then=-F("gross")), default=F("gross"))


def problems(*, region: Any, today: date) -> list[str]:
    """Everything that does not fit on a day; empty when the books are in order."""
    return [
        *chain.verify_chain(region=region),
        *_numbers(region),
        *_journal(region),
        *_receivables(region),
        *_payables(region),
        *_entrusted(region),
        *_fees_due(region),
        *money_checks.problems(region=region),
        *_billing(region, today),
        *proving.problems(region=region),
    ]


def _numbers(region: Any) -> list[str]:
    """Counters run from 1 to the last without a gap."""
    found = []
    series = NumberSeries.objects.filter(region=region).order_by("pk")
    for item in series.annotate(documents=Count("invoices")):
        if item.documents != item.last:
            found.append(f"Series {item}: {item.documents} documents, but the last number is {item.last}.")
    return found


def _journal(region: Any) -> list[str]:
    """Every entry sums to zero, and every document that is worth something is booked."""
    entries = JournalEntry.objects.filter(region=region).annotate(sum=Sum("postings__amount"))
    found = [f"Entry {entry.key} sums to {entry.sum}." for entry in entries.exclude(sum=0).order_by("pk")]
    kinds = ("invoice", "settlement", "cancellation", "correction", "commission")
    booked = JournalEntry.objects.filter(kind__in=kinds).values("invoice")
    missing = Invoice.objects.filter(region=region).exclude(gross=0).exclude(pk__in=booked).order_by("pk")
    return found + [f"{invoice.number} is not in the journal." for invoice in missing]


def _receivables(region: Any) -> list[str]:
    """What an account or order owes by the journal is what its documents say less what was paid and not paid back."""
    documents = Invoice.objects.filter(region=region, partner__isnull=True).annotate(owed=_OWED)
    booked = Posting.objects.filter(entry__region=region, ledger=Posting.Ledger.RECEIVABLE)
    payments, refunds = Payment.objects.filter(entry__region=region), Refund.objects.filter(entry__region=region)
    returned = PaymentReturn.objects.filter(entry__region=region)
    charged = Surcharge.objects.filter(entry__region=region)
    paid_orders = _less(
        _sums(payments.filter(order__isnull=False), "order", "amount"),
        _sums(payments.filter(invoice__order__isnull=False), "invoice__order", -F("amount")),
        _sums(refunds.filter(order__isnull=False), "order", "amount"),
        _sums(returned.filter(payment__order__isnull=False), "payment__order", "amount"),
        _sums(returned.filter(payment__invoice__order__isnull=False), "payment__invoice__order", "amount"),
        _sums(charged.filter(invoice__order__isnull=False), "invoice__order", "amount"),
    )
    paid_accounts = _less(
        _sums(payments.filter(invoice__account__isnull=False), "invoice__account", "amount"),
        _sums(refunds.filter(account__isnull=False), "account", "amount"),
        _sums(returned.filter(payment__invoice__account__isnull=False), "payment__invoice__account", "amount"),
        _sums(charged.filter(invoice__account__isnull=False), "invoice__account", "amount"),
    )
    of_orders = _sums(booked.filter(order__isnull=False), "order", "amount")
    of_accounts = _sums(booked.filter(order__isnull=True), "account", "amount")
    return [
        *_differences("Order", of_orders, _sums(documents.filter(order__isnull=False), "order", "owed"), paid_orders),
        *_differences("Account", of_accounts, _sums(documents.filter(account__isnull=False), "account", "owed"), paid_accounts),
    ]


def _payables(region: Any) -> list[str]:
    """What a producer is owed by the journal is what the credit notes say less what was paid out."""
    booked = Posting.objects.filter(entry__region=region, ledger=Posting.Ledger.PAYABLE)
    owed = {partner: -amount for partner, amount in _sums(booked, "partner", "amount").items()}
    documents = Invoice.objects.filter(region=region, partner__isnull=False, agency_statement__isnull=True)
    credited = _added(
        _sums(documents, "partner", "gross"), _sums(AgencyStatement.objects.filter(region=region), "partner", "amount")
    )
    paid = _sums(Payment.objects.filter(entry__region=region, invoice__partner__isnull=False), "invoice__partner", "amount")
    back = TransferReversal.objects.filter(entry__region=region)
    return _differences("Producer", owed, credited, _less(paid, _sums(back, "transfer__account__partner", "amount")))


def _entrusted(region: Any) -> list[str]:
    """What is held for a producer by the journal is what the documents in its name say that no statement counts."""
    booked = Posting.objects.filter(entry__region=region, ledger=Posting.Ledger.ENTRUSTED)
    held = {partner: -amount for partner, amount in _sums(booked, "partner", "amount").items()}
    return _differences("Producer (held)", held, agency.held(region=region), {})


def _fees_due(region: Any) -> list[str]:
    """What receivers of fees are owed by the journal is what was taken for them and no statement counts."""
    booked = Posting.objects.filter(entry__region=region, ledger=Posting.Ledger.FEES_DUE)
    owed = {payee: -amount for payee, amount in _sums(booked, "partner", "amount").items()}
    return _differences("Receiver of fees", owed, fee_statements.waiting_sums(region=region), {})


def _billing(region: Any, today: date) -> list[str]:
    """What was delivered before today and should be billed, settled, or finished as a file."""
    start = periods.starts(today)
    late = invoicing.due_deliveries().filter(round__region=region, completed_at__lt=start)
    uncorrected = corrections.due().filter(region=region, credits__granted_at__lt=start).distinct()
    found = [f"Delivery {delivery.pk} ({delivery.code}) is not billed." for delivery in late]
    found += [f"Order {order.number} has a credit and no correction." for order in uncorrected]
    accounts = set(Account.objects.filter(region=region).values_list("pk", flat=True))
    months = [(account, month) for account, month in invoicing.due_months(today=today) if account in accounts]
    found += [f"Account {account} is not billed for {month:%Y-%m}." for account, month in months]
    partners = settlements.without_document(region=region, before=periods.month_of(today)[0])
    found += [f"{partner.name} is not settled for a past month." for partner in partners]
    stated = {partner for partner, month in agency.due_months(today=today)}
    names = Partner.objects.filter(pk__in=stated, region=region).order_by("name", "pk")
    found += [f"{partner.name} has no statement for a past month." for partner in names]
    unmade = files.due().filter(region=region, finalised_at__lt=start)
    return found + [f"{invoice.number} has no file." for invoice in unmade]


def _added(sums: Mapping[int, Decimal], more: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Both together."""
    return {pk: sums.get(pk, money.ZERO) + more.get(pk, money.ZERO) for pk in {*sums, *more}}


def _less(sums: Mapping[int, Decimal], *others: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """The sums, each less those of the others."""
    found = dict(sums)
    for other in others:
        for pk, amount in other.items():
            found[pk] = found.get(pk, money.ZERO) - amount
    return found


def _sums(rows: QuerySet[Any], by: str, of: Any) -> dict[int, Decimal]:
    return dict(rows.values_list(by).annotate(sum=Sum(of)).order_by(by))


def _differences(what: str, booked: Mapping[int, Decimal], said: Mapping[int, Decimal], paid: Mapping[int, Decimal]) -> list[str]:
    found = []
    for pk in sorted({*booked, *said, *paid}):
        journal, documents = booked.get(pk, money.ZERO), said.get(pk, money.ZERO) - paid.get(pk, money.ZERO)
        if journal != documents:
            found.append(f"{what} {pk}: the journal says {journal}, the documents {documents}.")
    return found
