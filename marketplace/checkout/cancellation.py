"""Decides whether a customer can still call an order off, and gives stock and place back exactly once."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import deliveries, leeway, rounds, stock
from logistics.models import Delivery, DeliveryRound
from logistics.rounds import RoundClosed
from marketplace.core.transitions import ForbiddenTransition
from marketplace.order import progress, signals
from marketplace.order.models import Order
from marketplace.users.models import User
from marketplace.vouchers import usage


class NotCancelled(Exception):
    """The order stands as it is; the message says why."""


@transaction.atomic
def cancel(
    *,
    order: Order,
    at: datetime,
    by: User | None = None,
    told: Mapping[str, Any] = MappingProxyType({}),
    by_market: bool = False,
    restock: bool = True,
) -> Order:
    """Cancel an order until the cut-off of its round.

    `told` is what the trail keeps of a reason of the market's own. `by_market`: its office or a job does it, for whom it does not
    count what customers may do themselves. Without `restock` the goods are gone, e.g. because they are spoilt. Raises
    `NotCancelled` afterwards, where customers may not, and when it was cancelled before. Locks as everybody does: the round, the
    order, stock by its key, the place. Who is told is a matter of `order.mails`.
    """
    delivery = Delivery.objects.select_related("round", "order__region").get(order=order)
    refusal = "" if by_market else leeway.refusal_to_cancel(delivery_round=delivery.round, region=delivery.order.region)
    try:
        rounds.hold_open(round_id=delivery.round_id, at=at)
        cancelled = progress.cancel(order=order, at=at, by=by, told=told)
        if refusal:
            raise NotCancelled(refusal)
        if Delivery.objects.get(pk=delivery.pk).round_id != delivery.round_id:
            raise NotCancelled(_("The order has been changed in the meantime. Please try again."))
        _settle_stock(cancelled, delivery.round, restock)
        deliveries.cancel(delivery=delivery, at=at, by=by)
        usage.give_back(order=cancelled)
    except RoundClosed as error:
        raise NotCancelled(_too_late()) from error
    except ForbiddenTransition as error:
        raise NotCancelled(_cancelled_before()) from error
    transaction.on_commit(partial(signals.cancelled.send, sender=Order, order_id=order.pk), robust=True)
    return cancelled


def hindrance(*, order: Order, delivery_round: DeliveryRound, at: datetime) -> str:
    """Why not even the office can cancel the order at that moment; "" when it can."""
    if order.status == Order.Status.CANCELLED:
        return _cancelled_before()
    if order.status == Order.Status.COMPLETED:
        return _("The order has been delivered, or has ended otherwise.")
    is_open = delivery_round.status == DeliveryRound.Status.OPEN and delivery_round.opens_at <= at < delivery_round.cutoff_at
    return "" if order.status == Order.Status.PLACED and is_open else _too_late()


def _settle_stock(cancelled: Order, delivery_round: DeliveryRound, restock: bool) -> None:
    """Goods can be sold again, or are gone: then they leave the pile, and what was counted for the round stays counted."""
    lines = [line for line in cancelled.lines.select_related("stockrecord").order_by("stockrecord_id") if line.stockrecord]
    if not restock:
        sold: Counter[int] = Counter()
        for line in lines:
            sold[line.stockrecord_id] += line.quantity
        stock.consume(sold=sold)
        return
    for line in lines:
        stock.give_back(delivery_round=delivery_round, stockrecord=line.stockrecord, quantity=line.quantity)


def _too_late() -> str:
    return _("The order can no longer be cancelled: the producers are preparing it.")


def _cancelled_before() -> str:
    return _("The order has been cancelled before.")
