"""Decides when goods arrive: the planned times of a tour, moved by how late its driver is; the nearer, the narrower.

Tells neither where the driver is nor anything of the other stops but their number.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from logistics import daytime, trips
from logistics.models import Delivery, Stop, Tour

#: how long after the delivery its links are good
DAYS_AFTER = timedelta(days=2)
#: before the vehicle has left, the plan is kept to within this
BEFORE_DEPARTURE = timedelta(minutes=30)
#: on the way: within how much of the expected moment, by how far it is away
SPREADS = (
    (timedelta(hours=2), timedelta(minutes=20)),
    (timedelta(hours=1), timedelta(minutes=15)),
    (timedelta(minutes=20), timedelta(minutes=10)),
)
SMALLEST_SPREAD = timedelta(minutes=5)
STEP = timedelta(minutes=5)
NOTHING = timedelta(0)


class Phase(StrEnum):
    """How far the goods are, as their customer sees it."""

    BOOKED = "booked"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    NEXT = "next"
    AT_POINT = "at_point"
    HANDED_OVER = "handed_over"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = {
    Delivery.Status.COMPLETED: Phase.HANDED_OVER,
    Delivery.Status.FAILED: Phase.FAILED,
    Delivery.Status.CANCELLED: Phase.CANCELLED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Halt:
    """A stop's times: as planned, and as reported so far."""

    sequence: int
    arrival: datetime
    departure: datetime
    arrived: datetime | None = None
    completed: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What a customer is told: stop `number` of `stops`, how many are `ahead`, and between which moments to expect the goods.

    `number` is 0 as long as the goods are on no tour; then the moments are those of the window that was booked. `late` says
    that the window cannot be kept, `behind` by how much the tour is behind its plan.
    """

    phase: Phase
    earliest: datetime
    latest: datetime
    number: int = 0
    stops: int = 0
    ahead: int = 0
    late: bool = False
    behind: timedelta = NOTHING

    @property
    def over(self) -> bool:
        """Whether nothing will change any more."""
        return self.phase in {Phase.HANDED_OVER, Phase.FAILED, Phase.CANCELLED}


def outlook(*, delivery: Delivery, at: datetime) -> Outlook:
    """The outlook of one delivery that is loaded with its `window` and `stop__tour`; one query."""
    return outlooks(deliveries=[delivery], at=at)[delivery.pk]


def outlooks(*, deliveries: Sequence[Delivery], at: datetime) -> dict[int, Outlook]:
    """The outlook of each by its id; one query for any number of them, two more where goods wait for a vehicle to come back."""
    tours = {row.stop.tour_id for row in deliveries if row.stop}
    halts: dict[int, list[Halt]] = defaultdict(list)
    for stop in Stop.objects.filter(tour__in=tours).order_by("sequence") if tours else ():
        halts[stop.tour_id].append(halt(stop=stop))
    held = _held_up([row.stop.tour for row in deliveries if row.stop], at)
    return {
        row.pk: _outlook(row, halts[row.stop.tour_id], held.get(row.stop.tour_id, NOTHING), at)
        if row.stop
        else _outlook(row, [], NOTHING, at)
        for row in deliveries
    }


def halt(*, stop: Stop) -> Halt:
    """The times of a stop."""
    return Halt(
        sequence=stop.sequence,
        arrival=stop.planned_arrival,
        departure=stop.planned_departure,
        arrived=stop.arrived_at,
        completed=stop.completed_at,
    )


def expected(*, arrival: datetime, late_by: timedelta, under_way: bool, at: datetime) -> tuple[datetime, datetime]:
    """Between which moments, whole steps of five minutes, somebody comes whose arrival was planned for then."""
    moment = max(_utc(arrival) + late_by, _utc(at))
    spread = _spread(moment - _utc(at)) if under_way else BEFORE_DEPARTURE
    return _down(moment - spread), _up(moment + spread)


def late_by(*, halts: Sequence[Halt], starts_at: datetime, started_at: datetime | None, at: datetime) -> timedelta:
    """How late a driver is, below zero how early: as at the stop that was ended last, and at least as late as it is by now."""
    if started_at is None:
        return max(NOTHING, _utc(at) - _utc(starts_at))
    ended = [(halt.completed, halt) for halt in halts if halt.completed]
    last = max(ended, key=lambda pair: (pair[0], pair[1].sequence), default=None)
    known = _utc(last[0]) - _utc(last[1].departure) if last else _utc(started_at) - _utc(starts_at)
    following = next((halt for halt in halts if not halt.completed), None)
    return known if following is None else max(known, _overdue(following, at))


def over(*, delivery: Delivery, today: date) -> bool:
    """Whether the links of a delivery have ended: two days after it, or with the account of who was erased."""
    owner = delivery.order.user
    if owner is not None and owner.erased_at is not None:
        return True
    tried = delivery.completed_at or delivery.failed_at
    last = max(delivery.round.delivery_day, daytime.day_of(tried)) if tried else delivery.round.delivery_day
    return today > last + DAYS_AFTER


def _held_up(tours: Iterable[Tour], at: datetime) -> dict[int, timedelta]:
    """How much later tours set out, by id, because their vehicle is not back from the trip before."""
    waiting = {tour.pk: tour for tour in tours if tour.trip > 1 and tour.status == Tour.Status.PLANNED}
    if not waiting:
        return {}
    rounds, vehicles = {tour.round_id for tour in waiting.values()}, {tour.vehicle_id for tour in waiting.values()}
    rows = Tour.objects.filter(round__in=rounds, vehicle__in=vehicles).exclude(status=Tour.Status.DONE).prefetch_related("stops")
    before = {(tour.round_id, tour.vehicle_id, tour.wave, tour.trip): tour for tour in rows}
    return {
        pk: trips.held_up(starts_at=tour.starts_at, back_at=_back_at(before[key], at))
        for pk, tour in waiting.items()
        if (key := (tour.round_id, tour.vehicle_id, tour.wave, tour.trip - 1)) in before
    }


def _back_at(tour: Tour, at: datetime) -> datetime:
    halts = [halt(stop=stop) for stop in sorted(tour.stops.all(), key=lambda stop: stop.sequence)]
    return _utc(tour.ends_at) + late_by(halts=halts, starts_at=tour.starts_at, started_at=tour.started_at, at=at)


def _outlook(row: Delivery, halts: Sequence[Halt], held_up: timedelta, at: datetime) -> Outlook:
    window = row.window
    if row.status in ENDED or row.stop is None:
        phase = ENDED.get(Delivery.Status(row.status), Phase.BOOKED)
        return Outlook(phase=phase, earliest=window.starts_at, latest=window.ends_at)
    tour, mine = row.stop.tour, row.stop
    if row.kind == Delivery.Kind.PICKUP and mine.completed_at:
        return Outlook(phase=Phase.AT_POINT, earliest=window.starts_at, latest=window.ends_at)
    under_way = tour.status != Tour.Status.PLANNED
    ahead = sum(1 for halt in halts if halt.sequence < mine.sequence and not halt.completed)
    own = late_by(halts=halts, starts_at=tour.starts_at, started_at=tour.started_at, at=at)
    late = max(own, held_up) if held_up else own
    earliest, latest = expected(arrival=mine.planned_arrival, late_by=late, under_way=under_way, at=at)
    if row.kind == Delivery.Kind.HOME and _utc(window.starts_at) < latest:
        earliest = max(earliest, _utc(window.starts_at))  # nobody rings before the time that was agreed
    return Outlook(
        phase=_phase(under_way, ahead),
        earliest=earliest,
        latest=latest,
        number=mine.sequence,
        stops=len(halts),
        ahead=ahead,
        late=_utc(mine.planned_arrival) + late > _utc(window.ends_at if row.kind == Delivery.Kind.HOME else window.starts_at),
        behind=late,
    )


def _phase(under_way: bool, ahead: int) -> Phase:
    if not under_way:
        return Phase.PLANNED
    return Phase.UNDER_WAY if ahead else Phase.NEXT


def _overdue(halt: Halt, at: datetime) -> timedelta:
    """How late a driver is at least who has not ended this stop yet."""
    if halt.arrived is None:
        return _utc(at) - _utc(halt.arrival)
    return max(_utc(halt.arrived) - _utc(halt.arrival), _utc(at) - _utc(halt.departure))


def _spread(away: timedelta) -> timedelta:
    return next((spread for distance, spread in SPREADS if away >= distance), SMALLEST_SPREAD)


def _utc(moment: datetime) -> datetime:
    """Arithmetic within one zone is that of the clock on the wall, wrong by an hour in the nights when the clocks change."""
    return moment.astimezone(UTC)


def _down(moment: datetime) -> datetime:
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % STEP


def _up(moment: datetime) -> datetime:
    return _down(moment + STEP - timedelta(microseconds=1))
