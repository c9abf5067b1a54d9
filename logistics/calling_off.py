"""Decides what becomes of goods whose producer does not pack, because all orders of a round stayed below its minimum.

Their stock is given back. An order of which nothing is left is cancelled, and so are its place and its use of vouchers. The same
number of queries for any number of orders. Who is told is a matter of `minimum_mails`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from logistics import spaces, stock, windows
from logistics.minimums import Shortfall
from logistics.models import Collection, Delivery, DeliveryRound
from marketplace.core.models import AuditEntry
from marketplace.order import progress
from marketplace.order.models import Line
from marketplace.users.models import User
from marketplace.vouchers import usage

CALLED_OFF = "collection.called_off"
#: the trail's word for why an order was cancelled
REASON = "minimum"


def settle(
    *,
    delivery_round: DeliveryRound,
    lines: Sequence[Line],
    short: Mapping[int, Shortfall],
    booked: Mapping[int, tuple[int, int]],
    at: datetime,
    by: User | None,
) -> None:
    """Give back what `lines` of the round hold of the producers in `short`. Part of the transaction that closes the round.

    `booked` holds delivery and window, by key, of each order.
    """
    gone = [line for line in lines if line.partner_id in short]
    if not gone:
        return
    with_goods = {line.order_id for line in lines if line.partner_id not in short}
    emptied = sorted({line.order_id for line in gone} - with_goods)
    farms: dict[int, list[str]] = {}
    for line in gone:
        farms.setdefault(line.order_id, []).append(line.partner_name)
    told = {pk: {"reason": REASON, "farms": sorted(set(farms[pk]))} for pk in emptied}
    progress.cancel_all(told=told, at=at, by=by)
    stock.give_back_all(delivery_round=delivery_round, quantities=promised(lines=gone))
    windows.release_places(places=Counter(booked[pk][1] for pk in emptied))
    spaces.release_all(delivery_ids=[booked[pk][0] for pk in emptied])
    end(delivery_ids=[booked[pk][0] for pk in emptied], at=at, by=by)
    usage.give_back_all(order_ids=emptied)


def note(*, collections: Iterable[Collection], short: Mapping[int, Shortfall], at: datetime, by: User | None) -> None:
    """Keep for each collection that was called off how much was ordered, and what it would have taken."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=at,
            by=by,
            action=CALLED_OFF,
            target_type=Collection._meta.label_lower,
            target_id=row.pk,
            old={},
            new={"ordered": str(short[row.partner_id].ordered), "minimum": str(short[row.partner_id].minimum)},
        )
        for row in collections
        if row.partner_id in short
    )


def promised(*, lines: Iterable[Line]) -> Counter[int]:
    """Quantities of order lines by stockrecord id."""
    found: Counter[int] = Counter()
    for line in lines:
        if line.stockrecord_id is not None:
            found[line.stockrecord_id] += line.quantity
    return found


def end(*, delivery_ids: Sequence[int], at: datetime, by: User | None) -> None:
    """The booked deliveries of orders of which nothing is left end with them."""
    if not delivery_ids:
        return
    booked, cancelled = Delivery.Status.BOOKED, Delivery.Status.CANCELLED
    Delivery.objects.filter(pk__in=delivery_ids, status=booked).update(status=cancelled, cancelled_at=at)
    old, new = {"status": str(booked)}, {"status": str(cancelled)}
    label = Delivery._meta.label_lower
    AuditEntry.objects.bulk_create(
        AuditEntry(at=at, by=by, action="delivery.cancelled", target_type=label, target_id=pk, old=old, new=new)
        for pk in delivery_ids
    )
