"""Measures the engine on public pickup-and-delivery instances of Li and Lim: the yardstick for rounds without a hub.

The market plans its rounds through a hub (docs/adr/0003, 0022); these figures say how good the same engine is where a vehicle
takes goods on and hands them over on one tour. Total distance counts, each leg rounded to a thousandth.
Every answer is checked here: each pair on one tour, taken on first, in its windows, never too much aboard.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyvrp

SCALE = 1000


@dataclass(frozen=True)
class Task:
    """One line of an instance; `partner` is where the goods of a pickup go, 0 for a delivery."""

    x: float
    y: float
    demand: int
    ready: int
    due: int
    service: int
    partner: int


@dataclass(frozen=True)
class Result:
    """What the engine made of one instance; distance in the units of the file."""

    distance: float
    vehicles: int
    unserved: int
    broken: int
    cpu_seconds: float


def solve(*, path: Path, seconds: float, seed: int) -> Result:
    """Search for so many CPU seconds."""
    vehicles, capacity, tasks = _read(path)
    apart = _apart(tasks)
    data = _data(vehicles, capacity, tasks, apart)
    began = time.process_time()
    stop: Any = lambda _best: time.process_time() - began > seconds  # noqa: E731 - PyVRP takes anything that can be called
    best = pyvrp.solve(data, stop, seed=seed, collect_stats=False).best
    spent = time.process_time() - began
    pairs = [(number, task.partner) for number, task in enumerate(tasks) if task.partner]
    tours = [_visits(route, pairs) for route in best.routes()]
    served = sum(len(tour) for tour in tours) // 2
    broken = sum(_broken(tour, tasks, capacity, apart) for tour in tours)
    metres = sum(int(apart[here, there]) for tour in tours for here, there in zip([0, *tour], [*tour, 0], strict=True))
    return Result(metres / SCALE, len(tours), len(pairs) - served, broken, spent)


def _read(path: Path) -> tuple[int, int, list[Task]]:
    rows = [[float(word) for word in line.split()] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    (vehicles, capacity, _speed), *rest = rows
    tasks = [Task(row[1], row[2], int(row[3]), int(row[4]), int(row[5]), int(row[6]), int(row[8])) for row in rest]
    return int(vehicles), int(capacity), tasks


def _apart(tasks: Sequence[Task]) -> Any:
    spots = np.array([(task.x, task.y) for task in tasks])
    return np.rint(SCALE * np.sqrt(((spots[:, None, :] - spots[None, :, :]) ** 2).sum(axis=2))).astype(np.int64)


def _data(vehicles: int, capacity: int, tasks: Sequence[Task], apart: Any) -> pyvrp.ProblemData:
    depot = tasks[0]
    shipments = [
        pyvrp.Shipment(
            number,
            task.partner,
            pickup_tw_early=SCALE * task.ready,
            pickup_tw_late=SCALE * task.due,
            pickup_service_duration=SCALE * task.service,
            delivery_tw_early=SCALE * tasks[task.partner].ready,
            delivery_tw_late=SCALE * tasks[task.partner].due,
            delivery_service_duration=SCALE * tasks[task.partner].service,
            amount=[task.demand],
        )
        for number, task in enumerate(tasks)
        if task.partner
    ]
    fleet = pyvrp.VehicleType(vehicles, [capacity], tw_early=SCALE * depot.ready, tw_late=SCALE * depot.due)
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(task.x, task.y) for task in tasks],
        clients=[],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[fleet],
        distance_matrices=[apart],
        duration_matrices=[apart],
        shipments=shipments,
    )


def _visits(route: pyvrp.Route, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """The numbers of the tasks in the order of the tour."""
    return [pairs[step.idx][0] if step.is_pickup() else pairs[step.idx][1] for step in route.schedule() if step.is_shipment()]


def _broken(tour: Sequence[int], tasks: Sequence[Task], capacity: int, apart: Any) -> int:
    """How many promises the tour breaks."""
    spot: Mapping[int, int] = {task: number for number, task in enumerate(tour)}
    goes_to = {task: tasks[task].partner for task in tour if tasks[task].partner}
    wrong = sum(to not in spot or spot[to] < spot[task] for task, to in goes_to.items())
    clock, aboard, here = SCALE * tasks[0].ready, 0, 0
    for number in tour:
        task = tasks[number]
        clock = max(clock + int(apart[here, number]), SCALE * task.ready)
        aboard += task.demand
        wrong += (clock > SCALE * task.due) + (aboard > capacity)
        clock, here = clock + SCALE * task.service, number
    return wrong + (clock + int(apart[here, 0]) > SCALE * tasks[0].due)
