"""Works through the rounds of the demo: producers pack and weigh, tours are planned and driven, goods are handed over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from billing.models import OrderTerms, Payment
from logistics import daytime, deliveries, driving, manifest, packing, rounds, shelf, tours
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine, Stop, Tour
from logistics.packing import OverTolerance
from marketplace.core import money
from marketplace.demo import casework
from marketplace.users.models import User

Problem = PackedLine.Problem
#: of a hundred lines: those of which something is missing when packed, and those that arrive damaged or are sent back
MISSING, DAMAGED, REFUSED = 0.012, 0.006, 0.002
NOBODY_HOME = 0.02
PLAN_ITERATIONS = 120
REASONS = ("Niemand angetroffen, auch telefonisch nicht.", "Tor verschlossen, niemand erreichbar.")
NEIGHBOURS = ("Nachbarin", "Nachbar gegenüber", "im Schuppen abgelegt", "Büro nebenan")


@dataclass(frozen=True)
class Due:
    """Something that happens to a row at a moment."""

    at: datetime
    row: Any


def packing_times(*, delivery_round: DeliveryRound, dice: Random) -> Iterator[Due]:
    """When each producer has packed: some in the evening after the cut-off, most on the day before the delivery."""
    eve = delivery_round.delivery_day - timedelta(days=1)
    to_pack = Collection.objects.filter(round=delivery_round, status=Collection.Status.OPEN)
    for collection in to_pack.select_related("partner", "round").order_by("pk"):
        if dice.random() < 0.25:
            at = delivery_round.cutoff_at + timedelta(minutes=dice.randint(40, 200))
        else:
            at = daytime.on(eve, time(7)) + timedelta(minutes=dice.randint(0, 720))
        yield Due(at, collection)


def pack(*, collection: Collection, at: datetime, dice: Random) -> None:
    """Record every line with its weight, and finish."""
    by = collection.partner.users.order_by("pk").first()
    casework.receive(collection=collection, at=at)
    lines = list(packing.lines_of(collection=collection))
    anything = False
    for number, line in enumerate(lines):
        quantity = line.expected - (1 if line.expected and dice.random() < MISSING else 0)
        moment = at - timedelta(seconds=40 * (len(lines) - number))
        _record(line, quantity, max(moment, collection.round.cutoff_at + timedelta(minutes=15)), by, dice)
        anything = anything or quantity > 0
    packing.finish(
        collection=collection,
        crates=max(collection.crates, 1) if anything else 0,
        cold_crates=collection.cold_crates if anything else 0,
        at=at,
        by=by,
    )


def _record(line: PackedLine, quantity: int, at: datetime, by: User | None, dice: Random) -> None:
    weight = None
    if line.order_line.catch_weight and quantity:
        expected = (line.order_line.expected_weight_g or 0) * quantity
        weight = max(1, round(expected * min(1.12, max(0.86, dice.gauss(1.0, 0.04)))))
    try:
        packing.record(packed_line=line, quantity=quantity, weight_g=weight, at=at, by=by, batch=_batch(line, at))
    except OverTolerance:  # the customer was called and agreed
        packing.record(packed_line=line, quantity=quantity, weight_g=weight, at=at, by=by, agreed=True, batch=_batch(line, at))


def _batch(line: PackedLine, at: datetime) -> str:
    """What is chilled was made on a day that farms note."""
    return "" if line.order_line.storage == "ambient" else f"L{at:%d%m}"


def plan(*, delivery_round: DeliveryRound, at: datetime) -> list[str]:
    """Draw the tours, with the engine that draws them for real, but with less patience."""
    return tours.plan(delivery_round=delivery_round, at=at, iterations=PLAN_ITERATIONS)


def brought_times(*, delivery_round: DeliveryRound, dice: Random) -> Iterator[Due]:
    """When the hub takes in the goods that no tour fetches."""
    opens = daytime.on(delivery_round.delivery_day, delivery_round.rule.hub_open_from)
    left = Collection.objects.filter(round=delivery_round, stop__isnull=True)
    for collection in left.exclude(status=Collection.Status.CALLED_OFF).order_by("pk"):
        yield Due(opens + timedelta(minutes=dice.randint(20, 110)), collection)


def bring(*, collection: Collection, at: datetime, by: User) -> None:
    """The producer hands the goods over at the hub."""
    packing.hand_to_driver(collection=collection, at=at, by=by)


def stop_times(*, delivery_round: DeliveryRound, dice: Random) -> Iterator[Due]:
    """When each stop is done, a little before or after the plan; never out of order."""
    for tour in Tour.objects.filter(round=delivery_round).order_by("starts_at", "pk"):
        late = timedelta()
        for stop in tour.stops.select_related("tour__driver").order_by("sequence"):
            late = max(timedelta(minutes=-2), late + timedelta(seconds=dice.randint(-70, 95)))
            yield Due(stop.planned_departure + late, stop)


def drive(*, stop: Stop, at: datetime, dice: Random) -> list[Delivery]:
    """The driver reports the stop; the deliveries that were handed over come back."""
    by = stop.tour.driver
    if stop.kind == Stop.Kind.COLLECT:
        _report(stop, "collected", at, by, {}, dice)
        return []
    here = list(stop.deliveries.exclude(status=Delivery.Status.CANCELLED).select_related("order__terms").order_by("pk"))
    if stop.kind == Stop.Kind.DELIVER and dice.random() < NOBODY_HOME:
        _report(stop, "failed", at, by, {"reason": dice.choice(REASONS)}, dice)
        return []
    told: dict[str, Any] = {"age_checked": True, "outcomes": dict(_outcomes(here, dice))}
    if stop.kind == Stop.Kind.PICKUP:
        told["handed_to"] = stop.name
    elif dice.random() < 0.06 and not any(row.needs_age_check for row in here):
        told["handed_to"] = dice.choice(NEIGHBOURS)
    paid = paid_with(delivery=here[0]) if stop.kind == Stop.Kind.DELIVER and len(here) == 1 else None
    if paid is not None:
        (laden,) = manifest.loaded(deliveries=Delivery.objects.filter(pk=here[0].pk))
        told |= {"paid": str(paid), "amount": str(manifest.box(delivery=laden, given_back={}).to_collect or money.ZERO)}
    _report(stop, "delivered", at, by, told, dice)
    return [] if shelf.is_kept(stop=stop) else here


def fetch_later(*, delivery: Delivery, at: datetime, by: User) -> Delivery:
    """Whoever was not met fetches the goods at the hub."""
    return deliveries.complete(
        delivery=delivery,
        at=at,
        by=by,
        handed_to=delivery.recipient[:100],
        age_checked=True,
        note="Am Lager abgeholt.",
    )


def left_over(*, delivery_round: DeliveryRound) -> list[Delivery]:
    """Deliveries of a round that are on no tour or were not met."""
    waiting = Delivery.objects.filter(round=delivery_round).exclude(
        status__in=(Delivery.Status.COMPLETED, Delivery.Status.CANCELLED)
    )
    return list(waiting.select_related("order").order_by("pk"))


def close_due(*, at: datetime) -> None:
    """The cut-off has come."""
    rounds.close_due(at=at)
    casework.order_due(at=at)


def _outcomes(here: list[Delivery], dice: Random) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for line in PackedLine.objects.filter(delivery__in=here, packed__gt=0).order_by("pk"):
        thrown = dice.random()
        if thrown < DAMAGED:
            yield str(line.pk), {"quantity": (line.packed or 1) - 1, "problem": str(Problem.DAMAGED)}
        elif thrown < DAMAGED + REFUSED:
            yield str(line.pk), {"quantity": 0, "problem": str(Problem.REFUSED)}


def _report(stop: Stop, kind: str, at: datetime, by: User | None, data: Mapping[str, Any], dice: Random) -> None:
    uuid = UUID(int=dice.getrandbits(128), version=4)
    driving.report(stop=stop, uuid=uuid, kind=kind, reported_at=at, received_at=at + timedelta(seconds=3), by=by, data=data)


def paid_with(*, delivery: Delivery) -> Payment.Method | None:
    """Cash or card, the same whenever one asks; None where nothing is paid at the door."""
    if delivery.order.terms.method != OrderTerms.Method.HANDOVER:
        return None
    return Payment.Method.CARD if delivery.pk % 2 else Payment.Method.CASH
