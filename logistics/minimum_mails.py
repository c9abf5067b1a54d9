"""Decides who is told that a producer's minimum for a round was not reached: each customer once, and the producer once.

What is due is found by a query, the trail says what was told; whoever sends locks the row first, in the same transaction. An
order of which nothing is left is cancelled, and told of as such by `order.mails`.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from logistics.calling_off import CALLED_OFF
from logistics.models import Collection, DeliveryRound, PackedLine
from marketplace.core import audit, wording
from marketplace.core.models import AuditEntry
from marketplace.order import mails
from marketplace.order.models import Order

CUSTOMER_TOLD = "order.minimum_told"
PRODUCER_TOLD = "collection.minimum_told"
#: what nobody was told of for so long is no news any more
DAYS_OF_NEWS = 7


def untold_customers(*, at: datetime) -> list[int]:
    """Orders that come without the goods of some farm and whose customers do not know, the oldest first."""
    missed = PackedLine.objects.filter(order_line__order=OuterRef("pk"), problem=PackedLine.Problem.MINIMUM)
    recent = Order.objects.filter(Exists(missed), closed_at__gte=at - timedelta(days=DAYS_OF_NEWS))
    due = recent.exclude(status=Order.Status.CANCELLED).exclude(pk__in=_told(CUSTOMER_TOLD, Order))
    return list(due.order_by("pk").values_list("pk", flat=True))


def untold_producers(*, at: datetime) -> list[int]:
    """Collections that were called off and whose producers do not know, the oldest first."""
    recent = Collection.objects.filter(
        status=Collection.Status.CALLED_OFF, round__closed_at__gte=at - timedelta(days=DAYS_OF_NEWS)
    )
    due = recent.exclude(pk__in=_told(PRODUCER_TOLD, Collection)).exclude(round__status=DeliveryRound.Status.CANCELLED)
    return list(due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def tell_customer(*, order_id: int, at: datetime) -> bool:
    """Say what does not come, why, and the new total; False when that has happened."""
    order = Order.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=order_id)
    if order_id not in untold_customers(at=at):
        return False
    audit.record(action=CUSTOMER_TOLD, target=order, at=at)
    subject = _("Not everything comes: your order %(number)s") % {"number": order.number}
    mails.tell(order_id=order_id, name="emails/minimum_missed", subject=subject, told={}, at=at)
    return True


@transaction.atomic
def tell_producer(*, collection_id: int, at: datetime) -> bool:
    """Say that there is nothing to pack, and how far the orders were from the minimum; False when that has happened."""
    rows = Collection.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("partner", "round__region").get(pk=collection_id)
    if collection_id not in untold_producers(at=at):
        return False
    audit.record(action=PRODUCER_TOLD, target=row, at=at)
    day = wording.weekday_date(row.round.delivery_day)
    subject = _("Nothing to pack for %(day)s") % {"day": day}
    context = {"partner": row.partner, "region": row.round.region, "day": day, "subject": subject, **figures(collection=row)}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("emails/minimum_producer.txt", context),
        to=[row.partner.email],
        reply_to=[row.round.region.email],
    )
    message.attach_alternative(render_to_string("emails/minimum_producer.html", context), "text/html")
    message.send()
    return True


def figures(*, collection: Collection) -> dict[str, Decimal]:
    """What had been `ordered` of a collection that was called off, and the `minimum` of that day, in euro."""
    entries = AuditEntry.objects.filter(action=CALLED_OFF, target_type=Collection._meta.label_lower, target_id=collection.pk)
    kept = entries.values_list("new", flat=True).get()
    return {"ordered": Decimal(kept["ordered"]), "minimum": Decimal(kept["minimum"])}


def _told(action: str, model: type[Order] | type[Collection]) -> QuerySet[Any, Any]:
    told = AuditEntry.objects.filter(action=action, target_type=model._meta.label_lower)
    return told.values("target_id")
