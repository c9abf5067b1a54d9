"""Decides what lies on the pile "to be posted": letters about orders, and invoices of customers without an e-mail address."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from billing.models import Invoice
from marketplace.core import audit
from marketplace.core.models import AuditEntry
from marketplace.order import letters, news
from marketplace.order.models import Letter, Order
from marketplace.regions.models import Region
from marketplace.users.models import User

#: the trail's word for "this invoice went out on paper"
POSTED = "invoice.posted"
#: an older invoice has been paid or asked for long ago
NEWS = timedelta(days=90)


def orders(*, region: Region, at: datetime) -> QuerySet[Order]:
    """The orders about which letters are to be written."""
    return letters.due(region=region, at=at)


def told(*, region: Region) -> QuerySet[Letter]:
    """News of orders: another day, something that does not come, what became of a complaint."""
    related = ("order__region", "order__user", "order__delivery__window__pickup_point", "order__delivery__window__partner")
    return news.waiting(region=region).select_related(*related)


def invoices(*, region: Region, at: datetime) -> QuerySet[Invoice]:
    """Invoices and corrections of customers who get letters, as far as they have a file and nobody has posted them."""
    on_paper = Order.objects.filter(region=region).on_paper().values("pk")
    rows = Invoice.objects.filter(region=region, order__in=on_paper, partner__isnull=True, file__isnull=False)
    posted = AuditEntry.objects.filter(action=POSTED, target_type=Invoice._meta.label_lower).values("target_id")
    recent = rows.filter(issued_on__gte=(at - NEWS).date()).exclude(pk__in=posted)
    return recent.select_related("order").defer("content").order_by("pk")


@transaction.atomic
def mark_invoices(*, region: Region, keys: Sequence[int], at: datetime, by: User | None) -> int:
    """Note that invoices are out of the house; says how many were due."""
    locked = Invoice.objects.select_for_update(of=("self",)).filter(pk__in=keys, region=region).order_by("pk").values_list("pk")
    list(locked)
    found = list(invoices(region=region, at=at).filter(pk__in=keys))
    for invoice in found:
        audit.record(action=POSTED, target=invoice, at=at, by=by)
    return len(found)
