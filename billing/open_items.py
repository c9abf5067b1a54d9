"""Reads what is still to be paid: invoices, orders paid in advance, and credit notes that a producer waits for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing import claims, editions, order_money, payables, supplier_invoices
from billing.models import Invoice, OrderTerms, Payment, PayoutItem, PayoutRun, Refund
from marketplace.core import money
from marketplace.order.models import Order

MONEY = DecimalField(max_digits=12, decimal_places=2)
NOTHING = Value(0, output_field=MONEY)
INVOICE, ORDER, CREDIT_NOTE, PAYOUT_RUN = "invoice", "order", "credit_note", "payout_run"
DEBIT_RUN, DEBIT_ITEM = "debit_run", "debit_item"
PROVIDER_PAYOUT = "provider_payout"
SUPPLIER = "supplier"


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """Something to be paid: `left` is euro, above zero; `number` is what people write on a transfer."""

    kind: str
    pk: int
    number: str
    whom: str
    left: Decimal
    day: date
    #: the key of the order whose payment pays it too
    within: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.pk}"


def received() -> Any:
    """What was paid on an invoice and its earlier editions, as an annotation: on itself and on its order, never on both.

    Of money for an order with several sellers its share.
    """
    paid = Payment.objects.filter(Q(invoice=OuterRef("pk")) | Q(order=OuterRef("order"), order__isnull=False))
    return (
        _summed(paid, "amount") + editions.before(rows=Payment.objects.all(), of="amount", name="invoice") + order_money.spread()
    )


def to_come_in(*, region: Any) -> list[OpenItem]:
    """Invoices that are not paid in full, and orders for which a transfer in advance was agreed; the oldest first."""
    items = _invoices(Invoice.objects.filter(region=region)) + _orders(_unpaid_orders(region))
    return sorted(items, key=lambda item: (item.day, item.number))


def one_to_come_in(*, region: Any, key: str) -> OpenItem | None:
    """The same, one alone by its `key`; None when it is not open (any more)."""
    kind, _colon, pk = key.partition(":")
    if not pk.isdecimal():
        return None
    if kind == INVOICE:
        found = _invoices(Invoice.objects.filter(region=region, pk=int(pk)))
    else:
        found = _orders(_unpaid_orders(region).filter(pk=int(pk))) if kind == ORDER else []
        found = found or [item for item in together(region=region) if item.key == key]
    return found[0] if found else None


def together(*, region: Any) -> list[OpenItem]:
    """Orders of which several sellers' invoices are open: one payment that names the order pays them all. One query.

    They stand beside the invoices, so they are no part of what is to come in.
    """
    several = Invoice.objects.filter(region=region, seller__isnull=False, order__isnull=False).values("order")
    rows = unpaid(documents=Invoice.objects.filter(region=region, order__in=several)).select_related("order")
    sums: dict[Any, Decimal] = {}
    for row in rows.order_by("issued_on", "pk"):
        sums[row.order] = sums.get(row.order, money.ZERO) + row.left
    return [
        OpenItem(
            kind=ORDER, pk=order.pk, number=order.number, whom=_name(order), left=left, day=timezone.localdate(order.date_placed)
        )
        for order, left in sums.items()
    ]


def to_go_out(*, region: Any) -> list[OpenItem]:
    """Credit notes that are neither paid out, nor objected to, nor cancelled, and runs of them; the oldest first."""
    by_the_bank = waiting_credit_notes(region=region).exclude(payout_items__in=PayoutItem.objects.filter(stands=True, run=None))
    rows = list(by_the_bank.order_by("issued_on", "number"))
    left = payables.left_of(settlements=rows)
    items = [
        OpenItem(kind=CREDIT_NOTE, pk=row.pk, number=row.number, whom=str(row.partner), left=left[row.pk], day=row.issued_on)
        for row in rows
        if left[row.pk] > 0
    ]
    return items + _runs(region, {row.pk for row in rows}) + _suppliers(region)


def _suppliers(region: Any) -> list[OpenItem]:
    """Invoices of suppliers that are booked as expenses and not paid."""
    rows = supplier_invoices.unpaid(region=region).order_by("due_on", "issued_on", "pk")
    return [
        OpenItem(kind=SUPPLIER, pk=row.pk, number=row.number, whom=row.seller_name, left=row.gross, day=row.issued_on)
        for row in rows
    ]


def waiting_credit_notes(*, region: Any) -> QuerySet[Invoice]:
    """Credit notes that are neither paid out, nor objected to, nor cancelled, with their producers."""
    rows = Invoice.objects.filter(region=region, objected_at__isnull=True, replaced_by__isnull=True, payments__isnull=True)
    return payables.owed_on(rows).select_related("partner", "agency_statement").defer("content")


def unpaid(*, documents: QuerySet[Invoice]) -> QuerySet[Any]:
    """The invoices among documents that are not paid in full, with `left` in euro."""
    return with_left(documents=documents).filter(left__gt=0)


def with_left(*, documents: QuerySet[Invoice]) -> QuerySet[Any]:
    """The invoices among documents that stand, with `left`: what is still to be paid, below zero what is too much, in euro.

    That is what they say, less what came in and what corrections took off, plus what went back.
    """
    corrected: Any = _summed(Invoice.objects.filter(corrects=OuterRef("pk")), "gross")
    corrected += editions.before(rows=Invoice.objects.all(), of="gross", name="corrects")
    returned = _summed(Refund.objects.filter(order=OuterRef("order"), order__isnull=False), "amount")
    rows: QuerySet[Any] = documents.filter(kind=Invoice.Kind.INVOICE, partner__isnull=True, replaced_by__isnull=True).defer(
        "content"
    )
    found: QuerySet[Any] = rows.annotate(left=F("gross") - received() - corrected + returned + claims.on_top())
    return found


def _invoices(documents: QuerySet[Invoice]) -> list[OpenItem]:
    return [
        OpenItem(
            kind=INVOICE,
            pk=row.pk,
            number=row.number,
            whom=whom(row),
            left=row.left,
            day=row.issued_on,
            within=f"{ORDER}:{row.order_id}" if row.order_id else "",
        )
        for row in unpaid(documents=documents).select_related("account", "order")
    ]


def _orders(rows: QuerySet[Any]) -> list[OpenItem]:
    return [
        OpenItem(
            kind=ORDER, pk=row.pk, number=row.number, whom=_name(row), left=row.left, day=timezone.localdate(row.date_placed)
        )
        for row in rows
    ]


def _unpaid_orders(region: Any) -> QuerySet[Any]:
    """Orders without an invoice that are paid by transfer, with `left`."""
    orders: QuerySet[Any] = Order.objects.filter(
        region=region, terms__method=OrderTerms.Method.TRANSFER, invoices__isnull=True, total_incl_tax__gt=0
    )
    paid = _summed(Payment.objects.filter(order=OuterRef("pk")), "amount")
    returned = _summed(Refund.objects.filter(order=OuterRef("pk")), "amount")
    open_ones: QuerySet[Any] = orders.exclude(status=Order.Status.CANCELLED)
    found: QuerySet[Any] = open_ones.annotate(left=F("total_incl_tax") - paid + returned)
    return found.filter(left__gt=0)


def _summed(rows: QuerySet[Any], of: str) -> Coalesce:
    summed = rows.order_by().annotate(of_all=Value(1)).values("of_all").annotate(sum=Sum(of)).values("sum")
    return Coalesce(Subquery(summed, output_field=MONEY), NOTHING, output_field=MONEY)


def _runs(region: Any, waiting: set[int]) -> list[OpenItem]:
    """Runs of which the bank has not carried out everything."""
    found: dict[PayoutRun, Decimal] = {}
    for item in PayoutItem.objects.filter(run__region=region, stands=True, settlement__in=waiting).select_related("run"):
        if item.run is not None:
            found[item.run] = found.get(item.run, money.ZERO) + item.amount
    return [
        OpenItem(kind=PAYOUT_RUN, pk=run.pk, number=run.number, whom="", left=left, day=run.execution_on)
        for run, left in found.items()
    ]


def whom(invoice: Invoice) -> str:
    """The name of the customer; empty when the document is a producer's."""
    if invoice.account is not None:
        return invoice.account.name
    return _name(invoice.order) if invoice.order is not None else ""


def _name(order: Any) -> str:
    return f"{order.first_name} {order.last_name}".strip()


def total(items: list[OpenItem]) -> Decimal:
    """What all of them come to."""
    return sum((item.left for item in items), money.ZERO)
