"""Decides who drives where: plans the tours of a closed round, starts and ends them.

The planner itself (`logistics.routing`) sees plain values only; here rows become a problem, and its plan becomes rows again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import daytime, farms, jobs, packing, rounds, unserved
from logistics.jobs import Call
from logistics.models import Collection, Delivery, DeliveryRound, Stop, Tour, Vehicle
from logistics.routing import HaversineProvider, MatrixProvider, Plan, PlannedStop, PlannedTour, Wave, solve
from marketplace.core import audit
from marketplace.core.models import AuditEntry
from marketplace.core.transitions import lock_for
from marketplace.users.models import User

Status = Tour.Status
PLANNABLE = (DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED)
SEED = 1
ITERATIONS = 2_000
CPU_SECONDS = 30.0


class TourRefused(Exception):
    """The tour cannot be planned, started or ended like that; the message is for the office or the driver."""


def plan(
    *,
    delivery_round: DeliveryRound,
    at: datetime,
    by: User | None = None,
    provider: MatrixProvider | None = None,
    iterations: int = ITERATIONS,
    cpu_seconds: float = CPU_SECONDS,
) -> list[str]:
    """Draw the tours of a closed round, replacing those drawn before; returns a sentence for every call that is on none.

    Searches up to `cpu_seconds` in this process, outside of any transaction of its own: call it from a worker. The same round
    gives the same plan. A round without any delivery is done at once. Raises `TourRefused` unless the round is closed and no
    tour has started.
    """
    row = DeliveryRound.objects.select_related("region", "rule").get(pk=delivery_round.pk)
    _refuse_unless_plannable(row)
    found = jobs.calls(delivery_round=row)
    problem = jobs.problem(delivery_round=row, found=found, seed=SEED, iterations=iterations, cpu_seconds=cpu_seconds)
    drawn = solve(problem=problem, provider=provider or HaversineProvider())
    _store(row.pk, drawn, {call.job.key: call for call in found}, at, by)
    delivery_round.refresh_from_db()
    return unserved.sentences(delivery_round=delivery_round)


@transaction.atomic
def start(*, tour: Tour, at: datetime, by: User | None) -> Tour:
    """The vehicle leaves; whoever starts a tour without a driver drives it. On a delivering tour, the goods are on their way.

    Raises `ForbiddenTransition` when the tour has started before.
    """
    delivery_round = rounds.lock(round_id=tour.round_id)
    locked = lock_for(row=tour, to=Status.UNDER_WAY)
    locked.started_at = at
    locked.driver = locked.driver or by
    _step(locked, Status.UNDER_WAY, ["started_at", "driver"], at, by)
    if delivery_round.status == DeliveryRound.Status.PLANNED:
        rounds.step(delivery_round, to=DeliveryRound.Status.UNDER_WAY, at=at, by=by)
    if locked.wave == Tour.Wave.DELIVER:
        _take_in(locked, at, by)
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


@transaction.atomic
def _store(round_id: int, drawn: Plan, calls: Mapping[str, Call], at: datetime, by: User | None) -> None:
    row = rounds.lock(round_id=round_id)
    _refuse_unless_plannable(row)
    row.tours.all().delete()
    row.plan = _particulars(drawn) | {"unserved": unserved.stored(drawn.unserved, calls)}
    row.save(update_fields=["plan"])
    if not calls and rounds.end_if_over(row, at=at, by=by):
        return
    pairs = [(planned, tour) for planned, tour in zip(drawn.tours, _tours(row, drawn), strict=True)]
    stops = Stop.objects.bulk_create(
        _stop(row, tour, number, planned_stop, calls[planned_stop.job_key])
        for planned, tour in pairs
        for number, planned_stop in enumerate(planned.stops, start=1)
    )
    keys = [planned_stop.job_key for planned, _tour in pairs for planned_stop in planned.stops]
    _attach([(calls[key], stop) for key, stop in zip(keys, stops, strict=True)])
    rounds.step(row, to=DeliveryRound.Status.PLANNED, at=at, by=by)


def _tours(row: DeliveryRound, drawn: Plan) -> list[Tour]:
    vehicles = Vehicle.objects.in_bulk(int(planned.vehicle_key) for planned in drawn.tours)
    particulars = _particulars(drawn)
    return Tour.objects.bulk_create(
        _tour(row, planned, vehicles[int(planned.vehicle_key)], particulars) for planned in drawn.tours
    )


def _tour(row: DeliveryRound, planned: PlannedTour, vehicle: Vehicle, particulars: dict[str, Any]) -> Tour:
    """Ways driven empty count to the tour: before it when it delivers, after it when it collects."""
    early = planned.empty_s if planned.wave == Wave.DELIVER else 0
    late = planned.empty_s if planned.wave == Wave.COLLECT else 0
    return Tour(
        round=row,
        vehicle=vehicle,
        driver_id=vehicle.driver_id,
        wave=str(planned.wave),
        starts_at=daytime.at_second(row.delivery_day, planned.start - early),
        ends_at=daytime.at_second(row.delivery_day, planned.end + late),
        distance_m=planned.distance_m + planned.empty_m,
        plan=particulars,
    )


def _stop(row: DeliveryRound, tour: Tour, number: int, planned: PlannedStop, call: Call) -> Stop:
    return Stop(
        tour=tour,
        sequence=number,
        kind=call.kind,
        name=call.name,
        address=call.address,
        latitude=call.job.place.lat,
        longitude=call.job.place.lon,
        planned_arrival=daytime.at_second(row.delivery_day, planned.arrival),
        planned_departure=daytime.at_second(row.delivery_day, planned.departure),
        distance_m=planned.distance_from_previous_m,
    )


def _attach(served: Sequence[tuple[Call, Stop]]) -> None:
    """Tell deliveries and collections at which stop they are served."""
    deliveries = [Delivery(pk=pk, stop=stop) for call, stop in served for pk in call.deliveries]
    collections = [Collection(pk=pk, stop=stop) for call, stop in served for pk in call.collections]
    Delivery.objects.bulk_update(deliveries, ["stop"])
    Collection.objects.bulk_update(collections, ["stop"])


def _particulars(drawn: Plan) -> dict[str, Any]:
    """What it takes to draw the same plan again."""
    return {
        "engine": drawn.engine,
        "engine_version": drawn.engine_version,
        "seed": drawn.seed,
        "iterations": drawn.iterations,
        "matrix_hash": drawn.matrix_hash,
        "estimated_times": drawn.estimated_times,
        "cut_short": drawn.cut_short,
    }


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
