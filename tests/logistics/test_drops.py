"""Where goods may be left: as the customer wishes, until the vehicle leaves, and never what needs a hand."""

from typing import Any

import pytest

from billing.models import OrderTerms
from logistics import codes, drops, manifest, tours
from logistics.driving import ReportRefused
from logistics.models import Delivery, Stop, Tour
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from tests.factories.market import NOW, PickupPointFactory, VehicleFactory, WindowFactory
from tests.logistics.market import CLOSING, DAY, Market
from tests.logistics.test_driving import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    return market


def order(market: Market, method: str = OrderTerms.Method.TRANSFER, **given: Any) -> Delivery:
    delivery = market.order((market.product(**given), 1))
    OrderTerms.objects.create(order=delivery.order, method=method)
    return delivery


def planned(market: Market) -> Tour:
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)
    return Tour.objects.get(wave=Tour.Wave.DELIVER)


def choose(delivery: Delivery, drop: str, note: str = "") -> Delivery:
    return drops.choose(delivery=delivery, drop=drop, note=note, at=NOW)


def test_driver_reads_the_wish_and_follows_it(market: Market) -> None:
    delivery = order(market)
    choose(delivery, "door", "hinter der Bank")
    tour = planned(market)
    (halt,) = manifest.halts(tour=tour)
    assert halt.boxes[0].wish == "an der Tür abstellen: hinter der Bank"
    report(halt.stop, "delivered", left="door")
    delivery.refresh_from_db()
    assert (delivery.status, delivery.handed_to) == (Delivery.Status.COMPLETED, "vor die Tür gestellt")


def test_neighbour_is_named(market: Market) -> None:
    delivery = order(market)
    with pytest.raises(drops.DropRefused, match="Hausnummer"):
        choose(delivery, "neighbour", "  ")
    choose(delivery, "neighbour", "Beispiel, Nr. 3")
    (halt,) = manifest.halts(tour=planned(market))
    report(halt.stop, "delivered", left="neighbour")
    delivery.refresh_from_db()
    assert delivery.handed_to == "bei Nachbarn: Beispiel, Nr. 3"


@pytest.mark.parametrize(("method", "age"), [("handover", None), ("transfer", 18)])
def test_what_needs_a_hand_is_not_left(method: str, age: int | None, market: Market) -> None:
    delivery = order(market, method, age_limit=age)
    with pytest.raises(drops.DropRefused):
        choose(delivery, "door")
    assert choose(delivery, "hand").drop == "hand"


def test_wish_does_not_count_once_goods_need_a_hand(market: Market) -> None:
    delivery = order(market)
    choose(delivery, "cool_box")
    Delivery.objects.filter(pk=delivery.pk).update(needs_age_check=16)
    (halt,) = manifest.halts(tour=planned(market))
    assert halt.boxes[0].wish == ""
    with pytest.raises(ReportRefused, match="persönlich"):
        report(halt.stop, "delivered", left="cool_box")


def test_driver_cannot_leave_what_nobody_wished_to_be_left(market: Market) -> None:
    order(market)
    (halt,) = manifest.halts(tour=planned(market))
    with pytest.raises(ReportRefused, match="persönlich"):
        report(halt.stop, "delivered", left="door")


def test_choice_ends_when_the_vehicle_leaves(market: Market) -> None:
    delivery = order(market)
    tour = planned(market)
    assert choose(delivery, "door").drop == "door"
    tours.start(tour=tour, at=DAY, by=None)
    with pytest.raises(drops.DropRefused, match="unterwegs"):
        choose(delivery, "cool_box")


def test_goods_that_are_fetched_are_left_nowhere(market: Market) -> None:
    window = WindowFactory.create(round=market.round, pickup_point=PickupPointFactory.create(municipality=market.village))
    delivery = market.order((market.product(), 1), window=window)
    with pytest.raises(drops.DropRefused):
        choose(delivery, "door")


def test_code_or_its_link_finds_the_crate_of_the_tour(market: Market) -> None:
    delivery = order(market)
    tour = planned(market)
    link = day_links.sign(order=delivery.order, purpose=Purpose.FETCHING)
    found = [
        codes.find(told=told, tour=tour)
        for told in (f" {delivery.code.lower()} ", f"https://markt.example/abholen/{link}/", "ZZZZ", "/abholen/x:y/")
    ]
    assert found == [delivery, delivery, None, None]
    other = Tour.objects.exclude(pk=tour.pk).first()
    assert other is None or codes.find(told=delivery.code, tour=other) is None


def test_link_of_one_purpose_is_no_link_of_another(market: Market) -> None:
    link = day_links.sign(order=order(market).order, purpose=Purpose.FETCHING)
    with pytest.raises(day_links.BadLink):
        day_links.read(token=link, purpose=Purpose.ARRIVAL)


def test_stops_of_a_pickup_point_keep_no_wish(market: Market) -> None:
    window = WindowFactory.create(round=market.round, pickup_point=PickupPointFactory.create(municipality=market.village))
    market.order((market.product(), 1), window=window)
    (halt,) = manifest.halts(tour=planned(market))
    assert (halt.stop.kind, halt.boxes[0].wish) == (Stop.Kind.PICKUP, "")
