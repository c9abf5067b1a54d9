"""Decides what is written to customers and producers about withdrawals and complaints, and that it is sent once.

What is due is found by a query. Whoever sends claims the row first, in the same transaction: of two workers one sends, and a mail
that failed is due again.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.aftersales import banking
from marketplace.aftersales.models import Complaint, Withdrawal
from marketplace.order import links, news
from marketplace.order.models import Order
from marketplace.regions.models import Region

Send = Callable[..., bool]


def due() -> list[tuple[Send, int]]:
    """What has to be sent, and about which row; receipts of withdrawals first."""
    decided = Withdrawal.objects.exclude(status=Withdrawal.Status.DECLARED).filter(told_at__isnull=True)
    told = Complaint.objects.exclude(status=Complaint.Status.OPEN).filter(told_at__isnull=True)
    fresh = Complaint.objects.filter(producer_told_at__isnull=True)
    found: list[tuple[Send, Any]] = [
        (send_receipt, Withdrawal.objects.filter(receipted_at__isnull=True)),
        (send_settlement, decided),
        (send_decision, told),
        (send_complaint, fresh),
    ]
    return [(send, pk) for send, rows in found for pk in rows.order_by("pk").values_list("pk", flat=True)]


def mark_told(*, at: datetime) -> None:
    """Note that nobody waits for what is due now, e.g. because it was taken over from another system."""
    Withdrawal.objects.filter(receipted_at__isnull=True).update(receipted_at=at)
    Withdrawal.objects.exclude(status=Withdrawal.Status.DECLARED).filter(told_at__isnull=True).update(told_at=at)
    Complaint.objects.filter(producer_told_at__isnull=True).update(producer_told_at=at)
    Complaint.objects.exclude(status=Complaint.Status.OPEN).filter(told_at__isnull=True).update(told_at=at)


@transaction.atomic
def send_receipt(*, pk: int, at: datetime) -> bool:
    """Confirm a withdrawal to who declared it and to the office: content, date and time (section 356a (4) BGB).

    Who has no e-mail address gets it by post: then the office alone has it, to print it.
    """
    if not Withdrawal.objects.filter(pk=pk, receipted_at__isnull=True).update(receipted_at=at):
        return False
    row = Withdrawal.objects.select_related("region").prefetch_related("lines__order_line").get(pk=pk)
    context = {"withdrawal": row, "lines": row.lines.order_by("pk")}
    office, subject = row.region.email, _("Receipt of your withdrawal")
    _message(row.region, "withdrawal_receipt", subject, row.email or office, context, bcc=office if row.email else "").send()
    return True


@transaction.atomic
def send_settlement(*, pk: int, at: datetime) -> bool:
    """Tell who withdrew what became of it, and how the money comes back."""
    if not Withdrawal.objects.filter(pk=pk, told_at__isnull=True).update(told_at=at):
        return False
    related = ("region__site", "order__terms__account", "order__user", "order__region__site")
    row = Withdrawal.objects.select_related(*related).prefetch_related("lines__order_line").get(pk=pk)
    back = row.lines.filter(accepted__gt=0).select_related("order_line").order_by("pk")
    context = {"withdrawal": row, "lines": back, **_money(row.order)}
    _message(row.region, "withdrawal_decided", _("Your withdrawal"), row.email or row.region.email, context).send()
    return True


@transaction.atomic
def send_complaint(*, pk: int, at: datetime) -> bool:
    """Tell the producer that something was wrong with the goods; no name or address of the customer is in it."""
    if not Complaint.objects.filter(pk=pk, producer_told_at__isnull=True).update(producer_told_at=at):
        return False
    row = _complaint(pk)
    partner, region = row.order_line.partner, row.order_line.order.region
    if partner is None or not partner.email or row.status != Complaint.Status.OPEN:
        return False
    path = reverse("aftersales:producer_complaint", args=[row.pk])
    context = {"complaint": row, "link": f"{region.site.root_url}{path}"}
    _message(
        region, "complaint_reported", _("Complaint about %(article)s") % {"article": row.order_line.title}, partner.email, context
    ).send()
    return True


@transaction.atomic
def send_decision(*, pk: int, at: datetime) -> bool:
    """Tell the customer what became of a complaint, and how the money comes back."""
    if not Complaint.objects.filter(pk=pk, told_at__isnull=True).update(told_at=at):
        return False
    row = _complaint(pk)
    order = row.order_line.order
    context = {"complaint": row, "order": order, **_money(order)}
    subject = _("Your complaint about %(article)s") % {"article": row.order_line.title}
    if order.email:
        _message(order.region, "complaint_decided", subject, order.email, context).send()
    elif news.is_on_paper(order=order):
        letter = _message(order.region, "complaint_decided", subject, "", {**context, "paper": True})
        news.write(order=order, subject=subject, text=str(letter.body), at=at)
    return True


def _complaint(pk: int) -> Complaint:
    related = ("order_line__order__region__site", "order_line__order__user", "order_line__order__terms__account")
    rows = Complaint.objects.select_related(*related, "order_line__partner", "order_line__order__delivery__round")
    return rows.get(pk=pk)


def _money(order: Order | None) -> dict[str, Any]:
    """What comes back, and the links: to the order, and to where the customer names an account."""
    if order is None:
        return {"back": None}
    root = order.region.site.root_url
    back = banking.owed(order=order)
    terms = getattr(order, "terms", None)
    return {
        "order": order,
        "back": back,
        "on_account": terms is not None and terms.account_id is not None,
        "order_link": root + reverse("customer:order_by_link", args=[links.sign(order=order)]),
        "bank_link": root + reverse("aftersales:bank_details", args=[banking.sign(order=order)]) if back else "",
    }


def _message(
    region: Region, name: str, subject: str, to: str, context: dict[str, Any], *, bcc: str = ""
) -> EmailMultiAlternatives:
    """Text and HTML of the same content."""
    told = {"region": region, "subject": subject, **context}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"aftersales/mails/{name}.txt", told),
        to=[to],
        bcc=[bcc] if bcc else [],
        reply_to=[region.email],
    )
    message.attach_alternative(render_to_string(f"aftersales/mails/{name}.html", told), "text/html")
    return message
