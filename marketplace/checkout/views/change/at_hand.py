"""What every page of a change begins with: the visitor's own order, as long as it can be changed."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.checkout import changes, drafts, entries
from marketplace.checkout.changes import Change
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.regions.requests import MarketRequest


class TooLate(Exception):
    """The order can no longer be changed; the message says why."""

    def __init__(self, order: Order, reason: str) -> None:
        self.order, self.reason = order, reason
        super().__init__(reason)


def order(request: MarketRequest, number: str) -> Order:
    """The order with lines, delivery and terms; 404 for whoever may not see it. Raises `TooLate` after the cut-off."""
    found = entries.own_order(request, number)
    reason = changes.hindrance(
        order=found,
        delivery_round=found.delivery.round,
        at=timezone.now(),
        began_at=entries.began(request, what=review_of(found)),
    )
    if reason:
        raise TooLate(found, reason)
    return found


def to_order(request: MarketRequest, found: Order) -> HttpResponseBase:
    """To the page of the order: the customer's own, or that behind the link."""
    if request.user.is_authenticated and found.user_id == request.user.pk:
        return redirect("customer:order", number=found.number)
    return redirect("customer:order_by_link", signed=links.sign(order=found))


def refuse(request: MarketRequest, too_late: TooLate) -> HttpResponseBase:
    """To the page of the order, with the reason; what was put into the basket stays there."""
    drafts.forget(request)
    messages.error(request, too_late.reason)
    if request.basket.pk:
        messages.info(request, _("What is in your basket stays there for a new order."))
    return to_order(request, too_late.order)


def basket_of(request: MarketRequest, change: Change) -> int | None:
    """The key of the basket whose goods and vouchers go into the order; None when nothing of it does."""
    return request.basket.pk if change.added else None


def review_of(found: Order) -> str:
    """The last page of a change of this order, as `entries.begin` names it."""
    return f"change:{found.number}"
