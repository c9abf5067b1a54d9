"""Jobs around orders. What is due is found by a query, so a lost job is only a later one."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.utils import timezone

from marketplace.order import mails

logger = logging.getLogger(__name__)


@shared_task
def send_order_confirmation(*, order_id: int) -> None:
    """Send the confirmation of an order just placed."""
    mails.send_confirmation(order_id=order_id, at=timezone.now())


@shared_task
def send_order_cancellation(*, order_id: int) -> None:
    """Tell a customer that the order is cancelled."""
    mails.send_cancellation(order_id=order_id, at=timezone.now())


@shared_task
def send_due_confirmations() -> None:
    """Send every order mail that is due; one that fails stays due and does not keep the others back."""
    for order_id in mails.unconfirmed():
        _try(mails.send_confirmation, order_id=order_id)
    for order_id in mails.untold_cancellations(at=timezone.now()):
        _try(mails.send_cancellation, order_id=order_id)


def _try(send: Callable[..., bool], **what: int) -> None:
    try:
        send(**what, at=timezone.now())
    except Exception:
        logger.exception("A mail about %s could not be sent; it stays due.", what)
