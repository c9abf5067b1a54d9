"""Plans a round: first the collect wave into the hub, then the deliver wave out of it, and has every plan judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from logistics.routing import checker, engine, fleet
from logistics.routing.engine import Budget, WaveTask
from logistics.routing.fleet import WaveVehicle
from logistics.routing.matrix import Matrices, MatrixProvider
from logistics.routing.problem import Plan, PlannedTour, Problem, Reason, Unserved, Wave
from logistics.routing.reasons import impossible


class PlanRefused(Exception):
    """The engine drew a plan that breaks a rule. Nothing of it may be used; `violations` says what was wrong."""

    def __init__(self, violations: Sequence[checker.Violation]) -> None:
        super().__init__("; ".join(str(violation) for violation in violations))
        self.violations = tuple(violations)


def solve(*, problem: Problem, provider: MatrixProvider) -> Plan:
    """Tours for all jobs that fit, a reason for each of the others.

    Runs for up to `problem.cpu_seconds`: to be called in a worker. Raises PlanRefused if the checker finds anything.
    """
    return plan(problem=problem, matrices=Matrices.of(problem=problem, provider=provider))


def plan(*, problem: Problem, matrices: Matrices) -> Plan:
    """The same with the tables at hand, as when a plan is to be drawn again."""
    able = fleet.collecting(problem=problem, matrices=matrices)
    collect = _solve_wave(problem, matrices, Wave.COLLECT, able=able, rested=able)
    driven = {tour.vehicle_key: tour for tour in collect.tours}
    rested = fleet.delivering(problem=problem, matrices=matrices)
    able = fleet.delivering(problem=problem, matrices=matrices, collected=driven)
    deliver = _solve_wave(problem, matrices, Wave.DELIVER, able=able, rested=rested)
    drawn = Plan(
        tours=(*_staying(collect.tours, deliver.tours), *deliver.tours),
        unserved=(*collect.unserved, *deliver.unserved),
        engine=engine.NAME,
        engine_version=engine.VERSION,
        seed=problem.seed,
        iterations=problem.iterations,
        matrix_hash=matrices.fingerprint(),
        estimated_times=matrices.estimated,
        cut_short=collect.cut_short or deliver.cut_short,
    )
    if found := checker.violations(problem=problem, plan=drawn, matrices=matrices):
        raise PlanRefused(found)
    return drawn


@dataclass(frozen=True, slots=True)
class _Outcome:
    tours: tuple[PlannedTour, ...]
    unserved: tuple[Unserved, ...]
    cut_short: bool


def _solve_wave(
    problem: Problem, matrices: Matrices, wave: Wave, *, able: Sequence[WaveVehicle], rested: Sequence[WaveVehicle]
) -> _Outcome:
    """One wave with the fleet as it is `able` now. What not even the `rested` fleet could do is told with its own reason."""
    jobs = problem.jobs_of(wave)
    setup = problem.setup_seconds
    checks = {job.key: impossible(job=job, fleet=rested, matrices=matrices, setup_seconds=setup) for job in jobs}
    usable = [vehicle for vehicle in able if vehicle.usable]
    open_jobs = [
        job
        for job in jobs
        if not checks[job.key] and not impossible(job=job, fleet=usable, matrices=matrices, setup_seconds=setup)
    ]
    task = WaveTask(wave, open_jobs, usable, matrices, setup, problem.seed)
    budget = Budget(problem.iterations, problem.cpu_seconds * len(jobs) / max(1, len(problem.jobs)))
    tours = engine.solve(task=task, budget=budget)
    served = {stop.job_key for tour in tours for stop in tour.stops}
    unserved = tuple(Unserved(job.key, checks[job.key] or Reason.ROUND_FULL) for job in jobs if job.key not in served)
    return _Outcome(tours, unserved, budget.cut_short)


def _staying(collect: Sequence[PlannedTour], deliver: Sequence[PlannedTour]) -> tuple[PlannedTour, ...]:
    """Vehicles that deliver afterwards stay at the hub instead of driving home empty."""
    onward = {tour.vehicle_key for tour in deliver}
    return tuple(replace(tour, empty_m=0, empty_s=0) if tour.vehicle_key in onward else tour for tour in collect)
