"""Takes what a delivered order came to from what is held or kept for it, never more; lets go of what nobody needs.

A payment that cannot be taken fails: then the order is an open invoice like any other, and the customer is written to (see
`reminding`).
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from billing import payments
from billing.models import OnlinePayment, OrderTerms
from billing.online import following, opening
from billing.online.provider import Declined, NotPossible, Provider, Unreachable
from logistics.models import Delivery
from marketplace.core import money
from marketplace.order.models import Order
from marketplace.regions.models import Region

log = logging.getLogger(__name__)
Way, Status = OnlinePayment.Way, OnlinePayment.Status
OVER = (Order.Status.COMPLETED, Order.Status.CANCELLED)
#: goods that were not handed over may be fetched for so long; no bank holds an amount for longer
WAITED_FOR = timedelta(days=7)


def due(*, region: Region, at: datetime) -> QuerySet[OnlinePayment]:
    """Payments that hold something for an order that is delivered, never fetched, cancelled or paid otherwise, oldest first."""
    rows = OnlinePayment.objects.filter(region=region, order__isnull=False)
    settled = _over(at) | ~Q(order__terms__method=OrderTerms.Method.ONLINE)
    held = Q(status__in=(Status.AUTHORISED, Status.KEPT))
    abandoned = Q(status=Status.OPENED, order__status=Order.Status.CANCELLED)
    asked = Q(status=Status.OPENED, way=Way.LATER)
    found = rows.filter(held & settled | abandoned | asked)
    return found.select_related("order__terms", "order__delivery", "order__region").order_by("pk")


def collect_due(*, region: Region, provider: Provider, at: datetime) -> int:
    """Take and let go of what is due; says how many were looked at. Ends when the provider does not answer."""
    seen = 0
    for payment in due(region=region, at=at):
        try:
            collect(payment=payment, provider=provider, at=at)
        except Unreachable:
            log.warning("The payment provider does not answer; payments are taken later.")
            break
        except Exception:
            log.exception("Online payment %s could not be taken; it stays due.", payment.pk)
        seen += 1
    return seen


def collect(*, payment: OnlinePayment, provider: Provider, at: datetime) -> OnlinePayment:
    """Take what its order came to, or let go. Safe to run twice, and to go on where it broke off."""
    order = payment.order
    if order is None:
        raise ValueError(f"Online payment {payment.pk} is for no order.")
    if payment.way == Way.LATER:
        return charge(payment=payment, means=payment.means, provider=provider, at=at)
    owed = _owed(order) if order.status == Order.Status.COMPLETED else money.ZERO
    if payment.status == Status.OPENED or order.terms.method != OrderTerms.Method.ONLINE or owed < opening.LEAST:
        return following.release(payment=payment, provider=provider, at=at)
    if payment.status == Status.AUTHORISED:
        payment = _take(payment, min(owed, payment.amount), provider, at)
        owed = _take_on(order, provider, at)
    if owed >= opening.LEAST and payment.means and payment.status in (Status.CAPTURED, Status.KEPT, Status.RELEASED):
        charge(payment=_later(payment, owed, at), means=payment.means, provider=provider, at=at)
    if payment.status == Status.KEPT:
        payment = following.release(payment=payment, provider=provider, at=at)
    return payment


def forget_due(*, region: Region, provider: Provider, at: datetime) -> None:
    """Have the provider forget the means of payment of orders that are over."""
    ended = OnlinePayment.objects.filter(
        region=region, status__in=(Status.CAPTURED, Status.RELEASED, Status.FAILED), way__in=(Way.HOLD, Way.KEEP, Way.MORE)
    )
    ended = ended.exclude(means="").filter(_over(at))
    waiting = OnlinePayment.objects.filter(status__in=(Status.OPENED, Status.PROCESSING), way=Way.LATER)
    for payment in ended.exclude(order__in=waiting.values("order")).order_by("pk"):
        try:
            provider.forget(means=payment.means)
        except NotPossible:
            log.info("The provider has forgotten the means of online payment %s already.", payment.pk)
        except Unreachable:
            return
        OnlinePayment.objects.filter(pk=payment.pk).update(means="")


def _over(at: datetime) -> Q:
    """Nothing will be handed over any more of a payment's order."""
    long_ago = timezone.localdate(at) - WAITED_FOR
    failed = Q(order__delivery__status=Delivery.Status.FAILED, order__delivery__round__delivery_day__lt=long_ago)
    return Q(order__status__in=OVER) | failed


def _owed(order: Order) -> Decimal:
    return payments.open_amount(delivery=Delivery.objects.select_related("order__region").get(order=order))


def _take(payment: OnlinePayment, amount: Decimal, provider: Provider, at: datetime) -> OnlinePayment:
    try:
        provider.take(number=payment.intent, amount=amount, key=str(payment.key))
    except (NotPossible, Declined) as refusal:  # taken by a run that broke off, or not held any more
        log.info("Online payment %s: %s", payment.pk, refusal)
    return following.follow(payment=payment, provider=provider, at=at)


def _take_on(order: Order, provider: Provider, at: datetime) -> Decimal:
    """Take from what is held on top, one after the other; says what is owed then. What is left over is let go in its turn."""
    owed = _owed(order)
    for held in OnlinePayment.objects.filter(order=order, status=Status.AUTHORISED).order_by("pk"):
        if owed >= opening.LEAST:
            _take(held, min(owed, held.amount), provider, at)
            owed = _owed(order)
    return owed


def _later(payment: OnlinePayment, owed: Decimal, at: datetime) -> OnlinePayment:
    """The row of what is taken from the means that was kept; there is one at a time, and one in all."""
    known = OnlinePayment.objects.filter(order=payment.order_id, way=Way.LATER).order_by("-pk").first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return OnlinePayment.objects.create(
                region_id=payment.region_id,
                order_id=payment.order_id,
                way=Way.LATER,
                amount=owed,
                payer=payment.payer,
                means=payment.means,
                opened_at=at,
            )
    except IntegrityError:
        return OnlinePayment.objects.get(order=payment.order_id, way=Way.LATER)


def charge(*, payment: OnlinePayment, means: str, provider: Provider, at: datetime) -> OnlinePayment:
    """Ask for a payment from the means that were kept, once; of one on top it is only held. Raises `provider.Unreachable`."""
    if payment.status != Status.OPENED:
        return payment
    intent = ""
    try:
        intent = provider.charge(
            amount=payment.amount, payer=payment.payer, means=means, key=str(payment.key), hold=payment.way == Way.MORE
        ).number
    except Declined as declined:
        intent = declined.intent
    except NotPossible as refusal:
        log.info("Online payment %s: %s", payment.pk, refusal)
    if not intent:
        return following.fail(payment=payment, why="declined", at=at)
    OnlinePayment.objects.filter(pk=payment.pk, intent="").update(intent=intent)
    payment.intent = intent
    return following.follow(payment=payment, provider=provider, at=at)
