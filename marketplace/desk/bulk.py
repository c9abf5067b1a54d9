"""Cancels many orders in one go, each as if it were cancelled alone; what can no longer be cancelled stands, the rest goes on.

The wish of the office is written down first, with every order it names. What is due is found by a query and done order by order,
each in a transaction of its own: sent twice, done by two workers or killed in between, every order is settled once.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.checkout import cancellation
from marketplace.checkout.cancellation import NotCancelled
from marketplace.core import money
from marketplace.desk.models import BulkCancellation, BulkOrder
from marketplace.order import mails
from marketplace.order.models import Order
from marketplace.regions.models import Region
from marketplace.users.models import User

logger = logging.getLogger(__name__)
#: no more orders in one go: whoever cancels more than that cancels a round
MOST = 500
#: so many are done while the office waits, more in the background
AT_ONCE = 24


class NotBegun(Exception):
    """Nothing was cancelled; the message is for the office."""


@dataclass(frozen=True)
class Chosen:
    """Orders that were chosen: those that can be cancelled now, and those that cannot, with the reason."""

    possible: Sequence[Order]
    refused: Sequence[tuple[Order, str]]

    @property
    def total(self) -> Decimal:
        """What those that can be cancelled come to, gross euro."""
        return sum((order.total_incl_tax for order in self.possible), money.ZERO)


@dataclass(frozen=True)
class Progress:
    """How far it is: orders in all, done so far, and those of them that stand."""

    orders: int
    done: int
    refused: Sequence[BulkOrder]

    @property
    def cancelled(self) -> int:
        """Those that are cancelled."""
        return self.done - len(self.refused)

    @property
    def is_over(self) -> bool:
        """Whether nothing is due any more."""
        return self.done == self.orders

    @property
    def percent(self) -> int:
        """The share that is done."""
        return 100 * self.done // self.orders if self.orders else 100


def look(*, region: Region, numbers: Collection[str], at: datetime) -> Chosen:
    """The orders of the region with these numbers, the next delivery first; those of another region are not found. One query."""
    rows = Order.objects.filter(region=region, number__in=numbers, delivery__isnull=False).select_related(
        "delivery__round", "user"
    )
    possible: list[Order] = []
    refused: list[tuple[Order, str]] = []
    for order in rows.order_by("delivery__round__delivery_day", "pk"):
        reason = cancellation.hindrance(order=order, delivery_round=order.delivery.round, at=at)
        if reason:
            refused.append((order, reason))
        else:
            possible.append(order)
    return Chosen(possible, refused)


@transaction.atomic
def begin(
    *,
    region: Region,
    key: UUID,
    numbers: Collection[str],
    reason: str,
    tell: bool,
    restock: bool,
    at: datetime,
    by: User | None,
) -> BulkCancellation:
    """Write down that these orders shall be cancelled; the same `key` again gives what was written down then.

    `tell`: the customers are written to; `restock`: the goods can be sold again. Raises `NotBegun` for no order, too many, and
    without a reason.
    """
    there = BulkCancellation.objects.filter(key=key, region=region).first()
    if there is not None:
        return there
    ids = list(Order.objects.filter(region=region, number__in=numbers, delivery__isnull=False).values_list("pk", flat=True))
    if not ids:
        raise NotBegun(_("Please choose at least one order."))
    if len(ids) > MOST:
        raise NotBegun(_("Please choose %(most)s orders at most. A whole round is cancelled on its own page.") % {"most": MOST})
    if not reason.strip():
        raise NotBegun(_("Please say why. It is kept with each order."))
    told = {"region": region, "reason": reason.strip(), "tell": tell, "restock": restock, "at": at, "by": by}
    bulk, is_new = BulkCancellation.objects.get_or_create(key=key, defaults=told)
    if is_new:
        BulkOrder.objects.bulk_create(BulkOrder(bulk=bulk, order_id=pk) for pk in sorted(ids))
    return bulk


def carry_on(*, bulk: BulkCancellation, at: datetime) -> int:
    """Settle what is due of it; says how many orders. One that fails stays due and does not keep the others back."""
    settled = 0
    for pk in list(bulk.items.filter(done_at__isnull=True).order_by("pk").values_list("pk", flat=True)):
        try:
            settled += _settle(bulk, pk, at)
        except Exception:
            logger.exception("Order item %s of bulk cancellation %s could not be settled; it stays due.", pk, bulk.pk)
    return settled


def carry_on_due(*, at: datetime) -> int:
    """The same for all that were begun and are not over."""
    due = BulkCancellation.objects.filter(items__done_at__isnull=True).select_related("by").distinct().order_by("pk")
    return sum(carry_on(bulk=bulk, at=at) for bulk in due)


def progress(*, bulk: BulkCancellation) -> Progress:
    """How far it is. Two queries."""
    orders = bulk.items.count()
    done = bulk.items.filter(done_at__isnull=False).select_related("order").order_by("pk")
    rows = list(done)
    return Progress(orders=orders, done=len(rows), refused=[row for row in rows if row.refusal])


@transaction.atomic
def _settle(bulk: BulkCancellation, pk: int, at: datetime) -> bool:
    """Cancel one of them, or note why it stands; False when another worker has it or has done it."""
    due = BulkOrder.objects.filter(pk=pk, done_at__isnull=True).select_for_update(of=("self",), skip_locked=True)
    item = due.select_related("order").first()
    if item is None:
        return False
    told = {"reason": mails.OFFICE, "said": bulk.reason, "bulk": bulk.pk, "restocked": bulk.restock}
    try:
        with transaction.atomic():
            order = cancellation.cancel(order=item.order, at=at, by=bulk.by, told=told, by_market=True, restock=bulk.restock)
            if not bulk.tell:
                mails.keep_silent(order=order, at=at, by=bulk.by)
    except NotCancelled as refusal:
        item.refusal = str(refusal)
    item.done_at = at
    item.save(update_fields=["done_at", "refusal"])
    return True
