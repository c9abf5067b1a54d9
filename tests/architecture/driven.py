"""What the addresses of drivers, and of what they bring home, are asked for."""

from uuid import UUID, uuid4

from django.utils import timezone

from logistics import box_photos, tour_handover
from logistics.models import BoxPhoto, Delivery, Stop, Tour, UnfollowedReport
from marketplace.order.models import Order


def arguments(name: str, *, delivered: Order, tour: Tour | None, planned: Tour) -> dict[str, list[object]]:
    """By name of the address. `tour` has brought the order `delivered`, `planned` has not started."""
    delivery = Delivery.objects.get(order=delivered)
    stop = Stop.objects.filter(tour=tour).order_by("sequence").first()
    at_stop: list[object] = [tour.pk if tour else 0, stop.pk if stop else 0]
    known: dict[str, list[object]] = {
        "office:count_cash": at_stop[:1],
        "logistics:report": at_stop,
        "logistics:empties": [*at_stop, delivery.pk],
        "logistics:slip": [*at_stop[:1], delivery.pk],
    }
    if name == "office:settle_report":
        known[name] = [_report(delivered)]
    if name == "customer:box_photo":
        known[name] = [box_photos.sign(photo=_photo(delivery))]
    if name == "logistics:take_over":
        known[name] = [tour_handover.sign(tour=planned)]
    return known


def _report(delivered: Order) -> UUID:
    """What a driver reported and could not be followed: one again, because whoever asks first settles it."""
    at = timezone.now()
    row = UnfollowedReport(uuid=uuid4(), region_id=delivered.region_id, kind="delivered", reported_at=at, received_at=at)
    row.save()
    return row.pk


def _photo(delivery: Delivery) -> BoxPhoto:
    at = timezone.now()
    told = {"content": b"", "media_type": "image/jpeg", "taken_at": at, "received_at": at, "delivery": delivery}
    return BoxPhoto.objects.get_or_create(uuid=UUID(int=1), defaults=told)[0]
