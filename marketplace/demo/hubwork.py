"""Works at the hub and at a pickup point of the demo: boxes are ticked off, temperatures read, goods handed out to who comes."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from logistics import checkin, daytime, pickup_hosts, readings, shelf
from logistics.models import Collection, Delivery, DeliveryRound, PickupPoint, Reading, Stop, Tour
from marketplace.demo.roundwork import Due
from marketplace.users.models import User

#: who looks after which pickup point
HOSTS = {"gemeindehaus-ascheffel": "gemeindehaus@abholstelle.example"}
#: of a hundred people those who do not come on the day
AWAY = 0.03
#: tenths of a degree in vans with and without a bad day
COLD, A_BAD_DAY, WARM = (28, 62), 0.04, (74, 96)


def appoint(*, points: Mapping[str, PickupPoint], users: Mapping[str, User], at: datetime) -> None:
    """The hosts are asked and say yes."""
    for slug, email in HOSTS.items():
        host = pickup_hosts.invite(pickup_point=points[slug], email=email, at=at, by=None)
        pickup_hosts.accept(host=host, user=users[email], at=at)


def sort(at: datetime, *, delivery_round: DeliveryRound, by: User, dice: Random) -> None:
    """Everything that has come is ticked off, and how cold it is in the hub and in the vans is written down."""
    packed = (Collection.Status.PACKED, Collection.Status.COLLECTED)
    for collection in Collection.objects.filter(round=delivery_round, status__in=packed).order_by("pk"):
        checkin.take_in_all(collection=collection, at=at, by=by)
    checkin.finish(delivery_round=delivery_round, at=at, by=by)
    _read(delivery_round, Reading.Place.HUB, dice.randint(*COLD), at, by, dice)
    for tour in Tour.objects.filter(round=delivery_round, wave=Tour.Wave.DELIVER).order_by("pk"):
        tenths = dice.randint(*(WARM if dice.random() < A_BAD_DAY else COLD))
        _read(delivery_round, Reading.Place.VEHICLE, tenths, at, tour.driver, dice, tour)


def fetches(*, stop: Stop, at: datetime, dice: Random) -> Iterator[Due]:
    """When customers come to a pickup point where somebody hands their goods out; some do not come at all."""
    if not shelf.is_kept(stop=stop):
        return
    rows = stop.deliveries.filter(status=Delivery.Status.LOADED).select_related("window", "order")
    for row in rows.order_by("pk"):
        if dice.random() >= AWAY:
            latest = min(row.window.ends_at, daytime.on(daytime.day_of(at), time(20, 30)))
            minutes = max(1, int((latest - at) / timedelta(minutes=1)))
            yield Due(at + timedelta(minutes=dice.randint(1, minutes)), row)


def hand_out(*, delivery: Delivery, at: datetime, by: User | None) -> Delivery:
    """The host hands the goods out."""
    return shelf.hand_out(delivery=delivery, handed_to="", age_checked=True, outcomes={}, at=at, by=by)


def host_of(*, delivery: Delivery) -> User | None:
    """Who hands out a delivery."""
    host = delivery.window.pickup_point and delivery.window.pickup_point.hosts.select_related("user").first()
    return host.user if host else None


def _read(
    delivery_round: DeliveryRound,
    place: str,
    tenths: int,
    at: datetime,
    by: User | None,
    dice: Random,
    tour: Tour | None = None,
) -> None:
    readings.note(
        delivery_round=delivery_round,
        uuid=UUID(int=dice.getrandbits(128), version=4),
        place=place,
        storage=Reading.Storage.COOL,
        tenths=tenths,
        measured_at=at,
        received_at=at,
        by=by,
        tour=tour,
    )
