"""Ends orders that were to be paid online and were not: stock, place and vouchers go back, the customer is told.

The provider is asked first; its page is closed before the order is ended, so that nobody pays for what he will not get. Who has
paid all the same gets his money released by itself (`billing.online.collecting`).
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from billing.models import OnlinePayment, OrderTerms
from billing.online import connection, following, opening
from billing.online.provider import NotPossible, Unreachable
from logistics.models import DeliveryRound
from marketplace.checkout import cancellation
from marketplace.checkout.cancellation import NotCancelled
from marketplace.core import audit
from marketplace.order import mails
from marketplace.order.models import Order

log = logging.getLogger(__name__)
#: a provider that does not answer is waited for so long after the time is over
PATIENCE = timedelta(minutes=10)


def due(*, at: datetime) -> QuerySet[Order]:
    """Orders whose time to be paid is over, the oldest first."""
    rows = Order.objects.filter(terms__unpaid_until__lte=at).exclude(status=Order.Status.CANCELLED)
    return rows.select_related("terms", "region", "delivery__round").order_by("terms__unpaid_until", "pk")


def end_due(*, at: datetime) -> int:
    """End what is due; says how many orders were ended. One that fails stays due and keeps no other up."""
    ended = 0
    for order in due(at=at):
        try:
            ended += end(order=order, at=at)
        except Exception:
            log.exception("The unpaid order %s could not be ended; it stays due.", order.number)
    return ended


def end(*, order: Order, at: datetime) -> bool:
    """End one order unless it is paid; True if it was ended now."""
    until = order.terms.unpaid_until
    if until is None or until > at:
        return False
    try:
        _close_page(order, at)
    except Unreachable:
        if at < until + PATIENCE and order.delivery.round.status == DeliveryRound.Status.OPEN and _may_wait(order, at):
            return False
    except NotPossible as refusal:
        log.warning("The provider does not know the page of order %s: %s", order.number, refusal)
    with transaction.atomic():
        terms = OrderTerms.objects.select_for_update(of=("self",), no_key=True).get(order=order)
        if terms.unpaid_until is None:
            return False
        terms.unpaid_until = None
        try:
            with transaction.atomic():
                cancellation.cancel(order=order, at=min(at, _last_moment(order)), told={"reason": mails.UNPAID}, by_market=True)
        except NotCancelled:
            _leave_open(order, terms, at)
            return False
        terms.save(update_fields=["unpaid_until"])
    return True


def _close_page(order: Order, at: datetime) -> None:
    payment, provider = opening.live(target=order), connection.of(region=order.region)
    if payment is not None and provider is not None and payment.status == OnlinePayment.Status.OPENED:
        following.close(payment=payment, provider=provider, at=at)


def _may_wait(order: Order, at: datetime) -> bool:
    """Orders of the round are not closed before the provider has answered, or this time is over."""
    cutoff: datetime = order.delivery.round.cutoff_at
    return at < cutoff + PATIENCE + PATIENCE


def _last_moment(order: Order) -> datetime:
    """Cancelling is possible until the cut-off; an order in its grace is ended as if it was that moment."""
    cutoff: datetime = order.delivery.round.cutoff_at
    return cutoff - timedelta(seconds=1)


def _leave_open(order: Order, terms: OrderTerms, at: datetime) -> None:
    """The farms pack it already: it is to be paid by transfer, as any order in advance."""
    old, terms.method = terms.method, OrderTerms.Method.TRANSFER
    terms.save(update_fields=["method", "unpaid_until"])
    audit.record(action="order.payment", target=order, at=at, old={"payment": old}, new={"payment": terms.method})
