"""Decides what becomes of goods that nobody fetches at a pickup point: a reminder, then they go back.

An hour before the window ends its customer is reminded; so many hours after it as the point keeps goods, they go back and the
office gets in touch.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from logistics import boxes, deliveries, rounds, shortfalls
from logistics.models import Box, BoxEvent, Delivery
from marketplace.regions.models import Region
from marketplace.users.models import User

REMIND_BEFORE = timedelta(hours=1)
HOUR = timedelta(hours=1)


def on_shelf(*, region: Region | None = None) -> QuerySet[Delivery]:
    """Goods that lie at a pickup point and wait for their customers, with window and point at hand."""
    there = Box.objects.filter(delivery=OuterRef("pk"), status=Box.Status.AT_POINT)
    rows = Delivery.objects.filter(Exists(there), kind=Delivery.Kind.PICKUP, status=Delivery.Status.LOADED)
    rows = rows if region is None else rows.filter(round__region=region)
    return rows.select_related("window__pickup_point")


def to_remind(*, region: Region, at: datetime) -> list[Delivery]:
    """Whose customers should think of their goods now, with order and round at hand."""
    rows = on_shelf(region=region).filter(window__ends_at__lte=at + REMIND_BEFORE)
    rows = rows.select_related("order__user", "round", "window__pickup_point").order_by("pk")
    return [row for row in rows if at < kept_until(delivery=row)]


def kept_until(*, delivery: Delivery) -> datetime:
    """Until when the goods wait; the delivery with its window and point."""
    point = delivery.window.pickup_point
    return delivery.window.ends_at + (point.kept_hours if point else 0) * HOUR


def due(*, at: datetime) -> list[int]:
    """Deliveries brought to a pickup point that have waited long enough, the oldest first."""
    brought = Delivery.objects.filter(kind=Delivery.Kind.PICKUP, status=Delivery.Status.LOADED, window__ends_at__lte=at)
    brought = brought.filter(stop__completed_at__isnull=False).select_related("window__pickup_point")
    return [row.pk for row in brought.order_by("pk") if kept_until(delivery=row) <= at]


@transaction.atomic
def give_back(*, delivery_id: int, at: datetime, by: User | None = None) -> bool:
    """Nobody came: the goods go back and the office finds the delivery among those that failed.

    Of what never reached the point nothing is handed over. False when somebody came after all, or it has happened before.
    """
    round_id = Delivery.objects.values_list("round", flat=True).get(pk=delivery_id)
    rounds.lock(round_id=round_id)
    delivery = Delivery.objects.select_related("window__pickup_point").get(pk=delivery_id)
    if delivery.status != Delivery.Status.LOADED or at < kept_until(delivery=delivery):
        return False
    if _nothing_came(delivery):
        deliveries.complete(delivery=delivery, at=at, by=by, handed_to="", note=_("nothing of it reached the pickup point"))
        return True
    deliveries.fail(delivery=delivery, at=at, by=by, reason=_("not fetched"))
    boxes.note_all(boxes=boxes.of(delivery=delivery), kind=BoxEvent.Kind.RETURNED, at=at, by=by)
    return True


def _nothing_came(delivery: Delivery) -> bool:
    """Whether every packed line of it lies in missing boxes, or nothing was packed."""
    missing = shortfalls.outcomes(delivery=delivery)
    return not delivery.packed_lines.filter(packed__gt=0).exclude(pk__in=missing).exists()
