"""Decides how much of an offer can still be sold, and keeps it from being sold twice.

Only stock of the kind "as long as stock lasts" is counted here. What is limited for each round is counted by logistics, what is
made to order has no limit. `num_in_stock` is what lies there, `num_allocated` what of it is promised to orders.
"""

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.partner.models import StockRecord


class SoldOut(Exception):
    """There is not enough left; the message says how much there is, `left` the number, `product_id` of which article."""

    def __init__(self, *, title: str, left: int, product_id: int | None = None) -> None:
        self.left, self.product_id = left, product_id
        super().__init__(sentence(title=title, left=left))


def sentence(*, title: str, left: int) -> str:
    """What a customer reads when `left` pieces are fewer than were asked for."""
    if left <= 0:
        return _("%(title)s is sold out.") % {"title": title}
    text = ngettext("Only %(left)s of %(title)s is left.", "Only %(left)s of %(title)s are left.", left)
    return text % {"title": title, "left": left}


def available(*, stockrecord: StockRecord) -> int | None:
    """How many units can still be sold; None where this stock sets no limit. Reads the row as it was loaded."""
    if stockrecord.stock_kind != StockRecord.StockKind.LIMITED:
        return None
    return max(0, (stockrecord.num_in_stock or 0) - (stockrecord.num_allocated or 0))


def take(*, stockrecord: StockRecord, quantity: int) -> None:
    """Promise `quantity` units to an order, under any concurrency never more than there are. Raises `SoldOut`.

    One conditional UPDATE decides, so no lock has to be held before; the passed row is not changed.
    """
    if stockrecord.stock_kind != StockRecord.StockKind.LIMITED:
        return
    enough = StockRecord.objects.filter(
        pk=stockrecord.pk, stock_kind=StockRecord.StockKind.LIMITED, num_in_stock__gte=F("num_allocated") + quantity
    )
    if enough.update(num_allocated=F("num_allocated") + quantity):
        return
    now = StockRecord.objects.select_related("product").get(pk=stockrecord.pk)
    left = available(stockrecord=now)
    if left is not None:
        raise SoldOut(title=now.product.title, left=left, product_id=now.product_id)


def give_back(*, stockrecord: StockRecord, quantity: int) -> None:
    """Free units that were promised, e.g. of a cancelled order; the caller sees to it that it happens once."""
    StockRecord.objects.filter(pk=stockrecord.pk, num_allocated__gt=0).update(
        num_allocated=Greatest(F("num_allocated") - quantity, 0)
    )


def consume(*, stockrecord: StockRecord, quantity: int) -> None:
    """Take units that were promised out of the stock, because they left the farm."""
    StockRecord.objects.filter(pk=stockrecord.pk, stock_kind=StockRecord.StockKind.LIMITED).update(
        num_in_stock=Greatest(F("num_in_stock") - quantity, 0), num_allocated=Greatest(F("num_allocated") - quantity, 0)
    )
