"""Parts the goods for a pickup point where they are more than any one vehicle carries: whole orders, as few parts as fit."""

from collections.abc import Sequence

from logistics.crates import Load
from logistics.models import Vehicle


def parts(*, loads: Sequence[Load], vehicles: Sequence[Vehicle]) -> list[list[int]]:
    """The places in `loads` of what goes together: all of them where one vehicle carries all; each part fits the largest one.

    An order that is too large by itself is a part of its own, and is told so by the planner. The same loads give the same parts.
    """
    everything = list(range(len(loads)))
    able = [vehicle for vehicle in vehicles if vehicle.carries_frozen or not any(load.frozen for load in loads)]
    if not able or any(_fits(loads, vehicle) for vehicle in able):
        return [everything]
    largest = max(
        able, key=lambda vehicle: (vehicle.capacity_crates, vehicle.capacity_cold, vehicle.capacity_g or 0, -vehicle.pk)
    )
    found: list[list[int]] = []
    for number in sorted(everything, key=lambda spot: (-_crates(loads[spot]), spot)):
        part = next((part for part in found if _fits([loads[spot] for spot in (*part, number)], largest)), None)
        if part is None:
            found.append([number])
        else:
            part.append(number)
    return [sorted(part) for part in found]


def _crates(load: Load) -> int:
    return max(1, load.crates)


def _fits(loads: Sequence[Load], vehicle: Vehicle) -> bool:
    return (
        sum(map(_crates, loads)) <= vehicle.capacity_crates
        and sum(load.cold for load in loads) <= vehicle.capacity_cold
        and (vehicle.capacity_g is None or sum(load.grams for load in loads) <= vehicle.capacity_g)
    )
