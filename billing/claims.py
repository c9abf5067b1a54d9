"""Reads what changes the open part of an invoice besides payments, corrections and refunds.

Payments that did not last and what was charged for being late raise it; a credit balance that was used lowers it, and raises it
on the document that it came from.
"""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing import editions
from billing.models import Invoice, Offset, PaymentReturn, Surcharge
from marketplace.core import money

MONEY = DecimalField(max_digits=12, decimal_places=2)
NOTHING = Value(0, output_field=MONEY)


def on_top() -> Any:
    """All of it for the invoice of an outer query, in euro, as an annotation; part of what is left to pay."""
    of_order = _summed(PaymentReturn.objects.filter(payment__order=OuterRef("order"), payment__order__isnull=False))
    returned = _of(PaymentReturn.objects.all(), "payment__invoice") + of_order
    return returned + charged() + _of(Offset.objects.all(), "source") - _of(Offset.objects.all(), "target")


def charged() -> Any:
    """What was charged for being late, for the invoice of an outer query, in euro."""
    return _of(Surcharge.objects.all(), "invoice")


def on_top_of(*, invoice: Invoice) -> Decimal:
    """The same as `on_top` for one invoice at hand."""
    returned = PaymentReturn.objects.filter(editions.of(invoice=invoice, name="payment__invoice"))
    if invoice.order_id:
        returned = returned | PaymentReturn.objects.filter(payment__order_id=invoice.order_id)
    return (
        _total(returned)
        + charged_on(invoice=invoice)
        + _total(Offset.objects.filter(editions.of(invoice=invoice, name="source")))
        - _total(Offset.objects.filter(editions.of(invoice=invoice, name="target")))
    )


def charged_on(*, invoice: Invoice) -> Decimal:
    """What was charged on one invoice for being late, in euro."""
    return _total(Surcharge.objects.filter(editions.of(invoice=invoice, name="invoice")))


def _of(rows: QuerySet[Any], name: str) -> Any:
    """The sum over rows that name the document of the outer query, or an earlier edition of it."""
    return _summed(rows.filter(**{name: OuterRef("pk")})) + editions.before(rows=rows, of="amount", name=name)


def _summed(rows: QuerySet[Any]) -> Coalesce:
    summed = rows.order_by().annotate(of_all=Value(1)).values("of_all").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(summed, output_field=MONEY), NOTHING, output_field=MONEY)


def _total(rows: QuerySet[Any]) -> Decimal:
    found: Decimal | None = rows.aggregate(sum=Sum("amount"))["sum"]
    return found or money.ZERO
