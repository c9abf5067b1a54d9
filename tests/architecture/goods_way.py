"""The goods' way in the market in which every address has something to show: the hub, a pickup point, who looks after it."""

from uuid import uuid4

from django.utils import timezone

from logistics import pickup_hosts, readings
from logistics.models import Box, DeliveryRound, PickupHost, Reading
from marketplace.users.models import User


def lay(*, delivery_round: DeliveryRound, host: User) -> None:
    """Somebody hands goods out at the pickup point of a closed round, another one is asked to, and it was too warm in the hub."""
    point = delivery_round.windows.get(pickup_point__isnull=False).pickup_point
    assert point is not None
    now = timezone.now()
    invited = pickup_hosts.invite(pickup_point=point, email=host.email, at=now, by=None)
    pickup_hosts.accept(host=invited, user=host, at=now)
    pickup_hosts.invite(pickup_point=point, email="wirtin@dorf.example", at=now, by=None)
    readings.note(
        delivery_round=delivery_round,
        uuid=uuid4(),
        place=Reading.Place.HUB,
        storage=Reading.Storage.COOL,
        tenths=95,
        measured_at=now,
        received_at=now,
        by=None,
    )


def arguments(name: str, *, delivery_round: DeliveryRound) -> list[object]:
    """What the addresses around the hub, the pickup point and its hosts are asked for."""
    invited = PickupHost.objects.select_related("pickup_point").get(user__isnull=True)
    point, key = invited.pickup_point, delivery_round.pk
    box = Box.objects.get(round=delivery_round, delivery__window__pickup_point=point)
    known: dict[str, list[object]] = {
        "pickup:invitation": [pickup_hosts.sign(host=invited)],
        "pickup:home": [],
        "pickup:point": [point.slug],
        "pickup:all_arrived": [point.slug, key],
        "pickup:box": [point.slug, box.pk],
        "pickup:reading": [point.slug, key],
        "hub:home": [],
        "hub:limits": [],
        "hub:hold_back": [key, Reading.objects.get(round=delivery_round).pk],
        "hub:take_in_all": [key, box.collection_id],
        "hub:miss": [key, box.pk],
        "office:invite_host": [point.pk],
        "office:keep_goods": [point.pk],
        "office:remove_host": [invited.pk],
    }
    return known.get(name, [key] if name.startswith("hub:") else [point.slug, box.delivery_id])
