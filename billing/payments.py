"""Writes down money that came in for invoices and orders, and money that went out to producers."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import claims, editions, journal, order_money, payables, reductions, supplier_invoices
from billing.journal import Ledger, Side
from billing.models import BankLine, IncomingInvoice, Invoice, JournalEntry, OrderTerms, Payment, PaymentReturn, Posting, Refund
from logistics.models import Delivery
from marketplace.core import money
from marketplace.order.models import Order

LEDGERS = {
    Payment.Method.TRANSFER: Ledger.BANK,
    Payment.Method.CARD: Ledger.BANK,
    Payment.Method.CASH: Ledger.CASH,
    Payment.Method.ONLINE: Ledger.PROVIDER,
    Payment.Method.VOUCHER: Ledger.VOUCHERS,
}


class PaymentRefused(Exception):
    """The money cannot be booked; the message is fit for the person who tried."""


@transaction.atomic
def receive(
    *,
    invoice: Invoice | None = None,
    order: Order | None = None,
    amount: Decimal,
    method: str,
    received_on: date,
    at: datetime,
    reference: str = "",
    bank_line: BankLine | None = None,
) -> Payment:
    """Book money for an invoice, or for an order that has none yet. Euro, above zero.

    The same target, day, method, amount and reference are the same payment: a form sent twice books once. Two equal payments of
    one day need different references. Raises `PaymentRefused`.
    """
    if (invoice is None) == (order is None):
        raise ValueError("Name either an invoice or an order.")
    if amount <= 0 or amount != money.to_cents(amount):
        raise PaymentRefused(_("Please give an amount in whole cents above zero."))
    if invoice is not None and invoice.kind != Invoice.Kind.INVOICE:
        raise PaymentRefused(_("%(number)s is not an invoice that is paid.") % {"number": invoice.number})
    target: Any = invoice if invoice is not None else order
    what = f"{target._meta.model_name}:{target.pk}"
    told = hashlib.sha256("|".join((method, received_on.isoformat(), str(money.to_cents(amount)), reference)).encode())
    return _receive(
        invoice=invoice,
        order=order,
        amount=money.to_cents(amount),
        method=method,
        received_on=received_on,
        at=at,
        reference=reference,
        bank_line=bank_line,
        key=_not_taken_back(f"payment:{what}:{told.hexdigest()[:32]}"),
    )


def use_vouchers(*, invoice: Invoice, amount: Decimal, day: date, at: datetime) -> Payment:
    """Book that the market's vouchers pay a part of an invoice in a producer's name, once: the producer gets its full price."""
    return _receive(
        invoice=invoice,
        order=None,
        amount=amount,
        method=Payment.Method.VOUCHER,
        received_on=day,
        at=at,
        reference=invoice.number,
        key=f"voucher:{invoice.pk}",
    )


@transaction.atomic
def settle_handover(*, delivery: Delivery, method: str, at: datetime) -> Payment | None:
    """Book what the customer paid at the door for a completed delivery: all that is still owed, in cash or by card.

    None when nothing is owed. Safe to call twice, and before or after the invoice was drawn.
    """
    if method not in (Payment.Method.CASH, Payment.Method.CARD):
        raise PaymentRefused(_("At handover one pays in cash or by card."))
    locked = Delivery.objects.select_for_update(of=("self",), no_key=True).select_related("order").get(pk=delivery.pk)
    key = f"handover:{locked.pk}"
    booked = Payment.objects.filter(entry__key=key).first()
    if booked is not None:
        return booked
    amount = open_amount(delivery=locked)
    if amount <= 0:
        return None
    return _receive(
        invoice=None,
        order=locked.order,
        amount=amount,
        method=method,
        received_on=timezone.localdate(at),
        at=at,
        reference=locked.code,
        key=key,
    )


def open_handovers(*, region: Any) -> QuerySet[Delivery]:
    """Completed deliveries of a region that are to be paid at handover and for which no money is booked, the oldest first.

    One that was billed and corrected, or for which more empties came back than it cost, leaves nothing to collect.
    """
    unpaid = Delivery.objects.filter(
        round__region=region,
        status=Delivery.Status.COMPLETED,
        packed_lines__delivered__gt=0,
        order__terms__method=OrderTerms.Method.HANDOVER,
        order__payments__isnull=True,
        order__invoices__payments__isnull=True,
    )
    balances = Posting.objects.filter(ledger=Ledger.RECEIVABLE, order__isnull=False).order_by().values("order")
    nothing_left = balances.annotate(sum=Sum("amount")).filter(sum__lte=0).values("order")
    open_ones = unpaid.exclude(order__in=nothing_left)
    return open_ones.select_related("order__terms").distinct().order_by("completed_at", "pk")


def open_amount(*, delivery: Delivery) -> Decimal:
    """What the customer still owes for a completed delivery, billed or not, in euro."""
    owed = journal.balance(order=delivery.order)
    return owed + reductions.owed(delivery=delivery)


def paid_ahead(*, order: Order) -> Decimal:
    """What has come in for an order that is not billed yet, less what went back, in euro."""
    return max(-journal.balance(order=order), money.ZERO)


def paid(*, invoice: Invoice) -> Decimal:
    """What came in for an invoice, payments for its order included, and what corrections took off, less what went back."""
    received = Payment.objects.filter(editions.of(invoice=invoice, name="invoice"))
    returned = Refund.objects.none()
    if invoice.order_id:
        received = received | Payment.objects.filter(order_id=invoice.order_id)
        returned = Refund.objects.filter(order_id=invoice.order_id)
    corrected = Invoice.objects.filter(editions.of(invoice=invoice, name="corrects"))
    told = _total(received, "amount") + _total(corrected, "gross") - _total(returned, "amount")
    return told - claims.on_top_of(invoice=invoice) + order_money.spread_of(invoice=invoice)


@transaction.atomic
def pay_out(
    *,
    settlement: Invoice,
    paid_on: date,
    at: datetime,
    reference: str = "",
    bank_line: BankLine | None = None,
    method: Payment.Method = Payment.Method.TRANSFER,
) -> Payment:
    """Book the transfer of a credit note to its producer, once; `method` says by the bank or the payment provider.

    Raises `PaymentRefused` when it was objected to or cancelled, or goes the other way.
    """
    locked = _locked_settlement(settlement)
    whole = payables.worth(settlement=locked)
    if locked.partner_id is None or whole <= 0 or locked.objected_at is not None:
        raise PaymentRefused(_("%(number)s is not to be paid out.") % {"number": locked.number})
    if Invoice.objects.filter(replaces=locked).exists():
        raise PaymentRefused(_("%(number)s was cancelled.") % {"number": locked.number})
    existing = locked.payments.first()
    if existing is not None:
        return existing
    if method == Payment.Method.TRANSFER and locked.payout_items.filter(stands=True, run__isnull=True).exists():
        raise PaymentRefused(_("%(number)s is paid through the payment provider.") % {"number": locked.number})
    amount = payables.left_of(settlements=[locked])[locked.pk]
    if amount <= 0:
        raise PaymentRefused(_("%(number)s is set off against what the business owes.") % {"number": locked.number})
    entry = journal.post(
        region=locked.region,
        kind=JournalEntry.Kind.PAYOUT,
        key=f"payout:{locked.pk}",
        day=paid_on,
        at=at,
        text=f"Auszahlung {locked.number}",
        sides=(
            Side(ledger=Ledger.PAYABLE, amount=amount, partner_id=locked.partner_id),
            Side(ledger=LEDGERS[method], amount=-amount),
        ),
        invoice=locked,
    )
    return Payment.objects.create(
        invoice=locked,
        method=method,
        amount=amount,
        offset=whole - amount,
        received_on=paid_on,
        reference=reference,
        bank_line=bank_line,
        entry=entry,
    )


@transaction.atomic
def set_off(*, settlement: Invoice, today: date, at: datetime) -> Payment | None:
    """Book that a credit note is worth nothing more, because its producer owes the market as much; None when something is left.

    The producer's account owes and is owed the same, so the entry moves no money. A second call gives back the first payment.
    """
    locked = _locked_settlement(settlement)
    existing = locked.payments.first()
    if existing is not None:
        return existing
    whole = payables.worth(settlement=locked)
    if payables.left_of(settlements=[locked])[locked.pk] > 0 or whole <= 0:
        return None
    sides = [Side(ledger=Ledger.PAYABLE, amount=sign * whole, partner_id=locked.partner_id) for sign in (1, -1)]
    entry = journal.post(
        region=locked.region,
        kind=JournalEntry.Kind.OFFSET,
        key=f"set_off:{locked.pk}",
        day=today,
        at=at,
        text=f"Verrechnung {locked.number}",
        sides=sides,
        invoice=locked,
    )
    return Payment.objects.create(
        invoice=locked,
        method=Payment.Method.TRANSFER,
        amount=money.ZERO,
        offset=whole,
        received_on=today,
        reference=locked.number,
        entry=entry,
    )


@transaction.atomic
def pay_supplier(
    *, incoming: IncomingInvoice, paid_on: date, at: datetime, reference: str, bank_line: BankLine | None
) -> Payment:
    """Book the transfer of an invoice that is booked as an expense, once. Raises `PaymentRefused`."""
    locked = IncomingInvoice.objects.select_for_update(of=("self",)).defer("original", "content").get(pk=incoming.pk)
    existing = locked.payments.first()
    if existing is not None:
        return existing
    if not supplier_invoices.unpaid(region=locked.region_id).filter(pk=locked.pk).exists():
        raise PaymentRefused(_("%(number)s is not booked as an expense.") % {"number": locked.number})
    entry = journal.post(
        region=locked.region,
        kind=JournalEntry.Kind.PAYOUT,
        key=f"supplier:{locked.pk}",
        day=paid_on,
        at=at,
        text=f"Zahlung {locked.number} {locked.seller_name}",
        sides=(
            Side(ledger=Ledger.SUPPLIERS, amount=locked.gross, partner_id=locked.partner_id),
            Side(ledger=Ledger.BANK, amount=-locked.gross),
        ),
    )
    return Payment.objects.create(
        incoming=locked,
        method=Payment.Method.TRANSFER,
        amount=locked.gross,
        received_on=paid_on,
        reference=reference,
        bank_line=bank_line,
        entry=entry,
    )


def _locked_settlement(settlement: Invoice) -> Invoice:
    rows = Invoice.objects.select_for_update(of=("self",)).select_related("region", "agency_statement")
    return rows.get(pk=settlement.pk)


def _not_taken_back(key: str) -> str:
    """The key, or the next one when the payment that had it was taken back: the same can be booked again."""
    times = PaymentReturn.objects.filter(payment__entry__key__startswith=key).count()
    return f"{key}:{times + 1}" if times else key


def _total(rows: QuerySet[Any], of: str) -> Decimal:
    found: Decimal | None = rows.aggregate(sum=Sum(of))["sum"]
    return found or money.ZERO


def _receive(
    *,
    invoice: Invoice | None,
    order: Order | None,
    amount: Decimal,
    method: str,
    received_on: date,
    at: datetime,
    reference: str,
    key: str,
    bank_line: BankLine | None = None,
) -> Payment:
    order_id = invoice.order_id if invoice is not None else order.pk if order is not None else None
    target = invoice if invoice is not None else order
    if target is None:
        raise ValueError("Name either an invoice or an order.")
    entry = journal.post(
        region=target.region,
        kind=JournalEntry.Kind.PAYMENT,
        key=key,
        day=received_on,
        at=at,
        text=f"Zahlung {target.number}",
        sides=(
            Side(ledger=LEDGERS[Payment.Method(method)], amount=amount),
            Side(ledger=Ledger.RECEIVABLE, amount=-amount, account_id=_account_id(invoice, order_id), order_id=order_id),
        ),
        invoice=invoice,
    )
    payment, _created = Payment.objects.get_or_create(
        entry=entry,
        defaults={
            "invoice": invoice,
            "order": order,
            "method": method,
            "amount": amount,
            "received_on": received_on,
            "reference": reference,
            "bank_line": bank_line,
        },
    )
    return payment


def _account_id(invoice: Invoice | None, order_id: int | None) -> int | None:
    """The account whose receivable falls: the invoice's own, or that of the order."""
    if invoice is not None and invoice.account_id:
        return invoice.account_id
    return Order.objects.filter(pk=order_id).values_list("terms__account", flat=True).first()
