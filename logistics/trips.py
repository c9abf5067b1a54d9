"""Decides when a vehicle may set out for its next trip of the day: once it is back from the one before."""

from datetime import datetime, timedelta

from django.utils.translation import ngettext

from logistics.models import Stop, Tour

#: unloading and loading at the hub between two trips
TURNAROUND = timedelta(minutes=15)
NOTHING = timedelta(0)


def waits_for(*, tour: Tour) -> Tour | None:
    """The earlier trip of the vehicle in this wave that is not over yet. One query, none for first trips."""
    if tour.trip == 1 or tour.status != Tour.Status.PLANNED:
        return None
    same = Tour.objects.filter(round=tour.round_id, vehicle=tour.vehicle_id, wave=tour.wave)
    return same.filter(trip__lt=tour.trip).exclude(status=Tour.Status.DONE).order_by("-trip").first()


def sentence(*, before: Tour) -> str:
    """What has to be done first, for whoever wants to set out."""
    left = Stop.objects.filter(tour=before, completed_at__isnull=True).count()
    return ngettext(
        "Trip %(trip)s of the day comes first: %(number)s stop of it is still open.",
        "Trip %(trip)s of the day comes first: %(number)s stops of it are still open.",
        left,
    ) % {"trip": before.trip, "number": left}


def held_up(*, starts_at: datetime, back_at: datetime) -> timedelta:
    """How much later a trip starts because the vehicle is back from the one before only then."""
    return max(NOTHING, back_at + TURNAROUND - starts_at)
