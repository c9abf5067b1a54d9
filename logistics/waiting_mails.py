"""Decides who of the waiting list is written to, and that each offer is told once.

What is due is found by a query; whoever sends claims the entry first, in the same transaction.
"""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import daytime, waiting
from logistics.models import DeliveryWindow, WaitingEntry
from marketplace.core import wording


def untold(*, at: datetime) -> list[int]:
    """Offers that nobody was told of yet and that are still good, the oldest first."""
    due = WaitingEntry.objects.filter(status=WaitingEntry.Status.OFFERED, told_at__isnull=True, expires_at__gt=at)
    return list(due.order_by("offered_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def send_offer(*, entry_id: int, at: datetime) -> bool:
    """Write that a place is kept free, until when, and how to take it; False when another worker did or nothing is offered."""
    due = WaitingEntry.objects.filter(status=WaitingEntry.Status.OFFERED, told_at__isnull=True, expires_at__gt=at)
    if not due.filter(pk=entry_id).update(told_at=at):
        return False
    entry = waiting.read(token=waiting.sign(entry=WaitingEntry(pk=entry_id)))
    region, token = entry.window.round.region, waiting.sign(entry=entry)
    subject = _("A place for you: %(when)s") % {"when": place(window=entry.window)}
    context = {
        "subject": subject,
        "region": region,
        "place": place(window=entry.window),
        "until": moment(entry.expires_at or at),
        "link": f"{region.site.root_url}{reverse('catalogue:offer', args=[token])}",
        "leave_link": f"{region.site.root_url}{reverse('catalogue:leave', args=[token])}",
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("emails/waiting_offer.txt", context),
        to=[entry.email],
        reply_to=[region.email],
    )
    message.attach_alternative(render_to_string("emails/waiting_offer.html", context), "text/html")
    message.send()
    return True


def place(*, window: DeliveryWindow) -> str:
    """`Samstag, 28. November, 10:00–12:00 Uhr, Dorfladen Ascheffel`."""
    start, end = (edge.astimezone(daytime.ZONE) for edge in (window.starts_at, window.ends_at))
    point = window.place
    where = point.name if point else _("to your door")
    return f"{wording.weekday_date(window.round.delivery_day)}, {wording.clock_span(start, end)}, {where}"


def moment(at: datetime) -> str:
    """`Donnerstag, 26. November, 18:00 Uhr`."""
    local = at.astimezone(daytime.ZONE)
    return f"{wording.weekday_date(local.date())}, {wording.clock(local)}"
