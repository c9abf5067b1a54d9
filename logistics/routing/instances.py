"""Reads public test instances of Solomon's and Homberger's kind, so that the planner can be measured against known bests."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from logistics.routing.matrix import Table
from logistics.routing.problem import Hub, Job, Place, Plan, Problem, Profile, VehicleSpec, Wave

# The twelfth DIMACS challenge counts in tenths and cuts off the rest; so do the known best costs.
SCALE = 10


@dataclass(frozen=True, slots=True)
class Customer:
    """One line of an instance, in the units of the file."""

    number: int
    x: float
    y: float
    demand: int
    ready: int
    due: int
    service: int


@dataclass(frozen=True, slots=True)
class Instance:
    """A public instance: equal vehicles at one depot, customers with a demand and a window."""

    name: str
    vehicles: int
    capacity: int
    depot: Customer
    customers: tuple[Customer, ...]


@dataclass(frozen=True, slots=True)
class PlaneProvider:
    """Points on a sheet of paper instead of the earth: metres and seconds are tenths of the straight line, cut off."""

    def table(self, points: Sequence[Place], profile: Profile) -> Table:
        """Seconds equal metres, whatever the profile."""
        spots = np.array([(point.lon, point.lat) for point in points], dtype=np.float64)
        apart = np.sqrt(((spots[:, None, :] - spots[None, :, :]) ** 2).sum(axis=2))
        tenths = np.floor(SCALE * apart).astype(np.int64)
        return Table(tenths, tenths.copy(), estimated=False)


def read_instance(*, path: Path, customers: int | None = None) -> Instance:
    """The instance in a text file; with `customers`, only the first so many. ValueError if it is no such file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line.strip()]
    numbers = [[float(word) for word in row] for row in rows if _numeric(row)]
    if len(numbers) < 3 or len(numbers[0]) != 2 or any(len(row) != 7 for row in numbers[1:]):
        raise ValueError(f"{path.name} is not a Solomon instance")
    (vehicles, capacity), depot, *rest = numbers
    if customers is not None:
        rest = rest[:customers]
    return Instance(rows[0][0], int(vehicles), int(capacity), _customer(depot), tuple(_customer(row) for row in rest))


def problem_of(*, instance: Instance, seed: int, iterations: int, cpu_seconds: float) -> Problem:
    """The instance as a deliver wave out of its depot."""
    depot = Place(instance.depot.y, instance.depot.x)
    hours = (instance.depot.ready * SCALE, instance.depot.due * SCALE)
    vehicles = (
        VehicleSpec(f"{number}", start=depot, end=depot, capacity_crates=instance.capacity, capacity_cold=0, shift=hours)
        for number in range(instance.vehicles)
    )
    return Problem(
        hub=Hub(depot, collected_by=hours[0], ready_at=hours[0]),
        jobs=tuple(_job(customer) for customer in instance.customers),
        vehicles=tuple(vehicles),
        seed=seed,
        iterations=iterations,
        cpu_seconds=cpu_seconds,
    )


def cost_of(*, plan: Plan) -> float:
    """The plan's distance in the units of the published best costs."""
    return plan.distance_m / SCALE


def _numeric(row: Sequence[str]) -> bool:
    return all(word.replace(".", "", 1).lstrip("-").isdigit() for word in row)


def _customer(row: Sequence[float]) -> Customer:
    number, x, y, demand, ready, due, service = row
    return Customer(int(number), x, y, int(demand), int(ready), int(due), int(service))


def _job(customer: Customer) -> Job:
    return Job(
        key=f"{customer.number}",
        place=Place(customer.y, customer.x),
        load_crates=customer.demand,
        load_cold=0,
        service_seconds=customer.service * SCALE,
        window=(customer.ready * SCALE, customer.due * SCALE),
        kind=Wave.DELIVER,
    )
