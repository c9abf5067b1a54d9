"""Drivers' phones without network: what is reported arrives late, twice, and in any order."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Q

from logistics import reports
from logistics.models import Box, Delivery, PackedLine, Stop, Tour
from logistics.reports import BOX
from marketplace.catalogue.models import Product
from marketplace.core.device_queue import Outcome
from marketplace.regions.models import Region
from marketplace.users.models import User

#: of a hundred lines handed over: damaged, refused; of a hundred doors: nobody there; of a hundred reports: sent once more; of a
#: hundred boxes: not there when they are loaded
DAMAGED, REFUSED, NOBODY, TWICE, LOST = 2, 1, 4, 25, 3
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
    stops = list(tour.stops.select_related("tour__driver").order_by("sequence"))
    loaded: list[Report] = []
    if tour.wave == Tour.Wave.DELIVER:
        loaded = [replace(report, at=tour.starts_at + clock) for stop in reversed(stops) for report in _loaded(stop, dice)]
    gone = Box.objects.filter(pk__in=[report.data["box"] for report in loaded if report.data["seen"] == "missing"])
    lost = {(box.delivery_id, box.collection_id, box.is_cold) for box in gone}
    found = loaded
    late = timedelta()
    for stop in stops:
        late = max(timedelta(minutes=-2), late + timedelta(seconds=dice.randint(-60, 90)))
        found += (replace(report, at=report.at + late + clock) for report in _of_stop(stop, lost, dice))
    return found


def sent(*, told: Sequence[Report], dice: Random) -> list[Report]:
    """The same as it arrives: some of it twice, nothing in its order."""
    again = [report for report in told if dice.randrange(100) < TWICE]
    found = [*told, *again]
    dice.shuffle(found)
    return found


def take_in(*, region: Region, told: Iterable[Report], received_at: datetime, by: User | None) -> int:
    """Have the market take them in one by one; says of how many it is new."""
    return sum(reports.take(region=region, report=_made(one, received_at, by)).outcome == Outcome.TAKEN for one in told)


def _made(one: Report, received_at: datetime, by: User | None) -> reports.Report:
    return reports.Report(
        uuid=one.uuid,
        stop_id=one.stop.pk,
        kind=one.kind,
        reported_at=one.at,
        received_at=received_at,
        by=by,
        data=one.data,
    )


def _loaded(stop: Stop, dice: Random) -> Iterator[Report]:
    """Each box is ticked when it is loaded, the last stop's first; some are not there."""
    here = Box.objects.filter(delivery__stop=stop).exclude(Q(status=Box.Status.EMPTY) | Q(delivery__status="cancelled"))
    for box in here.order_by("pk"):
        seen = "missing" if dice.randrange(100) < LOST else "there"
        yield _report(stop, BOX, stop.planned_arrival, {"box": str(box.pk), "seen": seen}, dice)


def _of_stop(stop: Stop, lost: Container[tuple[int, int, bool]], dice: Random) -> Iterator[Report]:
    """The page shows the articles of a box that was missed as missing, and the driver sends them so."""
    yield _report(stop, "arrive", stop.planned_arrival, {}, dice)
    if stop.kind == Stop.Kind.COLLECT:
        yield _report(stop, "collected", stop.planned_departure, {}, dice)
        return
    if stop.kind == Stop.Kind.DELIVER and dice.randrange(100) < NOBODY:
        yield _report(stop, "failed", stop.planned_departure, {"reason": "Niemand angetroffen."}, dice)
        yield _report(stop, "returned", stop.planned_departure + timedelta(hours=2), {}, dice)
        return
    here = stop.deliveries.exclude(status=Delivery.Status.CANCELLED)
    told = {"age_checked": True, "handed_to": "Nachbarin", "outcomes": dict(_outcomes(here, lost, dice))}
    yield _report(stop, "delivered", stop.planned_departure, told, dice)


def _outcomes(
    here: Iterable[Delivery], lost: Container[tuple[int, int, bool]], dice: Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    packed = PackedLine.objects.filter(delivery__in=list(here), packed__gt=0).select_related("order_line")
    for line in packed.order_by("pk"):
        thrown = dice.randrange(100)
        if (line.delivery_id, line.collection_id, line.order_line.storage != Product.Storage.AMBIENT) in lost:
            yield str(line.pk), {"quantity": 0, "problem": "missing"}
        elif thrown < DAMAGED:
            yield str(line.pk), {"quantity": (line.packed or 1) - 1, "problem": "damaged"}
        elif thrown < DAMAGED + REFUSED:
            yield str(line.pk), {"quantity": 0, "problem": "refused"}


def _report(stop: Stop, kind: str, at: datetime, data: dict[str, Any], dice: Random) -> Report:
    return Report(UUID(int=dice.getrandbits(128), version=4), stop, kind, at, data)
