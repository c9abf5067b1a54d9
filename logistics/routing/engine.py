"""Draws the tours of one wave with PyVRP: our plain values in, PyVRP's integer model, our plain values out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
import pyvrp

from logistics.routing.fleet import WaveVehicle
from logistics.routing.matrix import UNREACHABLE_METRES, Grid, Matrices
from logistics.routing.problem import Job, Place, PlannedStop, PlannedTour, Profile, Wave

NAME = "pyvrp"
VERSION = version("pyvrp")

# A job left out costs its prize. It has to outweigh any detour, and to stay below what the solver may charge for one
# unit of a broken limit: above that cap it would rather break limits than leave a job out.
LEAST_PRIZE = 60_000
PENALTY_OVER_PRIZE = 5 / 3
NO_LIMIT = int(np.iinfo(np.int64).max)


@dataclass(slots=True)
class Budget:
    """Stops a search after `iterations` (repeatable) or, as a safety net, after `cpu_seconds` of this thread (not)."""

    iterations: int
    cpu_seconds: float
    clock: Callable[[], float] = time.thread_time
    cut_short: bool = False
    _done: int = field(default=0, init=False)
    _began: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def __call__(self, best_cost: int) -> bool:
        """PyVRP asks before every iteration."""
        if self._done >= self.iterations:
            return True
        if self.clock() - self._began >= self.cpu_seconds:
            self.cut_short = True
            return True
        self._done += 1
        return False


@dataclass(frozen=True, slots=True)
class WaveTask:
    """One wave to solve: only jobs that some vehicle of the fleet can do, only vehicles that are usable."""

    wave: Wave
    jobs: Sequence[Job]
    fleet: Sequence[WaveVehicle]
    matrices: Matrices
    setup_seconds: int
    seed: int


def solve(*, task: WaveTask, budget: Budget) -> tuple[PlannedTour, ...]:
    """The tours of the wave; jobs on none of them did not fit in. Same task and iterations: same tours."""
    if not task.jobs or not task.fleet:
        return ()
    model = _Model(task)
    return model.tours(_search(model.data, model.prize, task.seed, budget))


def _search(data: pyvrp.ProblemData, prize: int, seed: int, budget: Budget) -> pyvrp.Solution:
    penalty = pyvrp.PenaltyParams(max_penalty=prize * PENALTY_OVER_PRIZE)
    params = pyvrp.SolveParams(penalty=penalty)
    best = pyvrp.solve(data, budget, seed=seed, collect_stats=False, params=params).best
    if best.is_feasible():
        return best
    # Very short searches may end before the first plan that keeps all limits. What is sound in it is such a plan.
    sound = pyvrp.Solution(data, [route for route in best.routes() if route.is_feasible()])
    again = Budget(budget.iterations, budget.cpu_seconds, budget.clock)
    best = pyvrp.solve(data, again, seed=seed, collect_stats=False, params=params, initial_solution=sound).best
    budget.cut_short |= again.cut_short
    return best if best.is_feasible() else sound


class _Model:
    """PyVRP's view of a wave: locations are the depots first, then the distinct job places; equal vehicles share a type."""

    def __init__(self, task: WaveTask) -> None:
        self.task = task
        self.depots = list(dict.fromkeys(place for vehicle in task.fleet for place in (vehicle.begin, vehicle.finish)))
        self.doors = list(dict.fromkeys(job.place for job in task.jobs))
        self.profiles = sorted({vehicle.spec.profile for vehicle in task.fleet})
        self.limits = _binding(task.jobs, task.fleet)
        grids: list[tuple[Any, Any]] = [self._grids(profile) for profile in self.profiles]  # PyVRP's stubs are wrong on arrays
        self.prize = _prize(grids, task.fleet)
        self.groups = self._groups()
        self.data = pyvrp.ProblemData(
            locations=[pyvrp.Location(place.lon, place.lat) for place in (*self.depots, *self.doors)],
            clients=self._clients(),
            depots=[pyvrp.Depot(number) for number in range(len(self.depots))],
            vehicle_types=[self._vehicle_type(group) for group in self.groups],
            distance_matrices=[metres for metres, _ in grids],
            duration_matrices=[seconds for _, seconds in grids],
        )

    def tours(self, solution: pyvrp.Solution) -> tuple[PlannedTour, ...]:
        """Hand the routes to the vehicles of their type, in the order in which the vehicles were given."""
        waiting = [list(group) for group in self.groups]
        return tuple(self._tour(waiting[route.vehicle_type()].pop(0), route) for route in solution.routes())

    def _grids(self, profile: Profile) -> tuple[Grid, Grid]:
        """Metres and seconds among the locations; set-up is part of the way to a door, so neighbours in a house pay once."""
        table, index = self.task.matrices.tables[profile], self.task.matrices.index
        rows = np.array([index[place] for place in (*self.depots, *self.doors)])
        seconds = table.seconds[np.ix_(rows, rows)]
        seconds[:, len(self.depots) :] += self.task.setup_seconds
        np.fill_diagonal(seconds, 0)
        return table.metres[np.ix_(rows, rows)], seconds

    def _clients(self) -> list[pyvrp.Client]:
        location = {place: number for number, place in enumerate(self.doors, start=len(self.depots))}
        collects = self.task.wave is Wave.COLLECT
        loads = [[limit.loads[number] for limit in self.limits] for number in range(len(self.task.jobs))]
        return [
            pyvrp.Client(
                location[job.place],
                delivery=[] if collects else loads[number],
                pickup=loads[number] if collects else [],
                service_duration=job.service_seconds,
                tw_early=job.window[0],
                tw_late=job.window[1],
                prize=self.prize,
                required=False,
            )
            for number, job in enumerate(self.task.jobs)
        ]

    def _groups(self) -> list[list[WaveVehicle]]:
        groups: dict[tuple[object, ...], list[WaveVehicle]] = {}
        for number, vehicle in enumerate(self.task.fleet):
            room = tuple(limit.capacities[number] for limit in self.limits)
            alike = (vehicle.begin, vehicle.finish, vehicle.window, vehicle.max_distance_m, vehicle.fixed_cost_m)
            groups.setdefault((vehicle.spec.profile, room, *alike), []).append(vehicle)
        return list(groups.values())

    def _vehicle_type(self, group: Sequence[WaveVehicle]) -> pyvrp.VehicleType:
        first = group[0]
        number = self.task.fleet.index(first)
        return pyvrp.VehicleType(
            num_available=len(group),
            capacity=[limit.capacities[number] for limit in self.limits],
            start_depot=self.depots.index(first.begin),
            end_depot=self.depots.index(first.finish),
            fixed_cost=first.fixed_cost_m,
            tw_early=first.window[0],
            tw_late=first.window[1],
            profile=self.profiles.index(first.spec.profile),
            max_distance=NO_LIMIT if first.max_distance_m is None else first.max_distance_m,
        )

    def _tour(self, vehicle: WaveVehicle, route: pyvrp.Route) -> PlannedTour:
        stops, here = [], vehicle.begin
        for activity in route.schedule():
            if activity.is_client():
                job = self.task.jobs[activity.idx]
                stops.append(self._stop(vehicle, here, job, activity))
                here = job.place
        distance = sum(stop.distance_from_previous_m for stop in stops)
        distance += self.task.matrices.metres(vehicle.spec.profile, here, vehicle.finish)
        return PlannedTour(
            vehicle_key=vehicle.spec.key,
            wave=self.task.wave,
            stops=tuple(stops),
            start=route.start_time(),
            end=route.end_time(),
            distance_m=distance,
            duration_s=route.end_time() - route.start_time(),
            empty_m=vehicle.empty_m,
            empty_s=vehicle.empty_s,
        )

    def _stop(self, vehicle: WaveVehicle, here: Place, job: Job, activity: pyvrp.ScheduledActivity) -> PlannedStop:
        return PlannedStop(
            job_key=job.key,
            arrival=activity.start_time - activity.wait_duration,
            departure=activity.end_time,
            distance_from_previous_m=self.task.matrices.metres(vehicle.spec.profile, here, job.place),
        )


@dataclass(frozen=True, slots=True)
class _Limit:
    """One thing that can run out: what each job takes of it, and what each vehicle has."""

    loads: list[int]
    capacities: list[int]


def _binding(jobs: Sequence[Job], fleet: Sequence[WaveVehicle]) -> list[_Limit]:
    """The load dimensions that could bind; a skill is one, of which vehicles without it have nothing."""
    limits = [
        _Limit([job.load_crates for job in jobs], [vehicle.spec.capacity_crates for vehicle in fleet]),
        _Limit([job.load_cold for job in jobs], [vehicle.spec.capacity_cold for vehicle in fleet]),
    ]
    for skill in sorted({need for job in jobs for need in job.needs}):
        takes = [int(skill in job.needs) for job in jobs]
        limits.append(_Limit(takes, [sum(takes) if skill in vehicle.spec.skills else 0 for vehicle in fleet]))
    return [limit for limit in limits if sum(limit.loads) > min(limit.capacities)]


def _prize(grids: Sequence[tuple[Grid, Grid]], fleet: Sequence[WaveVehicle]) -> int:
    longest = max(int(metres[metres < UNREACHABLE_METRES].max()) for metres, _ in grids)
    # No detour is longer than there and back again: two times the longest leg, and a third so that it is never a tie.
    return max(LEAST_PRIZE, 3 * longest + max(vehicle.fixed_cost_m for vehicle in fleet))
