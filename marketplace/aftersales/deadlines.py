"""Decides until when one can withdraw or complain, and until when money has to go back."""

from datetime import date, timedelta

from django.utils import timezone

from logistics.models import Delivery
from marketplace.catalogue import withdrawal
from marketplace.order.models import Order

COMPLAINT_DAYS = 14
#: money goes back within fourteen days of the declaration (section 357 (1) BGB)
REFUND_DAYS = 14
FRIDAY = 4


def received_on(*, order: Order) -> date | None:
    """The day on which the customer got the goods; None while they are on their way."""
    delivery: Delivery | None = getattr(order, "delivery", None)
    if delivery is None or delivery.completed_at is None:
        return None
    return timezone.localdate(delivery.completed_at)


def withdrawal_ends(*, received_on: date) -> date:
    """The last day on which one can withdraw: a period that would end at a weekend ends on Monday (section 193 BGB)."""
    last = received_on + timedelta(days=withdrawal.DAYS)
    return last + timedelta(days=max(0, 7 - last.weekday()) if last.weekday() > FRIDAY else 0)


def complaint_ends(*, received_on: date) -> date:
    """The last day on which a complaint can be made here; rights by law reach further."""
    return received_on + timedelta(days=COMPLAINT_DAYS)


def refund_due(*, declared_on: date) -> date:
    """The last day on which the money of a withdrawal goes back."""
    return declared_on + timedelta(days=REFUND_DAYS)
