"""Asks the provider how a payment stands and brings our row to that state, with all that is booked on the way.

Nobody else is believed: neither the address by which a customer comes back nor the words of a report. So the order in which
things are heard of does not matter, nor how often.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone

from billing import payments
from billing.models import OnlinePayment, OrderTerms, Payment
from billing.online import bookings
from billing.online.provider import NotPossible, Page, Paid, Provider
from marketplace.core import audit, money
from marketplace.order import signals
from marketplace.order.models import Order

Way, Status = OnlinePayment.Way, OnlinePayment.Status
#: the provider's words for a payment of which nothing is known yet
UNDECIDED = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
#: a page that was asked for and never came is given up after this time
NEVER_CAME = timedelta(hours=1)


def follow(*, payment: OnlinePayment, provider: Provider, at: datetime) -> OnlinePayment:
    """The payment as it stands. Raises `provider.Unreachable`."""
    page = provider.page(number=payment.page) if payment.page and payment.status == Status.OPENED else None
    intent = payment.intent or (page.intent if page else "")
    paid = provider.payment(number=intent) if intent else None
    if page is not None and page.kept:
        paid = provider.kept(number=page.kept)
    return _apply(payment.pk, _status(payment, page, paid, at), paid, at)


def close(*, payment: OnlinePayment, provider: Provider, at: datetime) -> OnlinePayment:
    """Nobody shall pay on its page any more; if somebody has, that holds. Raises `provider.Unreachable`."""
    if payment.status == Status.OPENED and payment.page:
        try:
            provider.end_page(number=payment.page)
        except NotPossible:
            return follow(payment=payment, provider=provider, at=at)
    return follow(payment=payment, provider=provider, at=at)


def release(*, payment: OnlinePayment, provider: Provider, at: datetime) -> OnlinePayment:
    """Let go of what is held or kept. Raises `provider.Unreachable`."""
    if payment.status == Status.OPENED:
        return close(payment=payment, provider=provider, at=at)
    if payment.status == Status.KEPT:
        return _apply(payment.pk, Status.RELEASED, None, at)
    if payment.status == Status.AUTHORISED:
        try:
            provider.let_go(number=payment.intent, key=str(payment.key))
        except NotPossible:  # it is taken, or its time is over: following says which
            return follow(payment=payment, provider=provider, at=at)
    return follow(payment=payment, provider=provider, at=at)


def fail(*, payment: OnlinePayment, why: str, at: datetime) -> OnlinePayment:
    """The provider does not even know of it: it will not be paid like that."""
    failed = _apply(payment.pk, Status.FAILED, None, at)
    OnlinePayment.objects.filter(pk=failed.pk, failure="").update(failure=why)
    return failed


def _status(payment: OnlinePayment, page: Page | None, paid: Paid | None, at: datetime) -> str:
    """What the provider's words mean."""
    if paid is not None:
        if paid.status == "succeeded":
            return Status.KEPT if payment.way == Way.KEEP else Status.CAPTURED
        known = {"requires_capture": Status.AUTHORISED, "processing": Status.PROCESSING, "canceled": Status.RELEASED}
        if paid.status in known:
            return known[paid.status]
        if payment.status == Status.PROCESSING or payment.is_off_session:
            return Status.FAILED
    if page is not None and page.status == "expired":
        return Status.RELEASED
    if payment.status == Status.OPENED and not payment.page and payment.way != Way.LATER and payment.opened_at < at - NEVER_CAME:
        return Status.RELEASED
    return payment.status


@transaction.atomic
def _apply(pk: int, to: str, paid: Paid | None, at: datetime) -> OnlinePayment:
    """One step, once: the row is locked, and what it says already is not said again."""
    rows = OnlinePayment.objects.select_for_update(of=("self",)).select_related("region", "invoice__region", "order__region")
    payment = rows.get(pk=pk)
    old = payment.status
    if paid is not None and old != Status.CAPTURED:
        payment.intent, payment.payer = payment.intent or paid.number, paid.payer or payment.payer
        payment.means = paid.means or payment.means
        if to == Status.FAILED:
            payment.failure = paid.failure[:100]
    if to != old and to in OnlinePayment.TRANSITIONS.get(Status(old), frozenset()):
        _step(payment, to, paid, at)
    payment.save()
    return payment


def _step(payment: OnlinePayment, to: str, paid: Paid | None, at: datetime) -> None:
    old, day = payment.status, timezone.localdate(at)
    payment.status = to
    if to == Status.AUTHORISED:
        payment.authorised_at = at
        bookings.hold(payment=payment, day=day, at=at)
    elif to == Status.KEPT:
        payment.authorised_at = at
    elif to in (Status.CAPTURED, Status.RELEASED, Status.FAILED):
        payment.ended_at = at
    if old == Status.AUTHORISED:
        bookings.let_go(payment=payment, day=day, at=at)
    if to == Status.CAPTURED and paid is not None:
        payment.taken = paid.taken
        _receive(payment, paid.taken, at)
    if to in (Status.AUTHORISED, Status.KEPT, Status.PROCESSING, Status.CAPTURED) and old == Status.OPENED:
        _agree(payment, at)
    audit.record(action=f"online_payment.{to}", target=payment, at=at, old={"status": old}, new={"status": to})


def _receive(payment: OnlinePayment, amount: Decimal, at: datetime) -> None:
    target = {"order": payment.order} if payment.order is not None else {"invoice": payment.invoice}
    payments.receive(
        **target,
        amount=money.to_cents(amount),
        method=Payment.Method.ONLINE,
        received_on=timezone.localdate(at),
        at=at,
        reference=payment.intent,
    )


def _agree(payment: OnlinePayment, at: datetime) -> None:
    """The order is paid for; if that was agreed otherwise, it is agreed like that from now on."""
    if payment.order_id is None or payment.way == Way.LATER:
        return
    terms = OrderTerms.objects.select_for_update(of=("self",), no_key=True).get(order=payment.order_id)
    waited = terms.unpaid_until is not None
    before, terms.unpaid_until = terms.method, None
    if payment.way in (Way.HOLD, Way.KEEP):
        terms.method = OrderTerms.Method.ONLINE
    terms.save(update_fields=["method", "unpaid_until"])
    if before != terms.method and payment.order is not None:
        audit.record(action="order.payment", target=payment.order, at=at, old={"payment": before}, new={"payment": terms.method})
    if waited:
        transaction.on_commit(partial(signals.placed.send, sender=Order, order_id=payment.order_id), robust=True)
