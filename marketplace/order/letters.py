"""Decides whom the market writes letters to about an order: who ordered by telephone and has no e-mail address.

What is due is found by a query: a confirmation that is not sent, the newest version of an order that was changed, a cancellation.
The letter counts as sent when somebody says that it is out of the house (`mark`).
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import audit
from marketplace.order import mails
from marketplace.order.models import Order, OrderQuerySet
from marketplace.regions.models import Region
from marketplace.users.models import User

#: the trail's words for "the office took this order down on the telephone" and "the customer was written a letter"
TAKEN, WRITTEN = "order.taken", "order.written"


class Way(models.TextChoices):
    """How a letter reaches the customer."""

    POSTED = "posted", _("by post")
    ENCLOSED = "enclosed", _("in the crate")


def due(*, region: Region, at: datetime) -> OrderQuerySet:
    """The orders of a region about which a letter is to be written at that moment."""
    cancelled = mails.cancelled_untold(at=at).values("pk")
    confirmed = Q(confirmation_sent_at__isnull=True) & ~Q(status=Order.Status.CANCELLED)
    return Order.objects.filter(region=region).on_paper().filter(confirmed | Q(pk__in=cancelled))


@transaction.atomic
def mark(*, region: Region, printed: Mapping[int, int], way: str, at: datetime, by: User | None) -> int:
    """Note that letters are out; `printed` holds the revision of each order (by key) that was printed. Says how many were due.

    An order that was changed since it was printed stays due, and so does one whose letter somebody else has sent.
    """
    list(Order.objects.select_for_update(of=("self",)).filter(pk__in=printed).order_by("pk").values_list("pk"))
    rows = due(region=region, at=at).filter(pk__in=printed).order_by("pk")
    sent = [order for order in rows if order.revision == printed[order.pk]]
    for order in sent:
        if order.status == Order.Status.CANCELLED:
            audit.record(action=mails.CANCELLATION_TOLD, target=order, at=at, by=by, new={"way": Way(way).value})
        else:
            audit.record(action=WRITTEN, target=order, at=at, by=by, new={"way": Way(way).value, "revision": order.revision})
    confirmed = [order.pk for order in sent if order.status != Order.Status.CANCELLED]
    Order.objects.filter(pk__in=confirmed).update(confirmation_sent_at=at)
    return len(sent)
