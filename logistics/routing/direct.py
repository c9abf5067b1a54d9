"""Draws the tours of a round without a hub: a vehicle fetches all that belongs to the orders it brings, and then brings them.

What hangs together – farms and customers who share an order – rides on one vehicle, so no door and no farm is called twice. For
small rounds: each job is put where it costs least, then moved as long as that makes the tours shorter; the same jobs give the
same tours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from logistics.routing.matrix import Matrices
from logistics.routing.problem import Job, Problem, Reason, Unserved, VehicleSpec, Wave

NAME = "insertion-of-pairs"
VERSION = "1"
#: how often all jobs are tried elsewhere
ROUNDS = 4
Watch = Callable[[float], bool]


class Stopped(Exception):
    """Whoever watches wants no more of it."""


@dataclass(slots=True)
class Ride:
    """One vehicle with its jobs in their order."""

    vehicle: VehicleSpec
    jobs: list[Job] = field(default_factory=list)


def solve(
    *,
    problem: Problem,
    matrices: Matrices,
    vehicles: Sequence[VehicleSpec],
    jobs: Sequence[Job],
    watch: Watch | None,
    better: bool,
) -> tuple[list[Ride], list[Unserved]]:
    """Who fetches and brings what, and what is left over with the reason. `better`: jobs are moved until nothing gets shorter.

    Raises `Stopped` when `watch`, which is told how much is done, wants no more.
    """
    rides = [Ride(vehicle) for vehicle in vehicles]
    clusters = _clusters(jobs)
    for number, cluster in enumerate(clusters):
        if watch is not None and not watch(number / (len(clusters) + 1)):
            raise Stopped
        _take(cluster, rides, problem, matrices)
    if better:
        for ride in rides:
            _shorten(ride, problem, matrices)
    placed = {job.key for ride in rides for job in ride.jobs}
    left = [Unserved(job.key, _reason(job, jobs, vehicles, problem, matrices)) for job in jobs if job.key not in placed]
    return [ride for ride in rides if ride.jobs], left


def metres(*, ride: Ride, jobs: Sequence[Job], problem: Problem, matrices: Matrices) -> int | None:
    """How long the vehicle drives with these jobs in this order; None if anything is not kept."""
    vehicle, roads = ride.vehicle, ride.vehicle.roads
    if not _fits(vehicle, jobs):
        return None
    there: set[str] = set()
    wanted = {job.key for job in jobs if job.kind is Wave.COLLECT}
    clock, here, driven, setting_up = vehicle.shift[0], vehicle.start, 0, True
    for job in jobs:
        if not job.after & wanted <= there:
            return None
        driven += matrices.metres(roads, here, job.place)
        clock += matrices.seconds(roads, here, job.place) + (problem.setup_seconds if setting_up or job.place != here else 0)
        if clock > job.window[1]:
            return None
        clock = max(clock, job.window[0]) + job.service_seconds
        there.add(job.key)
        here, setting_up = job.place, False
    driven += matrices.metres(roads, here, vehicle.end)
    clock += matrices.seconds(roads, here, vehicle.end) + (vehicle.break_s if vehicle.may_need_break else 0)
    too_far = vehicle.max_distance_m is not None and driven > vehicle.max_distance_m
    return None if too_far or clock > vehicle.shift[1] else driven


def _fits(vehicle: VehicleSpec, jobs: Sequence[Job]) -> bool:
    """All goods may be aboard together, however they are counted: as fetched or as brought."""
    for kind in (Wave.COLLECT, Wave.DELIVER):
        mine = [job for job in jobs if job.kind is kind]
        crates, cold = sum(job.load_crates for job in mine), sum(job.load_cold for job in mine)
        heavy = vehicle.capacity_g is not None and sum(job.load_g for job in mine) > vehicle.capacity_g
        if crates > vehicle.capacity_crates or cold > vehicle.capacity_cold or heavy:
            return False
    return all(job.needs <= vehicle.skills for job in jobs)


def _clusters(jobs: Sequence[Job]) -> list[tuple[list[Job], list[Job]]]:
    """Farms and doors that belong together, the largest first: what is fetched; what is brought, by the end of its window."""
    farms = {job.key: job for job in jobs if job.kind is Wave.COLLECT}
    group = {key: key for key in farms}

    def root(key: str) -> str:
        while group[key] != key:
            key = group[key]
        return key

    for job in jobs:
        first, *others = sorted(job.after & farms.keys()) or [""]
        for other in others:
            group[root(other)] = root(first)
    found: dict[str, tuple[list[Job], list[Job]]] = {}
    for job in jobs:
        mine = sorted(job.after & farms.keys())
        key = root(job.key) if job.key in farms else root(mine[0]) if mine else job.key
        found.setdefault(key, ([], []))[0 if job.key in farms else 1].append(job)
    for _fetched, brought in found.values():
        brought.sort(key=lambda job: (job.window[1], job.key))
    return sorted((one for one in found.values() if one[1]), key=lambda one: (-len(one[1]), one[1][0].key))


def _take(cluster: tuple[list[Job], list[Job]], rides: list[Ride], problem: Problem, matrices: Matrices) -> None:
    """Give the cluster to the vehicle that serves most of it, and then drives the least for it."""
    farms = {job.key: job for job in cluster[0]}
    tried = []
    for number, ride in enumerate(rides):
        before = (
            metres(ride=ride, jobs=ride.jobs, problem=problem, matrices=matrices) if ride.jobs else -ride.vehicle.fixed_cost_m
        )
        jobs = _with(ride, farms, cluster[1], problem, matrices)
        served = sum(job.kind is Wave.DELIVER for job in jobs) - sum(job.kind is Wave.DELIVER for job in ride.jobs)
        after = metres(ride=ride, jobs=jobs, problem=problem, matrices=matrices) or 0
        tried.append((-served, after - (before or 0), number, jobs))
    if tried:
        best = min(tried, key=lambda one: one[:3])
        rides[best[2]].jobs = best[3]


def _with(ride: Ride, farms: Mapping[str, Job], brought: Iterable[Job], problem: Problem, matrices: Matrices) -> list[Job]:
    jobs = list(ride.jobs)
    for job in brought:
        there = {one.key for one in jobs}
        fresh = [farms[key] for key in sorted(job.after & farms.keys()) if key not in there]
        tried: list[Job] | None = jobs
        for one in (*fresh, job):
            tried = _put(ride, tried, one, problem, matrices) if tried is not None else None
        jobs = tried if tried is not None else jobs
    return jobs


def _put(ride: Ride, jobs: Sequence[Job], job: Job, problem: Problem, matrices: Matrices) -> list[Job] | None:
    """The jobs with one more where it costs the fewest metres; None where it fits in nowhere."""
    best: tuple[int, list[Job]] | None = None
    for spot in range(len(jobs) + 1):
        tried = [*jobs[:spot], job, *jobs[spot:]]
        driven = metres(ride=ride, jobs=tried, problem=problem, matrices=matrices)
        if driven is not None and (best is None or driven < best[0]):
            best = driven, tried
    return best[1] if best else None


def _shorten(ride: Ride, problem: Problem, matrices: Matrices) -> None:
    """Take up to three jobs in a row at a time and put them, either way round, where the tour becomes shortest."""
    best = metres(ride=ride, jobs=ride.jobs, problem=problem, matrices=matrices) or 0
    for _round in range(ROUNDS):
        before = best
        for size in (1, 2, 3):
            for first in range(len(ride.jobs) - size + 1):
                rest = [*ride.jobs[:first], *ride.jobs[first + size :]]
                row = ride.jobs[first : first + size]
                for spot in range(len(rest) + 1):
                    for part in (row, row[::-1]) if size > 1 else (row,):
                        tried = [*rest[:spot], *part, *rest[spot:]]
                        driven = metres(ride=ride, jobs=tried, problem=problem, matrices=matrices)
                        if driven is not None and driven < best:
                            best, ride.jobs = driven, tried
        if best == before:
            return


def _reason(job: Job, jobs: Sequence[Job], vehicles: Sequence[VehicleSpec], problem: Problem, matrices: Matrices) -> Reason:
    """Why nobody drives there: what would not even do with nothing else to do, or that the vehicles are busy."""
    if not vehicles:
        return Reason.NO_VEHICLE
    able = [vehicle for vehicle in vehicles if job.needs <= vehicle.skills]
    if not able:
        return Reason.NO_SKILL
    able = [vehicle for vehicle in able if _fits(vehicle, [job])]
    if not able:
        return Reason.TOO_LARGE
    farms = {one.key: one for one in jobs if one.key in job.after}
    if job.kind is Wave.DELIVER and not any(_with(Ride(vehicle), farms, [job], problem, matrices) for vehicle in able):
        return Reason.WINDOW_UNREACHABLE
    return Reason.ROUND_FULL
