"""Decides which customers have to be told that a farm has too little of what they ordered, and what comes instead; each once.

What is due is found by a query on the shortages that are settled; whoever sends marks them first, in the same transaction. An
order of which nothing is left is cancelled, and told of as such by `order.mails`.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics.models import Shortage
from marketplace.order import day_links, mails
from marketplace.order.day_links import Purpose
from marketplace.order.models import Order

#: what nobody was told of for so long is no news any more
DAYS_OF_NEWS = 4


def untold(*, at: datetime) -> list[int]:
    """Orders whose customers do not know of a shortage that is settled, the oldest first."""
    due = Shortage.objects.filter(told_at__isnull=True, settled_at__gte=at - timedelta(days=DAYS_OF_NEWS))
    due = due.exclude(packed_line__delivery__order__status=Order.Status.CANCELLED)
    return sorted(set(due.values_list("packed_line__delivery__order", flat=True)))


@transaction.atomic
def tell(*, order_id: int, at: datetime) -> bool:
    """Say what does not come, what comes instead, and the new total; False when that has happened."""
    order = Order.objects.select_for_update(of=("self",), no_key=True).select_related("user", "region__site").get(pk=order_id)
    rows = list(of_order(order=order).filter(told_at__isnull=True))
    if not rows or order.status == Order.Status.CANCELLED:
        return False
    Shortage.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    signed = day_links.sign(order=order, purpose=Purpose.SUBSTITUTE)
    told = {
        "shortages": rows,
        "answer_until": max((row.answer_until for row in rows if row.answer_until), default=None),
        "answer_link": f"{order.region.site.root_url}{reverse('substitute:page', args=[signed])}",
    }
    subject = _("Not everything comes: your order %(number)s") % {"number": order.number}
    mails.tell(order_id=order_id, name="emails/shortage", subject=subject, told=told, at=at)
    return True


def of_order(*, order: Order) -> QuerySet[Shortage]:
    """The settled shortages of an order with what is said about them, in the order of the articles. One query."""
    rows = Shortage.objects.filter(packed_line__delivery__order=order, settled_at__isnull=False)
    rows = rows.select_related("packed_line__order_line", "packed_line__collection", "packed_line__delivery", "offer__product")
    return rows.order_by("packed_line__order_line__title", "pk")
