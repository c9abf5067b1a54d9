"""The checker finds each kind of tampering with a sound plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from logistics.routing import (
    Fault,
    Place,
    Plan,
    PlannedTour,
    PlanRefused,
    Problem,
    Profile,
    Reason,
    Table,
    Unserved,
    VehicleSpec,
    Violation,
    solve,
    violations,
)
from logistics.routing.instances import PlaneProvider
from tests.logistics.routing.rounds import HOUR, collect, deliver, matrices_of, plan_of, round_of, van

FROZEN = frozenset({"frozen"})
MORNING = (4 * HOUR, 5 * HOUR)

ROUND = round_of(
    collect("farm", 40),
    collect("dairy", 80, load_cold=3),
    deliver("door", 50, window=MORNING),
    deliver("flat", 50),
    deliver("ice", 0, 70, needs=FROZEN),
    deliver("huge", 10, load_crates=99),
    vehicles=(van(skills=FROZEN), van("spare", capacity_crates=0, skills=FROZEN)),
    setup_seconds=30,
)
PLAN = plan_of(ROUND)
COLLECT, DELIVER = PLAN.tours


def with_tours(*tours: PlannedTour) -> Plan:
    return replace(PLAN, tours=tours)


def moved(tour: PlannedTour, seconds: int) -> PlannedTour:
    """The same tour, driven earlier or later as a whole."""
    stops = tuple(replace(stop, arrival=stop.arrival + seconds, departure=stop.departure + seconds) for stop in tour.stops)
    return replace(tour, stops=stops, start=tour.start + seconds, end=tour.end + seconds)


def edited(tour: PlannedTour, **changes: Any) -> PlannedTour:
    """The same tour with another first stop."""
    return replace(tour, stops=(replace(tour.stops[0], **changes), *tour.stops[1:]))


def faults(plan: Plan, problem: Problem = ROUND) -> set[Fault]:
    return {violation.fault for violation in violations(problem=problem, plan=plan, matrices=matrices_of(problem))}


def test_violations_finds_nothing_in_a_sound_plan() -> None:
    assert violations(problem=ROUND, plan=PLAN, matrices=matrices_of(ROUND)) == []
    assert PLAN.unserved == (Unserved("huge", Reason.TOO_LARGE),)


@pytest.mark.parametrize(
    ("tampered", "fault"),
    [
        (replace(PLAN, unserved=()), Fault.JOB_MISSING),
        (replace(PLAN, unserved=(*PLAN.unserved, Unserved("door", Reason.ROUND_FULL))), Fault.JOB_TWICE),
        (replace(PLAN, unserved=(*PLAN.unserved, Unserved("ghost", Reason.ROUND_FULL))), Fault.JOB_UNKNOWN),
        (replace(PLAN, unserved=(Unserved("huge", ""),)), Fault.NO_REASON),  # type: ignore[arg-type]  # that is the point
        (with_tours(COLLECT, replace(DELIVER, vehicle_key="ghost")), Fault.VEHICLE_UNKNOWN),
        (with_tours(COLLECT, COLLECT, DELIVER), Fault.VEHICLE_TWICE),
        (with_tours(COLLECT, DELIVER, replace(DELIVER, vehicle_key="spare", stops=())), Fault.EMPTY_TOUR),
        (with_tours(COLLECT, replace(DELIVER, stops=(*DELIVER.stops, COLLECT.stops[0]))), Fault.WRONG_WAVE),
        (with_tours(COLLECT, edited(DELIVER, arrival=DELIVER.stops[0].arrival - 1)), Fault.TIMES),
        (with_tours(COLLECT, edited(DELIVER, departure=DELIVER.stops[0].departure + 1)), Fault.TIMES),
        (with_tours(COLLECT, replace(DELIVER, end=DELIVER.end - 1)), Fault.TIMES),
        (with_tours(COLLECT, replace(DELIVER, duration_s=1)), Fault.TIMES),
        (with_tours(COLLECT, replace(DELIVER, stops=DELIVER.stops[::-1])), Fault.TIMES),
        (with_tours(COLLECT, moved(DELIVER, HOUR)), Fault.WINDOW),
        (with_tours(COLLECT, moved(DELIVER, 6 * HOUR)), Fault.SHIFT),
        (with_tours(COLLECT, moved(DELIVER, -1)), Fault.HUB),
        (with_tours(moved(COLLECT, 3 * HOUR), DELIVER), Fault.HUB),
        (with_tours(moved(COLLECT, 4 * HOUR), DELIVER), Fault.WAVE_ORDER),
        (with_tours(COLLECT, edited(DELIVER, distance_from_previous_m=0)), Fault.DISTANCE),
        (with_tours(COLLECT, replace(DELIVER, distance_m=0)), Fault.DISTANCE),
        (with_tours(replace(COLLECT, empty_m=1), DELIVER), Fault.EMPTY_WAY),
        (with_tours(COLLECT, replace(DELIVER, empty_s=1)), Fault.EMPTY_WAY),
        (replace(PLAN, matrix_hash="another world"), Fault.MATRIX),
        (replace(PLAN, estimated_times=True), Fault.MATRIX),
    ],
)
def test_violations_finds_tampering_with_the_plan(tampered: Plan, fault: Fault) -> None:
    assert fault in faults(tampered)


@pytest.mark.parametrize(
    ("vehicle", "fault"),
    [
        (van(capacity_crates=2, skills=FROZEN), Fault.CRATES),
        (van(capacity_cold=2, skills=FROZEN), Fault.COLD),
        (van(), Fault.SKILL),
        (van(skills=FROZEN, max_distance_m=3000), Fault.TOO_FAR),
        (van(skills=FROZEN, shift=(0, 4 * HOUR)), Fault.SHIFT),
    ],
)
def test_violations_finds_a_plan_beyond_its_vehicle(vehicle: VehicleSpec, fault: Fault) -> None:
    weaker = replace(ROUND, vehicles=(vehicle, ROUND.vehicles[1]))

    assert faults(PLAN, weaker) == {fault}


def test_violations_name_the_vehicle_and_the_job() -> None:
    tampered = with_tours(COLLECT, edited(DELIVER, arrival=0))

    found = violations(problem=ROUND, plan=tampered, matrices=matrices_of(ROUND))

    assert found == [Violation(Fault.TIMES, "van", DELIVER.stops[0].job_key)]


class RestlessProvider:
    """Breaks its promise: staying where one is takes a second."""

    def table(self, points: Sequence[Place], profile: Profile) -> Table:
        seconds, metres, estimated = PlaneProvider().table(points, profile)
        np.fill_diagonal(seconds, 1)
        return Table(seconds, metres, estimated)


def test_solve_refuses_what_the_checker_finds() -> None:
    minute = (5 * HOUR, 5 * HOUR + 60)
    neighbours = round_of(deliver("left", 50, window=minute), deliver("right", 50, window=minute))

    with pytest.raises(PlanRefused, match="window") as refusal:
        solve(problem=neighbours, provider=RestlessProvider())
    assert {violation.vehicle_key for violation in refusal.value.violations} == {"van"}
