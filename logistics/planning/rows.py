"""Writes a plan into rows: tours and stops as they are driven, calls at their stops, and the version that can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from logistics import daytime, jobs, tour_ways, unserved
from logistics.jobs import Call
from logistics.models import Collection, Delivery, DeliveryRound, PlanVersion, Stop, Tour
from logistics.planning import faults
from logistics.planning.layout import Draft, Layout, TourKey
from logistics.routing import Plan, PlannedStop, PlannedTour, Violation, Wave
from marketplace.users.models import User


def store(
    *,
    layout: Layout,
    locked: DeliveryRound,
    drawn: Plan,
    found: Sequence[Violation],
    drafts: Sequence[Draft],
    origin: str,
    at: datetime,
    by: User | None,
    proposals: Sequence[Mapping[str, Any]] = (),
) -> PlanVersion:
    """Replace the tours that have not started by those of the plan; `drafts` says who drives them and what stays as it is.

    A tour of the same vehicle, wave and trip keeps its row. `found` is what the plan does not keep. The round is locked.
    """
    particulars = _particulars(drawn)
    told = {draft.tour: draft for draft in drafts}
    broken = faults.stored(found=found, tours=drawn.tours, calls=layout.calls)
    gone = [row.pk for key, row in layout.rows.items() if key not in {_key(planned) for planned in drawn.tours}]
    Tour.objects.filter(pk__in=gone).delete()
    tours = [_tour(layout, planned, told.get(_key(planned)), particulars) for planned in drawn.tours]
    for tour, planned in zip(tours, drawn.tours, strict=True):
        tour.faults = broken.get((planned.vehicle_key, str(planned.wave), planned.trip), [])
    _save(new=[tour for tour in tours if tour._state.adding], old=[tour for tour in tours if not tour._state.adding])
    _place(layout, drawn, tours, told)
    locked.plan = particulars | {"unserved": unserved.stored(drawn.unserved, layout.calls), "proposals": list(proposals)}
    locked.save(update_fields=["plan"])
    return _keep(layout, drawn, drafts, origin, len(found), at, by)


def number(*, round_id: int) -> int:
    """The number of the plan that counts; 0 before the first."""
    return PlanVersion.objects.filter(round=round_id).aggregate(last=Max("number"))["last"] or 0


def _key(planned: PlannedTour) -> TourKey:
    return int(planned.vehicle_key), str(planned.wave), planned.trip


def _tour(layout: Layout, planned: PlannedTour, draft: Draft | None, particulars: dict[str, Any]) -> Tour:
    """Ways driven empty count to the tour: before it when it delivers, after it when it collects."""
    row = layout.rows.get(_key(planned)) or Tour(
        round_id=layout.round.pk, vehicle_id=int(planned.vehicle_key), wave=str(planned.wave), trip=planned.trip
    )
    day = layout.round.delivery_day
    early = planned.empty_s if planned.wave == Wave.DELIVER else 0
    late = planned.empty_s if planned.wave == Wave.COLLECT else 0
    rest = planned.stops[planned.break_after - 1].departure if planned.break_after else None
    row.driver_id = draft.driver if draft else layout.vehicles[row.vehicle_id].driver_id
    row.is_locked = draft.locked if draft else False
    row.starts_at = daytime.at_second(day, planned.start - early)
    row.ends_at = daytime.at_second(day, planned.end + late)
    row.distance_m = planned.distance_m + planned.empty_m
    row.break_at = daytime.at_second(day, rest) if rest is not None else None
    row.plan = particulars
    return row


def _save(*, new: Sequence[Tour], old: Sequence[Tour]) -> None:
    fields = ["driver", "is_locked", "starts_at", "ends_at", "distance_m", "break_at", "plan", "faults"]
    Tour.objects.bulk_create(new)
    Tour.objects.bulk_update(old, fields)


def _place(layout: Layout, drawn: Plan, tours: Sequence[Tour], told: Mapping[TourKey, Draft]) -> None:
    """Stops anew on the tours that have changed, and the calls at them; the others keep theirs with all that hangs on them."""
    before = {draft.tour: draft.keys for draft in layout.drafts}
    rows, calls, changed = [], [], []
    for planned, tour in zip(drawn.tours, tours, strict=True):
        key, keys = _key(planned), tuple(stop.job_key for stop in planned.stops)
        pinned = told[key].pinned if key in told else frozenset()
        new = [
            _stop(layout.round, tour, spot, stop, layout.calls[stop.job_key], stop.job_key in pinned)
            for spot, stop in enumerate(planned.stops, start=1)
        ]
        if before.get(key) == keys and _same(new, list(layout.rows[key].stops.all())):
            continue
        changed.append(tour.pk)
        rows += new
        calls += [layout.calls[one] for one in keys]
    Stop.objects.filter(tour__in=changed).delete()
    tour_ways.forget(tour_ids=changed)
    _attach(list(zip(calls, Stop.objects.bulk_create(rows), strict=True)))


def _same(new: Sequence[Stop], old: Sequence[Stop]) -> bool:
    """Whether driving, and what stays, are the same; whoever is called at has been compared."""

    def told(stop: Stop) -> tuple[Any, ...]:
        when = stop.planned_arrival, stop.planned_departure
        return stop.sequence, stop.address, stop.latitude, stop.longitude, when, stop.distance_m, stop.is_locked

    return [told(stop) for stop in new] == sorted(told(stop) for stop in old)


def _stop(row: DeliveryRound, tour: Tour, spot: int, planned: PlannedStop, call: Call, is_locked: bool) -> Stop:
    return Stop(
        tour=tour,
        sequence=spot,
        kind=call.kind,
        name=call.name,
        address=call.address,
        latitude=call.job.place.lat,
        longitude=call.job.place.lon,
        planned_arrival=daytime.at_second(row.delivery_day, planned.arrival),
        planned_departure=daytime.at_second(row.delivery_day, planned.departure),
        distance_m=planned.distance_from_previous_m,
        is_locked=is_locked,
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


def _keep(
    layout: Layout, drawn: Plan, drafts: Sequence[Draft], origin: str, broken: int, at: datetime, by: User | None
) -> PlanVersion:
    told = {draft.tour: draft for draft in drafts}
    return PlanVersion.objects.create(
        round_id=layout.round.pk,
        number=number(round_id=layout.round.pk) + 1,
        origin=origin,
        made_at=at,
        by=by,
        tours=len(drawn.tours),
        served=sum(len(tour.stops) for tour in drawn.tours),
        unserved=len(drawn.unserved),
        distance_m=drawn.distance_m,
        duration_s=sum(tour.duration_s + tour.empty_s for tour in drawn.tours),
        cents=sum(
            jobs.cents(
                vehicle=layout.vehicles[int(tour.vehicle_key)],
                usual=layout.usual,
                metres=tour.distance_m + tour.empty_m,
                seconds=tour.duration_s + tour.empty_s,
            )
            for tour in drawn.tours
        ),
        faults=broken,
        arrangement=[_written(planned, told.get(_key(planned))) for planned in drawn.tours],
    )


def _written(planned: PlannedTour, draft: Draft | None) -> dict[str, Any]:
    return {
        "vehicle": int(planned.vehicle_key),
        "wave": str(planned.wave),
        "trip": planned.trip,
        "keys": [stop.job_key for stop in planned.stops],
        "driver": draft.driver if draft else None,
        "locked": draft.locked if draft else False,
        "pinned": sorted(draft.pinned) if draft else [],
    }
