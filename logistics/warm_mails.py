"""Decides that the office is written to when goods are too warm: at once, and once for each place in a round.

What is due is found by a query; whoever sends claims the reading first, in the same transaction.
"""

from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import readings, rounds
from logistics.models import Reading
from marketplace.regions.models import Region

THERE = ("round", "place", "storage")


def untold(*, region: Region) -> list[UUID]:
    """What is too warm, and of whose place the office was not told in this round; the oldest first. One query."""
    rows = readings.too_warm(region=region).filter(~Exists(_told()))
    return list(rows.order_by("measured_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def tell(*, reading_id: UUID, at: datetime) -> bool:
    """Write to the office; False when that was done for this place, also by another worker a moment ago."""
    row = readings.judged(reading_id=reading_id)
    rounds.lock(round_id=row.reading.round_id)
    if Reading.objects.filter(~Exists(_told()), pk=reading_id).update(office_told_at=at) == 0:
        return False
    region = row.reading.round.region
    told = {
        "region": region,
        "subject": _("Too warm: %(where)s") % {"where": row.where},
        "text": row.text,
        "boxes": [box.code for box in readings.boxes_concerned(reading=row.reading)],
        "link": region.site.root_url + reverse("hub:readings", args=[row.reading.round_id]),
    }
    body = render_to_string("emails/too_warm.txt", told)
    message = EmailMultiAlternatives(subject=str(told["subject"]), body=body, to=[region.email])
    message.attach_alternative(render_to_string("emails/too_warm.html", told), "text/html")
    message.send()
    return True


def _told() -> QuerySet[Reading]:
    """Readings at the same place of which the office was told."""
    same = {name: OuterRef(name) for name in THERE}
    place = Q(collection=OuterRef("collection")) | Q(collection__isnull=True)
    place &= Q(tour=OuterRef("tour")) | Q(tour__isnull=True)
    place &= Q(pickup_point=OuterRef("pickup_point")) | Q(pickup_point__isnull=True)
    return Reading.objects.filter(place, office_told_at__isnull=False, **same)
