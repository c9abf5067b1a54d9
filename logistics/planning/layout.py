"""A round's plan between rows and plain values: which vehicle calls where in which order, and what has to stay as it is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from logistics import jobs
from logistics.jobs import Call
from logistics.models import DeliveryRound, RoadCosts, Tour, Vehicle
from logistics.routing import Arranged, Problem, Wave

SEED = 1
ITERATIONS = 2_000
CPU_SECONDS = 30.0
#: vehicle, wave, trip
TourKey = tuple[int, str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One tour: its calls by key, who drives it, and what planning anew leaves as it is."""

    vehicle: int
    wave: str
    trip: int
    keys: tuple[str, ...]
    driver: int | None = None
    locked: bool = False
    pinned: frozenset[str] = frozenset()

    @property
    def tour(self) -> TourKey:
        """What tells it from the other tours of the round."""
        return self.vehicle, self.wave, self.trip

    @property
    def arranged(self) -> Arranged:
        """What the planner needs of it."""
        return Arranged(str(self.vehicle), Wave(self.wave), self.keys, self.trip)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A round with its calls, its vehicles (by id) and the tours that have not started. `rows` are these tours as stored.

    `numbers` tells all tours of the round apart, by id, as its pages count them.
    """

    round: DeliveryRound
    calls: dict[str, Call]
    vehicles: dict[int, Vehicle]
    drafts: tuple[Draft, ...]
    rows: dict[TourKey, Tour]
    usual: RoadCosts
    numbers: dict[int, int]

    def problem(self, *, vehicles: Sequence[Vehicle], iterations: int = ITERATIONS, cpu_seconds: float = CPU_SECONDS) -> Problem:
        """What the planner is asked, with the calls that stay on their vehicles."""
        pins = {key: draft.vehicle for draft in self.drafts if not draft.locked for key in draft.pinned}
        return jobs.problem(
            delivery_round=self.round,
            found=list(self.calls.values()),
            vehicles=vehicles,
            usual=self.usual,
            seed=SEED,
            iterations=iterations,
            cpu_seconds=cpu_seconds,
            pinned=pins,
        )

    def left(self) -> list[str]:
        """The calls that are on none of these tours."""
        placed = {key for draft in self.drafts for key in draft.keys}
        return [key for key in self.calls if key not in placed]

    def where(self, key: str) -> Draft | None:
        """On which tour a call is."""
        return next((draft for draft in self.drafts if key in draft.keys), None)


def load(*, delivery_round: DeliveryRound) -> Layout:
    """The round as it is planned at present; `region` and `rule` at hand. Eight queries."""
    fleet = jobs.fleet(delivery_round=delivery_round)
    found = {call.job.key: call for call in jobs.calls(delivery_round=delivery_round, vehicles=fleet)}
    tours = Tour.objects.filter(round=delivery_round).select_related("vehicle__starts_in", "vehicle__ends_in")
    all_tours = list(tours.prefetch_related("stops").order_by("wave", "vehicle", "trip"))
    on_the_road = {stop.pk for tour in all_tours if tour.status != Tour.Status.PLANNED for stop in tour.stops.all()}
    open_calls = {key: call for key, call in found.items() if call.stop not in on_the_road}
    waiting = [tour for tour in all_tours if tour.status == Tour.Status.PLANNED]
    vehicles = {row.pk: row for row in fleet}
    vehicles |= {tour.vehicle_id: tour.vehicle for tour in waiting if tour.vehicle_id not in vehicles}
    at_stop: dict[int | None, str] = {call.stop: key for key, call in open_calls.items()}
    drafts = tuple(_draft(tour, at_stop) for tour in waiting)
    rows = {draft.tour: tour for draft, tour in zip(drafts, waiting, strict=True)}
    usual = RoadCosts.objects.filter(region=delivery_round.region_id).first() or RoadCosts()
    in_order = sorted(all_tours, key=lambda tour: (tour.wave, tour.starts_at, tour.pk))
    return Layout(
        round=delivery_round,
        calls=open_calls,
        vehicles=vehicles,
        drafts=drafts,
        rows=rows,
        usual=usual,
        numbers={tour.pk: number for number, tour in enumerate(in_order, start=1)},
    )


def renumbered(*, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The tours that still call somewhere, those of a vehicle counted from one."""
    counted: dict[tuple[int, str], int] = defaultdict(int)
    found = []
    for draft in sorted((draft for draft in drafts if draft.keys), key=lambda draft: draft.trip):
        counted[draft.vehicle, draft.wave] += 1
        trip = counted[draft.vehicle, draft.wave]
        found.append(
            Draft(
                vehicle=draft.vehicle,
                wave=draft.wave,
                trip=trip,
                keys=draft.keys,
                driver=draft.driver,
                locked=draft.locked,
                pinned=draft.pinned & set(draft.keys),
            )
        )
    return tuple(found)


def _draft(tour: Tour, at_stop: dict[int | None, str]) -> Draft:
    stops = sorted((stop for stop in tour.stops.all() if stop.pk in at_stop), key=lambda stop: stop.sequence)
    return Draft(
        vehicle=tour.vehicle_id,
        wave=tour.wave,
        trip=tour.trip,
        keys=tuple(at_stop[stop.pk] for stop in stops),
        driver=tour.driver_id,
        locked=tour.is_locked,
        pinned=frozenset(at_stop[stop.pk] for stop in stops if stop.is_locked),
    )
