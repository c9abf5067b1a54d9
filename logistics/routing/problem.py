"""What a round asks of the planner and what the planner answers: plain frozen values, no models, no settings.

Units everywhere: whole metres, whole seconds; a time of day is seconds since midnight of the delivery day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

Profile = Literal["van", "car", "bike"]
Window = tuple[int, int]

#: § 4 ArbZG: nobody works longer than six hours without a break
LONGEST_WITHOUT_BREAK = 6 * 3600


class Roads(NamedTuple):
    """Which travel times count: those of a profile, and the vehicle's speed and length of way in per cent of them."""

    profile: Profile
    speed_percent: int = 100
    detour_percent: int = 100


class InvalidProblem(ValueError):
    """The caller described something that cannot be meant: a programming error, never a customer's."""


class Wave(StrEnum):
    """The two halves of a round: from the producers to the hub, and from the hub to the doors; or both in one, without a hub."""

    COLLECT = "collect"
    DELIVER = "deliver"
    DIRECT = "direct"


class Reason(StrEnum):
    """Why a job is on no tour. In the order in which they are looked for; the first that holds is told."""

    NO_VEHICLE = "no_vehicle"
    NO_SKILL = "no_skill"
    TOO_LARGE = "too_large"
    WINDOW_UNREACHABLE = "window_unreachable"
    BACK_AFTER_SHIFT = "back_after_shift"
    HUB_TIMES = "hub_times"
    TOO_FAR = "too_far"
    NO_BREAK = "no_break"
    BY_HAND = "by_hand"
    ROUND_FULL = "round_full"


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map in degrees. Equal places are one stop: the set-up there is paid once."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Job:
    """One call at one place: goods to fetch for the hub, or goods to bring from it.

    `window` bounds the start of the service; `needs` names what the vehicle must have, as {"frozen"}. `after`: in a round without
    a hub, the jobs that fetch what is brought here.
    """

    key: str
    place: Place
    load_crates: int
    load_cold: int
    service_seconds: int
    window: Window
    kind: Wave
    needs: frozenset[str] = frozenset()
    load_g: int = 0
    after: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        least = min(self.load_crates, self.load_cold, self.load_g, self.service_seconds)
        _refuse(least < 0, f"{self.key}: negative load or service")
        _refuse_window(self.window, self.key)


@dataclass(frozen=True, slots=True)
class VehicleSpec:
    """One vehicle with its driver for one day: where it stands, what it carries, how long and how far it may go.

    `fixed_cost_m` is what using it at all costs, in metres of driving; `max_distance_m` bounds the day's metres. `metre_cost`
    and `second_cost` weigh its metres and seconds against those of the others. `capacity_g` None: weight does not matter.
    `break_s` is the driver's break on days of more than six hours. `max_trips`: how often it may come
    to the hub with goods, and leave it loaded.
    """

    key: str
    start: Place
    end: Place
    capacity_crates: int
    capacity_cold: int
    shift: Window
    profile: Profile = "van"
    fixed_cost_m: int = 0
    max_distance_m: int | None = None
    skills: frozenset[str] = frozenset()
    capacity_g: int | None = None
    speed_percent: int = 100
    detour_percent: int = 100
    metre_cost: int = 1
    second_cost: int = 0
    break_s: int = 0
    max_trips: int = 1

    def __post_init__(self) -> None:
        costs = min(self.fixed_cost_m, self.metre_cost, self.second_cost)
        least = min(self.capacity_crates, self.capacity_cold, self.capacity_g or 0, self.max_distance_m or 0, self.break_s, costs)
        _refuse(least < 0, f"{self.key}: negative capacity, cost, distance or break")
        _refuse(min(self.speed_percent, self.detour_percent, self.max_trips) < 1, f"{self.key}: no pace, or no trip")
        _refuse_window(self.shift, self.key)

    @property
    def roads(self) -> Roads:
        """Which travel times count for it."""
        return Roads(self.profile, self.speed_percent, self.detour_percent)

    @property
    def may_need_break(self) -> bool:
        """Whether its day can become so long that the driver has a break in it."""
        return self.break_s > 0 and self.shift[1] - self.shift[0] > LONGEST_WITHOUT_BREAK


@dataclass(frozen=True, slots=True)
class Hub:
    """Where the goods of a round meet.

    Collect tours have to be in by `collected_by`; deliver tours leave loaded from `ready_at`; a vehicle that drives several tours
    stands `handling_seconds` at the hub in between.
    """

    place: Place
    collected_by: int
    ready_at: int
    handling_seconds: int = 0

    def __post_init__(self) -> None:
        _refuse(min(self.collected_by, self.ready_at, self.handling_seconds) < 0, "hub: negative time")


@dataclass(frozen=True, slots=True)
class Problem:
    """One round to plan. The same problem gives the same plan, as long as `cpu_seconds` is not used up.

    `setup_seconds` is parking and walking, paid once per place. `iterations` counts per wave; `cpu_seconds` for both. `direct`:
    the goods are brought by the vehicle that fetches them, and never see the hub.
    """

    hub: Hub
    jobs: tuple[Job, ...]
    vehicles: tuple[VehicleSpec, ...]
    seed: int = 1
    iterations: int = 3_000
    cpu_seconds: float = 60.0
    setup_seconds: int = 0
    direct: bool = False

    def __post_init__(self) -> None:
        _refuse_twins((job.key for job in self.jobs), "job")
        _refuse_twins((vehicle.key for vehicle in self.vehicles), "vehicle")
        _refuse(min(self.seed, self.iterations, self.setup_seconds) < 0 or self.cpu_seconds <= 0, "negative budget or set-up")
        both = len({job.kind for job in self.jobs}) == 2
        _refuse(both and self.hub.ready_at < self.hub.collected_by, "the hub is ready before the goods are in")

    def jobs_of(self, wave: Wave) -> tuple[Job, ...]:
        """The jobs of one half of the round, in the order given."""
        return tuple(job for job in self.jobs if job.kind == wave)


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """One job on a tour. `arrival`: parked, at the door and set up; `departure`: waited for the window and served."""

    job_key: str
    arrival: int
    departure: int
    distance_from_previous_m: int


@dataclass(frozen=True, slots=True)
class PlannedTour:
    """What one vehicle drives in one go: to the hub (collect) or from the hub to its end (deliver).

    `empty_m` and `empty_s` come on top: the way to the hub before a deliver tour without a collect tour, or home from
    the hub after a collect tour without a deliver tour. `trip` counts the tours of a vehicle in a wave; `to_hub`: another
    deliver tour follows. `break_after`: after so many stops the driver has a break of `break_s`.
    """

    vehicle_key: str
    wave: Wave
    stops: tuple[PlannedStop, ...]
    start: int
    end: int
    distance_m: int
    duration_s: int
    empty_m: int = 0
    empty_s: int = 0
    trip: int = 1
    to_hub: bool = False
    break_after: int | None = None
    break_s: int = 0


@dataclass(frozen=True, slots=True)
class Unserved:
    """A job on no tour, and why."""

    job_key: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """The tours of a round, with all that is needed to draw the same plan again.

    `estimated_times`: not every time comes from a road network. `cut_short`: the search met `cpu_seconds` before
    `iterations`, so drawing it again may give another plan.
    """

    tours: tuple[PlannedTour, ...]
    unserved: tuple[Unserved, ...]
    engine: str
    engine_version: str
    seed: int
    iterations: int
    matrix_hash: str
    estimated_times: bool
    cut_short: bool = False

    @property
    def distance_m(self) -> int:
        """All metres of the day, those driven empty included."""
        return sum(tour.distance_m + tour.empty_m for tour in self.tours)

    def tours_of(self, wave: Wave) -> tuple[PlannedTour, ...]:
        """The tours of one half of the round."""
        return tuple(tour for tour in self.tours if tour.wave == wave)


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise InvalidProblem(why)


def _refuse_window(window: Window, key: str) -> None:
    _refuse(window[0] < 0 or window[1] < window[0], f"{key}: a window ends before it begins")


def _refuse_twins(keys: Iterable[str], what: str) -> None:
    seen = list(keys)
    _refuse(len(seen) != len(set(seen)), f"two {what}s share a key")
