"""Says when a vehicle is where: the times and metres of a day whose stops are known, with the driver's break in it.

The same arithmetic for what the engine draws and for what people arrange by hand; the checker computes all of it once more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from logistics.routing.matrix import Matrices
from logistics.routing.problem import (
    LONGEST_WITHOUT_BREAK,
    Job,
    Place,
    PlannedStop,
    PlannedTour,
    Problem,
    VehicleSpec,
    Wave,
)


@dataclass(frozen=True, slots=True)
class Route:
    """What a vehicle is to drive in one go: these jobs in this order."""

    wave: Wave
    jobs: tuple[Job, ...]
    trip: int = 1


@dataclass(frozen=True, slots=True)
class _Pause:
    """Where a break is put: before leaving the hub for route `route` (`after` 0), or after so many stops of it."""

    route: int
    after: int


def day(*, vehicle: VehicleSpec, routes: Sequence[Route], problem: Problem, matrices: Matrices) -> tuple[PlannedTour, ...]:
    """The tours of one vehicle, each as early as it can be without waiting for nothing; routes without jobs are left out.

    A day of more than six hours gets the break where it makes nobody late, as near to the middle as possible; if it has to make
    somebody late, where it does the least harm.
    """
    clock = _Clock(vehicle, sorted((route for route in routes if route.jobs), key=_order), problem, matrices)
    tours = clock.tours(None)
    if not tours or not clock.break_is_due(tours):
        return tours
    tries = [clock.tours(pause) for pause in clock.pauses()]
    return min(tries, key=clock.harm)


def lateness(*, vehicle: VehicleSpec, tours: Sequence[PlannedTour], routes: Iterable[Route], problem: Problem) -> int:
    """Seconds by which windows, the hub's hours and the shift are missed, all together, on the day that these `routes` make."""
    jobs = {job.key: job for route in routes for job in route.jobs}
    late = sum(max(0, stop.arrival - jobs[stop.job_key].window[1]) for tour in tours for stop in tour.stops)
    late += sum(max(0, tour.end - problem.hub.collected_by) for tour in tours if tour.wave is Wave.COLLECT)
    return late + max(0, end_of_day(tours) - vehicle.shift[1]) if tours else 0


def begin_of_day(tours: Sequence[PlannedTour]) -> int:
    """When the vehicle sets off, the empty way to the hub included."""
    return tours[0].start - (tours[0].empty_s if tours[0].wave is Wave.DELIVER else 0)


def end_of_day(tours: Sequence[PlannedTour]) -> int:
    """When the vehicle is home, the empty way from the hub included."""
    return tours[-1].end + (tours[-1].empty_s if tours[-1].wave is Wave.COLLECT else 0)


def ends(*, vehicle: VehicleSpec, wave: Wave, trip: int, to_hub: bool, hub: Place) -> tuple[Place, Place]:
    """Where a tour begins and is over; a vehicle that collects once more sets off where it has unloaded."""
    if wave is Wave.DIRECT:
        return vehicle.start, vehicle.end
    if wave is Wave.COLLECT:
        return (vehicle.start if trip == 1 else hub), hub
    return hub, hub if to_hub else vehicle.end


def _order(route: Route) -> tuple[int, int]:
    return list(Wave).index(route.wave), route.trip


class _Clock:
    """The day of one vehicle."""

    def __init__(self, vehicle: VehicleSpec, routes: Sequence[Route], problem: Problem, matrices: Matrices) -> None:
        self.vehicle, self.routes, self.problem, self.matrices = vehicle, routes, problem, matrices

    def tours(self, pause: _Pause | None) -> tuple[PlannedTour, ...]:
        found: list[PlannedTour] = []
        for number, route in enumerate(self.routes):
            waits = self.vehicle.break_s if pause == _Pause(number, 0) else 0
            after = pause.after if pause and pause.route == number and pause.after else None
            to_hub = route.wave is Wave.DELIVER and number + 1 < len(self.routes)
            earliest = self._earliest(route, found[-1] if found else None) + waits
            found.append(self._timed(route, earliest, to_hub, after))
        return tuple(self._with_empty_ways(found))

    def pauses(self) -> Iterator[_Pause]:
        """Every place for the break, the hub between two tours first."""
        yield from (_Pause(number, 0) for number in range(1, len(self.routes)))
        for number, route in enumerate(self.routes):
            yield from (_Pause(number, after) for after in range(1, len(route.jobs) + 1))

    def break_is_due(self, tours: Sequence[PlannedTour]) -> bool:
        return self._needs_one(tours) and not any(self._lawful(pause, tours) for pause in self._taken(tours))

    def harm(self, tours: Sequence[PlannedTour]) -> tuple[int, int]:
        """Seconds somebody is late for it, a break at the wrong time counting as an hour; then how far it is from the middle."""
        taken = self._taken(tours)
        late = lateness(vehicle=self.vehicle, tours=tours, routes=self.routes, problem=self.problem)
        if self._needs_one(tours) and not any(self._lawful(pause, tours) for pause in taken):
            late += 3600
        middle = (begin_of_day(tours) + end_of_day(tours)) // 2
        return late, min((abs(begin - middle) for begin, _end in taken), default=0)

    def _needs_one(self, tours: Sequence[PlannedTour]) -> bool:
        return self.vehicle.break_s > 0 and end_of_day(tours) - begin_of_day(tours) > LONGEST_WITHOUT_BREAK

    def _lawful(self, pause: tuple[int, int], tours: Sequence[PlannedTour]) -> bool:
        before, after = pause[0] - begin_of_day(tours), end_of_day(tours) - pause[1]
        return max(before, after) <= LONGEST_WITHOUT_BREAK

    def _taken(self, tours: Sequence[PlannedTour]) -> list[tuple[int, int]]:
        """Every rest long enough: between two tours once the vehicle is unloaded and loaded, and after stops."""
        least, rests = self.vehicle.break_s, []
        for first, second in pairwise(tours):
            rested = (first.end, second.start - self.problem.hub.handling_seconds)
            rests += [rested] if rested[1] - rested[0] >= least else []
        for tour in tours:
            if tour.break_after:
                begin = tour.stops[tour.break_after - 1].departure
                rests.append((begin, begin + tour.break_s))
        return rests

    def _earliest(self, route: Route, before: PlannedTour | None) -> int:
        hub = self.problem.hub
        if route.wave is not Wave.DELIVER:
            return self.vehicle.shift[0] if before is None else before.end + hub.handling_seconds
        if before is not None:
            return max(hub.ready_at, before.end + hub.handling_seconds)
        to_hub = self.matrices.seconds(self.vehicle.roads, self.vehicle.start, hub.place)
        return max(hub.ready_at, self.vehicle.shift[0] + to_hub)

    def _timed(self, route: Route, earliest: int, to_hub: bool, break_after: int | None) -> PlannedTour:
        begin, finish = ends(vehicle=self.vehicle, wave=route.wave, trip=route.trip, to_hub=to_hub, hub=self.problem.hub.place)
        stops, end, spare = self._walk(route, earliest, begin, finish, break_after)
        start = earliest + spare
        if spare:
            stops, end, _spare = self._walk(route, start, begin, finish, break_after)
        way = [begin, *(job.place for job in route.jobs), finish]
        return PlannedTour(
            vehicle_key=self.vehicle.key,
            wave=route.wave,
            stops=tuple(stops),
            start=start,
            end=end,
            distance_m=sum(self.matrices.metres(self.vehicle.roads, here, there) for here, there in pairwise(way)),
            duration_s=end - start,
            trip=route.trip,
            to_hub=to_hub,
            break_after=break_after,
            break_s=self.vehicle.break_s if break_after else 0,
        )

    def _walk(
        self, route: Route, start: int, begin: Place, finish: Place, break_after: int | None
    ) -> tuple[list[PlannedStop], int, int]:
        """The stops, the end, and how much later the tour could start without anything ending later."""
        roads, clock, here, setting_up = self.vehicle.roads, start, begin, True
        waited, slack, stops = 0, 10**9, []
        for number, job in enumerate(route.jobs, start=1):
            leg = self.matrices.metres(roads, here, job.place)
            clock += self.matrices.seconds(roads, here, job.place)
            if setting_up or job.place != here:
                clock += self.problem.setup_seconds
            slack = min(slack, max(0, job.window[1] - clock) + waited)
            arrival, begun = clock, max(clock, job.window[0])
            waited += begun - arrival
            clock = begun + job.service_seconds
            stops.append(PlannedStop(job.key, arrival, clock, leg))
            clock += self.vehicle.break_s if number == break_after else 0
            here, setting_up = job.place, False
        clock += self.matrices.seconds(roads, here, finish)
        return stops, clock, min(waited, slack)

    def _with_empty_ways(self, tours: list[PlannedTour]) -> list[PlannedTour]:
        if not tours:
            return tours
        roads, hub = self.vehicle.roads, self.problem.hub.place
        ways = []
        if tours[0].wave is Wave.DELIVER:
            ways.append((0, self.vehicle.start, hub))
        if tours[-1].wave is Wave.COLLECT:
            ways.append((len(tours) - 1, hub, self.vehicle.end))
        for number, origin, destination in ways:
            metres, seconds = self.matrices.metres(roads, origin, destination), self.matrices.seconds(roads, origin, destination)
            tours[number] = replace(tours[number], empty_m=metres, empty_s=seconds)
        return tours
