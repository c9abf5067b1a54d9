"""Holds more for an order that came to cost more than is held: from the means that was kept, else on the provider's page.

When that fails the customer is written to, once; what is not held then is taken after the delivery like anything beyond a hold.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.models import OnlinePayment, OrderTerms
from billing.online import collecting, opening, reminding
from billing.online.provider import Provider, Unreachable
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.regions.models import Region

log = logging.getLogger(__name__)
Way, Status = OnlinePayment.Way, OnlinePayment.Status


def due(*, region: Region) -> QuerySet[Order]:
    """Orders for which something is held, and that were changed since it was last asked for; the oldest first."""
    held = OnlinePayment.objects.filter(region=region, order__isnull=False, status=Status.AUTHORISED)
    asked = OnlinePayment.objects.filter(order=OuterRef("pk"), way__in=(Way.HOLD, Way.MORE)).order_by("-opened_at", "-pk")
    rows = Order.objects.filter(pk__in=held.values("order"), terms__method=OrderTerms.Method.ONLINE)
    rows = rows.exclude(status__in=collecting.OVER).annotate(asked_at=Subquery(asked.values("opened_at")[:1]))
    related = ("terms", "delivery__round", "region__site", "user")
    changed: QuerySet[Order] = rows.filter(amended_at__gt=F("asked_at")).select_related(*related)
    return changed.prefetch_related(*statement.prefetches()).order_by("pk")


def raise_due(*, region: Region, provider: Provider, at: datetime) -> None:
    """Hold more where more is needed, go on where it broke off, and write to those for whom it failed."""
    begun = OnlinePayment.objects.filter(region=region, way=Way.MORE, status=Status.OPENED, page="", means__gt="")
    found = [*begun.order_by("pk"), *(made for order in due(region=region) if (made := begin(order=order, at=at)) is not None)]
    try:
        for payment in found:
            collecting.charge(payment=payment, means=payment.means, provider=provider, at=at)
    except Unreachable:
        log.warning("The payment provider does not answer; more is held later.")
    tell_due(region=region, at=at)


@transaction.atomic
def begin(*, order: Order, at: datetime) -> OnlinePayment | None:
    """The row of what is to be held on top; None when enough is held, or somebody is asking for it already."""
    Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
    wanted = opening.due(target=order, today=timezone.localdate(at))
    rows = OnlinePayment.objects.filter(order=order)
    if wanted.done or wanted.way != Way.MORE or rows.filter(status__in=(Status.OPENED, Status.PROCESSING)).exists():
        return None
    first = rows.filter(status=Status.AUTHORISED).exclude(means="").order_by("pk").first()
    if first is None:
        return None
    return OnlinePayment.objects.create(
        region_id=order.region_id,
        order=order,
        way=Way.MORE,
        amount=wanted.amount,
        payer=first.payer,
        means=first.means,
        opened_at=at,
    )


def tell_due(*, region: Region, at: datetime) -> None:
    """Write to customers whose bank does not hold more, once, with a link to pay the difference."""
    failed = OnlinePayment.objects.filter(region=region, way=Way.MORE, status=Status.FAILED, told_at__isnull=True)
    failed = failed.filter(ended_at__gt=at - reminding.NEWS).exclude(order__status__in=collecting.OVER)
    for payment in failed.order_by("pk"):
        try:
            _tell(payment, at)
        except Exception:
            log.exception("The mail about online payment %s could not be sent; it stays due.", payment.pk)


def is_left_to_customer(*, order: Order, rows: Iterable[OnlinePayment]) -> bool:
    """Whether more was wanted, the customer's bank did not hold it, and it is still wanted; `rows` are the order's payments."""
    states = {row.status for row in rows}
    failed = any(row.way == Way.MORE and row.status == Status.FAILED for row in rows)
    if not failed or Status.AUTHORISED not in states or Status.PROCESSING in states or order.status in collecting.OVER:
        return False
    return opening.beyond_holds(order=order) >= opening.LEAST


@transaction.atomic
def _tell(payment: OnlinePayment, at: datetime) -> None:
    if not OnlinePayment.objects.filter(pk=payment.pk, told_at__isnull=True).update(told_at=at):
        return
    related = ("terms", "delivery__round", "region__site", "user")
    order = Order.objects.select_related(*related).prefetch_related(*statement.prefetches()).get(pk=payment.order_id)
    wanted = opening.due(target=order, today=timezone.localdate(at))
    if wanted.done or wanted.way != Way.MORE or not order.email:
        return
    with translation.override("de"):
        subject = _("Please pay the difference of order %(number)s") % {"number": order.number}
        reminding.letter(order=order, subject=subject, amount=wanted.amount, name="billing/mail_pay_more").send()
