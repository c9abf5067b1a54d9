"""Decides how a document stands: open, paid, overdue, cancelled, objected to; read from payments, never stored."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from billing import claims, editions, order_money
from billing.models import Invoice, Payment, Refund
from marketplace.core import money


class State(NamedTuple):
    """A word for people and the tone of its badge: neutral, info, success, warning or danger."""

    text: str
    tone: str


def with_paid(documents: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Documents with `paid`: what came in for them and their order and what corrections took off, less what went back.

    Of a credit note to a producer: what went out on it, and what was set off. Euro.
    """
    amount = DecimalField(max_digits=12, decimal_places=2)

    def total(rows: QuerySet[Any], of: Any = "amount", **which: Any) -> Coalesce:
        found = rows.filter(**which).order_by().values(*which).annotate(sum=Sum(of)).values("sum")
        return Coalesce(Subquery(found), Value(money.ZERO), output_field=amount)

    paid = F("amount") + F("offset")
    received: Any = total(Payment.objects.all(), paid, invoice=OuterRef("pk")) + total(
        Payment.objects.all(), order=OuterRef("order")
    )
    corrected: Any = total(Invoice.objects.all(), "gross", corrects=OuterRef("pk"))
    received += editions.before(rows=Payment.objects.all(), of="amount", name="invoice")
    corrected += editions.before(rows=Invoice.objects.all(), of="gross", name="corrects")
    back = total(Refund.objects.all(), order=OuterRef("order"))
    return documents.annotate(paid=received + corrected - back - claims.on_top() + order_money.spread())


def state_of(*, invoice: Invoice, today: date) -> State:
    """How a document stands on a day. The row comes from `with_paid`, with `replaced_by` at hand."""
    paid: Decimal = invoice.paid  # type: ignore[attr-defined]  # annotated by with_paid
    if hasattr(invoice, "replaced_by"):
        return State(_("cancelled"), "neutral")
    if invoice.kind in (Invoice.Kind.CANCELLATION, Invoice.Kind.CREDIT):
        return State(_("correction"), "neutral")
    if invoice.kind == Invoice.Kind.SELF_BILLED:
        return _credit_note(invoice, paid)
    if paid > invoice.gross:
        return State(_("paid, credit balance"), "success")
    if paid == invoice.gross:
        return State(_("paid"), "success")
    if invoice.due_on and invoice.due_on < today:
        return State(_("overdue"), "danger")
    return State(_("open"), "warning")


def is_open(*, invoice: Invoice) -> bool:
    """Whether a customer still has to pay something on it. The row comes from `with_paid`, with `replaced_by` at hand."""
    paid: Decimal = invoice.paid  # type: ignore[attr-defined]  # annotated by with_paid
    return invoice.kind == Invoice.Kind.INVOICE and not hasattr(invoice, "replaced_by") and paid < invoice.gross


def _credit_note(invoice: Invoice, paid: Decimal) -> State:
    if invoice.objected_at:
        return State(_("objected to"), "danger")
    return State(_("paid out"), "success") if paid >= invoice.gross else State(_("payout due"), "info")
