"""Orders the jobs of one wave into tours with PyVRP: our plain values in, PyVRP's integer model, orders of jobs out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
import pyvrp

from logistics.routing.fleet import WaveVehicle
from logistics.routing.matrix import UNREACHABLE_METRES, Grid, Matrices
from logistics.routing.problem import Job, Roads, Wave

NAME = "pyvrp"
VERSION = version("pyvrp")

# A job left out costs its prize. It has to outweigh any detour, and to stay below what the solver may charge for one
# unit of a broken limit: above that cap it would rather break limits than leave a job out.
LEAST_PRIZE = 60_000
PENALTY_OVER_PRIZE = 5 / 3
NO_LIMIT = int(np.iinfo(np.int64).max)


@dataclass(slots=True)
class Budget:
    """Stops a search after `iterations` (repeatable) or, as a safety net, after `cpu_seconds` of this thread (not).

    `watch` is told now and then how much is done, 0 to 1, and says whether to go on.
    """

    iterations: int
    cpu_seconds: float
    clock: Callable[[], float] = time.thread_time
    watch: Callable[[float], bool] | None = None
    cut_short: bool = False
    called_off: bool = False
    _done: int = field(default=0, init=False)
    _began: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def __call__(self, best_cost: int) -> bool:
        """PyVRP asks before every iteration."""
        spent = self.clock() - self._began
        if self._done >= self.iterations:
            return True
        if spent >= self.cpu_seconds:
            self.cut_short = True
            return True
        if self.watch is not None and not self.watch(max(self._done / self.iterations, spent / self.cpu_seconds)):
            self.called_off = True
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
    reload_seconds: int
    seed: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one vehicle drives in the wave: for each time it leaves, the jobs in their order."""

    vehicle_key: str
    trips: tuple[tuple[Job, ...], ...]


def solve(*, task: WaveTask, budget: Budget) -> tuple[Drawn, ...]:
    """Who drives what in the wave; jobs with nobody did not fit in. Same task and iterations: same answer."""
    if not task.jobs or not task.fleet:
        return ()
    model = _Model(task)
    return model.drawn(_search(model.data, model.prize, task.seed, budget))


def _search(data: pyvrp.ProblemData, prize: int, seed: int, budget: Budget) -> pyvrp.Solution:
    penalty = pyvrp.PenaltyParams(max_penalty=prize * PENALTY_OVER_PRIZE)
    params = pyvrp.SolveParams(penalty=penalty)
    best = pyvrp.solve(data, budget, seed=seed, collect_stats=False, params=params).best
    if best.is_feasible():
        return best
    # Very short searches may end before the first plan that keeps all limits. What is sound in it is such a plan.
    sound = pyvrp.Solution(data, [route for route in best.routes() if route.is_feasible()])
    again = Budget(budget.iterations, budget.cpu_seconds, budget.clock, budget.watch)
    best = pyvrp.solve(data, again, seed=seed, collect_stats=False, params=params, initial_solution=sound).best
    budget.cut_short |= again.cut_short
    budget.called_off |= again.called_off
    return best if best.is_feasible() else sound


class _Model:
    """PyVRP's view of a wave: locations are the depots first, then the distinct job places; equal vehicles share a type."""

    def __init__(self, task: WaveTask) -> None:
        self.task = task
        self.depots = list(dict.fromkeys(place for vehicle in task.fleet for place in (vehicle.begin, vehicle.finish)))
        self.doors = list(dict.fromkeys(job.place for job in task.jobs))
        self.roads = sorted({vehicle.spec.roads for vehicle in task.fleet})
        self.limits = _binding(task.jobs, task.fleet)
        grids: list[tuple[Any, Any]] = [self._grids(roads) for roads in self.roads]  # PyVRP's stubs are wrong on arrays
        self.prize = _prize(grids, task.fleet)
        self.groups = self._groups()
        self.data = pyvrp.ProblemData(
            locations=[pyvrp.Location(place.lon, place.lat) for place in (*self.depots, *self.doors)],
            clients=self._clients(),
            depots=self._depots(),
            vehicle_types=[self._vehicle_type(group) for group in self.groups],
            distance_matrices=[metres for metres, _ in grids],
            duration_matrices=[seconds for _, seconds in grids],
        )

    def drawn(self, solution: pyvrp.Solution) -> tuple[Drawn, ...]:
        """Hand the routes to the vehicles of their type, in the order in which the vehicles were given."""
        waiting = [list(group) for group in self.groups]
        return tuple(self._drawn(waiting[route.vehicle_type()].pop(0), route) for route in solution.routes())

    def _depots(self) -> list[pyvrp.Depot]:
        """Every place where vehicles begin or end, and once more the hub, where they stand to load or unload in between."""
        places = [pyvrp.Depot(number) for number in range(len(self.depots))]
        if not self._reloads():
            return places
        first = self.task.fleet[0]
        hub = self.depots.index(first.finish if self.task.wave is Wave.COLLECT else first.begin)
        return [*places, pyvrp.Depot(hub, service_duration=self.task.reload_seconds)]

    def _reloads(self) -> bool:
        return any(vehicle.spec.max_trips > 1 for vehicle in self.task.fleet)

    def _grids(self, roads: Roads) -> tuple[Grid, Grid]:
        """Metres and seconds among the locations; set-up is part of the way to a door, so neighbours in a house pay once."""
        table, index = self.task.matrices.tables[roads], self.task.matrices.index
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
            spec = vehicle.spec
            alike = (vehicle.begin, vehicle.finish, vehicle.window, vehicle.max_distance_m, vehicle.fixed_cost)
            groups.setdefault((spec.roads, room, *alike, spec.metre_cost, spec.second_cost, spec.max_trips), []).append(vehicle)
        return list(groups.values())

    def _vehicle_type(self, group: Sequence[WaveVehicle]) -> pyvrp.VehicleType:
        first = group[0]
        number = self.task.fleet.index(first)
        reloads = self._reloads() and first.spec.max_trips > 1
        return pyvrp.VehicleType(
            num_available=len(group),
            capacity=[limit.capacities[number] for limit in self.limits],
            start_depot=self.depots.index(first.begin),
            end_depot=self.depots.index(first.finish),
            fixed_cost=first.fixed_cost,
            tw_early=first.window[0],
            tw_late=first.window[1],
            profile=self.roads.index(first.spec.roads),
            max_distance=NO_LIMIT if first.max_distance_m is None else first.max_distance_m,
            unit_distance_cost=first.spec.metre_cost,
            unit_duration_cost=first.spec.second_cost,
            reload_depots=[len(self.depots)] if reloads else [],
            max_reloads=first.spec.max_trips - 1 if reloads else 0,
        )

    def _drawn(self, vehicle: WaveVehicle, route: pyvrp.Route) -> Drawn:
        trips: dict[int, list[Job]] = {}
        for activity in route.schedule():
            if activity.is_client():
                trips.setdefault(activity.trip, []).append(self.task.jobs[activity.idx])
        return Drawn(vehicle.spec.key, tuple(tuple(jobs) for _trip, jobs in sorted(trips.items())))


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
    grams = [job.load_g for job in jobs]
    limits.append(_Limit(grams, [sum(grams) if (most := vehicle.spec.capacity_g) is None else most for vehicle in fleet]))
    for skill in sorted({need for job in jobs for need in job.needs}):
        takes = [int(skill in job.needs) for job in jobs]
        limits.append(_Limit(takes, [sum(takes) if skill in vehicle.spec.skills else 0 for vehicle in fleet]))
    return [limit for limit in limits if sum(limit.loads) > min(limit.capacities)]


def _prize(grids: Sequence[tuple[Grid, Grid]], fleet: Sequence[WaveVehicle]) -> int:
    longest = max(int(metres[metres < UNREACHABLE_METRES].max()) for metres, _ in grids)
    by_metre = max(vehicle.spec.metre_cost for vehicle in fleet)
    by_second = max(vehicle.spec.second_cost * (vehicle.window[1] - vehicle.window[0]) for vehicle in fleet)
    # No detour is longer than there and back again: two times the longest leg, and a third so that it is never a tie.
    detour = 3 * longest * by_metre + by_second + max(vehicle.fixed_cost for vehicle in fleet)
    return max(LEAST_PRIZE * max(1, by_metre), detour)
