"""What each vehicle can do in one wave: where it begins and ends, from when to when, how far, at what fixed cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logistics.routing.matrix import Matrices
from logistics.routing.problem import Place, PlannedTour, Problem, VehicleSpec, Window


@dataclass(frozen=True, slots=True)
class WaveVehicle:
    """A vehicle in one wave. `hours` is what the shift leaves, `window` what shift and hub leave (may be empty).

    `max_distance_m` is what is left of the day; `empty_m`, `empty_s` the way to the hub before, or home after, this tour;
    `fixed_cost` weighs using it at all, in the units of its metre and second costs. Where a break may fall into the day, it is
    kept free at the end.
    """

    spec: VehicleSpec
    begin: Place
    finish: Place
    hours: Window
    window: Window
    max_distance_m: int | None
    fixed_cost: int
    empty_m: int
    empty_s: int

    @property
    def usable(self) -> bool:
        """Whether there is any time and distance left to drive at all."""
        return self.window[0] <= self.window[1] and (self.max_distance_m is None or self.max_distance_m >= 0)


def collecting(*, problem: Problem, matrices: Matrices) -> tuple[WaveVehicle, ...]:
    """Every vehicle as it can collect: empty from its start, at the hub in time, and still home before its shift ends."""
    return tuple(_collecting(vehicle, problem, matrices) for vehicle in problem.vehicles)


def delivering(
    *, problem: Problem, matrices: Matrices, collected: Mapping[str, Sequence[PlannedTour]] | None = None
) -> tuple[WaveVehicle, ...]:
    """Every vehicle as it can deliver: loaded at the hub once that is ready, home before its shift ends.

    `collected` maps vehicle keys to the collect tours they drive before; these vehicles are at the hub already.
    """
    earlier = collected or {}
    return tuple(_delivering(vehicle, earlier.get(vehicle.key, ()), problem, matrices) for vehicle in problem.vehicles)


def _collecting(spec: VehicleSpec, problem: Problem, matrices: Matrices) -> WaveVehicle:
    hub = problem.hub
    home_m = matrices.metres(spec.roads, hub.place, spec.end)
    home_s = matrices.seconds(spec.roads, hub.place, spec.end)
    hours = (spec.shift[0], spec.shift[1] - home_s - _kept_free(spec))
    return WaveVehicle(
        spec=spec,
        begin=spec.start,
        finish=hub.place,
        hours=hours,
        window=(hours[0], min(hours[1], hub.collected_by)),
        max_distance_m=_left(spec, home_m),
        fixed_cost=spec.fixed_cost_m * spec.metre_cost,
        empty_m=home_m,
        empty_s=home_s,
    )


def _delivering(spec: VehicleSpec, before: Sequence[PlannedTour], problem: Problem, matrices: Matrices) -> WaveVehicle:
    hub = problem.hub
    if not before:
        empty_m = matrices.metres(spec.roads, spec.start, hub.place)
        empty_s = matrices.seconds(spec.roads, spec.start, hub.place)
        at_hub, driven = spec.shift[0] + empty_s, empty_m
        fixed = (spec.fixed_cost_m + empty_m) * spec.metre_cost + empty_s * spec.second_cost
    else:
        empty_m = empty_s = fixed = 0
        at_hub, driven = before[-1].end + hub.handling_seconds, sum(tour.distance_m for tour in before)
    return WaveVehicle(
        spec=spec,
        begin=hub.place,
        finish=spec.end,
        hours=(at_hub, spec.shift[1] - _kept_free(spec)),
        window=(max(at_hub, hub.ready_at), spec.shift[1] - _kept_free(spec)),
        max_distance_m=_left(spec, driven),
        fixed_cost=fixed,
        empty_m=empty_m,
        empty_s=empty_s,
    )


def _left(spec: VehicleSpec, driven: int) -> int | None:
    return None if spec.max_distance_m is None else spec.max_distance_m - driven


def _kept_free(spec: VehicleSpec) -> int:
    return spec.break_s if spec.may_need_break else 0
