"""Keeps the books of the demo: invoices every evening, money as it comes in, credit notes when a month is over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import F

from billing import agency, files, invoicing, payables, payments, settlements
from billing.models import Invoice, OrderTerms, Payment
from logistics import daytime
from logistics.models import Delivery
from marketplace.core import money
from marketplace.demo.roundwork import Due, paid_with
from marketplace.order.models import Order

#: of a hundred bills that are paid by transfer, those that nobody has paid yet
UNPAID = 0.12
PAYOUT_DAYS = 9
#: how an invoice says that it is collected
DEBIT = "59"


def pay_at_the_door(*, delivery: Delivery, at: datetime) -> None:
    """Cash or card, where that was agreed."""
    method = paid_with(delivery=delivery)
    if method is not None:
        payments.settle_handover(delivery=delivery, method=method, at=at)


def draw(*, today: date, at: datetime, dice: Random) -> Iterator[Due]:
    """Draw what is due, and say when it will be paid."""
    for invoice in invoicing.draw_due(today=today, at=at):
        yield from _transfer(invoice, today, dice)


def settle(*, today: date, at: datetime) -> Iterator[Due]:
    """Credit the producers for past months, and say when they get their money."""
    for settled in settlements.settle_due(today=today, at=at):
        if settled.invoice is not None:
            yield Due(daytime.on(today + timedelta(days=PAYOUT_DAYS), time(9)), settled.invoice)
    for statement in agency.settle_due(today=today, at=at):
        yield Due(daytime.on(today + timedelta(days=PAYOUT_DAYS), time(9)), statement.commission)


def received(invoice: Invoice, at: datetime) -> None:
    """The transfer for an invoice arrives."""
    amount = invoice.gross - payments.paid(invoice=invoice)
    if amount > money.ZERO:
        day = at.astimezone(daytime.ZONE).date()
        payments.receive(
            invoice=invoice, amount=amount, method=Payment.Method.TRANSFER, received_on=day, at=at, reference=invoice.number
        )


def pay_ahead(*, order: Order, at: datetime) -> None:
    """The transfer in advance arrives."""
    day = at.astimezone(daytime.ZONE).date()
    payments.receive(
        order=order, amount=order.total_incl_tax, method=Payment.Method.TRANSFER, received_on=day, at=at, reference=order.number
    )


def pay_out(*, settlement: Invoice, at: datetime) -> None:
    """A producer gets what a credit note says."""
    if payables.left_of(settlements=[settlement])[settlement.pk] > money.ZERO:
        day = at.astimezone(daytime.ZONE).date()
        payments.pay_out(settlement=settlement, paid_on=day, at=at, reference=settlement.number)


def print_newest(*, at: datetime, most: int) -> None:
    """Make the files of the newest documents, those of accounts first; the worker makes the others."""
    for invoice in files.due().order_by(F("account").asc(nulls_last=True), "-pk")[:most]:
        files.make(invoice=invoice, at=at)


def _transfer(invoice: Invoice, today: date, dice: Random) -> Iterator[Due]:
    if invoice.due_on is None or invoice.content["payment"]["code"] == DEBIT or dice.random() < UNPAID:
        return
    terms = OrderTerms.objects.filter(order=invoice.order_id).first() if invoice.order_id else None
    if terms is not None and terms.method == OrderTerms.Method.HANDOVER:
        return
    days = max(1, (invoice.due_on - today).days - dice.randint(1, 5))
    yield Due(daytime.on(today + timedelta(days=days), time(8, 30)), invoice)
