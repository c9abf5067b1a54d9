"""Keeps the way of each tour on the roads with its plan, so that maps can draw it: asked of the road server once, by a worker."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from logistics import roads, rounds
from logistics.models import Tour
from logistics.routing import Place


def undrawn(*, servers: Mapping[str, str], today: date) -> QuerySet[Tour]:
    """Tours from today on whose way was not asked for since they were planned, as far as there are roads for their vehicles."""
    asked = [profile for profile, url in servers.items() if url]
    rows = Tour.objects.filter(way_asked_at__isnull=True, round__delivery_day__gte=today, vehicle__profile__in=asked)
    return rows.exclude(status=Tour.Status.DONE).order_by("round__delivery_day", "pk")


def draw(*, tour_id: int, servers: Mapping[str, str], at: datetime) -> bool:
    """Ask for the way of a tour and keep it; False if the tour was changed meanwhile, which asks anew.

    Raises `routing.NoAnswer` when the road server does not answer; then it stays to be asked for.
    """
    places, tour = _places(tour_id)
    line = roads.ways(servers=servers).way(places, roads.PROFILES[tour.vehicle.profile])
    with transaction.atomic():
        rounds.lock(round_id=tour.round_id)
        if not Tour.objects.filter(pk=tour_id).exists() or _places(tour_id)[0] != places:
            return False
        way = [[round(place.lat, 5), round(place.lon, 5)] for place in line]
        return bool(Tour.objects.filter(pk=tour_id, way_asked_at__isnull=True).update(way=way, way_asked_at=at))


def forget(*, tour_ids: Iterable[int]) -> None:
    """The tours go another way now."""
    Tour.objects.filter(pk__in=list(tour_ids)).update(way=[], way_asked_at=None)


def ends(*, tour: Tour, is_last: bool) -> tuple[Place, Place]:
    """Where a tour begins and ends, `vehicle` and `round__region` at hand; between two trips of a wave that is the hub."""
    region, vehicle = tour.round.region, tour.vehicle
    hub = Place(region.hub_latitude, region.hub_longitude)
    if tour.wave == Tour.Wave.DIRECT:
        yards = [Place(one.latitude, one.longitude) if one else hub for one in (vehicle.starts_in, vehicle.ends_in)]
        return yards[0], yards[1]
    if tour.wave == Tour.Wave.COLLECT:
        fresh = vehicle.starts_in if tour.trip == 1 else None
        return Place(fresh.latitude, fresh.longitude) if fresh else hub, hub
    home = Place(vehicle.ends_in.latitude, vehicle.ends_in.longitude) if vehicle.ends_in and is_last else hub
    return hub, home


def last_trips(*, tours: Iterable[Tour]) -> set[int]:
    """The tours (by id) after which their vehicle drives no other of that wave in the round."""
    latest: dict[tuple[int, str], Tour] = {}
    for tour in tours:
        key = tour.vehicle_id, tour.wave
        if key not in latest or latest[key].trip < tour.trip:
            latest[key] = tour
    return {tour.pk for tour in latest.values()}


def _places(tour_id: int) -> tuple[list[Place], Tour]:
    rows = Tour.objects.select_related("round__region", "vehicle__starts_in", "vehicle__ends_in")
    tour = rows.get(pk=tour_id)
    begin, finish = ends(tour=tour, is_last=tour.pk in last_trips(tours=tour.round.tours.filter(vehicle=tour.vehicle_id)))
    stops = tour.stops.order_by("sequence").values_list("latitude", "longitude")
    return [begin, *(Place(*stop) for stop in stops), finish], tour
