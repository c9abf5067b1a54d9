"""Tells customers that a direct debit came back: what it costs, and how to pay now."""

import logging
from datetime import datetime
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from billing import debit_banking, open_items
from billing.models import DebitItem, Invoice, PaymentReturn
from billing.snapshots import thawed
from marketplace.core import wording

log = logging.getLogger(__name__)


def due() -> QuerySet[DebitItem]:
    """Debits that the bank sent back and of which the customer was not told."""
    rows = DebitItem.objects.filter(stands=False, told_at__isnull=True, payment__returns__reason__gt="")
    return rows.select_related("invoice__region", "mandate").order_by("pk")


def tell_due(*, at: datetime, limit: int = 100) -> int:
    """Tell each customer once, and say how many. A mail that cannot be sent is logged and stays due."""
    told = 0
    for item in due()[:limit]:
        try:
            told += _tell(item, at)
        except Exception:
            log.exception("The customer of debit %s could not be told", item.pk)
    return told


@transaction.atomic
def _tell(item: DebitItem, at: datetime) -> bool:
    if not DebitItem.objects.filter(pk=item.pk, told_at__isnull=True).update(told_at=at):
        return False
    region, buyer = item.invoice.region, thawed(item.invoice.content).buyer
    returned = PaymentReturn.objects.filter(payment=item.payment_id).latest("pk")
    left = open_items.with_left(documents=Invoice.objects.filter(pk=item.invoice_id)).first()
    if not buyer.email or left is None:
        return True
    with translation.override("de"):
        context = {
            "region": region,
            "name": buyer.name,
            "number": item.invoice.number,
            "why": debit_banking.reason_for(code=returned.reason).text,
            "amount": wording.euro(item.amount),
            "left": wording.euro(left.left),
            "charges": wording.euro(returned.charges) if left.left > item.amount else "",
            "suspended": item.mandate.suspended_at is not None,
        }
        EmailMessage(
            subject=_("%(number)s: the direct debit came back") % {"number": item.invoice.number},
            body=render_to_string("billing/mail_debit_back.txt", context),
            from_email=formataddr((region.name, region.email)),
            to=[buyer.email],
            reply_to=[region.email],
        ).send()
    return True
