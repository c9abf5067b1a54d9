"""Decides who is written to about reviews: authors whose review is not published, and those who reported one.

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

from marketplace.order import review_links
from marketplace.regions.models import Region
from marketplace.reviews.models import Report, Review

Send = Callable[..., bool]


def due() -> list[tuple[Send, int]]:
    """What has to be sent, and about which row."""
    refused = Review.objects.filter(status=Review.Status.REFUSED, told_at__isnull=True)
    settled = Report.objects.exclude(status=Report.Status.OPEN).exclude(email="")
    found: list[tuple[Send, Any]] = [(send_refusal, refused), (send_decision, settled)]
    return [(send, pk) for send, rows in found for pk in rows.order_by("pk").values_list("pk", flat=True)]


def mark_told(*, at: datetime) -> None:
    """Note that nobody waits for what is due now, e.g. because it was taken over from another system."""
    Review.objects.filter(status=Review.Status.REFUSED, told_at__isnull=True).update(told_at=at)
    Report.objects.exclude(status=Report.Status.OPEN).exclude(email="").update(email="")


@transaction.atomic
def send_refusal(*, pk: int, at: datetime) -> bool:
    """Tell an author why the review is not published and how to write another (article 17 DSA); False when nobody is told."""
    mine = Review.objects.filter(pk=pk, status=Review.Status.REFUSED, told_at__isnull=True)
    if not mine.update(told_at=at):
        return False
    row = Review.objects.select_related("order_line__order__region__site", "order_line__order__user").get(pk=pk)
    order = row.order_line.order
    if not order.email or (order.user is not None and order.user.erased_at is not None):
        return False
    path = reverse("reviews:order", args=[review_links.sign(order=order)])
    context = {"review": row, "order": order, "link": f"{order.region.site.root_url}{path}"}
    subject = _("Your review of %(article)s is not published") % {"article": row.order_line.title}
    _message(order.region, "refused", subject, order.email, context).send()
    return True


@transaction.atomic
def send_decision(*, pk: int, at: datetime) -> bool:
    """Tell who reported a review what was decided, and forget the address; False when another worker did."""
    row = (
        Report.objects.select_for_update(of=("self",))
        .select_related("review__partner__region__site", "review__order_line")
        .get(pk=pk)
    )
    if not row.email or row.status == Report.Status.OPEN:
        return False
    address, row.email = row.email, ""
    row.save(update_fields=["email"])
    region = row.review.partner.region
    context = {"report": row, "review": row.review}
    _message(region, "report_decided", _("What became of the review that you reported"), address, context).send()
    return True


def _message(region: Region, name: str, subject: str, to: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """Text and HTML of the same content."""
    told = {"region": region, "subject": subject, **context}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"reviews/mails/{name}.txt", told),
        to=[to],
        reply_to=[region.email],
    )
    message.attach_alternative(render_to_string(f"reviews/mails/{name}.html", told), "text/html")
    return message
