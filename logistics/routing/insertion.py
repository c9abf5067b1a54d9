"""Orders the jobs of one wave into tours the simple way: each job where it costs the fewest metres among those already placed.

For the day on which the search fails: it always ends, always gives the same tours, and keeps every limit of goods, hours and
metres. It uses more kilometres, and drives no vehicle twice.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from logistics.routing.engine import Budget, Drawn, WaveTask
from logistics.routing.fleet import WaveVehicle
from logistics.routing.problem import Job, Place

NAME = "insertion"
VERSION = "1"


def solve(*, task: WaveTask, budget: Budget) -> tuple[Drawn, ...]:
    """Who drives what in the wave, jobs taken by the end of their window and then around the compass; the budget is not asked."""
    tours = [_Tour(vehicle, task) for vehicle in task.fleet]
    for job in sorted(task.jobs, key=lambda job: (job.window[1], _angle(task.fleet[0].begin, job.place), job.key)):
        found = [(cost, number, spot) for number, tour in enumerate(tours) for cost, spot in tour.spots(job)]
        if found:
            _cost, number, spot = min(found)
            tours[number].take(job, spot)
    return tuple(Drawn(tour.vehicle.spec.key, (tuple(tour.jobs),)) for tour in tours if tour.jobs)


def _angle(hub: Place, place: Place) -> float:
    return math.atan2(place.lat - hub.lat, (place.lon - hub.lon) * math.cos(math.radians(hub.lat)))


@dataclass(slots=True)
class _Tour:
    """One vehicle's tour as it grows: when it is free after each job, and the latest arrival at each that keeps the rest."""

    vehicle: WaveVehicle
    task: WaveTask
    jobs: list[Job] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    latest: list[int] = field(default_factory=list)
    metres: int = 0

    def spots(self, job: Job) -> Sequence[tuple[int, int]]:
        """Where the job fits in, and for how many metres more."""
        if not self._has_room(job):
            return ()
        return [(cost, spot) for spot in range(len(self.jobs) + 1) if (cost := self._cost(job, spot)) is not None]

    def take(self, job: Job, spot: int) -> None:
        """Put the job there and tell all times anew."""
        self.jobs.insert(spot, job)
        self._time()

    def _has_room(self, job: Job) -> bool:
        spec = self.vehicle.spec
        aboard = [*self.jobs, job]
        return (
            job.needs <= spec.skills
            and sum(one.load_crates for one in aboard) <= spec.capacity_crates
            and sum(one.load_cold for one in aboard) <= spec.capacity_cold
            and (spec.capacity_g is None or sum(one.load_g for one in aboard) <= spec.capacity_g)
        )

    def _cost(self, job: Job, spot: int) -> int | None:
        before = self.jobs[spot - 1].place if spot else self.vehicle.begin
        behind = self.jobs[spot].place if spot < len(self.jobs) else self.vehicle.finish
        free = self.leaves[spot - 1] if spot else self.vehicle.window[0]
        arrival = free + self._seconds(before, job.place, first=spot == 0)
        if arrival > job.window[1]:
            return None
        left = max(arrival, job.window[0]) + job.service_seconds
        if spot < len(self.jobs):
            if left + self._seconds(job.place, behind, first=False) > self.latest[spot]:
                return None
        elif left + self.task.matrices.seconds(self.vehicle.spec.roads, job.place, behind) > self.vehicle.window[1]:
            return None
        way = self._metres(before, job.place) + self._metres(job.place, behind)
        more = way - (self._metres(before, behind) if self.jobs else 0)
        farthest = self.vehicle.max_distance_m
        if farthest is not None and self.metres + more > farthest:
            return None
        return more if self.jobs else more + self.vehicle.spec.fixed_cost_m

    def _time(self) -> None:
        clock, here = self.vehicle.window[0], self.vehicle.begin
        self.leaves, arrivals = [], []
        for number, job in enumerate(self.jobs):
            clock += self._seconds(here, job.place, first=number == 0)
            arrivals.append(clock)
            clock = max(clock, job.window[0]) + job.service_seconds
            self.leaves.append(clock)
            here = job.place
        self.latest = [0] * len(self.jobs)
        limit = self.vehicle.window[1] - self.task.matrices.seconds(self.vehicle.spec.roads, here, self.vehicle.finish)
        for number in range(len(self.jobs) - 1, -1, -1):
            job = self.jobs[number]
            self.latest[number] = min(job.window[1], limit - job.service_seconds)
            before = self.jobs[number - 1].place if number else self.vehicle.begin
            limit = self.latest[number] - self._seconds(before, job.place, first=number == 0)
        stations = [self.vehicle.begin, *(job.place for job in self.jobs), self.vehicle.finish]
        self.metres = sum(self._metres(stations[spot], stations[spot + 1]) for spot in range(len(stations) - 1))

    def _seconds(self, origin: Place, door: Place, *, first: bool) -> int:
        setup = self.task.setup_seconds if first or origin != door else 0
        return self.task.matrices.seconds(self.vehicle.spec.roads, origin, door) + setup

    def _metres(self, origin: Place, destination: Place) -> int:
        return self.task.matrices.metres(self.vehicle.spec.roads, origin, destination)
