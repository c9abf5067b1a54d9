"""Decides from all that was reported of a stop when somebody arrived, when it was over, and when a delivery was last tried.

The answer depends on what was reported, never on the order in which the reports came in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Max
from django.db.models.functions import Least

from logistics.models import Delivery, Stop, StopEvent, Tour

#: reports that somebody makes who is there
THERE = frozenset({"arrive", "collected", "delivered", "failed"})
ENDING = frozenset({"collected", "delivered", "failed"})


def settle(*, stop: Stop, over: bool) -> None:
    """Write down the times of a stop, and of its tour if that has ended. `over`: nothing is left to do there."""
    events = list(StopEvent.objects.filter(stop=stop))
    there = [_at(event) for event in events if event.kind in THERE]
    put_off = [_at(event) for event in events if event.kind == "later"]
    row = Stop.objects.get(pk=stop.pk)
    row.arrived_at = min(there, default=None)
    row.put_off_at = max(put_off, default=None)
    if over or row.completed_at:
        row.completed_at = _over_at(row, events)
    row.save(update_fields=["arrived_at", "put_off_at", "completed_at"])
    _tell_tour(row.tour_id, [_at(event) for event in events])


def settle_attempts(*, deliveries: Iterable[Delivery], stop: Stop) -> None:
    """A delivery that failed says when and why it was last tried, even if it was handed over after all."""
    events = list(StopEvent.objects.filter(stop=stop, kind="failed"))
    for delivery in deliveries:
        row = Delivery.objects.get(pk=delivery.pk)
        tries = [event for event in events if names(event, row.pk) and not _gone_before(row, event)]
        if not tries:
            continue
        last = max(tries, key=lambda event: (_at(event), str(event.pk)))
        row.failed_at = _at(last)
        if row.status == Delivery.Status.FAILED:
            row.handover_note = str(last.data.get("reason", ""))[:300]
        row.save(update_fields=["failed_at", "handover_note"])


def names(event: StopEvent, delivery_id: int) -> bool:
    """Whether a report is of a delivery: it names it, or none."""
    named = event.data.get("delivery")
    return named is None or str(named) == str(delivery_id)


def _at(event: StopEvent) -> datetime:
    return min(event.reported_at, event.received_at)


def _gone_before(row: Delivery, event: StopEvent) -> bool:
    """A report of all that is left says nothing of what had been handed over before."""
    handed_over = row.completed_at is not None and row.completed_at <= _at(event)
    return handed_over and event.data.get("delivery") is None


def _over_at(row: Stop, events: Sequence[StopEvent]) -> datetime | None:
    """When the last of its deliveries was through for the first time; of a farm, the first that ended it."""
    ending = [event for event in events if event.kind in ENDING]
    if row.kind == Stop.Kind.COLLECT:
        return min(map(_at, ending), default=row.completed_at)
    firsts = [
        min(_at(event) for event in mine)
        for pk in row.deliveries.exclude(status=Delivery.Status.CANCELLED).values_list("pk", flat=True)
        if (mine := [event for event in ending if names(event, pk)])
    ]
    return max(firsts, default=row.completed_at or min(map(_at, ending), default=None))


def _tell_tour(tour_id: int, moments: Sequence[datetime]) -> None:
    """A tour starts no later than the first report of it, and ends with its last stop."""
    Tour.objects.filter(pk=tour_id, started_at__isnull=False).update(started_at=Least("started_at", min(moments)))
    last = Stop.objects.filter(tour=tour_id).aggregate(last=Max("completed_at"))["last"]
    if last:
        Tour.objects.filter(pk=tour_id, status=Tour.Status.DONE).update(done_at=last)
