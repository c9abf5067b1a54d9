"""Gives money back the way it came: what an order's customer has paid too much goes back to the card it came from, by itself.

It is booked when it is decided, so that nobody pays it back a second time; what the provider refuses is booked back, and then
the office pays it back by hand.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from billing import payments, refunds
from billing.models import Dispute, OnlinePayment, OnlineRefund, Payment
from billing.online.provider import NotPossible, Provider, Unreachable
from marketplace.core import audit, money
from marketplace.order.models import Order
from marketplace.regions.models import Region

log = logging.getLogger(__name__)
Status = OnlineRefund.Status
#: the provider can pay back for half a year at most
OLDEST = timedelta(days=170)


def due(*, region: Region, at: datetime) -> list[Order]:
    """Orders whose customers paid too much online, the oldest first."""
    return [order for order in refunds.orders(region=region).filter(pk__in=_payers(region, at)) if _left(order, at)]


def give_back_due(*, region: Region, provider: Provider, at: datetime) -> None:
    """Decide and book what is due, then have it paid back; what broke off goes on here."""
    for order in due(region=region, at=at):
        decide(order=order, at=at)
    asked = OnlineRefund.objects.filter(status=Status.ASKED, payment__region=region)
    for row in asked.select_related("payment").order_by("pk"):
        try:
            send(row=row, provider=provider, at=at)
        except Unreachable:
            log.warning("The payment provider does not answer; refunds are sent later.")
            return


@transaction.atomic
def decide(*, order: Order, at: datetime) -> list[OnlineRefund]:
    """Book what goes back to an order's customer: its credit balance, never more of a payment than was taken by it."""
    Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
    found = []
    for payment, left in _left(order, at):
        refund = refunds.pay_back_order(
            order=order,
            method=Payment.Method.ONLINE,
            paid_on=timezone.localdate(at),
            at=at,
            reference=payment.intent,
            most=left,
        )
        if refund is None:
            break
        found.append(OnlineRefund.objects.create(payment=payment, refund=refund, amount=refund.amount, asked_at=at))
    return found


def send(*, row: OnlineRefund, provider: Provider, at: datetime) -> OnlineRefund:
    """Have the provider pay it back, or ask how it stands. Raises `provider.Unreachable`."""
    number, status, problem = row.number, "", ""
    try:
        if number:
            status = provider.refund_status(number=number)
        else:
            number, status = provider.give_back(number=row.payment.intent, amount=row.amount, key=str(row.key))
    except NotPossible as refusal:
        status, problem = "failed", str(refusal)
    return _apply(row.pk, number, status, problem, at)


@transaction.atomic
def _apply(pk: int, number: str, status: str, problem: str, at: datetime) -> OnlineRefund:
    row = OnlineRefund.objects.select_for_update(of=("self",)).select_related("refund__order__region", "payment").get(pk=pk)
    row.number = row.number or number
    to = {"succeeded": Status.DONE, "failed": Status.FAILED, "canceled": Status.FAILED}.get(status)
    if to is not None and to in OnlineRefund.TRANSITIONS.get(Status(row.status), frozenset()):
        old, row.status, row.ended_at, row.failure = row.status, to, at, problem[:100]
        if to == Status.FAILED:
            _book_back(row, at)
        audit.record(action=f"online_refund.{to}", target=row, at=at, old={"status": old}, new={"status": to})
    row.save(update_fields=["number", "status", "ended_at", "failure"])
    return row


def _book_back(row: OnlineRefund, at: datetime) -> None:
    """The money is with the provider again, and the customer's."""
    payments.receive(
        order=row.refund.order,
        amount=row.amount,
        method=Payment.Method.ONLINE,
        received_on=timezone.localdate(at),
        at=at,
        reference=f"Erstattung misslungen {row.pk}",
    )


def _payers(region: Region, at: datetime) -> QuerySet[Order]:
    paid = OnlinePayment.objects.filter(region=region, status=OnlinePayment.Status.CAPTURED, ended_at__gt=at - OLDEST)
    return Order.objects.filter(Q(online_payments__in=paid) | Q(invoices__online_payments__in=paid)).distinct()


def _left(order: Order, at: datetime) -> list[tuple[OnlinePayment, Decimal]]:
    """The payments of an order by which something can go back, and how much; the latest first.

    One whose refund failed, or that is disputed, is left to the office.
    """
    rows = OnlinePayment.objects.filter(
        Q(order=order) | Q(invoice__order=order), status=OnlinePayment.Status.CAPTURED, ended_at__gt=at - OLDEST
    )
    barred = OnlineRefund.objects.filter(status=Status.FAILED).values("payment")
    disputed = Dispute.objects.exclude(status=Dispute.Status.WON).values("payment")
    rows = rows.exclude(pk__in=barred).exclude(pk__in=disputed)
    found = []
    for payment in rows.order_by("-pk"):
        given: Decimal = payment.refunds.aggregate(sum=Sum("amount"))["sum"] or money.ZERO
        if payment.taken > given:
            found.append((payment, payment.taken - given))
    return found
