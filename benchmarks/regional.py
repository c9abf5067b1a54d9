"""Measures the tour planner on a believable round: sixteen villages, 25 producers, 150 to 2,000 doors, chilled and frozen goods,
vans, volunteers' cars and a cargo bike, collected to a hub and delivered from it.

Doors need 60 seconds, and so does parking. Ceilings: 500 doors in 5 CPU seconds at most 320 km, 2,000 in 60 at most 850 km.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from logistics.routing import HaversineProvider, Matrices, Plan, Wave, plan, violations
from tests.logistics.routing.region import region_round

NO_ITERATION_LIMIT = 10**9
#: doors, vans, CPU seconds, ceiling of the delivering kilometres
CASES: tuple[tuple[int, int, float, int | None], ...] = ((150, 5, 5.0, None), (500, 12, 5.0, 320), (2_000, 30, 60.0, 850))
PRODUCERS = 25


@dataclass(frozen=True)
class Outcome:
    """What the planner made of one case; metres of the delivering wave, empty ways included."""

    doors: int
    cpu_seconds: float
    plan: Plan
    broken: int
    ceiling_km: int | None

    def kilometres(self, wave: Wave) -> float:
        """All that is driven in the wave."""
        return sum(tour.distance_m + tour.empty_m for tour in self.plan.tours_of(wave)) / 1000

    @property
    def holds(self) -> bool:
        """Whether every limit is kept, everybody is served and the ceiling holds."""
        near = self.ceiling_km is None or self.kilometres(Wave.DELIVER) <= self.ceiling_km
        return near and not self.broken and not self.plan.unserved


def outcomes(*, cases: Sequence[tuple[int, int, float, int | None]] = CASES, simple: bool = False) -> Iterator[Outcome]:
    """Every case in turn; `simple` measures the way that is taken when the search fails."""
    for doors, vans, seconds, ceiling in cases:
        problem = region_round(
            producers=PRODUCERS, drops=doors, iterations=NO_ITERATION_LIMIT, vans=vans, setup_seconds=60, door_seconds=60
        )
        problem = replace(problem, cpu_seconds=seconds)
        began = time.process_time()
        matrices = Matrices.of(problem=problem, provider=HaversineProvider())
        drawn = plan(problem=problem, matrices=matrices, simple=simple)
        spent = time.process_time() - began
        broken = len(violations(problem=problem, plan=drawn, matrices=matrices))
        yield Outcome(doors, spent, drawn, broken, None if simple else ceiling)


def show(*, simple: bool = False) -> bool:
    """Print a line for each case, and say whether all hold."""
    print("in the simple way" if simple else "by the search")
    print(f"{'doors':>6}{'collect km':>12}{'deliver km':>12}{'tours':>7}{'unserved':>10}{'broken':>8}{'CPU s':>8}  ceiling")
    held = True
    for one in outcomes(simple=simple):
        ceiling = "–" if one.ceiling_km is None else f"{one.ceiling_km} km: {'holds' if one.holds else 'MISSED'}"
        collect, deliver = one.kilometres(Wave.COLLECT), one.kilometres(Wave.DELIVER)
        print(
            f"{one.doors:>6}{collect:>12.1f}{deliver:>12.1f}{len(one.plan.tours):>7}{len(one.plan.unserved):>10}{one.broken:>8}"
            f"{one.cpu_seconds:>8.1f}  {ceiling}",
            flush=True,
        )
        held &= one.holds
    return held
