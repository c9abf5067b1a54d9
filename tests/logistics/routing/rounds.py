"""Small rounds for the tests: a hub on a flat sheet, one unit of which is ten metres and ten seconds."""

from typing import Any

from logistics.routing import Hub, Job, Matrices, Place, Plan, Problem, VehicleSpec, Wave, plan
from logistics.routing.instances import PlaneProvider

HUB = Place(0, 0)
HOUR = 3600


def deliver(key: str, east: float, north: float = 0, **changes: Any) -> Job:
    """A drop of one crate at (east, north), any time of the day."""
    return _job(key, east, north, Wave.DELIVER, changes)


def collect(key: str, east: float, north: float = 0, **changes: Any) -> Job:
    """A call at a producer for one crate."""
    return _job(key, east, north, Wave.COLLECT, changes)


def van(key: str = "van", **changes: Any) -> VehicleSpec:
    """A van that stands at the hub with room for ten crates and five cool boxes."""
    usual: dict[str, Any] = {
        "start": HUB,
        "end": HUB,
        "capacity_crates": 10,
        "capacity_cold": 5,
        "shift": (0, 10 * HOUR),
    }
    return VehicleSpec(key, **usual | changes)


def round_of(*jobs: Job, vehicles: tuple[VehicleSpec, ...] = (van(),), **changes: Any) -> Problem:
    """A round with a hub that is ready at hour four, and a small search budget."""
    hub = Hub(HUB, collected_by=3 * HOUR, ready_at=4 * HOUR, handling_seconds=600)
    usual: dict[str, Any] = {"hub": hub, "iterations": 100}
    return Problem(jobs=jobs, vehicles=vehicles, **usual | changes)


def matrices_of(problem: Problem) -> Matrices:
    """The tables of the sheet."""
    return Matrices.of(problem=problem, provider=PlaneProvider())


def plan_of(problem: Problem) -> Plan:
    """The plan on the sheet."""
    return plan(problem=problem, matrices=matrices_of(problem))


def _job(key: str, east: float, north: float, kind: Wave, changes: dict[str, Any]) -> Job:
    usual: dict[str, Any] = {"load_crates": 1, "load_cold": 0, "service_seconds": 60, "window": (0, 10 * HOUR)}
    return Job(key, place=Place(north, east), kind=kind, **usual | changes)
