"""The steps of an order's way, each by the functions that the pages call, so that stories can be told in a few lines."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser

from logistics import deliveries, driving, packing, rounds, tours
from logistics.models import Collection, Delivery, DeliveryRound, DeliveryWindow, PackedLine, Stop, Tour
from marketplace.basket import baskets
from marketplace.catalogue.models import Product
from marketplace.checkout import placement
from marketplace.checkout.contact import Contact
from marketplace.order.models import Order
from marketplace.regions.models import Municipality
from marketplace.users.models import User
from tests.factories.market import local
from tests.factories.orders import TERMS, contact_in, filled_basket
from tests.factories.town import Town

EARLY = time(3)  # when the jobs of the night run
#: enough for a handful of stops, and the same plan every time
ITERATIONS, CPU_SECONDS = 60, 3.0


def order(
    town: Town,
    goods: Mapping[str, int],
    *,
    who: User | None = None,
    payment: str = "handover",
    window: DeliveryWindow | None = None,
    at: datetime | None = None,
    **contact: Any,
) -> Order:
    """Order so many of these articles for the town's next round, to the door and as a guest unless something else is told."""
    wanted: dict[Product, int] = {town.products[key]: quantity for key, quantity in goods.items()}
    basket = filled_basket(region=town.region, owner=who, wanted=wanted)
    return placement.place(
        basket=basket,
        window_id=(window or town.window()).pk,
        contact=person(town.villages["Haby"], **contact),
        payment=payment,
        fingerprint=baskets.contents(basket=basket).fingerprint,
        user=who or AnonymousUser(),
        at=at or town.noon,
        terms_accepted=TERMS,
    )


def person(village: Municipality, **given: Any) -> Contact:
    """A household in the village; `given` changes it."""
    usual = contact_in(village)
    return Contact(**{**{name: getattr(usual, name) for name in usual.__dataclass_fields__}, **given})


def cut_off(delivery_round: DeliveryRound) -> datetime:
    """Half a minute after nobody can order any more, not even who had begun before the cut-off."""
    return delivery_round.cutoff_at + rounds.GRACE + timedelta(seconds=30)


def close(delivery_round: DeliveryRound) -> int:
    """The job that looks for rounds to close finds this one right after its cut-off."""
    return rounds.close_due(at=cut_off(delivery_round))


def pack(
    delivery_round: DeliveryRound, *, weights: Mapping[str, int] | None = None, missing: Mapping[str, int] | None = None
) -> None:
    """Every producer packs what was ordered; `weights` in grams and `missing` pieces by the title of the article."""
    at = cut_off(delivery_round) + timedelta(hours=12)
    for collection in Collection.objects.filter(round=delivery_round, status=Collection.Status.OPEN).order_by("pk"):
        for line in packing.lines_of(collection=collection):
            title = line.order_line.title
            quantity = line.ordered - (missing or {}).get(title, 0)
            weight = (weights or {}).get(title, _expected(line) * quantity) if line.order_line.catch_weight else None
            packing.record(packed_line=line, quantity=quantity, weight_g=weight, at=at, by=None)
        packing.finish(collection=collection, crates=max(1, collection.crates), cold_crates=0, at=at, by=None)


def _expected(line: PackedLine) -> int:
    return line.order_line.expected_weight_g or 0


def plan(delivery_round: DeliveryRound) -> list[str]:
    """The office has the tours drawn on the morning before."""
    at = cut_off(delivery_round) + timedelta(hours=13)
    return tours.plan(delivery_round=delivery_round, at=at, iterations=ITERATIONS, cpu_seconds=CPU_SECONDS)


def drive(delivery_round: DeliveryRound, *, by: User, outcomes: Mapping[str, tuple[int, str]] | None = None) -> datetime:
    """The driver walks every stop, the collecting tours first; `outcomes` by article title: so many taken, and why not all.

    Returns when the last one ended.
    """
    at = local(delivery_round.delivery_day, time(6))
    for tour in Tour.objects.filter(round=delivery_round).order_by("starts_at", "pk"):
        for stop in tour.stops.order_by("sequence"):
            at += timedelta(minutes=7)
            kind = driving.Kind.COLLECTED if stop.kind == Stop.Kind.COLLECT else driving.Kind.DELIVERED
            told = {"age_checked": True, "outcomes": _outcomes(stop, outcomes or {})}
            driving.report(stop=stop, uuid=uuid4(), kind=kind, reported_at=at, received_at=at, by=by, data=told)
    return at


def _outcomes(stop: Stop, told: Mapping[str, tuple[int, str]]) -> dict[str, dict[str, Any]]:
    lines = PackedLine.objects.filter(delivery__stop=stop, order_line__title__in=told).select_related("order_line")
    return {str(line.pk): dict(zip(("quantity", "problem"), told[line.order_line.title], strict=True)) for line in lines}


def hand_over(placed: Order) -> None:
    """The goods reach their customer on the day, without a tour."""
    delivery = delivery_of(placed)
    at = local(delivery.round.delivery_day, time(12))
    deliveries.complete(delivery=delivery, at=at, by=None, handed_to=delivery.recipient)


def through(delivery_round: DeliveryRound, *, by: User, weights: Mapping[str, int] | None = None) -> datetime:
    """All of it, from the cut-off of a round to its last stop."""
    close(delivery_round)
    pack(delivery_round, weights=weights)
    plan(delivery_round)
    return drive(delivery_round, by=by)


def delivery_of(placed: Order) -> Delivery:
    """The order's place in its round, read anew."""
    return Delivery.objects.get(order=placed)
