"""Writes to sellers whose facts for the tax office are missing: found by query, each reminder once."""

from datetime import date
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import sellers
from billing.sellers import Seller


def remind_due(*, today: date) -> int:
    """Send what is due and say how many went out."""
    return sum(_remind(seller, number, today) for seller, number in sellers.to_remind(today=today))


@transaction.atomic
def _remind(seller: Seller, number: int, today: date) -> bool:
    """Whoever notes it first sends it; a mail that fails takes the note back."""
    if not sellers.note_reminder(partner=seller.partner, number=number, today=today):
        return False
    with translation.override("de"):
        _send(seller, number)
    return True


def _send(seller: Seller, number: int) -> None:
    region = seller.partner.region
    address = f"{region.site.root_url}{reverse('dashboard:seller_facts')}"
    context = {"seller": seller, "region": region, "number": number, "address": address}
    EmailMessage(
        subject=_("%(region)s: facts for the tax office are missing") % {"region": region.name},
        body=render_to_string("billing/mail_seller.txt", context),
        from_email=formataddr((region.name, region.email)),
        to=[seller.partner.email],
        reply_to=[region.email],
    ).send()
