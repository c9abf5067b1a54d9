"""How long and how far it is between places: the interface of travel times, its built-in estimate, and one plan's tables."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from logistics.routing.problem import Place, Problem, Profile, Roads

Grid = NDArray[np.int64]

# For pairs without a road: longer than any shift, yet small enough that the solver's penalties do not overflow.
UNREACHABLE_SECONDS = 1_000_000
UNREACHABLE_METRES = 10_000_000

EARTH_RADIUS_M = 6_371_008.8


class Table(NamedTuple):
    """Square tables in the order of the points asked for; `estimated` when they do not come from a road network."""

    seconds: Grid
    metres: Grid
    estimated: bool


class MatrixProvider(Protocol):
    """Whoever knows travel times."""

    def table(self, points: Sequence[Place], profile: Profile) -> Table:
        """Seconds and metres from every point (row) to every point (column), zero on the diagonal."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How a profile moves: seconds lost at the start of a leg, and metres per hour after."""

    start_seconds: int
    metres_per_hour: int


PACES: Mapping[Profile, Pace] = MappingProxyType({"van": Pace(20, 52_000), "car": Pace(20, 52_000), "bike": Pace(10, 18_000)})


@dataclass(frozen=True, slots=True)
class HaversineProvider:
    """The estimate that is always there: the great circle times a detour (1.35 was measured on village roads)."""

    detour: float = 1.35
    paces: Mapping[Profile, Pace] = field(default_factory=lambda: PACES)

    def table(self, points: Sequence[Place], profile: Profile) -> Table:
        """Seconds and metres by straight line; the same place again is zero seconds."""
        metres = np.rint(_great_circle_m(points) * self.detour).astype(np.int64)
        pace = self.paces[profile]
        seconds = np.rint(pace.start_seconds + metres * (3600 / pace.metres_per_hour)).astype(np.int64)
        return Table(np.where(metres > 0, seconds, 0), metres, estimated=True)


def _great_circle_m(points: Sequence[Place]) -> NDArray[np.float64]:
    lat = np.radians(np.array([point.lat for point in points], dtype=np.float64))
    lon = np.radians(np.array([point.lon for point in points], dtype=np.float64))
    half = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat)[None, :] * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    arc: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return arc


@dataclass(frozen=True, slots=True)
class Matrices:
    """The tables one plan is made of and judged by, one per pace in use, over all places of the problem."""

    points: tuple[Place, ...]
    tables: Mapping[Roads, Table]
    index: Mapping[Place, int]

    @classmethod
    def of(cls, *, problem: Problem, provider: MatrixProvider) -> Self:
        """Ask the provider once per profile for all places of the problem, each place once."""
        points = tuple(dict.fromkeys(_places(problem)))
        in_use = sorted({vehicle.roads for vehicle in problem.vehicles})
        usual = {profile: provider.table(points, profile) for profile in dict.fromkeys(roads.profile for roads in in_use)}
        tables = {roads: _at_pace(usual[roads.profile], roads) for roads in in_use}
        return cls(points, tables, {place: number for number, place in enumerate(points)})

    def seconds(self, roads: Roads, origin: Place, destination: Place) -> int:
        """Driving time of one leg, without set-up."""
        return int(self.tables[roads].seconds[self.index[origin], self.index[destination]])

    def metres(self, roads: Roads, origin: Place, destination: Place) -> int:
        """Length of one leg."""
        return int(self.tables[roads].metres[self.index[origin], self.index[destination]])

    @property
    def estimated(self) -> bool:
        """Whether any table is an estimate."""
        return any(table.estimated for table in self.tables.values())

    def fingerprint(self) -> str:
        """A hash over places and tables: equal hashes mean that the solver saw the same world."""
        digest = hashlib.sha256()
        for point in self.points:
            digest.update(f"{point.lat:.5f},{point.lon:.5f};".encode())
        for roads, table in self.tables.items():
            digest.update(f"{roads.profile},{roads.speed_percent},{roads.detour_percent};".encode())
            digest.update(np.ascontiguousarray(table.seconds, dtype="<i8").tobytes())
            digest.update(np.ascontiguousarray(table.metres, dtype="<i8").tobytes())
        return digest.hexdigest()


def _at_pace(table: Table, roads: Roads) -> Table:
    """The table of a vehicle that is slower or goes longer ways than is usual; what has no road keeps having none."""
    if (roads.speed_percent, roads.detour_percent) == (100, 100):
        return table
    metres = np.rint(table.metres * (roads.detour_percent / 100)).astype(np.int64)
    seconds = np.rint(table.seconds * (roads.detour_percent / roads.speed_percent)).astype(np.int64)
    no_road = table.metres >= UNREACHABLE_METRES
    return Table(
        np.where(no_road, UNREACHABLE_SECONDS, np.minimum(seconds, UNREACHABLE_SECONDS)),
        np.where(no_road, UNREACHABLE_METRES, np.minimum(metres, UNREACHABLE_METRES)),
        table.estimated,
    )


def _places(problem: Problem) -> Iterable[Place]:
    yield problem.hub.place
    for vehicle in problem.vehicles:
        yield vehicle.start
        yield vehicle.end
    for job in problem.jobs:
        yield job.place
