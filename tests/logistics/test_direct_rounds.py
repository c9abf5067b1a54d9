"""A round without the hub, from its plan to its report: fetched at the farm, brought to the door, by the same vehicle."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from logistics import limits, manifest, packing, plans, reports, savings, tours
from logistics.models import Box, Collection, Delivery, DeliveryRound, Stop, Tour
from logistics.planning import by_hand, rows
from logistics.planning.by_hand import ChangeRefused
from logistics.plans import PlanWindow
from logistics.reports import Report
from logistics.routing import HaversineProvider
from marketplace.core.device_queue import Answer, Outcome
from marketplace.regions.models import Role
from tests.factories.market import NOW, MembershipFactory, PartnerFactory, VehicleFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    market.round.is_direct = True
    market.round.save()
    driver = MembershipFactory.create(region=market.region, role=Role.DRIVER).user
    VehicleFactory.create(region=market.region, driver=driver, max_trips=3)
    return market


@pytest.fixture
def orders(market: Market) -> list[Delivery]:
    """Two farms, one of which would bring its goods to the hub; two customers, the first of both."""
    own = PartnerFactory.create(municipality=market.village, brings_to_hub=True)
    bread, soup = market.product(partner=own), market.product()
    found = [market.order((bread, 1), (soup, 1)), market.order((soup, 2))]
    market.close()
    return found


def _planned(market: Market) -> Tour:
    assert tours.plan(delivery_round=market.round, at=CLOSING) == []
    market.round.refresh_from_db()
    return Tour.objects.get(round=market.round)


def _sent(market: Market, stop: Stop, kind: str, **data: Any) -> Answer:
    at = stop.planned_departure
    told = Report(
        uuid=uuid4(), stop_id=stop.pk, kind=kind, reported_at=at, received_at=DAY + timedelta(days=1), by=None, data=data
    )
    return reports.take(region=market.region, report=told)


def test_plan_is_one_tour_that_fetches_everything_before_it_brings_it(market: Market, orders: list[Delivery]) -> None:
    tour = _planned(market)
    stops = list(tour.stops.order_by("sequence"))
    assert (tour.wave, tour.vehicle.name) == (Tour.Wave.DIRECT, tour.vehicle.name)
    assert sorted(stop.kind for stop in stops) == ["collect", "collect", "deliver", "deliver"]
    by_delivery = {row.pk: row.stop.sequence for row in Delivery.objects.select_related("stop") if row.stop}
    for row in Collection.objects.filter(round=market.round).select_related("stop"):
        assert row.stop is not None
        for line in row.lines.all():
            assert row.stop.sequence < by_delivery[line.delivery_id]
    again = _planned(market)
    assert [stop.name for stop in again.stops.order_by("sequence")] == [stop.name for stop in stops]


def test_drive_from_farm_to_door_ends_the_round_and_saves_what_it_saves(market: Market, orders: list[Delivery]) -> None:
    market.pack()
    tour = _planned(market)
    for stop in tour.stops.order_by("sequence"):
        kind = "collected" if stop.kind == Stop.Kind.COLLECT else "delivered"
        assert _sent(market, stop, kind).outcome == Outcome.TAKEN
    market.round.refresh_from_db()
    assert market.round.status == DeliveryRound.Status.DONE
    assert set(Delivery.objects.values_list("status", flat=True)) == {Delivery.Status.COMPLETED}
    assert set(Box.objects.values_list("status", flat=True)) == {Box.Status.HANDED_OVER}
    saved = savings.compute(delivery_round=market.round, at=DAY)
    assert saved.shared_m == Tour.objects.get(pk=tour.pk).distance_m


def test_reports_that_come_the_wrong_way_round_end_the_same(market: Market, orders: list[Delivery]) -> None:
    market.pack()
    tour = _planned(market)
    for stop in tour.stops.order_by("-sequence"):
        _sent(market, stop, "collected" if stop.kind == Stop.Kind.COLLECT else "delivered")
    market.round.refresh_from_db()
    assert market.round.status == DeliveryRound.Status.DONE
    assert set(Collection.objects.values_list("status", flat=True)) == {Collection.Status.COLLECTED}


def test_driver_ticks_boxes_at_the_farm_and_has_nothing_to_load_before(
    market: Market, orders: list[Delivery], client: Client
) -> None:
    market.pack()
    tour = _planned(market)
    assert manifest.loading(found=manifest.halts(tour=tour)) == []
    assert tour.driver is not None
    client.force_login(tour.driver)
    first = tour.stops.order_by("sequence")[0]
    page = client.get(reverse("logistics:tour", args=[tour.pk])).content.decode()
    codes = Box.objects.filter(collection__stop=first).values_list("code", flat=True)
    assert codes
    assert all(code in page for code in codes)
    assert "Holen und Bringen" in page
    assert client.get(reverse("logistics:sheet", args=[tour.pk])).status_code == 200


def test_box_that_was_not_at_the_farm_is_told_at_the_door(market: Market, orders: list[Delivery]) -> None:
    market.pack()
    tour = _planned(market)
    box = Box.objects.filter(delivery=orders[1]).get()
    farm = tour.stops.get(collections=box.collection)
    assert _sent(market, farm, reports.BOX, box=str(box.pk), seen="missing").outcome == Outcome.TAKEN
    for stop in tour.stops.order_by("sequence"):
        _sent(market, stop, "collected" if stop.kind == Stop.Kind.COLLECT else "delivered")
    assert Box.objects.get(pk=box.pk).status == Box.Status.MISSING
    assert orders[1].packed_lines.get().delivered == 0


def test_by_hand_nothing_is_brought_before_it_is_fetched(market: Market, orders: list[Delivery]) -> None:
    tour = _planned(market)
    last = tour.stops.order_by("-sequence")[0].deliveries.get()
    with pytest.raises(ChangeRefused, match="erst abgeholt"):
        by_hand.shift(
            delivery_round=market.round, key=f"delivery:{last.pk}", steps=-3, seen=rows.number(round_id=market.round.pk),
            at=CLOSING, by=None, roads=HaversineProvider(),
        )  # fmt: skip


def test_hub_knows_nothing_of_it_and_the_farm_is_told_that_somebody_comes(
    market: Market, orders: list[Delivery], client: Client
) -> None:
    sorter = MembershipFactory.create(region=market.region, role=Role.OFFICE).user
    client.force_login(sorter)
    assert client.get(reverse("hub:checkin", args=[market.round.pk])).status_code == 404
    brings = Collection.objects.get(partner__brings_to_hub=True)
    assert packing.pick_list(collection=brings).handover == "wird abgeholt"


def test_rounds_follow_their_plan_and_vehicles_count_once(market: Market) -> None:
    rule = market.round.rule
    rule.is_direct = True
    window = PlanWindow(
        starts=market.window.starts_at.time(), ends=market.window.ends_at.time(), capacity=5, fee=Decimal(0), pickup_point=None
    )
    plans.save(rule=rule, windows=[window], at=NOW, by=None)
    assert set(DeliveryRound.objects.filter(rule=rule).values_list("is_direct", flat=True)) == {True}
    vehicle = VehicleFactory.build(capacity_crates=10, capacity_cold=2, max_trips=3)
    assert limits.of_fleet(vehicles=[vehicle], is_direct=True).crates == 10
