"""Decides which producers have to be told what they pack for a round, and writes it: sums, then box by box, the list as PDF.

What is due is found by a query, the trail says what was told; whoever sends locks the row first, in the same transaction. So a
mail goes out once, however often the job runs, and one that failed is due again.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from logistics import packing, purchases
from logistics.models import Collection
from marketplace.core import audit, sheets, wording
from marketplace.core.models import AuditEntry

TOLD = "collection.told"
#: a list that nobody sent for so long is no news any more
DAYS_OF_NEWS = 3


def untold(*, at: datetime) -> list[int]:
    """Collections of closed rounds whose producers do not know what to pack, the oldest first."""
    told = AuditEntry.objects.filter(action=TOLD, target_type=Collection._meta.label_lower)
    recent = Collection.objects.filter(status=Collection.Status.OPEN, round__closed_at__gte=at - timedelta(days=DAYS_OF_NEWS))
    due = recent.exclude(pk__in=told.values("target_id"))
    return list(due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def tell(*, collection_id: int, at: datetime, folder: Path) -> bool:
    """Send the producer's list; False when that has happened. `folder` holds the font cuts."""
    rows = Collection.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("partner", "round__region__site").get(pk=collection_id)
    if collection_id not in untold(at=at):
        return False
    audit.record(action=TOLD, target=row, at=at)
    if row.partner.email:
        _message(row, at, folder).send()
    return True


def _message(row: Collection, at: datetime, folder: Path) -> EmailMultiAlternatives:
    region, paper = row.round.region, packing.pick_list(collection=row)
    number = len(paper.boxes)
    text = ngettext("To pack for %(day)s: %(number)s box", "To pack for %(day)s: %(number)s boxes", number)
    subject = text % {"day": wording.weekday_date(row.round.delivery_day), "number": number}
    context = {
        "subject": subject,
        "region": region,
        "partner": row.partner,
        "collection": row,
        "open": row.confirm_until is not None and at < row.confirm_until,
        "paper": paper,
        "buying": purchases.texts(delivery_round=row.round, partner=row.partner),
        "link": f"{region.site.root_url}{reverse('dashboard:round', args=[row.round_id])}",
    }
    message = EmailMultiAlternatives(
        subject=subject, body=render_to_string("emails/to_pack.txt", context), to=[row.partner.email], reply_to=[region.email]
    )
    message.attach_alternative(render_to_string("emails/to_pack.html", context), "text/html")
    pdf = sheets.pick_list(paper, folder=folder, made_at=at)
    message.attach(f"packliste-{row.round.delivery_day:%Y-%m-%d}.pdf", pdf, "application/pdf")
    return message
