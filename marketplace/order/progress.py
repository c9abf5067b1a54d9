"""Decides how an order goes on after it was placed: closed with its round, delivered, or cancelled."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction

from marketplace.core import audit
from marketplace.core.models import AuditEntry
from marketplace.core.transitions import lock_for
from marketplace.order.models import Order
from marketplace.users.models import User


@transaction.atomic
def close_orders(*, order_ids: Collection[int], at: datetime, by: User | None = None) -> int:
    """Close those of the orders that are still placed, and say how many they were.

    The same number of queries for any number of orders. Running it twice changes nothing the second time.
    """
    placed = Order.objects.filter(pk__in=order_ids, status=Order.Status.PLACED).order_by("pk")
    ids = list(placed.select_for_update(of=("self",)).values_list("pk", flat=True))
    Order.objects.filter(pk__in=ids).update(status=Order.Status.CLOSED, closed_at=at)
    old, new = {"status": str(Order.Status.PLACED)}, {"status": str(Order.Status.CLOSED)}
    AuditEntry.objects.bulk_create(
        AuditEntry(at=at, by=by, action="order.close", target_type=Order._meta.label_lower, target_id=pk, old=old, new=new)
        for pk in ids
    )
    return len(ids)


def cancel_all(
    *, told: Mapping[int, Mapping[str, Any]], at: datetime, by: User | None = None, was: str = Order.Status.CLOSED
) -> None:
    """Cancel orders, by order id, for a reason of the market's own; `told` is what the trail keeps of it: `reason` and more.

    Part of a transaction that holds their round; orders that `was` not their status stay as they are. Two queries for any number
    of orders, none for none.
    """
    if not told:
        return
    Order.objects.filter(pk__in=told, status=was).update(status=Order.Status.CANCELLED, cancelled_at=at)
    old, new = {"status": str(was)}, {"status": str(Order.Status.CANCELLED)}
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=at,
            by=by,
            action="order.cancel",
            target_type=Order._meta.label_lower,
            target_id=pk,
            old=old,
            new={**new, **why},
        )
        for pk, why in sorted(told.items())
    )


@transaction.atomic
def complete(*, order: Order, at: datetime, by: User | None = None) -> Order:
    """The goods have reached the customer. Raises `ForbiddenTransition` unless the order was closed."""
    locked = lock_for(row=order, to=Order.Status.COMPLETED)
    old = locked.status
    locked.status = Order.Status.COMPLETED
    locked.completed_at = at
    locked.save(update_fields=["status", "completed_at"])
    audit.record(action="order.complete", target=locked, at=at, by=by, old={"status": old}, new={"status": locked.status})
    return locked


@transaction.atomic
def cancel(*, order: Order, at: datetime, by: User | None = None, told: Mapping[str, Any] = MappingProxyType({})) -> Order:
    """The customer or the office gave the order up. Stock and the place in the round are given back by the caller, above both.
    `told` is what the trail keeps of a reason of the market's own.

    Raises `ForbiddenTransition` when the order was delivered or cancelled before.
    """
    locked = lock_for(row=order, to=Order.Status.CANCELLED)
    old = locked.status
    locked.status = Order.Status.CANCELLED
    locked.cancelled_at = at
    locked.save(update_fields=["status", "cancelled_at"])
    new = {"status": locked.status, **told}
    audit.record(action="order.cancel", target=locked, at=at, by=by, old={"status": old}, new=new)
    return locked
