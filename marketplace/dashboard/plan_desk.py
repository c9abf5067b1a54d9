"""What the office sees while it changes a plan by hand: tours with their stops, what would change, and the plans of before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import hypot

from django.db.models import Q

from logistics.jobs import Call
from logistics.models import DeliveryRound, PlanVersion, Stop, Tour
from logistics.planning import by_hand, faults
from logistics.planning.layout import Draft, Layout, TourKey
from logistics.routing import MatrixProvider
from marketplace.regions.models import Region, Role
from marketplace.users.models import User

#: to so many tours a move is reckoned beforehand, the nearest first
MOST = 8
#: so many plans of before are shown
VERSIONS = 6


@dataclass(frozen=True, kw_only=True)
class CallRow:
    """A stop of a tour as it can be changed."""

    key: str
    stop: Stop
    crates: int
    cold: int
    window_until: str
    locked: bool
    first: bool
    last: bool


@dataclass(frozen=True, kw_only=True)
class TourCard:
    """A tour that has not started, with what is in it. `name` tells it from the others in forms; `number` on the map."""

    number: int
    name: str
    tour: Tour
    draft: Draft
    rows: tuple[CallRow, ...]
    crates: int
    cold: int
    kilograms: int
    faults: list[str]


@dataclass(frozen=True, kw_only=True)
class Option:
    """A tour that could take a stop: at which place, for how many metres more, and what would not be kept."""

    name: str
    text: str
    place: int
    metres: int | None
    faults: int
    here: bool


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A plan that counts or has counted."""

    version: PlanVersion
    current: bool

    @property
    def euro(self) -> Decimal:
        """What it costs, by the costs of the vehicles."""
        return Decimal(self.version.cents) / 100


def cards(*, paper: Layout) -> list[TourCard]:
    """The tours in the order of the page of the round. No query beyond those of the layout."""
    found = [_card(paper, draft, paper.rows[draft.tour]) for draft in paper.drafts]
    return sorted(found, key=lambda card: card.number)


def named(key: TourKey) -> str:
    """A tour in a form."""
    return f"{key[0]}-{key[1]}-{key[2]}"


def told(name: str) -> TourKey | None:
    """Back from a form; None for what is no tour."""
    parts = name.split("-")
    if len(parts) != 3 or parts[1] not in Tour.Wave.values or not (parts[0].isdecimal() and parts[2].isdecimal()):
        return None
    return int(parts[0]), parts[1], int(parts[2])


def drivers(*, region: Region) -> list[User]:
    """Who may drive in the region. One query."""
    mine = Q(memberships__region=region, memberships__role=Role.DRIVER)
    return list(User.objects.filter(mine).distinct().order_by("first_name", "last_name", "pk"))


def options(*, paper: Layout, key: str, roads: MatrixProvider) -> list[Option]:
    """Where a call could go instead: the nearest tours of its wave, and vehicles that can set off for one (more)."""
    call = paper.calls[key]
    wave = wave_of(paper=paper, call=call)
    present = paper.where(key)
    tours = sorted((draft for draft in paper.drafts if draft.wave == wave), key=lambda draft: _apart(paper, draft, call))
    trips = Counter(draft.vehicle for draft in tours)
    idle = [
        Draft(vehicle=pk, wave=wave, trip=trips[pk] + 1, keys=(), driver=row.driver_id)
        for pk, row in paper.vehicles.items()
        if row.is_active and trips[pk] < (1 if paper.round.is_direct else row.max_trips)
    ]
    wanted = [*tours, *idle]
    return [_option(paper, draft, key, present, roads if number < MOST else None) for number, draft in enumerate(wanted)]


def wave_of(*, paper: Layout, call: Call) -> str:
    """On which tours a call can be: those of its half of the round, or all where there is no hub."""
    return str(Tour.Wave.DIRECT if paper.round.is_direct else call.job.kind)


def versions(*, delivery_round: DeliveryRound) -> list[Compared]:
    """The plan that counts and some before it, the latest first. One query."""
    rows = list(PlanVersion.objects.filter(round=delivery_round).select_related("by").order_by("-number")[:VERSIONS])
    return [Compared(version=row, current=row is rows[0]) for row in rows]


def planned(*, paper: Layout, key: str) -> Stop | None:
    """The stop of a call in the plan that counts."""
    draft = paper.where(key)
    return _stops(paper.rows[draft.tour])[draft.keys.index(key)] if draft and draft.tour in paper.rows else None


def _card(paper: Layout, draft: Draft, tour: Tour) -> TourCard:
    jobs = [paper.calls[key].job for key in draft.keys]
    stops = _stops(tour)
    pairs = list(zip(draft.keys, stops, strict=False))
    return TourCard(
        number=paper.numbers[tour.pk],
        name=named(draft.tour),
        tour=tour,
        draft=draft,
        rows=tuple(_row(paper, draft, key, stop, number, len(pairs)) for number, (key, stop) in enumerate(pairs)),
        crates=sum(job.load_crates for job in jobs),
        cold=sum(job.load_cold for job in jobs),
        kilograms=round(sum(job.load_g for job in jobs) / 1000),
        faults=faults.sentences(tour=tour),
    )


def _row(paper: Layout, draft: Draft, key: str, stop: Stop, number: int, size: int) -> CallRow:
    job = paper.calls[key].job
    begin, end = job.window
    span = f"{_clock(begin)}–{_clock(end)}" if begin else f"–{_clock(end)}"
    return CallRow(
        key=key,
        stop=stop,
        crates=job.load_crates,
        cold=job.load_cold,
        window_until=span,
        locked=key in draft.pinned,
        first=number == 0,
        last=number == size - 1,
    )


def _option(paper: Layout, draft: Draft, key: str, present: Draft | None, roads: MatrixProvider | None) -> Option:
    vehicle = paper.vehicles[draft.vehicle]
    text = f"{vehicle.name} ({draft.trip})" if draft.trip > 1 else vehicle.name
    here = present is not None and present.tour == draft.tour
    if roads is None:
        return Option(name=named(draft.tour), text=text, place=0, metres=None, faults=0, here=here)
    rest = replace(draft, keys=tuple(one for one in draft.keys if one != key))
    others = [one for one in paper.drafts if one.vehicle == draft.vehicle and one.tour != draft.tour]
    spot = by_hand.best_place(paper=paper, drafts=others, target=rest, key=key, roads=roads)
    after = replace(rest, keys=(*rest.keys[:spot], key, *rest.keys[spot:]))
    before_plan, before = _drawn(paper, [*others, rest], roads)
    after_plan, broken = _drawn(paper, [*others, after], roads)
    return Option(
        name=named(draft.tour),
        text=text,
        place=spot + 1,
        metres=after_plan - before_plan,
        faults=max(0, broken - before),
        here=here,
    )


def _drawn(paper: Layout, drafts: Sequence[Draft], roads: MatrixProvider) -> tuple[int, int]:
    """Metres of these tours, and how much they do not keep."""
    kept = [draft for draft in drafts if draft.keys]
    keys = {key for draft in kept for key in draft.keys}
    part = replace(paper, calls={key: call for key, call in paper.calls.items() if key in keys})
    plan, found = by_hand.drawn(paper=part, drafts=kept, roads=roads)
    return plan.distance_m, len(found)


def _apart(paper: Layout, draft: Draft, call: Call) -> float:
    """How far the nearest stop of the tour is, in degrees."""
    here = call.job.place
    places = [paper.calls[key].job.place for key in draft.keys]
    return min((hypot(place.lat - here.lat, place.lon - here.lon) for place in places), default=0.0)


def _stops(tour: Tour) -> list[Stop]:
    return sorted(tour.stops.all(), key=lambda stop: stop.sequence)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"
