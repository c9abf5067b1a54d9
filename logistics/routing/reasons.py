"""Says before any search which jobs no vehicle can ever do, and why."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from logistics.routing.fleet import WaveVehicle
from logistics.routing.matrix import Matrices
from logistics.routing.problem import Job, Reason, Window

Obstacle = Callable[[WaveVehicle], bool]


def impossible(*, job: Job, fleet: Sequence[WaveVehicle], matrices: Matrices, setup_seconds: int) -> Reason | None:
    """The first obstacle that leaves no vehicle of the fleet, each driving to this job alone; None if one can do it.

    A vehicle that has met an obstacle is not asked again, so the reason told is the one that stops the most suitable vehicles.
    """
    if not fleet:
        return Reason.NO_VEHICLE
    left = list(fleet)
    for reason, passes in _tests(job, matrices, setup_seconds):
        left = [vehicle for vehicle in left if passes(vehicle)]
        if not left:
            return reason
    return None


def _tests(job: Job, matrices: Matrices, setup_seconds: int) -> list[tuple[Reason, Obstacle]]:
    def served(vehicle: WaveVehicle, window: Window) -> int:
        to_job = matrices.seconds(vehicle.spec.roads, vehicle.begin, job.place) + setup_seconds
        return max(window[0] + to_job, job.window[0])

    def back(vehicle: WaveVehicle, window: Window) -> int:
        home = matrices.seconds(vehicle.spec.roads, job.place, vehicle.finish)
        return served(vehicle, window) + job.service_seconds + home

    def keeps(vehicle: WaveVehicle, window: Window) -> bool:
        return served(vehicle, window) <= job.window[1] and back(vehicle, window) <= window[1]

    return [
        (Reason.NO_SKILL, lambda vehicle: job.needs <= vehicle.spec.skills),
        (Reason.TOO_LARGE, lambda vehicle: _carries(vehicle, job)),
        (Reason.WINDOW_UNREACHABLE, lambda vehicle: served(vehicle, vehicle.hours) <= job.window[1]),
        (Reason.BACK_AFTER_SHIFT, lambda vehicle: back(vehicle, vehicle.hours) <= vehicle.hours[1]),
        (Reason.HUB_TIMES, lambda vehicle: keeps(vehicle, vehicle.window)),
        (Reason.TOO_FAR, lambda vehicle: _near_enough(vehicle, job, matrices)),
    ]


def _carries(vehicle: WaveVehicle, job: Job) -> bool:
    spec = vehicle.spec
    light = spec.capacity_g is None or job.load_g <= spec.capacity_g
    return light and job.load_crates <= spec.capacity_crates and job.load_cold <= spec.capacity_cold


def _near_enough(vehicle: WaveVehicle, job: Job, matrices: Matrices) -> bool:
    if vehicle.max_distance_m is None:
        return True
    way = pairwise((vehicle.begin, job.place, vehicle.finish))
    return sum(matrices.metres(vehicle.spec.roads, here, there) for here, there in way) <= vehicle.max_distance_m
