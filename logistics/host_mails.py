"""Decides who is asked by mail to look after a pickup point: each invitation once.

What is due is found by a query; whoever sends claims the row first, in the same transaction.
"""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import pickup_hosts
from logistics.models import PickupHost


def unasked() -> list[int]:
    """Invitations whose mail has not gone out, the oldest first."""
    return list(PickupHost.objects.filter(asked_at__isnull=True, user__isnull=True).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def ask(*, host_id: int, at: datetime) -> bool:
    """Send one invitation; False when another worker did."""
    if not PickupHost.objects.filter(pk=host_id, asked_at__isnull=True).update(asked_at=at):
        return False
    host = PickupHost.objects.select_related("pickup_point__region__site").get(pk=host_id)
    region = host.pickup_point.region
    path = reverse("pickup:invitation", args=[pickup_hosts.sign(host=host)])
    subject = _("Would you look after the pickup point %(place)s?") % {"place": host.pickup_point.name}
    told = {
        "region": region,
        "subject": subject,
        "place": host.pickup_point.name,
        "link": f"{region.site.root_url}{path}",
        "days": pickup_hosts.GOOD_FOR.days,
    }
    message = EmailMultiAlternatives(
        subject=subject, body=render_to_string("emails/host_invited.txt", told), to=[host.email], reply_to=[region.email]
    )
    message.attach_alternative(render_to_string("emails/host_invited.html", told), "text/html")
    message.send()
    return True
