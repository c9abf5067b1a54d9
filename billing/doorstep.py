"""Books what drivers were paid at the door: found by query, so it does not matter when it runs or how often."""

from datetime import datetime

from django.utils import timezone

from billing import payments
from logistics.models import Delivery, StopEvent
from marketplace.regions.models import Region


def book(*, at: datetime) -> int:
    """Book the money of every completed delivery for which a driver reported cash or card; returns how many were booked.

    It counts on the day on which the driver reported it. A delivery that the driver handed over without naming a way to pay
    stays open (`payments.open_handovers`) until somebody in the office books it.
    """
    booked = 0
    for region in Region.objects.order_by("pk"):
        waiting = {delivery.pk: delivery for delivery in payments.open_handovers(region=region)}
        for delivery_id, method, reported_at in _reports(waiting):
            paid = payments.settle_handover(delivery=waiting[delivery_id], method=method, at=min(reported_at, at))
            booked += paid is not None
    return booked


def _reports(waiting: dict[int, Delivery]) -> list[tuple[int, str, datetime]]:
    """Delivery, way of paying and moment of each report that names one; the newest report of a delivery counts."""
    events = StopEvent.objects.filter(kind="delivered", data__has_key="paid", stop__deliveries__in=waiting.keys()).distinct()
    found = {
        delivery.pk: (event.data["paid"], event.reported_at)
        for event in events.order_by("received_at", "pk")
        for delivery in waiting.values()
        if _tells_of(event, delivery)
    }
    return [(delivery, method, timezone.localtime(moment)) for delivery, (method, moment) in sorted(found.items())]


def _tells_of(event: StopEvent, delivery: Delivery) -> bool:
    """The driver's report is of the delivery that it names; without a name, of all that it completed at its stop."""
    named = event.data.get("delivery")
    if named is not None:
        return str(named) == str(delivery.pk)
    return event.stop_id == delivery.stop_id and delivery.completed_at == min(event.reported_at, event.received_at)
