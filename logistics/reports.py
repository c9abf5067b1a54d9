"""Decides what becomes of what a driver's phone reports late: it is followed, it was known, or it is kept for people to see to.

Nothing that a driver reported disappears: what cannot be followed is kept and tried again when more is known of the same round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from logistics import box_photos, boxes, driving, empties, empties_page, rounds
from logistics.driving import Kind, ReportRefused
from logistics.handover import HandoverRefused
from logistics.models import Box, BoxEvent, Delivery, Stop, Tour, UnfollowedReport
from marketplace.core import audit
from marketplace.core.device_queue import Answer, Outcome
from marketplace.core.models import AuditEntry
from marketplace.core.transitions import ForbiddenTransition
from marketplace.pictures.cleaning import BadPicture
from marketplace.regions.models import Region
from marketplace.users.models import User

#: kinds beside `driving.Kind`: a box was seen, or was not there; all that are not missed were seen; empties came back; a photo
BOX, ALL_BOXES, EMPTIES, PHOTO = "box", "boxes", "empties", "photo"
#: in `data`: what came with a report that cannot be read
UNREADABLE = "unreadable"
HANDED_OVER = "tour.handed_over"
REFUSALS = (
    ReportRefused,
    HandoverRefused,
    ForbiddenTransition,
    boxes.BoxRefused,
    empties.ReturnRefused,
    BadPicture,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One report as it came: `stop_id` None when it could not be read, `data` as the kind wants it."""

    uuid: UUID
    stop_id: int | None
    kind: str
    reported_at: datetime
    received_at: datetime
    by: User | None
    data: Mapping[str, Any] = field(default_factory=dict)


def take(*, region: Region, report: Report) -> Answer:
    """Take one report in, and try again what could not be followed before in the same round."""
    kept = UnfollowedReport.objects.filter(pk=report.uuid).first()
    if kept is not None:
        return Answer(Outcome.KNOWN) if kept.settled_at else Answer(Outcome.REFUSED, kept.refusal)
    stop = _stop_of(region, report)
    if stop is None:
        return _keep(region, report, None, _("This stop is not on any of your tours (any more)."))
    try:
        with transaction.atomic():
            rounds.lock(round_id=stop.tour.round_id)
            fresh = follow(stop=stop, report=report)
    except REFUSALS as refusal:
        return _keep(region, report, stop, str(refusal))
    if fresh:
        try_again(round_id=stop.tour.round_id, at=report.received_at)
    return Answer(Outcome.TAKEN if fresh else Outcome.KNOWN)


@transaction.atomic
def follow(*, stop: Stop, report: Report) -> bool:
    """Do what a report says, whatever its kind; False if it was known. Raises one of `REFUSALS`, with nothing changed."""
    at = min(report.reported_at, report.received_at)
    if UNREADABLE in report.data:
        raise ReportRefused(_("This report is not readable. The office looks into it."))
    if report.kind == BOX:
        return _see(stop, report)
    if report.kind == ALL_BOXES:
        return _see_all(stop, report)
    if report.kind == EMPTIES:
        posted = {name: str(value) for name, value in report.data.items()}
        return empties_page.taken(delivery=_delivery(stop, report), posted=posted, uuid=report.uuid, at=at, by=report.by)
    if report.kind == PHOTO:
        told = str(report.data.get("photo", ""))
        return box_photos.keep(
            delivery=_delivery(stop, report), uuid=report.uuid, told=told, at=at, received_at=report.received_at, by=report.by
        )
    if report.kind not in Kind.values:
        raise ReportRefused(_("That cannot be reported of this stop."))
    return driving.report(
        stop=stop,
        uuid=report.uuid,
        kind=report.kind,
        reported_at=report.reported_at,
        received_at=report.received_at,
        by=report.by,
        data=report.data,
    )


def try_again(*, round_id: int, at: datetime) -> int:
    """Follow what can be followed by now of what waits in a round, the oldest first; returns how many that were."""
    waiting = UnfollowedReport.objects.filter(stop__tour__round=round_id, settled_at__isnull=True).select_related("stop__tour")
    return sum(_try_again(row, at) for row in waiting.order_by("reported_at", "pk"))


def open_in(*, region: Region) -> QuerySet[UnfollowedReport]:
    """What waits for somebody of the office, the oldest first."""
    rows = UnfollowedReport.objects.filter(region=region, settled_at__isnull=True)
    return rows.select_related("stop", "tour__vehicle", "tour__round", "by").order_by("reported_at", "pk")


@transaction.atomic
def settle(*, report: UnfollowedReport, at: datetime, by: User | None) -> None:
    """Somebody of the office has seen to it."""
    changed = UnfollowedReport.objects.filter(pk=report.pk, settled_at__isnull=True).update(settled_at=at, settled_by=by)
    if changed:
        audit.record(action="report.settled", target=report.stop or report.region, at=at, by=by, new={"uuid": str(report.pk)})


def _boxes_of(stop: Stop) -> QuerySet[Box]:
    rows = Box.objects.filter(Q(collection__stop=stop) | Q(delivery__stop=stop)).exclude(status=Box.Status.EMPTY)
    return rows.select_related("delivery").order_by("pk")


def _see_all(stop: Stop, report: Report) -> bool:
    """All boxes of a stop were seen that nobody has missed; one that is missed later, or was missed already, stays so."""
    waiting = [box for box in _boxes_of(stop) if box.status != Box.Status.MISSING]
    found = [_see(stop, replace(report, uuid=uuid5(report.uuid, str(box.pk)), data={"box": str(box.pk)})) for box in waiting]
    return any(found)


def _see(stop: Stop, report: Report) -> bool:
    """A box was seen when the vehicle was loaded or the goods were fetched, or was not there."""
    seen = BoxEvent.Kind.COLLECTED if stop.kind == Stop.Kind.COLLECT else BoxEvent.Kind.LOADED
    missed = report.data.get("seen") == "missing"
    told = str(report.data.get("box", ""))
    box = _boxes_of(stop).filter(pk=int(told) if told.isdecimal() else 0).first()
    if box is None:
        raise ReportRefused(_("This box does not belong to this stop."))
    fresh = boxes.note(
        box=box,
        uuid=report.uuid,
        kind=BoxEvent.Kind.MISSING if missed else seen,
        instead_of=seen if missed else "",
        reported_at=report.reported_at,
        received_at=report.received_at,
        by=report.by,
        stop=stop,
    )
    if missed and fresh:
        _take_back(box, seen, report)
    elif fresh:
        _missed_since(box, seen, stop, report)
    if box.delivery.completed_at:
        handed = BoxEvent.Kind.HANDED_OVER
        boxes.note_all(boxes=boxes.of(delivery=box.delivery), kind=handed, at=box.delivery.completed_at, by=report.by)
    return fresh


def _missed_since(box: Box, seen: str, stop: Stop, report: Report) -> None:
    """A tick that was taken back on the same phone, and is known only now."""
    at = min(report.reported_at, report.received_at)
    if box.events.filter(kind=BoxEvent.Kind.MISSING, instead_of=seen, stop=stop, reported_at__gt=at).exists():
        boxes.note(
            box=box,
            uuid=uuid5(report.uuid, "undo"),
            kind=BoxEvent.Kind.UNDO,
            undoes=report.uuid,
            reported_at=report.reported_at,
            received_at=report.received_at,
            by=report.by,
        )


def _take_back(box: Box, seen: str, report: Report) -> None:
    """A box that somebody missed was not among those taken along, or handed over, in bulk; nor was an earlier tick right."""
    at = min(report.reported_at, report.received_at)
    in_bulk, before = Q(stop__isnull=True), Q(kind=seen, reported_at__lt=at)
    for event in box.events.filter(in_bulk | before, kind__in=(seen, BoxEvent.Kind.HANDED_OVER)):
        boxes.note(
            box=box,
            uuid=uuid5(report.uuid, str(event.pk)),
            kind=BoxEvent.Kind.UNDO,
            undoes=event.pk,
            reported_at=report.reported_at,
            received_at=report.received_at,
            by=report.by,
        )


def _delivery(stop: Stop, report: Report) -> Delivery:
    rows = stop.deliveries.exclude(status=Delivery.Status.CANCELLED).select_related("order__terms")
    found = next((row for row in rows if str(row.pk) == str(report.data.get("delivery"))), None)
    if found is None:
        raise ReportRefused(_("This delivery does not belong to this stop."))
    return found


def _stop_of(region: Region, report: Report) -> Stop | None:
    """The stop, if its tour is this driver's, is nobody's, or was this driver's before somebody took it over."""
    if report.stop_id is None:
        return None
    stop = Stop.objects.filter(pk=report.stop_id, tour__round__region=region).select_related("tour").first()
    if stop is None or report.by is None:
        return stop
    mine = stop.tour.driver_id in {None, report.by.pk}
    return stop if mine or _drove_before(stop.tour, report.by) else None


def _drove_before(tour: Tour, driver: User) -> bool:
    entries = AuditEntry.objects.filter(action=HANDED_OVER, target_type=Tour._meta.label_lower, target_id=tour.pk)
    return entries.filter(old__driver=driver.pk).exists()


def _keep(region: Region, report: Report, stop: Stop | None, refusal: str) -> Answer:
    UnfollowedReport.objects.get_or_create(
        pk=report.uuid,
        defaults={
            "region": region,
            "tour": stop.tour if stop else None,
            "stop": stop,
            "kind": report.kind[:20],
            # pictures of unknown content are not kept
            "data": {name: value for name, value in report.data.items() if name != PHOTO},
            "refusal": refusal[:300],
            "reported_at": report.reported_at,
            "received_at": report.received_at,
            "by": report.by,
        },
    )
    return Answer(Outcome.REFUSED, refusal)


def _try_again(row: UnfollowedReport, at: datetime) -> bool:
    if row.stop is None:
        return False
    again = Report(
        uuid=row.uuid,
        stop_id=row.stop_id,
        kind=row.kind,
        reported_at=row.reported_at,
        received_at=row.received_at,
        by=row.by,
        data=row.data,
    )
    try:
        with transaction.atomic():
            rounds.lock(round_id=row.stop.tour.round_id)
            follow(stop=row.stop, report=again)
            UnfollowedReport.objects.filter(pk=row.pk).update(settled_at=at)
    except REFUSALS:
        return False
    return True
