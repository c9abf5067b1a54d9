"""Says where temperatures can be read in a round, each by a key that a form carries."""

from dataclasses import dataclass
from typing import TypedDict

from django.utils.translation import gettext as _

from logistics.models import Collection, DeliveryRound, DeliveryWindow, PickupPoint, Reading, Tour

Place = Reading.Place


class Named(TypedDict):
    """A place as `readings.note` takes it."""

    place: str
    collection: Collection | None
    tour: Tour | None
    pickup_point: PickupPoint | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place with its key and what people call it."""

    key: str
    label: str
    named: Named


def of(*, delivery_round: DeliveryRound) -> list[Spot]:
    """The hub, every vehicle, producer and pickup point of a round that is loaded with its region. Three queries."""
    found = [_spot("hub", delivery_round.region.hub_name, Place.HUB)]
    tours = delivery_round.tours.select_related("vehicle").order_by("wave", "starts_at", "pk")
    for number, tour in enumerate(tours, start=1):
        label = _("Tour %(number)s, %(vehicle)s") % {"number": number, "vehicle": tour.vehicle.name}
        found.append(_spot(key_of(tour=tour), label, Place.VEHICLE, tour=tour))
    collections = delivery_round.collections.exclude(status=Collection.Status.CALLED_OFF).select_related("partner")
    for row in collections.order_by("partner__name", "pk"):
        found.append(_spot(f"producer-{row.pk}", row.partner.name, Place.PRODUCER, collection=row))
    windows = DeliveryWindow.objects.filter(round=delivery_round, pickup_point__isnull=False).select_related("pickup_point")
    points = {window.pickup_point for window in windows if window.pickup_point}
    for point in sorted(points, key=lambda one: one.name):
        found.append(at_point(pickup_point=point))
    return found


def at_point(*, pickup_point: PickupPoint) -> Spot:
    """A pickup point."""
    return _spot(f"point-{pickup_point.pk}", pickup_point.name, Place.POINT, pickup_point=pickup_point)


def key_of(*, tour: Tour) -> str:
    """The key of a tour's vehicle."""
    return f"vehicle-{tour.pk}"


def _spot(
    key: str,
    label: str,
    place: str,
    *,
    collection: Collection | None = None,
    tour: Tour | None = None,
    pickup_point: PickupPoint | None = None,
) -> Spot:
    named = Named(place=place, collection=collection, tour=tour, pickup_point=pickup_point)
    return Spot(key=key, label=label, named=named)
