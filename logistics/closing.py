"""Decides what a closed round hands over to the producers: one collection each, and one line to pack for every order line.

A producer whose minimum for the round is not reached packs nothing; its lines are cancelled (`calling_off`).
"""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from datetime import datetime

from logistics import boxes, calling_off, confirmations, crates, minimums, stock
from logistics.minimums import Shortfall
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine
from marketplace.order import progress
from marketplace.order.models import Line
from marketplace.users.models import User


def hand_over(*, delivery_round: DeliveryRound, at: datetime, by: User | None) -> None:
    """Close the orders of the round and create what the producers pack from. The round must be locked and still open.

    The same number of queries for any number of orders.
    """
    rows = Delivery.objects.filter(round=delivery_round, status=Delivery.Status.BOOKED).order_by("pk")
    booked = list(rows.values_list("order_id", "pk", "window_id", "kind"))
    places = {order_id: (pk, window) for order_id, pk, window, _kind in booked}
    fetched = {order_id for order_id, _pk, _window, kind in booked if kind == Delivery.Kind.FARM}
    progress.close_orders(order_ids=places.keys(), at=at, by=by)
    lines = list(Line.objects.filter(order__in=places.keys(), partner__isnull=False).order_by("pk"))
    short = minimums.below(lines=lines)
    collections = _collections(delivery_round, lines, fetched, short, confirmations.until(delivery_round=delivery_round, at=at))
    calling_off.note(collections=collections.values(), short=short, at=at, by=by)
    PackedLine.objects.bulk_create(
        _to_pack(line, collections[line.partner_id], places[line.order_id][0], at)
        for line in lines
        if line.partner_id is not None
    )
    kept = [line for line in lines if line.partner_id not in short]
    boxes.lay_out(delivery_round=delivery_round)
    calling_off.settle(delivery_round=delivery_round, lines=lines, short=short, booked=places, at=at, by=by)
    stock.consume(sold=calling_off.promised(lines=kept))


def _collections(
    delivery_round: DeliveryRound,
    lines: Sequence[Line],
    fetched: Container[int],
    short: Mapping[int, Shortfall],
    confirm_until: datetime,
) -> dict[int, Collection]:
    """One collection for every producer of whom something was ordered, sized by what is to be driven; by partner id.

    Orders that are `fetched` at the farm need none of its crates.
    """
    by_partner: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.partner_id is not None:
            by_partner[line.partner_id].append(line)
    rows = []
    for partner_id, ordered in sorted(by_partner.items()):
        row = Collection(round=delivery_round, partner_id=partner_id, confirm_until=confirm_until)
        if partner_id in short:
            row = Collection(round=delivery_round, partner_id=partner_id, status=Collection.Status.CALLED_OFF)
        else:
            load = crates.needed((line, line.quantity) for line in ordered if line.order_id not in fetched)
            row.crates, row.cold_crates = load.crates, load.cold
        rows.append(row)
    return {row.partner_id: row for row in Collection.objects.bulk_create(rows)}


def _to_pack(line: Line, collection: Collection, delivery_id: int, at: datetime) -> PackedLine:
    row = PackedLine(collection=collection, delivery_id=delivery_id, order_line=line, ordered=line.quantity)
    if collection.status == Collection.Status.CALLED_OFF:
        row.packed, row.packed_at, row.problem = 0, at, PackedLine.Problem.MINIMUM
    return row
