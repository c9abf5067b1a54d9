"""Decides which goods lie in boxes that were missed on the way: nobody gets them, so nobody pays for them."""

from collections import defaultdict

from logistics.handover import Outcome
from logistics.models import Box, Delivery, PackedLine
from marketplace.catalogue.models import Product


def outcomes(*, delivery: Delivery) -> dict[int, Outcome]:
    """What to record of a delivery's packed lines because of missing boxes, by line. Two queries, one while nothing is missing.

    Where only some of the boxes of one producer and one kind of storage are missing, nobody knows which goods were in them; then
    whoever hands the rest over says so.
    """
    there: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for box in delivery.boxes.exclude(status=Box.Status.EMPTY):
        there[box.collection_id, box.is_cold].append(box.status)
    lost = {key for key, found in there.items() if all(status == Box.Status.MISSING for status in found)}
    if not lost:
        return {}
    lines = delivery.packed_lines.filter(packed__gt=0).select_related("order_line")
    none = Outcome(quantity=0, problem=PackedLine.Problem.MISSING)
    return {line.pk: none for line in lines if (line.collection_id, line.order_line.storage != Product.Storage.AMBIENT) in lost}
