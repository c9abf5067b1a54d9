"""Decides which orders of a visitor can still be changed, and whether one stands where a new one would go.

A customer has one open order for a round: what is ordered later is added to it, unless he wants a second one on purpose.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from logistics.models import Delivery, DeliveryRound
from marketplace.order.models import Order


def of_visitor(*, user: Any, numbers: Collection[str], region_id: int, at: datetime, only_changeable: bool = True) -> list[Order]:
    """The orders that the customer, or a guest who holds these numbers, can change at that moment; the next delivery first.

    Without `only_changeable` also those that nobody but the office changes until then (see `leeway`). One query, none for a
    visitor who has ordered nothing.
    """
    mine = Q(number__in=numbers)
    if user is not None and user.is_authenticated:
        mine |= Q(user=user)
    elif not numbers:
        return []
    rows = Order.objects.filter(
        mine,
        region=region_id,
        status=Order.Status.PLACED,
        delivery__status=Delivery.Status.BOOKED,
        delivery__round__in=DeliveryRound.objects.open_at(at).filter(region=region_id).order_by(),
    )
    if only_changeable:
        rows = rows.filter(delivery__round__customers_may_change=True)
    related = ("delivery__round", "delivery__window__pickup_point", "delivery__window__partner")
    return list(rows.select_related(*related).order_by("delivery__round__delivery_day", "pk"))


def for_round(*, orders: Sequence[Order], round_id: int, second_wanted: Collection[int]) -> Order | None:
    """The order to which something new for that round is added; None where there is none or a second one is wanted."""
    if round_id in second_wanted:
        return None
    return next((order for order in orders if order.delivery.round_id == round_id), None)
