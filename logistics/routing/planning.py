"""Plans a round: first the collect wave into the hub, then the deliver wave out of it, and has every plan judged."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from logistics.routing import checker, direct, engine, fleet, further_trips, insertion, schedule
from logistics.routing.engine import Budget, WaveTask
from logistics.routing.fleet import WaveVehicle
from logistics.routing.matrix import Matrices, MatrixProvider
from logistics.routing.problem import Job, Plan, PlannedTour, Problem, Reason, Unserved, VehicleSpec, Wave
from logistics.routing.reasons import impossible
from logistics.routing.schedule import Route

Watch = Callable[[float], bool]
BY_HAND = "by_hand"


class PlanRefused(Exception):
    """The engine drew a plan that breaks a rule. Nothing of it may be used; `violations` says what was wrong."""

    def __init__(self, violations: Sequence[checker.Violation]) -> None:
        super().__init__("; ".join(str(violation) for violation in violations))
        self.violations = tuple(violations)


class CalledOff(Exception):
    """Whoever watched the search wanted no more of it."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """One tour that somebody has decided on: which vehicle calls where, in which order."""

    vehicle_key: str
    wave: Wave
    job_keys: tuple[str, ...]
    trip: int = 1


def solve(*, problem: Problem, provider: MatrixProvider) -> Plan:
    """Tours for all jobs that fit, a reason for each of the others.

    Runs for up to `problem.cpu_seconds`: to be called in a worker. Raises PlanRefused if the checker finds anything.
    """
    return plan(problem=problem, matrices=Matrices.of(problem=problem, provider=provider))


def plan(
    *,
    problem: Problem,
    matrices: Matrices,
    fixed: Sequence[Arranged] = (),
    watch: Watch | None = None,
    simple: bool = False,
) -> Plan:
    """The same with the tables at hand. Vehicles of `fixed` tours drive nothing else in that wave, and what is wrong with these
    tours is not judged. `simple` takes the way that cannot fail; `watch` is told how much is done and says whether to go on.
    """
    drawn = (
        _without_hub(problem, matrices, fixed, watch, simple)
        if problem.direct
        else _by_hub(problem, matrices, fixed, watch, simple)
    )
    untouchable = {tour.vehicle_key for tour in fixed}
    found = checker.violations(problem=problem, plan=drawn, matrices=matrices)
    if wrong := [violation for violation in found if violation.vehicle_key not in untouchable]:
        raise PlanRefused(wrong)
    return drawn


def _by_hub(problem: Problem, matrices: Matrices, fixed: Sequence[Arranged], watch: Watch | None, simple: bool) -> Plan:
    search = _Search(problem, matrices, fixed, watch, insertion if simple else engine)
    collected = search.wave(Wave.COLLECT)
    delivered = search.wave(Wave.DELIVER, search.timed())
    return replace(
        _put_together(problem, matrices, search.timed(), [*collected, *delivered, *search.without_break]),
        engine=search.solver.NAME,
        engine_version=search.solver.VERSION,
        cut_short=search.cut_short,
    )


def _without_hub(problem: Problem, matrices: Matrices, fixed: Sequence[Arranged], watch: Watch | None, simple: bool) -> Plan:
    """Vehicles of fixed tours drive nothing else; what hangs together with them and is new waits for somebody to unlock them."""
    given = {key for tour in fixed for key in tour.job_keys}
    busy = {tour.vehicle_key for tour in fixed}
    open_jobs = [job for job in problem.jobs if job.key not in given and not job.after & given]
    free = [vehicle for vehicle in problem.vehicles if vehicle.key not in busy]
    try:
        rides, left = direct.solve(
            problem=problem, matrices=matrices, vehicles=free, jobs=open_jobs, watch=watch, better=not simple
        )
    except direct.Stopped as stopped:
        raise CalledOff from stopped
    left += [Unserved(job.key, Reason.ROUND_FULL) for job in problem.jobs if job.key not in given and job.after & given]
    tours = [*fixed, *(Arranged(ride.vehicle.key, Wave.DIRECT, tuple(job.key for job in ride.jobs)) for ride in rides)]
    days = {}
    for key, vehicle, routes in _days(problem, tours):
        days[key] = found = schedule.day(vehicle=vehicle, routes=routes, problem=problem, matrices=matrices)
        late = schedule.lateness(vehicle=vehicle, tours=found, routes=routes, problem=problem)
        if late and key not in busy:  # only the driver's break can do that
            del days[key]
            left += [Unserved(job.key, Reason.NO_BREAK) for route in routes for job in route.jobs]
    return replace(_put_together(problem, matrices, days, left), engine=direct.NAME, engine_version=direct.VERSION)


def arrange(*, problem: Problem, matrices: Matrices, tours: Sequence[Arranged], left: Iterable[Unserved] = ()) -> Plan:
    """The plan that somebody has made by hand, with its times; what is wrong with it `checker.violations` says."""
    days = {
        key: schedule.day(vehicle=vehicle, routes=routes, problem=problem, matrices=matrices)
        for key, vehicle, routes in _days(problem, tours)
    }
    return _put_together(problem, matrices, days, left)


class _Search:
    """The round while its tours are being drawn."""

    def __init__(
        self, problem: Problem, matrices: Matrices, fixed: Sequence[Arranged], watch: Watch | None, solver: ModuleType
    ) -> None:
        self.problem, self.matrices, self.watch, self.solver = problem, matrices, watch, solver
        self.tours = list(fixed)
        self.fixed = {(tour.vehicle_key, tour.wave) for tour in fixed}
        self.given = {key for tour in fixed for key in tour.job_keys}
        self.cut_short = False
        self.without_break: list[Unserved] = []

    def timed(self) -> dict[str, tuple[PlannedTour, ...]]:
        """The day of each vehicle as it is drawn so far; what only the break keeps from being in time is left out."""
        days = {}
        for key, vehicle, routes in _days(self.problem, self.tours):
            free = not any((key, route.wave) in self.fixed for route in routes)
            days[key] = self._in_time(vehicle, routes) if free and vehicle.may_need_break else self._day(vehicle, routes)
        return days

    def wave(self, wave: Wave, days: Mapping[str, tuple[PlannedTour, ...]] | None = None) -> list[Unserved]:
        """Draw one wave with the fleet as it is able after what it drives already; returns what is left.

        What not even the rested fleet could do is told with its own reason.
        """
        jobs = [job for job in self.problem.jobs_of(wave) if job.key not in self.given]
        setup = self.problem.setup_seconds
        rested = self._rested(wave)
        checks = {job.key: impossible(job=job, fleet=rested, matrices=self.matrices, setup_seconds=setup) for job in jobs}
        usable = [one for one in self._able(wave, days or {}) if one.usable and (one.spec.key, wave) not in self.fixed]
        wanted = [job for job in jobs if not checks[job.key]]
        wanted = [job for job in wanted if not impossible(job=job, fleet=usable, matrices=self.matrices, setup_seconds=setup)]
        reload = self.problem.hub.handling_seconds
        task = WaveTask(wave, wanted, usable, self.matrices, setup, reload, self.problem.seed)
        served = self._draw(task, len(jobs)) if wanted else set()
        served |= self._set_out_again([job for job in wanted if job.key not in served], usable)
        return [Unserved(job.key, checks[job.key] or Reason.ROUND_FULL) for job in jobs if job.key not in served]

    def _draw(self, task: WaveTask, jobs: int) -> set[str]:
        share = jobs / max(1, len(self.problem.jobs))
        budget = Budget(self.problem.iterations, self.problem.cpu_seconds * share, watch=self._watch(task.wave, share))
        drawn = self.solver.solve(task=task, budget=budget)
        if budget.called_off:
            raise CalledOff
        self.cut_short |= budget.cut_short
        for one in drawn:
            for number, trip in enumerate(one.trips, start=1):
                self.tours.append(Arranged(one.vehicle_key, task.wave, tuple(job.key for job in trip), number))
        return {job.key for one in drawn for trip in one.trips for job in trip}

    def _set_out_again(self, left: Sequence[Job], fleet: Sequence[WaveVehicle]) -> set[str]:
        """What the search has left over, on trips more of vehicles that have time for it; returns what that serves."""
        able = {one.spec.key: one.spec for one in fleet if one.spec.max_trips > 1}
        if not left or not able:
            return set()
        driven = {key: routes for key, _vehicle, routes in _days(self.problem, self.tours)}
        days = [(spec, driven.get(key, [])) for key, spec in able.items()]
        more = further_trips.found(left=left, days=days, problem=self.problem, matrices=self.matrices)
        for key, routes in more.items():
            self.tours = [tour for tour in self.tours if tour.vehicle_key != key]
            self.tours += [Arranged(key, one.wave, tuple(job.key for job in one.jobs), one.trip) for one in routes]
        placed = {key for tour in self.tours for key in tour.job_keys}
        return {job.key for job in left if job.key in placed}

    def _watch(self, wave: Wave, share: float) -> Watch | None:
        watch, begin = self.watch, 0.0 if wave is Wave.COLLECT else 1 - share
        return (lambda done: watch(begin + share * done)) if watch is not None else None

    def _rested(self, wave: Wave) -> Sequence[WaveVehicle]:
        found = fleet.collecting if wave is Wave.COLLECT else fleet.delivering
        return found(problem=self.problem, matrices=self.matrices)

    def _able(self, wave: Wave, days: Mapping[str, tuple[PlannedTour, ...]]) -> Sequence[WaveVehicle]:
        if wave is Wave.DELIVER:
            collected = {key: [tour for tour in tours if tour.wave is Wave.COLLECT] for key, tours in days.items()}
            return fleet.delivering(problem=self.problem, matrices=self.matrices, collected=collected)
        leaving = {key: tours[0].start for key, tours in self.timed().items() if tours and tours[0].wave is Wave.DELIVER}
        until = {key: start - self.problem.hub.handling_seconds for key, start in leaving.items()}
        return [
            replace(one, window=(one.window[0], min(one.window[1], until.get(one.spec.key, one.window[1]))))
            for one in self._rested(wave)
        ]

    def _in_time(self, vehicle: VehicleSpec, routes: Sequence[Route]) -> tuple[PlannedTour, ...]:
        """The day without those last stops that only the driver's break makes late."""
        found = self._day(vehicle, routes)
        while found and schedule.lateness(vehicle=vehicle, tours=found, routes=routes, problem=self.problem):
            last = routes[-1]
            self.without_break.append(Unserved(last.jobs[-1].key, Reason.NO_BREAK))
            routes = [*routes[:-1], *([replace(last, jobs=last.jobs[:-1])] if last.jobs[1:] else [])]
            self.tours = [tour for tour in self.tours if tour.vehicle_key != vehicle.key]
            self.tours += [Arranged(vehicle.key, one.wave, tuple(job.key for job in one.jobs), one.trip) for one in routes]
            found = self._day(vehicle, routes)
        return found

    def _day(self, vehicle: VehicleSpec, routes: Sequence[Route]) -> tuple[PlannedTour, ...]:
        return schedule.day(vehicle=vehicle, routes=routes, problem=self.problem, matrices=self.matrices)


def _days(problem: Problem, tours: Iterable[Arranged]) -> list[tuple[str, VehicleSpec, list[Route]]]:
    """What each vehicle drives, in the order of the vehicles and of the day."""
    jobs: dict[str, Job] = {job.key: job for job in problem.jobs}
    routes: dict[str, list[Route]] = defaultdict(list)
    for tour in sorted(tours, key=lambda tour: (list(Wave).index(tour.wave), tour.trip)):
        routes[tour.vehicle_key].append(Route(tour.wave, tuple(jobs[key] for key in tour.job_keys), tour.trip))
    return [(vehicle.key, vehicle, routes[vehicle.key]) for vehicle in problem.vehicles if vehicle.key in routes]


def _put_together(
    problem: Problem, matrices: Matrices, days: Mapping[str, Sequence[PlannedTour]], left: Iterable[Unserved]
) -> Plan:
    tours = [tour for day in days.values() for tour in day]
    return Plan(
        tours=tuple(sorted(tours, key=lambda tour: list(Wave).index(tour.wave))),
        unserved=tuple(left),
        engine=BY_HAND,
        engine_version="",
        seed=problem.seed,
        iterations=problem.iterations,
        matrix_hash=matrices.fingerprint(),
        estimated_times=matrices.estimated,
    )
