"""Sends vehicles out once more for jobs that the search has left over: it sees another trip badly where there are few jobs."""

from collections.abc import Sequence

from logistics.routing import schedule
from logistics.routing.matrix import Matrices
from logistics.routing.problem import Job, Problem, VehicleSpec
from logistics.routing.schedule import Route

#: with more jobs left over the round is full, and one trip more does not matter
MOST = 30


def found(
    *, left: Sequence[Job], days: Sequence[tuple[VehicleSpec, list[Route]]], problem: Problem, matrices: Matrices
) -> dict[str, list[Route]]:
    """By vehicle, the whole day of those that can drive for one of the jobs alone, or take it along on such a trip.

    `days` are the vehicles that may drive in the wave, with what they drive by now.
    """
    routes = {vehicle.key: list(driven) for vehicle, driven in days}
    begun: dict[str, list[Route]] = {}
    for job in left[:MOST]:
        for vehicle, driven in days:
            fresh = {route.trip for route in routes[vehicle.key]} - {route.trip for route in driven if route.wave is job.kind}
            if tried := _with(job, routes[vehicle.key], fresh, vehicle, problem, matrices):
                begun[vehicle.key] = routes[vehicle.key] = tried
                break
    return begun


def _with(
    job: Job, routes: list[Route], fresh: set[int], vehicle: VehicleSpec, problem: Problem, matrices: Matrices
) -> list[Route] | None:
    """The day with the job at the end of its last trip of the wave, if that is a `fresh` one, or else with a trip more."""
    mine = [route for route in routes if route.wave is job.kind]
    if mine and mine[-1].trip in fresh:
        longer = Route(job.kind, (*mine[-1].jobs, job), mine[-1].trip)
        if _keeps(longer, tried := [route for route in routes if route is not mine[-1]] + [longer], vehicle, problem, matrices):
            return tried
    if len(mine) >= vehicle.max_trips:
        return None
    alone = Route(job.kind, (job,), len(mine) + 1)
    return tried if _keeps(alone, tried := [*routes, alone], vehicle, problem, matrices) else None


def _keeps(route: Route, routes: list[Route], vehicle: VehicleSpec, problem: Problem, matrices: Matrices) -> bool:
    jobs = route.jobs
    fits = all(job.needs <= vehicle.skills for job in jobs)
    fits = fits and sum(job.load_crates for job in jobs) <= vehicle.capacity_crates
    fits = fits and sum(job.load_cold for job in jobs) <= vehicle.capacity_cold
    if not fits or (vehicle.capacity_g is not None and sum(job.load_g for job in jobs) > vehicle.capacity_g):
        return False
    tours = schedule.day(vehicle=vehicle, routes=routes, problem=problem, matrices=matrices)
    driven = sum(tour.distance_m + tour.empty_m for tour in tours)
    far = vehicle.max_distance_m is not None and driven > vehicle.max_distance_m
    early = schedule.begin_of_day(tours) < vehicle.shift[0]
    return not far and not early and not schedule.lateness(vehicle=vehicle, tours=tours, routes=routes, problem=problem)
