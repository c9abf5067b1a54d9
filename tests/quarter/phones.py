"""Drivers' phones without network: what is reported arrives late, twice, and in any order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from logistics import driving
from logistics.models import Delivery, PackedLine, Stop, Tour
from marketplace.users.models import User

#: of a hundred lines handed over: damaged, refused; of a hundred doors: nobody there; of a hundred reports: sent once more
DAMAGED, REFUSED, NOBODY, TWICE = 2, 1, 4, 25
#: how wrong the clock of a phone goes, and how long it is without network, at most
WRONG, AWAY = timedelta(minutes=9), timedelta(days=2)


@dataclass(frozen=True)
class Report:
    """One thing that a driver tells."""

    uuid: UUID
    stop: Stop
    kind: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


def tour_reports(*, tour: Tour, dice: Random) -> list[Report]:
    """What the driver of a tour taps in, in that order, by the clock of the phone."""
    clock = timedelta(seconds=dice.randint(-int(WRONG.total_seconds()), int(WRONG.total_seconds())))
    found: list[Report] = []
    late = timedelta()
    for stop in tour.stops.select_related("tour__driver").order_by("sequence"):
        late = max(timedelta(minutes=-2), late + timedelta(seconds=dice.randint(-60, 90)))
        found += (replace(report, at=report.at + late + clock) for report in _of_stop(stop, dice))
    return found


def sent(*, reports: Sequence[Report], dice: Random) -> list[Report]:
    """The same as it arrives: some of it twice, nothing in its order."""
    again = [report for report in reports if dice.randrange(100) < TWICE]
    found = [*reports, *again]
    dice.shuffle(found)
    return found


def take_in(*, reports: Iterable[Report], received_at: datetime, by: User | None) -> int:
    """Have the market take them in one by one; says of how many it is new."""
    return sum(
        driving.report(
            stop=report.stop,
            uuid=report.uuid,
            kind=report.kind,
            reported_at=report.at,
            received_at=received_at,
            by=by,
            data=report.data,
        )
        for report in reports
    )


def _of_stop(stop: Stop, dice: Random) -> Iterator[Report]:
    yield _report(stop, "arrive", stop.planned_arrival, {}, dice)
    if stop.kind == Stop.Kind.COLLECT:
        yield _report(stop, "collected", stop.planned_departure, {}, dice)
        return
    if stop.kind == Stop.Kind.DELIVER and dice.randrange(100) < NOBODY:
        yield _report(stop, "failed", stop.planned_departure, {"reason": "Niemand angetroffen."}, dice)
        return
    here = stop.deliveries.exclude(status=Delivery.Status.CANCELLED)
    told = {"age_checked": True, "handed_to": "Nachbarin", "outcomes": dict(_outcomes(here, dice))}
    yield _report(stop, "delivered", stop.planned_departure, told, dice)


def _outcomes(here: Iterable[Delivery], dice: Random) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in PackedLine.objects.filter(delivery__in=list(here), packed__gt=0).order_by("pk"):
        thrown = dice.randrange(100)
        if thrown < DAMAGED:
            yield str(line.pk), {"quantity": (line.packed or 1) - 1, "problem": "damaged"}
        elif thrown < DAMAGED + REFUSED:
            yield str(line.pk), {"quantity": 0, "problem": "refused"}


def _report(stop: Stop, kind: str, at: datetime, data: dict[str, Any], dice: Random) -> Report:
    return Report(UUID(int=dice.getrandbits(128), version=4), stop, kind, at, data)
