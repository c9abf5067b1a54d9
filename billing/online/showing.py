"""Says how an order stands with the provider, in sentences for its customer, and whether something can be paid now."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from billing import journal
from billing.models import OnlinePayment, OnlineRefund, OrderTerms
from billing.online import links, raising
from marketplace.core import money, wording
from marketplace.order.models import Order

Way, Status = OnlinePayment.Way, OnlinePayment.Status


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page of an order says; `link` leads to paying, empty when there is nothing to pay; `until` says how long."""

    sentences: list[str] = field(default_factory=list)
    link: str = ""
    until: datetime | None = None


def of_order(*, order: Order, offered: bool) -> Shown:
    """The order comes with its terms. Three queries, none for an order that has nothing to do with paying online."""
    method = order.terms.method
    if method == OrderTerms.Method.ACCOUNT or not (offered or method == OrderTerms.Method.ONLINE):
        return Shown()
    mine = OnlinePayment.objects.filter(Q(order=order) | Q(invoice__order=order)).order_by("pk")
    rows = list(mine.exclude(status=Status.RELEASED))
    given = OnlineRefund.objects.filter(payment__in=rows).exclude(status=OnlineRefund.Status.FAILED) if rows else ()
    back = sum((row.amount for row in given), money.ZERO)
    sentences = [said for row in rows if (said := _sentence(row))]
    if back:
        sentences.append(_("%(amount)s went back the way it came.") % {"amount": wording.euro(back)})
    if offered and raising.is_left_to_customer(order=order, rows=rows):
        return Shown(sentences=[*sentences, _("The order was raised. Please pay the difference.")], link=links.sign(target=order))
    if not offered or order.status == Order.Status.CANCELLED or any(_holds(row) for row in rows):
        return Shown(sentences=sentences)
    if not _open(order):
        return Shown(sentences=sentences)
    return Shown(sentences=sentences, link=links.sign(target=order), until=order.terms.unpaid_until)


def _holds(row: OnlinePayment) -> bool:
    return row.status in (Status.AUTHORISED, Status.KEPT, Status.PROCESSING)


def _open(order: Order) -> Decimal:
    """What is still to be paid; nothing while a delivered order is not billed yet."""
    owed, total = journal.balance(order=order), Decimal(order.total_incl_tax)
    if order.status == Order.Status.COMPLETED:
        return max(owed, money.ZERO)
    return max(total + owed, money.ZERO)


def _sentence(row: OnlinePayment) -> str:
    amount = {"amount": wording.euro(row.amount), "taken": wording.euro(row.taken)}
    if row.status == Status.CAPTURED and row.amount > row.taken:
        return _("%(taken)s were taken online; %(amount)s had been held.") % amount
    if row.status == Status.CAPTURED:
        return _("%(taken)s were paid online.") % amount
    if row.status == Status.AUTHORISED and row.way == Way.MORE:
        return _("Another %(amount)s are held, because the order was raised.") % amount
    if row.status == Status.FAILED and row.way == Way.MORE:
        return _("Another %(amount)s could not be held.") % amount
    if row.status == Status.AUTHORISED:
        return _("%(amount)s are held at most. After the delivery we take what was handed over, and no more.") % amount
    if row.status == Status.KEPT:
        return _("Your means of payment is kept for this order. After the delivery we take what was handed over.")
    if row.status == Status.PROCESSING:
        return _("The payment of %(amount)s is under way.") % amount
    if row.status == Status.FAILED:
        return _("A payment of %(amount)s failed.") % amount
    return ""
