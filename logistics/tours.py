"""Decides who drives where: plans the tours of a closed round, starts and ends them.

The planner itself (`logistics.routing`) sees plain values only; `logistics.planning` turns rows into them and back, and changes
plans by hand.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import doors, farms, packing, rounds, trips, unserved
from logistics.models import Collection, Delivery, DeliveryRound, PlanVersion, Tour
from logistics.planning import layout, proposals, rows
from logistics.planning.layout import Draft, Layout
from logistics.routing import (
    Arranged,
    CalledOff,
    HaversineProvider,
    Matrices,
    MatrixProvider,
    Plan,
    Problem,
    Watch,
    violations,
)
from logistics.routing import plan as search
from logistics.routing.insertion import NAME as SIMPLE
from marketplace.core import audit
from marketplace.core.models import AuditEntry
from marketplace.core.transitions import lock_for
from marketplace.users.models import User

Status = Tour.Status
PLANNABLE = (DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED)
ITERATIONS = layout.ITERATIONS
#: the search may take so long, and so much longer for each call beyond 500
CPU_SECONDS, FOR_EACH_MORE = layout.CPU_SECONDS, 0.06
logger = logging.getLogger(__name__)


class TourRefused(Exception):
    """The tour cannot be planned, started or ended like that; the message is for the office or the driver."""


def plan(
    *,
    delivery_round: DeliveryRound,
    at: datetime,
    by: User | None = None,
    provider: MatrixProvider | None = None,
    iterations: int = ITERATIONS,
    cpu_seconds: float | None = None,
    watch: Watch | None = None,
    simple: bool = False,
) -> list[str]:
    """Draw the tours of a closed round, replacing those drawn before; returns a sentence for every call that is on none.

    Searches up to `cpu_seconds` in this process, outside of any transaction of its own: call it from a worker. The same round
    gives the same plan. What is locked stays. When the search fails, or with `simple`, the tours are drawn the simple way, and
    the plan says so. `watch` is told how much is done and may stop it, then `CalledOff` is raised and the plan of before counts.
    A round without any delivery is done at once. Raises `TourRefused` unless the round is closed and no tour has started.
    """
    row = DeliveryRound.objects.select_related("region", "rule").get(pk=delivery_round.pk)
    _refuse_unless_plannable(row)
    doors.recall(delivery_round=row)
    before = rows.number(round_id=row.pk)
    paper = layout.load(delivery_round=row)
    seconds = cpu_seconds or CPU_SECONDS + FOR_EACH_MORE * max(0, len(paper.calls) - 500)
    vehicles = [vehicle for pk, vehicle in paper.vehicles.items() if vehicle.is_active or _holds(paper, pk)]
    problem = paper.problem(vehicles=vehicles, iterations=iterations, cpu_seconds=seconds)
    matrices = Matrices.of(problem=problem, provider=provider or HaversineProvider())
    fixed = [draft.arranged for draft in paper.drafts if draft.locked]
    drawn = _drawn(problem, matrices, fixed, watch, simple)
    ideas = proposals.find(problem=problem, matrices=matrices, plan=drawn, vehicles=paper.vehicles)
    _store(paper, problem, matrices, drawn, ideas, before, at, by)
    delivery_round.refresh_from_db()
    return unserved.sentences(delivery_round=delivery_round)


@transaction.atomic
def start(*, tour: Tour, at: datetime, by: User | None, has_left: bool = False) -> Tour:
    """The vehicle leaves; whoever starts a tour without a driver drives it. On a delivering tour, the goods are on their way.

    `has_left`: something was reported on the way already, so nobody is asked any more. Raises `TourRefused` while an earlier trip
    of the vehicle is not over, `ForbiddenTransition` when the tour has started before.
    """
    delivery_round = rounds.lock(round_id=tour.round_id)
    if not has_left and (before := trips.waits_for(tour=tour)):
        raise TourRefused(trips.sentence(before=before))
    locked = lock_for(row=tour, to=Status.UNDER_WAY)
    locked.started_at = at
    locked.driver = locked.driver or by
    _step(locked, Status.UNDER_WAY, ["started_at", "driver"], at, by)
    if delivery_round.status == DeliveryRound.Status.PLANNED:
        rounds.step(delivery_round, to=DeliveryRound.Status.UNDER_WAY, at=at, by=by)
    if locked.wave == Tour.Wave.DELIVER:
        _take_in(locked, at, by)
    if locked.wave != Tour.Wave.COLLECT:
        _load(locked, at, by)
    return locked


@transaction.atomic
def finish(*, tour: Tour, at: datetime, by: User | None) -> Tour:
    """The vehicle is back. Raises `TourRefused` while a stop is open, `ForbiddenTransition` when the tour is not under way."""
    rounds.lock(round_id=tour.round_id)
    left = tour.stops.filter(completed_at__isnull=True).count()
    if left:
        raise TourRefused(ngettext("%(number)s stop is still open.", "%(number)s stops are still open.", left) % {"number": left})
    locked = lock_for(row=tour, to=Status.DONE)
    locked.done_at = at
    _step(locked, Status.DONE, ["done_at"], at, by)
    return locked


def _refuse_unless_plannable(row: DeliveryRound) -> None:
    if row.status not in PLANNABLE:
        raise TourRefused(_("Tours can be planned once the round is closed, and until the first one starts."))


def _holds(paper: Layout, vehicle_id: int) -> bool:
    """Whether something is locked on the vehicle."""
    return any(draft.vehicle == vehicle_id and (draft.locked or draft.pinned) for draft in paper.drafts)


def _drawn(problem: Problem, matrices: Matrices, fixed: Sequence[Arranged], watch: Watch | None, simple: bool) -> Plan:
    if not simple:
        try:
            return search(problem=problem, matrices=matrices, fixed=fixed, watch=watch)
        except CalledOff:
            raise
        except Exception:
            logger.exception("The search for tours failed; they are drawn the simple way.")
    return search(problem=problem, matrices=matrices, fixed=fixed, simple=True)


@transaction.atomic
def _store(
    paper: Layout,
    problem: Problem,
    matrices: Matrices,
    drawn: Plan,
    ideas: Sequence[proposals.Proposal],
    before: int,
    at: datetime,
    by: User | None,
) -> None:
    row = rounds.lock(round_id=paper.round.pk)
    _refuse_unless_plannable(row)
    if rows.number(round_id=row.pk) != before:
        raise TourRefused(_("The plan was changed while a new one was being searched for; the changed one stays."))
    rows.store(
        layout=paper,
        locked=row,
        drawn=drawn,
        found=violations(problem=problem, plan=drawn, matrices=matrices),
        drafts=_staying(paper, drawn),
        origin=PlanVersion.Origin.SIMPLE if drawn.engine == SIMPLE else PlanVersion.Origin.SOLVED,
        at=at,
        by=by,
        proposals=[idea.stored() for idea in ideas],
    )
    if not paper.calls and rounds.end_if_over(row, at=at, by=by):
        return
    rounds.step(row, to=DeliveryRound.Status.PLANNED, at=at, by=by)


def _staying(paper: Layout, drawn: Plan) -> list[Draft]:
    """What is locked stays locked in the new plan, and whoever was to drive a locked tour drives it."""
    pinned = {key for draft in paper.drafts for key in draft.pinned}
    known = {draft.tour: draft for draft in paper.drafts if draft.locked}
    found = []
    for planned in drawn.tours:
        tour = (int(planned.vehicle_key), str(planned.wave), planned.trip)
        keys = tuple(stop.job_key for stop in planned.stops)
        old = known.get(tour)
        driver = old.driver if old else paper.vehicles[tour[0]].driver_id
        found.append(
            Draft(
                vehicle=tour[0],
                wave=tour[1],
                trip=tour[2],
                keys=keys,
                driver=driver,
                locked=old is not None,
                pinned=frozenset(pinned & set(keys)),
            )
        )
    return found


def _take_in(tour: Tour, at: datetime, by: User | None) -> None:
    """Once goods leave the hub, those that producers brought there themselves have been handed over."""
    brought = Collection.objects.filter(round=tour.round_id, partner__brings_to_hub=True, status=Collection.Status.PACKED)
    for collection in farms.on_the_road(collections=brought).order_by("pk"):
        packing.hand_to_driver(collection=collection, at=at, by=by)


def _load(tour: Tour, at: datetime, by: User | None) -> None:
    booked = Delivery.objects.filter(stop__tour=tour, status=Delivery.Status.BOOKED).order_by("pk")
    ids = list(booked.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=ids).update(status=Delivery.Status.LOADED)
    label, old, new = Delivery._meta.label_lower, str(Delivery.Status.BOOKED), str(Delivery.Status.LOADED)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=at, by=by, action="delivery.loaded", target_type=label, target_id=pk, old={"status": old}, new={"status": new}
        )
        for pk in ids
    )


def _step(locked: Tour, to: str, fields: list[str], at: datetime, by: User | None) -> None:
    old, locked.status = locked.status, to
    locked.save(update_fields=["status", *fields])
    audit.record(action=f"tour.{to}", target=locked, at=at, by=by, old={"status": old}, new={"status": to})
