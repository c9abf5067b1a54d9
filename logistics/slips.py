"""Decides what stands on the slip that lies in a crate: what is in it, of whom, and for whom. It never tells a price."""

from decimal import Decimal

from django.db.models import QuerySet

from logistics import crates
from logistics.models import Delivery, PackedLine
from marketplace.core import sheets


def loaded(*, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Deliveries with all that `slip` reads, but the lines."""
    rows = deliveries.exclude(status=Delivery.Status.CANCELLED)
    return rows.select_related("order", "round__region", "window__pickup_point", "window__partner")


def slip(*, delivery: Delivery) -> sheets.DeliveryNote:
    """The slip of one delivery that is `loaded`. One query."""
    order, region, place = delivery.order, delivery.round.region, delivery.window.place
    lines = list(delivery.packed_lines.select_related("order_line").order_by("order_line__partner_name", "pk"))
    load = crates.needed((line.order_line, _there(line)) for line in lines)
    return sheets.DeliveryNote(
        region=region.name,
        number=order.number,
        round_on=delivery.round.delivery_day,
        customer=(delivery.recipient, *_address(delivery)),
        code=delivery.code,
        place=place.name if place else delivery.city,
        lines=tuple(_line(line) for line in lines),
        crates=max(1, load.crates),
        cold_crates=load.cold,
        contact=region.phone,
        greeting=order.gift_message if order.is_gift else "",
        giver=order.contact_name if order.is_gift else "",
    )


def _address(delivery: Delivery) -> tuple[str, ...]:
    if delivery.kind != Delivery.Kind.HOME:
        return ()
    return delivery.street, f"{delivery.postal_code} {delivery.city}"


def _line(line: PackedLine) -> sheets.DeliveryLine:
    article = line.order_line
    return sheets.DeliveryLine(
        name=article.title,
        unit=article.unit_text or article.sales_unit,
        quantity=Decimal(_there(line)),
        ordered=Decimal(line.ordered),
        producer=article.partner_name,
        batch=line.batch,
        note=str(line.get_problem_display()) if line.problem and _there(line) < line.ordered else "",
    )


def _there(line: PackedLine) -> int:
    return line.coming
