"""Sends each document once to whom it concerns, with its file attached."""

import logging
from datetime import datetime
from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import holds
from billing.models import DocumentFile, Invoice
from billing.online import connection
from billing.online import links as pay_links
from billing.snapshots import thawed
from marketplace.core import wording

log = logging.getLogger(__name__)
_WITH = ("region__site", "account", "order__terms__account")


def due() -> QuerySet[Invoice]:
    """The documents that have a file and were not sent, the oldest first."""
    waiting = Invoice.objects.filter(file__isnull=False, sent_at__isnull=True).exclude(holds.unheard_of())
    return waiting.select_related(*_WITH).order_by("pk")


def send_due(*, at: datetime, limit: int = 200) -> int:
    """Send what is due and say how many went out. One that cannot be sent is held, and tried again later."""
    resting = Exists(holds.resting(step=holds.Step.MAIL, at=at))
    return sum(attempt(invoice=invoice, at=at) for invoice in due().exclude(resting)[:limit])


def attempt(*, invoice: Invoice, at: datetime) -> bool:
    """Send a document, or write down why it could not be sent."""
    try:
        sent = send(invoice=invoice, at=at)
    except Exception as error:
        log.exception("%s could not be sent", invoice.number)
        holds.note(invoice=invoice, step=holds.Step.MAIL, at=at, error=f"{type(error).__name__}: {error}")
        return False
    holds.clear(invoice=invoice, step=holds.Step.MAIL)
    return sent


@transaction.atomic
def send(*, invoice: Invoice, at: datetime) -> bool:
    """Send a document unless it was sent; whoever marks it first sends it, and a mail that fails takes the mark back.

    A document without an address is marked all the same: it waits in the customer's or producer's account.
    """
    if not Invoice.objects.filter(pk=invoice.pk, sent_at__isnull=True).update(sent_at=at):
        return False
    message = _message(invoice)
    if message.to:
        message.send()
    return True


def _message(invoice: Invoice) -> EmailMultiAlternatives:
    """In German, as the document is; from the region's own address."""
    file = DocumentFile.objects.get(invoice=invoice)
    document = thawed(invoice.content)
    region = invoice.region
    credited = invoice.partner_id is not None and invoice.kind != Invoice.Kind.INVOICE  # else: the commission of agency
    recipient = document.seller if credited else document.buyer
    with translation.override("de"):
        told = {"title": document.title, "number": invoice.number, "region": region.name}
        subject = _("%(title)s %(number)s from %(region)s") % told
        context = {
            "subject": subject,
            "document": document,
            "invoice": invoice,
            "region": region,
            "recipient": recipient.name,
            "gross": wording.euro(invoice.gross),
            "pay_link": _pay_link(invoice),
            "is_for_fees": credited and invoice.passed_fees.exists(),
        }
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("billing/mail_document.txt", context),
            from_email=formataddr((region.name, region.email)),
            to=[recipient.email] if recipient.email else [],
            cc=_copies(invoice),
            reply_to=[region.email],
        )
        message.attach_alternative(render_to_string("billing/mail_document.html", context), "text/html")
    message.attach(f"{invoice.number}.pdf", bytes(file.pdf), "application/pdf")
    if document.is_xrechnung:
        message.attach(f"{invoice.number}.xml", bytes(file.ubl or file.xml), "text/xml")
    return message


def _pay_link(invoice: Invoice) -> str:
    """Where it can be paid online; empty when nothing is to be paid, or not like that."""
    if invoice.kind != Invoice.Kind.INVOICE or invoice.due_on is None or not connection.is_offered(region=invoice.region):
        return ""
    return f"{invoice.region.site.root_url}{reverse('billing:pay', args=[pay_links.sign(target=invoice)])}"


def _copies(invoice: Invoice) -> list[str]:
    """Who else of an account wants its documents."""
    account = invoice.account
    if account is None and invoice.order is not None:
        account = invoice.order.terms.account if hasattr(invoice.order, "terms") else None
    return list(account.copies_to) if account is not None else []
