"""Reads what was open at the end of a past day, from the journal alone: the same answer whenever it is asked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing.models import Account, IncomingInvoice, Invoice, Posting
from marketplace.core import money
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Region

Ledger = Posting.Ledger


@dataclass(frozen=True, kw_only=True)
class OpenAt:
    """What somebody owed on the day, in euro; below zero the market owed it. `number` is of the document, or of the order."""

    number: str
    whom: str
    day: date | None
    amount: Decimal


def on(*, region: Region, day: date) -> list[OpenAt]:
    """Everything open at the end of the day: orders, accounts by document, producers by document; by number. Ten queries."""
    booked = Posting.objects.filter(entry__region=region, entry__day__lte=day)
    orders = _orders(booked.filter(ledger=Ledger.RECEIVABLE, order__isnull=False))
    accounts = _by_document(booked.filter(ledger=Ledger.RECEIVABLE, order__isnull=True), "account", Account)
    producers = _by_document(booked.filter(ledger=Ledger.PAYABLE), "partner", Partner)
    fees = _unbilled(booked.filter(ledger=Ledger.FEES_DUE))
    bought = _suppliers(booked.filter(ledger=Ledger.SUPPLIERS))
    return sorted([*orders, *accounts, *producers, *fees, *bought], key=lambda item: (item.number, item.whom))


def total(*, items: list[OpenAt]) -> Decimal:
    """What all of them come to."""
    return sum((item.amount for item in items), money.ZERO)


def _orders(postings: Any) -> list[OpenAt]:
    sums = dict(postings.values_list("order").annotate(sum=Sum("amount")).exclude(sum=0).order_by("order"))
    rows = Order.objects.filter(pk__in=sums).order_by("pk")
    return [
        OpenAt(
            number=row.number, whom=row.company or row.contact_name, day=timezone.localdate(row.date_placed), amount=sums[row.pk]
        )
        for row in rows
    ]


def _unbilled(postings: Any) -> list[OpenAt]:
    """What was taken of producers for others and is on no statement of theirs."""
    sums = dict(postings.values_list("partner").annotate(sum=Sum("amount")).exclude(sum=0).order_by("partner"))
    names = Partner.objects.in_bulk(sums)
    return [OpenAt(number="", whom=str(names[payee].name), day=None, amount=amount) for payee, amount in sums.items()]


def _suppliers(postings: Any) -> list[OpenAt]:
    """By the invoice that was booked, taken back or paid."""
    about = Coalesce("entry__manual_entry__incoming", "entry__manual_entry__reverses__incoming", "entry__payment__incoming")
    sums = dict(postings.annotate(about=about).values_list("about").annotate(sum=Sum("amount")).exclude(sum=0).order_by("about"))
    rows = IncomingInvoice.objects.filter(pk__in=sums).only("number", "seller_name", "issued_on").order_by("pk")
    return [OpenAt(number=row.number, whom=row.seller_name, day=row.issued_on, amount=sums[row.pk]) for row in rows]


def _by_document(postings: Any, by: str, model: Any) -> list[OpenAt]:
    """By the document that everything about it refers to: a correction or cancellation counts for the one it corrects."""
    rows = postings.values_list(by, "entry__invoice").annotate(sum=Sum("amount")).order_by(by, "entry__invoice")
    told = list(rows)
    documents = Invoice.objects.defer("content").in_bulk({pk for _who, pk, _sum in told if pk})
    sums: dict[tuple[int, int | None], Decimal] = defaultdict(lambda: money.ZERO)
    for who, pk, amount in told:
        document = documents.get(pk)
        root = (document.replaces_id or document.corrects_id or pk) if document is not None else None
        sums[who, root] += amount
    left = {key: amount for key, amount in sums.items() if amount}
    missing = {root for _who, root in left if root and root not in documents}
    documents |= Invoice.objects.defer("content").in_bulk(missing)
    names = model._default_manager.in_bulk({who for who, _root in left})
    return [
        OpenAt(
            number=documents[root].number if root else "",
            whom=str(names[who].name),
            day=documents[root].issued_on if root else None,
            amount=amount,
        )
        for (who, root), amount in left.items()
    ]
