"""Decides who is told that a box of the order was missed on its way: at the hub, at loading, or at the pickup point.

Whoever notes it only says that it is not there (`logistics.boxes`); here it is found, a little later, because boxes turn up.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics.models import Box, BoxEvent, Delivery, PackedLine
from marketplace.catalogue.models import Product
from marketplace.notices import audience
from marketplace.notices.items import Item, Reader, told_of
from marketplace.notices.models import Kind
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.regions.models import Region

#: a box that turns up meanwhile is no news
PATIENCE = timedelta(minutes=10)
#: nor is what was missed long ago
FRESH = timedelta(hours=24)


def due(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Whose boxes are missing and who has not been told; each box once. Four queries at most for any number of boxes."""
    boxes = _missing(region, at)
    told = told_of(kind=Kind.HITCH, keys=[_key(box) for box in boxes])
    untold = [box for box in boxes if _key(box) not in told]
    goods = _goods(untold)
    by_delivery = {box.delivery_id: box.delivery for box in untold}
    willing = {row.pk for row in audience.willing(region=region, kind=Kind.HITCH, deliveries=by_delivery.values())}
    return [(audience.reader(box.delivery), _item(box, goods)) for box in untold if box.delivery_id in willing]


def _missing(region: Region, at: datetime) -> list[Box]:
    missed = BoxEvent.objects.filter(
        box=OuterRef("pk"), kind=BoxEvent.Kind.MISSING, received_at__gt=at - FRESH, received_at__lte=at - PATIENCE
    )
    coming = (Delivery.Status.BOOKED, Delivery.Status.LOADED)
    rows = Box.objects.filter(Exists(missed), status=Box.Status.MISSING, round__region=region, delivery__status__in=coming)
    return list(rows.select_related("delivery__order__user").order_by("pk"))


def _goods(boxes: Iterable[Box]) -> dict[tuple[int, int, bool], list[str]]:
    """What lies in boxes of a producer for a customer, by kind of box."""
    found: dict[tuple[int, int, bool], list[str]] = defaultdict(list)
    deliveries = {box.delivery_id for box in boxes}
    lines = PackedLine.objects.filter(delivery__in=deliveries, packed__gt=0).select_related("order_line").order_by("pk")
    for line in lines if deliveries else ():
        cold = line.order_line.storage != Product.Storage.AMBIENT
        found[line.collection_id, line.delivery_id, cold].append(line.order_line.title)
    return found


def _item(box: Box, goods: dict[tuple[int, int, bool], list[str]]) -> Item:
    told = {"goods": ", ".join(goods[box.collection_id, box.delivery_id, box.is_cold]), "code": box.code}
    text = _("Box %(code)s did not come along. In it were: %(goods)s. We look for it; you pay only for what you get.") % told
    path = reverse("day:live", args=[day_links.sign(order=box.delivery.order, purpose=Purpose.ARRIVAL)])
    return Item(Kind.HITCH, _key(box), _("A box of your order is missing"), text, path, _("See how far your delivery is"))


def _key(box: Box) -> str:
    return f"missing:{box.pk}"
