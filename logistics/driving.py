"""Decides what follows from what a driver reports; the same report counts once, however often the phone sends it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logistics import deliveries, drops, packing, rounds, tours
from logistics.deliveries import Outcome
from logistics.models import Delivery, Stop, StopEvent, Tour
from marketplace.core.transitions import ForbiddenTransition
from marketplace.users.models import User

ENDED = (Delivery.Status.COMPLETED, Delivery.Status.FAILED, Delivery.Status.CANCELLED)


class Kind(models.TextChoices):
    """What can be reported of a stop."""

    ARRIVE = "arrive", gettext_lazy("arrived")
    COLLECTED = "collected", gettext_lazy("collected")
    DELIVERED = "delivered", gettext_lazy("handed over")
    FAILED = "failed", gettext_lazy("nobody there")


class ReportRefused(Exception):
    """The report makes no sense at this stop; the message is for the driver."""


@transaction.atomic
def report(
    *,
    stop: Stop,
    uuid: UUID,
    kind: str,
    reported_at: datetime,
    received_at: datetime,
    by: User | None,
    data: Mapping[str, Any],
) -> bool:
    """Take in what happened at a stop. False, with nothing changed, if this report was taken in before.

    `reported_at` is the phone's clock and counts, unless it runs ahead of ours. `data` for "delivered": `delivery` (id; without
    it all of the stop), `handed_to`, `left` (where, as the customer wished), `age_checked`, `note`, `outcomes` ({packed line id:
    {"quantity", "problem"}}); for "failed": `delivery`, `reason`. The first report of a tour starts it, the last one ends it.

    Raises `ReportRefused`, `deliveries.HandoverRefused` or `ForbiddenTransition`; then nothing of the report is kept.
    """
    tour = Tour.objects.get(pk=stop.tour_id)
    rounds.lock(round_id=tour.round_id)
    if StopEvent.objects.filter(pk=uuid).exists():
        return False
    at = min(reported_at, received_at)
    if Tour.objects.get(pk=tour.pk).status == Tour.Status.PLANNED:
        tours.start(tour=tour, at=at, by=by)
    StopEvent.objects.create(
        uuid=uuid, stop=stop, kind=kind, reported_at=reported_at, received_at=received_at, by=by, data=dict(data)
    )
    over = _follow(stop, kind, at, by, data)
    _mark(stop, at, over)
    if over and not tour.stops.filter(completed_at__isnull=True).exists():
        _finish(tour, at, by)
    return True


def _follow(stop: Stop, kind: str, at: datetime, by: User | None, data: Mapping[str, Any]) -> bool:
    """Do what the report says, and tell whether the stop is over."""
    if kind == Kind.ARRIVE:
        return False
    if stop.kind == Stop.Kind.COLLECT and kind in {Kind.COLLECTED, Kind.FAILED}:
        return _collect(stop, kind, at, by)
    if stop.kind != Stop.Kind.COLLECT and kind in {Kind.DELIVERED, Kind.FAILED}:
        return _deliver(stop, kind, at, by, data)
    raise ReportRefused(_("That cannot be reported of this stop."))


def _collect(stop: Stop, kind: str, at: datetime, by: User | None) -> bool:
    """Goods that are not there stay with the producer; the stop is over all the same."""
    for collection in stop.collections.order_by("pk") if kind == Kind.COLLECTED else ():
        try:
            packing.hand_to_driver(collection=collection, at=at, by=by)
        except ForbiddenTransition:
            raise ReportRefused(
                _("%(producer)s has not finished packing yet. Please ask there to record it.") % {"producer": stop.name}
            ) from None
    return True


def _deliver(stop: Stop, kind: str, at: datetime, by: User | None, data: Mapping[str, Any]) -> bool:
    outcomes = _outcomes(data)
    for delivery in _meant(stop, data):
        if kind == Kind.FAILED:
            deliveries.fail(delivery=delivery, at=at, by=by, reason=str(data.get("reason", ""))[:300])
            continue
        mine = set(delivery.packed_lines.values_list("pk", flat=True))
        deliveries.complete(
            delivery=delivery,
            at=at,
            by=by,
            handed_to=_taken_by(delivery, data)[:100],
            age_checked=data.get("age_checked") is True,
            outcomes={pk: outcome for pk, outcome in outcomes.items() if pk in mine},
            note=str(data.get("note", ""))[:300],
        )
    return not stop.deliveries.exclude(status__in=ENDED).exists()


def _taken_by(delivery: Delivery, data: Mapping[str, Any]) -> str:
    told, where = str(data.get("handed_to") or ""), str(data.get("left") or "")
    if not where:
        return told or delivery.recipient
    try:
        return drops.left(delivery=delivery, where=where, neighbour=told)
    except drops.DropRefused as refusal:
        raise ReportRefused(str(refusal)) from refusal


def _meant(stop: Stop, data: Mapping[str, Any]) -> list[Delivery]:
    """The delivery that the report names, or all of the stop that are not through yet."""
    rows = stop.deliveries.exclude(status=Delivery.Status.CANCELLED).order_by("pk")
    if data.get("delivery") is None:
        return list(rows.exclude(status=Delivery.Status.COMPLETED))
    meant = [row for row in rows if str(row.pk) == str(data["delivery"])]
    if not meant:
        raise ReportRefused(_("This delivery does not belong to this stop."))
    return meant


def _outcomes(data: Mapping[str, Any]) -> dict[int, Outcome]:
    try:
        return {
            int(pk): Outcome(quantity=int(told["quantity"]), problem=str(told.get("problem", "")))
            for pk, told in dict(data.get("outcomes") or {}).items()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ReportRefused(_("The quantities that were handed over are not readable.")) from None


def _mark(stop: Stop, at: datetime, over: bool) -> None:
    """Arrival counts once, with the first report; so does the end."""
    Stop.objects.filter(pk=stop.pk, arrived_at__isnull=True).update(arrived_at=at)
    if over:
        Stop.objects.filter(pk=stop.pk, completed_at__isnull=True).update(completed_at=at)


def _finish(tour: Tour, at: datetime, by: User | None) -> None:
    """A second attempt after the tour has ended leaves it ended."""
    present = Tour.objects.get(pk=tour.pk)
    if present.status == Tour.Status.UNDER_WAY:
        tours.finish(tour=present, at=at, by=by)
