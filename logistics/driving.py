"""Decides what follows from what a driver reports; the same report counts once, however often the phone sends it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logistics import boxes, deliveries, drops, packing, rounds, shelf, shortfalls, stop_times, tours
from logistics.deliveries import Outcome
from logistics.models import Box, BoxEvent, Collection, Delivery, PackedLine, Stop, StopEvent, Tour
from marketplace.core.transitions import ForbiddenTransition
from marketplace.users.models import User

ENDED = (Delivery.Status.COMPLETED, Delivery.Status.FAILED, Delivery.Status.CANCELLED)


class Kind(models.TextChoices):
    """What can be reported of a stop."""

    START = "start", gettext_lazy("set off")
    ARRIVE = "arrive", gettext_lazy("arrived")
    COLLECTED = "collected", gettext_lazy("collected")
    DELIVERED = "delivered", gettext_lazy("handed over")
    FAILED = "failed", gettext_lazy("nobody there")
    LATER = "later", gettext_lazy("comes back later")
    BREAK = "break", gettext_lazy("break")
    GO_ON = "go_on", gettext_lazy("drives on")
    RETURNED = "returned", gettext_lazy("brought back")


#: what is noted and changes nothing at the stop but its times
NOTED = frozenset({Kind.START, Kind.ARRIVE, Kind.LATER, Kind.BREAK, Kind.GO_ON})


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
    it all of the stop), `handed_to`, `left` (where, as the customer wished), `age_checked`, `note`, `code` (told by the customer
    as a proof), `outcomes` ({packed line id: {"quantity", "problem"}}); for "failed": `delivery`, `reason`.

    The first report of a tour starts it, the last one ends it. The same reports lead to the same rows in whatever order they
    come: handed over counts, whatever else was reported.

    Raises `ReportRefused`, `deliveries.HandoverRefused` or `ForbiddenTransition`; then nothing of the report is kept.
    """
    tour = Tour.objects.get(pk=stop.tour_id)
    rounds.lock(round_id=tour.round_id)
    if StopEvent.objects.filter(pk=uuid).exists():
        return False
    at = min(reported_at, received_at)
    if Tour.objects.get(pk=tour.pk).status == Tour.Status.PLANNED:
        _set_out(tour, kind, at, by)
    StopEvent.objects.create(
        uuid=uuid, stop=stop, kind=kind, reported_at=reported_at, received_at=received_at, by=by, data=dict(data)
    )
    over = _follow(stop, kind, at, by, data)
    stop_times.settle(stop=stop, over=over)
    if over and not tour.stops.filter(completed_at__isnull=True).exists():
        _finish(tour, by)
    return True


def _set_out(tour: Tour, kind: str, at: datetime, by: User | None) -> None:
    """Whoever says "I set out" before the trip before is over is refused; whoever reports from a stop has set out."""
    try:
        tours.start(tour=tour, at=at, by=by, has_left=kind != Kind.START)
    except tours.TourRefused as refusal:
        raise ReportRefused(str(refusal)) from refusal


def _follow(stop: Stop, kind: str, at: datetime, by: User | None, data: Mapping[str, Any]) -> bool:
    """Do what the report says, and tell whether the stop is over."""
    if kind in NOTED:
        return False
    if kind == Kind.RETURNED:
        _bring_back(stop, at, by)
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
            Collection.objects.filter(pk=collection.pk, collected_at__gt=at).update(collected_at=at)
        except ForbiddenTransition:
            raise ReportRefused(
                _("%(producer)s has not finished packing yet. Please ask there to record it.") % {"producer": stop.name}
            ) from None
    return True


def _deliver(stop: Stop, kind: str, at: datetime, by: User | None, data: Mapping[str, Any]) -> bool:
    if kind == Kind.DELIVERED and data.get("delivery") is None and shelf.is_kept(stop=stop):
        shelf.put_down(stop=stop, at=at, by=by)  # whoever looks after the pickup point hands the goods out
        return True
    outcomes = _outcomes(data)
    meant = _meant(stop, data)
    for delivery in meant:
        mine = {pk: outcomes[pk] for pk in delivery.packed_lines.values_list("pk", flat=True) if pk in outcomes}
        if kind == Kind.FAILED:
            _not_there(delivery, at, by, data)
        elif delivery.status == Delivery.Status.COMPLETED:
            _check_same(delivery, mine)
            Delivery.objects.filter(pk=delivery.pk, completed_at__gt=at).update(completed_at=at)
        else:
            _hand_over(delivery, at, by, data, mine)
    stop_times.settle_attempts(deliveries=meant, stop=stop)
    return not stop.deliveries.exclude(status__in=ENDED).exists()


def _not_there(delivery: Delivery, at: datetime, by: User | None, data: Mapping[str, Any]) -> None:
    """What was handed over stays so, even if a failed attempt becomes known later."""
    if delivery.status != Delivery.Status.COMPLETED:
        deliveries.fail(delivery=delivery, at=at, by=by, reason=str(data.get("reason", ""))[:300])


def _hand_over(
    delivery: Delivery, at: datetime, by: User | None, data: Mapping[str, Any], outcomes: Mapping[int, Outcome]
) -> None:
    deliveries.complete(
        delivery=delivery,
        at=at,
        by=by,
        handed_to=_taken_by(delivery, data)[:100],
        age_checked=data.get("age_checked") is True,
        outcomes=outcomes,
        note=_note(delivery, data),
    )


def _note(delivery: Delivery, data: Mapping[str, Any]) -> str:
    """What else is to be known of a handover; a code that the customer told must be the delivery's own."""
    told, code = str(data.get("note", "")), "".join(str(data.get("code") or "").split()).upper()
    if code and not Delivery.objects.filter(stop=delivery.stop_id, code=code).exists():
        raise ReportRefused(_("%(code)s is not the code of this delivery.") % {"code": code})
    proof = _("The code was told.") if code == delivery.code else ""
    return " ".join(filter(None, (told, proof)))[:300]


def _taken_by(delivery: Delivery, data: Mapping[str, Any]) -> str:
    told, where = str(data.get("handed_to") or ""), str(data.get("left") or "")
    if not where:
        return told or delivery.recipient
    try:
        return drops.left(delivery=delivery, where=where, neighbour=told)
    except drops.DropRefused as refusal:
        raise ReportRefused(str(refusal)) from refusal


def _meant(stop: Stop, data: Mapping[str, Any]) -> list[Delivery]:
    """The delivery that the report names, or all of the stop that are not through yet; all, when there is nothing left to do."""
    rows = stop.deliveries.exclude(status=Delivery.Status.CANCELLED).order_by("pk")
    if data.get("delivery") is None:
        return list(rows.exclude(status=Delivery.Status.COMPLETED)) or list(rows)
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


def _check_same(delivery: Delivery, outcomes: Mapping[int, Outcome]) -> None:
    """What was handed over and billed stays when it is reported a second time; other numbers are for people to look at."""
    known = {**shortfalls.outcomes(delivery=delivery), **outcomes}
    for line in PackedLine.objects.filter(delivery=delivery):
        told = known[line.pk].quantity if line.pk in known else line.packed
        if told != line.delivered:
            raise ReportRefused(
                _("%(code)s has been handed over already, with other quantities. The office looks into it.")
                % {"code": delivery.code}
            )


def _bring_back(stop: Stop, at: datetime, by: User | None) -> None:
    """Whatever was not handed over at this stop is in the hub again."""
    gone = (Box.Status.EMPTY, Box.Status.MISSING, Box.Status.HANDED_OVER)
    rows = Box.objects.filter(delivery__stop=stop).exclude(status__in=gone).order_by("pk")
    boxes.note_all(boxes=list(rows), kind=BoxEvent.Kind.RETURNED, at=at, by=by, stop=stop)


def _finish(tour: Tour, by: User | None) -> None:
    """A second attempt after the tour has ended leaves it ended."""
    present = Tour.objects.get(pk=tour.pk)
    last = present.stops.aggregate(last=models.Max("completed_at"))["last"]
    if present.status == Tour.Status.UNDER_WAY:
        tours.finish(tour=present, at=last, by=by)
