"""Decides what stands on the labels of a producer's boxes: of a customer the code and the first name, never more."""

import io
from collections import Counter

import segno

from logistics import boxes
from logistics.models import Box, Collection
from marketplace.catalogue.models import Product
from marketplace.core import sheets


def of(*, collection: Collection, roll: bool = False, only: str = "") -> sheets.Labels:
    """One label for each box, by customer and number; `only` names the one box to print again. Three queries."""
    row = Collection.objects.select_related("partner", "round").get(pk=collection.pk)
    rows = list(in_order(collection=row))
    counts = Counter(box.delivery_id for box in rows)
    frozen = _frozen(row)
    return sheets.Labels(
        producer=row.partner.name,
        round_on=row.round.delivery_day,
        labels=tuple(_label(box, counts[box.delivery_id], frozen) for box in rows if only in {"", box.code}),
        roll=roll,
    )


def in_order(*, collection: Collection) -> list[Box]:
    """The boxes that need a label, customer by customer. One query."""
    rows = collection.boxes.exclude(status=Box.Status.EMPTY)
    rows = rows.select_related("delivery__order", "delivery__window__pickup_point")
    return list(rows.order_by("delivery__code", "number", "pk"))


def _frozen(collection: Collection) -> set[int]:
    """The deliveries of which something must stay frozen."""
    lines = collection.lines.filter(order_line__storage=Product.Storage.FROZEN)
    return set(lines.values_list("delivery_id", flat=True))


def _label(box: Box, count: int, frozen: set[int]) -> sheets.Label:
    point = box.delivery.window.pickup_point
    drawn = io.BytesIO()
    segno.make(boxes.token(box=box), error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, svgns=True)
    return sheets.Label(
        code=box.delivery.code,
        first_name=box.delivery.first_name,
        box=box.code,
        qr=drawn.getvalue().decode(),
        number=box.number,
        count=count,
        cold=box.is_cold,
        frozen=box.is_cold and box.delivery_id in frozen,
        place=point.name if point else "",
    )
