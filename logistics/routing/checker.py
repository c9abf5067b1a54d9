"""Judges a plan without knowing how it was made: every promise is computed again from the jobs and the tables."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from logistics.routing.matrix import Matrices
from logistics.routing.problem import (
    LONGEST_WITHOUT_BREAK,
    Job,
    Place,
    Plan,
    PlannedTour,
    Problem,
    Reason,
    VehicleSpec,
    Wave,
)


class Fault(StrEnum):
    """What can be wrong with a plan."""

    JOB_MISSING = "job_missing"
    JOB_TWICE = "job_twice"
    JOB_UNKNOWN = "job_unknown"
    NO_REASON = "no_reason"
    WRONG_WAVE = "wrong_wave"
    VEHICLE_UNKNOWN = "vehicle_unknown"
    VEHICLE_TWICE = "vehicle_twice"
    EMPTY_TOUR = "empty_tour"
    SKILL = "skill"
    CRATES = "crates"
    COLD = "cold"
    WEIGHT = "weight"
    TIMES = "times"
    WINDOW = "window"
    SHIFT = "shift"
    HUB = "hub"
    WAVE_ORDER = "wave_order"
    TRIPS = "trips"
    BREAK = "break"
    DISTANCE = "distance"
    TOO_FAR = "too_far"
    EMPTY_WAY = "empty_way"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise and where: the job, or the vehicle, or neither when it concerns the whole plan."""

    fault: Fault
    vehicle_key: str | None = None
    job_key: str | None = None


def violations(*, problem: Problem, plan: Plan, matrices: Matrices) -> list[Violation]:
    """All broken promises of the plan; an empty list means that it may be driven."""
    judge = _Judge(problem, plan, matrices)
    return [*judge.whole(), *judge.served_once(), *judge.tours(), *judge.days()]


class _Judge:
    def __init__(self, problem: Problem, plan: Plan, matrices: Matrices) -> None:
        self.problem = problem
        self.plan = plan
        self.matrices = matrices
        self.jobs = {job.key: job for job in problem.jobs}
        self.vehicles = {vehicle.key: vehicle for vehicle in problem.vehicles}

    def whole(self) -> Iterator[Violation]:
        if (self.plan.matrix_hash, self.plan.estimated_times) != (self.matrices.fingerprint(), self.matrices.estimated):
            yield Violation(Fault.MATRIX)

    def served_once(self) -> Iterator[Violation]:
        told = Counter(stop.job_key for tour in self.plan.tours for stop in tour.stops)
        told.update(entry.job_key for entry in self.plan.unserved)
        for key in sorted(self.jobs.keys() - told.keys()):
            yield Violation(Fault.JOB_MISSING, job_key=key)
        for key, times in told.items():
            if key not in self.jobs:
                yield Violation(Fault.JOB_UNKNOWN, job_key=key)
            elif times > 1:
                yield Violation(Fault.JOB_TWICE, job_key=key)
        for entry in self.plan.unserved:
            if entry.reason not in set(Reason):
                yield Violation(Fault.NO_REASON, job_key=entry.job_key)

    def tours(self) -> Iterator[Violation]:
        for tour in self.plan.tours:
            vehicle = self.vehicles.get(tour.vehicle_key)
            if vehicle is None:
                yield Violation(Fault.VEHICLE_UNKNOWN, tour.vehicle_key)
            elif not tour.stops:
                yield Violation(Fault.EMPTY_TOUR, tour.vehicle_key)
            elif all(stop.job_key in self.jobs for stop in tour.stops):
                yield from self._goods(tour, vehicle)
                yield from self._times(tour, vehicle)
                yield from self._metres(tour, vehicle)

    def days(self) -> Iterator[Violation]:
        for key, vehicle in self.vehicles.items():
            tours = [tour for tour in self.plan.tours if tour.vehicle_key == key]
            goes = [(tour.wave, tour.trip) for tour in tours]
            if len(goes) != len(set(goes)):
                yield Violation(Fault.VEHICLE_TWICE, key)
            elif tours:
                in_order = sorted(tours, key=lambda tour: (list(Wave).index(tour.wave), tour.trip))
                yield from self._trips(in_order, vehicle)
                yield from self._day(in_order, vehicle)
                yield from self._break(in_order, vehicle)

    def _goods(self, tour: PlannedTour, vehicle: VehicleSpec) -> Iterator[Violation]:
        jobs = self._on(tour)
        fetched: set[str] = set()
        for job in jobs:
            fetched.add(job.key)
            in_order = job.after & self.jobs.keys() <= fetched if tour.wave is Wave.DIRECT else job.kind == tour.wave
            if not in_order:
                yield Violation(Fault.WRONG_WAVE, vehicle.key, job.key)
            if not job.needs <= vehicle.skills:
                yield Violation(Fault.SKILL, vehicle.key, job.key)
        for kind in (Wave.COLLECT, Wave.DELIVER):
            yield from self._load([job for job in jobs if job.kind is kind], vehicle)

    def _load(self, jobs: list[Job], vehicle: VehicleSpec) -> Iterator[Violation]:
        # All goods of a tour may be aboard together once: when it reaches the hub, or leaves it, or between farms and doors.
        if sum(job.load_crates for job in jobs) > vehicle.capacity_crates:
            yield Violation(Fault.CRATES, vehicle.key)
        if sum(job.load_cold for job in jobs) > vehicle.capacity_cold:
            yield Violation(Fault.COLD, vehicle.key)
        if vehicle.capacity_g is not None and sum(job.load_g for job in jobs) > vehicle.capacity_g:
            yield Violation(Fault.WEIGHT, vehicle.key)

    def _times(self, tour: PlannedTour, vehicle: VehicleSpec) -> Iterator[Violation]:
        clock, here, setting_up = tour.start, self._ends(tour, vehicle)[0], True
        for number, (stop, job) in enumerate(zip(tour.stops, self._on(tour), strict=True), start=1):
            clock += self.matrices.seconds(vehicle.roads, here, job.place)
            if setting_up or job.place != here:
                clock += self.problem.setup_seconds
            if stop.arrival != clock:
                yield Violation(Fault.TIMES, vehicle.key, job.key)
            if clock > job.window[1]:
                yield Violation(Fault.WINDOW, vehicle.key, job.key)
            clock = max(clock, job.window[0]) + job.service_seconds
            if stop.departure != clock:
                yield Violation(Fault.TIMES, vehicle.key, job.key)
            clock += tour.break_s if number == tour.break_after else 0
            here, setting_up = job.place, False
        clock += self.matrices.seconds(vehicle.roads, here, self._ends(tour, vehicle)[1])
        if (tour.end, tour.duration_s) != (clock, clock - tour.start):
            yield Violation(Fault.TIMES, vehicle.key)
        if clock > self.problem.hub.collected_by and tour.wave == Wave.COLLECT:
            yield Violation(Fault.HUB, vehicle.key)
        if tour.start < self.problem.hub.ready_at and tour.wave == Wave.DELIVER:
            yield Violation(Fault.HUB, vehicle.key)

    def _metres(self, tour: PlannedTour, vehicle: VehicleSpec) -> Iterator[Violation]:
        begin, finish = self._ends(tour, vehicle)
        way = [begin, *(job.place for job in self._on(tour)), finish]
        legs = [self.matrices.metres(vehicle.roads, here, there) for here, there in pairwise(way)]
        for stop, leg in zip(tour.stops, legs, strict=False):
            if stop.distance_from_previous_m != leg:
                yield Violation(Fault.DISTANCE, vehicle.key, stop.job_key)
        if tour.distance_m != sum(legs):
            yield Violation(Fault.DISTANCE, vehicle.key)

    def _day(self, tours: list[PlannedTour], vehicle: VehicleSpec) -> Iterator[Violation]:
        """What holds for a vehicle's whole day: wave order, shift and metres with the empty ways before and after."""
        first, last = tours[0], tours[-1]
        hub = self.problem.hub
        for before_it, after_it in pairwise(tours):
            if after_it.start < before_it.end + hub.handling_seconds:
                yield Violation(Fault.WAVE_ORDER, vehicle.key)
        before = self._way(vehicle, vehicle.start, hub.place) if first.wave == Wave.DELIVER else (0, 0)
        after = self._way(vehicle, hub.place, vehicle.end) if last.wave == Wave.COLLECT else (0, 0)
        if first.start - before[1] < vehicle.shift[0] or last.end + after[1] > vehicle.shift[1]:
            yield Violation(Fault.SHIFT, vehicle.key)
        for tour in tours:
            own = [way for end, way in ((first, before), (last, after)) if tour is end]
            if (tour.empty_m, tour.empty_s) != (sum(way[0] for way in own), sum(way[1] for way in own)):
                yield Violation(Fault.EMPTY_WAY, vehicle.key)
        driven = sum(tour.distance_m for tour in tours) + before[0] + after[0]
        if vehicle.max_distance_m is not None and driven > vehicle.max_distance_m:
            yield Violation(Fault.TOO_FAR, vehicle.key)

    def _trips(self, tours: list[PlannedTour], vehicle: VehicleSpec) -> Iterator[Violation]:
        """The tours of a wave are counted from one, not more than the vehicle may drive; all but the last end at the hub."""
        fetching = [tour for tour in tours if tour.wave is Wave.COLLECT]
        out = [tour for tour in tours if tour.wave is Wave.DELIVER]
        direct = [tour for tour in tours if tour.wave is Wave.DIRECT]
        counted = all([tour.trip for tour in wave] == list(range(1, len(wave) + 1)) for wave in (fetching, out, direct))
        back = all(tour.to_hub == (tour.wave is Wave.DELIVER and tour is not out[-1]) for tour in tours)
        if not counted or not back or max(len(fetching), len(out)) > vehicle.max_trips or direct[1:]:
            yield Violation(Fault.TRIPS, vehicle.key)

    def _break(self, tours: list[PlannedTour], vehicle: VehicleSpec) -> Iterator[Violation]:
        """Nobody works for more than six hours without the break, which is driven nowhere and served nobody in."""
        begin = tours[0].start - (tours[0].empty_s if tours[0].wave is Wave.DELIVER else 0)
        end = tours[-1].end + (tours[-1].empty_s if tours[-1].wave is Wave.COLLECT else 0)
        if not vehicle.break_s or end - begin <= LONGEST_WITHOUT_BREAK:
            return
        handling = self.problem.hub.handling_seconds
        rests = [(first.end, second.start - handling) for first, second in pairwise(tours)]
        for tour in tours:
            if tour.break_after and tour.break_after <= len(tour.stops):
                rested = tour.stops[tour.break_after - 1].departure
                rests.append((rested, rested + tour.break_s))
        if not any(
            until - since >= vehicle.break_s and max(since - begin, end - until) <= LONGEST_WITHOUT_BREAK
            for since, until in rests
        ):
            yield Violation(Fault.BREAK, vehicle.key)

    def _on(self, tour: PlannedTour) -> list[Job]:
        return [self.jobs[stop.job_key] for stop in tour.stops]

    def _ends(self, tour: PlannedTour, vehicle: VehicleSpec) -> tuple[Place, Place]:
        hub = self.problem.hub.place
        if tour.wave == Wave.DIRECT:
            return vehicle.start, vehicle.end
        if tour.wave == Wave.COLLECT:
            return (vehicle.start if tour.trip == 1 else hub), hub
        return hub, hub if tour.to_hub else vehicle.end

    def _way(self, vehicle: VehicleSpec, origin: Place, destination: Place) -> tuple[int, int]:
        return (
            self.matrices.metres(vehicle.roads, origin, destination),
            self.matrices.seconds(vehicle.roads, origin, destination),
        )
