"""Decides what a closed round hands over to the producers: one collection each, and one line to pack for every order line."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from logistics import crates, stock
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine
from marketplace.order import progress
from marketplace.order.models import Line
from marketplace.users.models import User


def hand_over(*, delivery_round: DeliveryRound, at: datetime, by: User | None) -> None:
    """Close the orders of the round and create what the producers pack from. The round must be locked and still open.

    The same number of queries for any number of orders.
    """
    booked = Delivery.objects.filter(round=delivery_round, status=Delivery.Status.BOOKED).order_by("pk")
    kinds = {order_id: (pk, kind) for order_id, pk, kind in booked.values_list("order_id", "pk", "kind")}
    deliveries = {order_id: pk for order_id, (pk, _kind) in kinds.items()}
    fetched = {order_id for order_id, (_pk, kind) in kinds.items() if kind == Delivery.Kind.FARM}
    progress.close_orders(order_ids=deliveries.keys(), at=at, by=by)
    lines = list(Line.objects.filter(order__in=deliveries.keys(), partner__isnull=False).order_by("pk"))
    collections = _collections(delivery_round, lines, fetched)
    PackedLine.objects.bulk_create(
        PackedLine(
            collection_id=collections[line.partner_id],
            delivery_id=deliveries[line.order_id],
            order_line=line,
            ordered=line.quantity,
        )
        for line in lines
        if line.partner_id is not None
    )
    stock.consume(sold=_sold(lines))


def _collections(delivery_round: DeliveryRound, lines: Sequence[Line], fetched: Container[int]) -> dict[int, int]:
    """One collection for every producer with something to pack, sized by what is to be driven; its id by partner id.

    Orders that are `fetched` at the farm need none of its crates.
    """
    by_partner: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.partner_id is not None:
            by_partner[line.partner_id].append(line)
    rows = []
    for partner_id, ordered in sorted(by_partner.items()):
        load = crates.needed((line, line.quantity) for line in ordered if line.order_id not in fetched)
        row = Collection(round=delivery_round, partner_id=partner_id, crates=load.crates, cold_crates=load.cold)
        rows.append(row)
    return {row.partner_id: row.pk for row in Collection.objects.bulk_create(rows)}


def _sold(lines: Iterable[Line]) -> Counter[int]:
    sold: Counter[int] = Counter()
    for line in lines:
        if line.stockrecord_id is not None:
            sold[line.stockrecord_id] += line.quantity
    return sold
