"""Writes once to customers whose online payment failed after the delivery, with a link to pay; it is an open invoice then."""

import logging
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import journal
from billing.models import OnlinePayment, OrderTerms
from billing.online import links
from marketplace.core import money, wording
from marketplace.order.models import Order
from marketplace.regions.models import Region

log = logging.getLogger(__name__)
Way, Status = OnlinePayment.Way, OnlinePayment.Status
UNDER_WAY = (Status.OPENED, Status.PROCESSING, Status.AUTHORISED, Status.KEPT)
#: what came to its end longer ago is no news
NEWS = timedelta(days=14)


def due(*, region: Region, at: datetime) -> QuerySet[Order]:
    """Delivered and billed orders to be paid online of which nothing is under way (any more) and nobody has been told."""
    ended = OnlinePayment.objects.filter(
        region=region, told_at__isnull=True, ended_at__gt=at - NEWS, way__in=(Way.HOLD, Way.KEEP, Way.LATER)
    )
    going_on = OnlinePayment.objects.filter(region=region, status__in=UNDER_WAY)
    orders = Order.objects.filter(status=Order.Status.COMPLETED, terms__method=OrderTerms.Method.ONLINE, invoices__isnull=False)
    orders = orders.filter(pk__in=ended.values("order")).exclude(pk__in=going_on.filter(order__isnull=False).values("order"))
    return orders.select_related("region__site", "user", "terms").distinct().order_by("pk")


def send_due(*, region: Region, at: datetime) -> int:
    """Tell who is due, once; says how many."""
    told = 0
    for order in due(region=region, at=at):
        try:
            told += send(order=order, at=at)
        except Exception:
            log.exception("The mail about the failed payment of order %s could not be sent; it stays due.", order.number)
    return told


@transaction.atomic
def send(*, order: Order, at: datetime) -> bool:
    """Tell one customer; False when it was told before, or nothing is owed."""
    rows = OnlinePayment.objects.filter(order=order, told_at__isnull=True)
    if not rows.update(told_at=at):
        return False
    owed = journal.balance(order=order)
    if owed <= money.ZERO or not order.email:
        return False
    with translation.override("de"):
        subject = _("Your payment for order %(number)s failed") % {"number": order.number}
        letter(order=order, subject=subject, amount=owed, name="billing/mail_pay_now").send()
    return True


def letter(*, order: Order, subject: str, amount: Decimal, name: str) -> EmailMultiAlternatives:
    """A mail with the link to pay, in the language that is active; its templates are called `name`."""
    region = order.region
    context = {
        "subject": subject,
        "order": order,
        "region": region,
        "amount": wording.euro(amount),
        "link": f"{region.site.root_url}{reverse('billing:pay', args=[links.sign(target=order)])}",
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{name}.txt", context),
        from_email=formataddr((region.name, region.email)),
        to=[order.email],
        reply_to=[region.email],
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message
