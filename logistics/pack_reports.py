"""Decides what becomes of what a phone reports late while packing: reports in any order, twice, from two phones, end the same.

Of each line the latest report by the devices' clocks counts, and of the ends of packing too; an end that comes before all lines
are recorded waits for them. A line that is reported when packing is over is slipped in. Once the goods are handed over nothing
is followed any more. What cannot be followed is kept with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import packing, shortages
from logistics.models import Collection, PackedLine, PackingEvent
from logistics.packing import PackingRefused
from marketplace.core.device_queue import Answer
from marketplace.core.device_queue import Outcome as Heard
from marketplace.core.transitions import ForbiddenTransition
from marketplace.users.models import User

Kind = PackingEvent.Kind
Outcome = PackingEvent.Outcome
Status = Collection.Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One report as it came. `data`: `quantity`, `weight_g`, `agreed`, `batch` of a line, `crates`, `cold_crates` of the end.

    `problem` says what was unreadable.
    """

    uuid: UUID
    kind: str
    line_id: int | None
    reported_at: datetime
    received_at: datetime
    by: User | None
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


@transaction.atomic
def take(*, collection: Collection, report: Report) -> Answer:
    """Take one report in; the same one again changes nothing and is answered alike."""
    locked = shortages.lock(collection_id=collection.pk)
    known = PackingEvent.objects.filter(pk=report.uuid).first()
    if known is not None:
        return Answer(Heard.REFUSED, known.refusal) if known.outcome == Outcome.REFUSED else Answer(Heard.KNOWN)
    event = PackingEvent(
        uuid=report.uuid,
        collection=locked,
        packed_line=locked.lines.filter(pk=report.line_id or 0).first(),
        kind=report.kind,
        data=dict(report.data),
        reported_at=min(report.reported_at, report.received_at),
        received_at=report.received_at,
        by=report.by,
    )
    try:
        with transaction.atomic():
            event.outcome = _follow(locked, event, report.problem)
    except (PackingRefused, ForbiddenTransition) as refusal:
        event.outcome, event.refusal = Outcome.REFUSED, str(refusal)[:300]
    event.save(force_insert=True)
    if event.outcome == Outcome.FOLLOWED and event.kind == Kind.RECORD:
        _finish_late(locked)
    return Answer(Heard.REFUSED, event.refusal) if event.outcome == Outcome.REFUSED else Answer(Heard.TAKEN)


def waiting(*, collection: Collection) -> PackingEvent | None:
    """The end of packing that waits for lines of another phone, if there is one. One query."""
    rows = PackingEvent.objects.filter(collection=collection, kind=Kind.FINISH, outcome=Outcome.WAITING)
    return rows.order_by("-reported_at", "-pk").first()


def _follow(locked: Collection, event: PackingEvent, problem: str) -> str:
    if problem:
        raise PackingRefused(problem)
    if event.kind == Kind.RECORD and event.packed_line is not None:
        return _record(locked, event.packed_line, event)
    if event.kind == Kind.FINISH:
        return _finish(locked, event)
    raise PackingRefused(_("This line does not belong to this round."))


def _record(locked: Collection, line: PackedLine, event: PackingEvent) -> str:
    if line.packed_at is not None and (line.packed_at, _last(line, line.packed_at)) > (event.reported_at, str(event.pk)):
        return Outcome.OVERTAKEN
    over = locked.status == Status.PACKED
    crates, cold, at = locked.crates, locked.cold_crates, locked.packed_at
    if over:
        packing.reopen(collection=locked, at=event.received_at, by=event.by)
    told = event.data
    packing.record(
        packed_line=line,
        quantity=int(told["quantity"]),
        weight_g=told.get("weight_g"),
        at=event.reported_at,
        by=event.by,
        agreed=bool(told.get("agreed")),
        batch=told.get("batch"),
    )
    if over and at is not None:
        packing.finish(collection=locked, crates=crates, cold_crates=cold, at=at, by=event.by)
    return Outcome.FOLLOWED


def _last(line: PackedLine, packed_at: datetime) -> str:
    """The report that the line stands on, to decide between two of the same moment; "" if it was entered on the page."""
    rows = line.packing_events.filter(outcome=Outcome.FOLLOWED, reported_at=packed_at).order_by("-pk")
    return str(rows.values_list("pk", flat=True).first() or "")


def _finish(locked: Collection, event: PackingEvent) -> str:
    if locked.status == Status.PACKED and locked.packed_at is not None:
        if locked.packed_at >= event.reported_at:
            return Outcome.OVERTAKEN
        packing.reopen(collection=locked, at=event.received_at, by=event.by)
    elif locked.lines.filter(packed__isnull=True).exists():
        return Outcome.WAITING
    told = event.data
    packing.finish(
        collection=locked,
        crates=int(told["crates"]),
        cold_crates=int(told["cold_crates"]),
        at=event.reported_at,
        by=event.by,
    )
    return Outcome.FOLLOWED


def _finish_late(locked: Collection) -> None:
    """All lines are there now: the end of packing that waited for them is followed."""
    event = waiting(collection=locked)
    if event is None or locked.lines.filter(packed__isnull=True).exists():
        return
    try:
        with transaction.atomic():
            fresh = Collection.objects.get(pk=locked.pk)
            event.outcome = _finish(fresh, event)
    except (PackingRefused, ForbiddenTransition) as refusal:
        event.outcome, event.refusal = Outcome.REFUSED, str(refusal)[:300]
    event.save(update_fields=["outcome", "refusal"])
    older = PackingEvent.objects.filter(collection=locked, kind=Kind.FINISH, outcome=Outcome.WAITING)
    older.update(outcome=Outcome.OVERTAKEN)
