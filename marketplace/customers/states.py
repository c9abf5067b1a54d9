"""Decides how far an order is, in words for the customer."""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from logistics.models import Delivery
from marketplace.order.models import Order


@dataclass(frozen=True)
class State:
    """What a badge says; `tone` as in `components/status_badge.html`."""

    text: str
    tone: str


def of(order: Order) -> State:
    """The state of an order whose delivery is at hand."""
    if order.status == Order.Status.CANCELLED:
        return State(pgettext("order", "cancelled"), "danger")
    try:
        delivery = order.delivery
    except ObjectDoesNotExist:
        return State(str(order.get_status_display()), "neutral")
    if delivery.status == Delivery.Status.COMPLETED:
        return State(_("handed over"), "success")
    if delivery.status == Delivery.Status.FAILED:
        return State(_("could not be handed over"), "danger")
    if delivery.status == Delivery.Status.LOADED:
        return State(_("on the way"), "info")
    if order.status == Order.Status.CLOSED:
        return State(_("is being prepared"), "info")
    if hasattr(order, "terms") and order.terms.unpaid_until is not None:
        return State(_("waits for payment"), "warning")
    return State(_("ordered"), "neutral")
