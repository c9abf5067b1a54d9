"""Says what would help when stops are on no tour: one vehicle more, or a driver who can stay longer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics.models import DeliveryRound, Vehicle
from logistics.routing import Job, Matrices, Plan, Problem, VehicleSpec, plan
from logistics.routing.schedule import Route, day, lateness

HOUR = 3600
MIDNIGHT = 24 * HOUR
VEHICLE, SHIFT = "vehicle", "shift"
#: so many proposals are enough; looked for among so many kinds of vehicles, and for a longer shift among so many calls
MOST, KINDS, CALLS = 3, 4, 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """One more vehicle like this one, or an hour more for its driver (`until`, seconds of the day), would serve so many calls."""

    kind: str
    vehicle: str
    number: int
    until: int = 0

    def stored(self) -> dict[str, Any]:
        """The plain values that are kept with the round."""
        return asdict(self)


def find(*, problem: Problem, matrices: Matrices, plan: Plan, vehicles: Mapping[int, Vehicle]) -> list[Proposal]:
    """What would help, most first; nothing when every call is on a tour. Takes some seconds for a thousand calls."""
    left = {entry.job_key for entry in plan.unserved}
    jobs = [job for job in problem.jobs if job.key in left]
    if not jobs or problem.direct:  # another vehicle cannot take over a part of what hangs together
        return []
    names = {str(pk): row.name for pk, row in vehicles.items()}
    found = [
        *(Proposal(VEHICLE, names[key], number) for key, number in _one_more(problem, matrices, jobs)),
        *(Proposal(SHIFT, names[key], number, until) for key, number, until in _longer(problem, matrices, plan, jobs)),
    ]
    return sorted((one for one in found if one.number), key=lambda one: (-one.number, one.kind, one.vehicle))[:MOST]


def sentences(*, delivery_round: DeliveryRound) -> list[str]:
    """The proposals that were kept with the present plan."""
    return [_told(Proposal(**kept)) for kept in delivery_round.plan.get("proposals", [])]


def _told(one: Proposal) -> str:
    words = {"vehicle": one.vehicle, "number": one.number, "time": f"{one.until // HOUR}:{one.until % HOUR // 60:02}"}
    if one.kind == VEHICLE:
        return (
            ngettext(
                "One more vehicle like %(vehicle)s would serve %(number)s of them.",
                "One more vehicle like %(vehicle)s would serve %(number)s of them.",
                one.number,
            )
            % words
        )
    return _("If %(vehicle)s could drive until %(time)s, it would serve %(number)s of them.") % words


def _one_more(problem: Problem, matrices: Matrices, jobs: Sequence[Job]) -> list[tuple[str, int]]:
    """Of each kind of vehicle another one, which drives these calls alone."""
    kinds: dict[object, VehicleSpec] = {}
    for vehicle in problem.vehicles:
        kinds.setdefault((vehicle.roads, vehicle.capacity_crates, vehicle.capacity_cold, vehicle.skills, vehicle.shift), vehicle)
    rest = tuple(jobs)
    found = []
    for vehicle in list(kinds.values())[:KINDS]:
        alone = plan(problem=replace(problem, jobs=rest, vehicles=(vehicle,)), matrices=matrices, simple=True)
        found.append((vehicle.key, len(rest) - len(alone.unserved)))
    return found


def _longer(problem: Problem, matrices: Matrices, drawn: Plan, jobs: Sequence[Job]) -> list[tuple[str, int, int]]:
    """Every vehicle with an hour more, which takes on what then fits in."""
    found = []
    for vehicle in problem.vehicles:
        until = min(MIDNIGHT - 1, vehicle.shift[1] + HOUR)
        later = replace(vehicle, shift=(vehicle.shift[0], until))
        found.append((vehicle.key, _taken(later, problem, matrices, drawn, jobs), until))
    return found


def _taken(vehicle: VehicleSpec, problem: Problem, matrices: Matrices, drawn: Plan, jobs: Sequence[Job]) -> int:
    known = {job.key: job for job in problem.jobs}
    routes = [
        Route(tour.wave, tuple(known[stop.job_key] for stop in tour.stops), tour.trip)
        for tour in drawn.tours
        if tour.vehicle_key == vehicle.key
    ]
    number = 0
    for job in jobs[:CALLS]:
        if tried := _with(job, routes, vehicle, problem, matrices):
            routes, number = tried, number + 1
    return number


def _with(job: Job, routes: Sequence[Route], vehicle: VehicleSpec, problem: Problem, matrices: Matrices) -> list[Route] | None:
    """The vehicle's day with one more call at the end of its last tour of the wave, if it keeps everything."""
    own = next((route for route in reversed(routes) if route.wave is job.kind), Route(job.kind, ()))
    aboard = (*own.jobs, job)
    room = job.needs <= vehicle.skills and sum(one.load_crates for one in aboard) <= vehicle.capacity_crates
    room = room and sum(one.load_cold for one in aboard) <= vehicle.capacity_cold
    room = room and (vehicle.capacity_g is None or sum(one.load_g for one in aboard) <= vehicle.capacity_g)
    if not room:
        return None
    tried = [*(route for route in routes if route is not own), replace(own, jobs=aboard)]
    tours = day(vehicle=vehicle, routes=tried, problem=problem, matrices=matrices)
    driven = sum(tour.distance_m + tour.empty_m for tour in tours)
    far = vehicle.max_distance_m is not None and driven > vehicle.max_distance_m
    return None if far or lateness(vehicle=vehicle, tours=tours, routes=tried, problem=problem) else tried
