"""Hurries the mails: enqueues them right after an order was placed or cancelled."""

from typing import Any

from django.dispatch import receiver

from marketplace.order import signals, tasks


@receiver(signals.placed, dispatch_uid="order.confirm")
def confirm(*, order_id: int, **_signal: Any) -> None:
    """An order was placed."""
    tasks.send_order_confirmation.delay(order_id=order_id)


@receiver(signals.cancelled, dispatch_uid="order.tell_cancellation")
def tell_cancellation(*, order_id: int, **_signal: Any) -> None:
    """An order was cancelled."""
    tasks.send_order_cancellation.delay(order_id=order_id)
