"""A vehicle that loads again: its next trip waits for the one before, on the board, the phone and in what customers are told."""

from datetime import timedelta
from uuid import uuid4

import pytest

from logistics import arrival, driving, live, reports, tours
from logistics.driving import Kind
from logistics.models import Delivery, Stop, Tour, UnfollowedReport
from logistics.reports import Report
from marketplace.core.device_queue import Answer
from tests.factories.market import PartnerFactory, PickupPointFactory, VehicleFactory, WindowFactory
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def trips(market: Market) -> list[Tour]:
    VehicleFactory.create(region=market.region, capacity_crates=2, max_trips=3)
    own = market.product(partner=PartnerFactory.create(municipality=market.village, brings_to_hub=True))
    for _number in range(4):
        market.order((own, 1))
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=300)
    return list(Tour.objects.order_by("trip"))


def _sent(market: Market, stop: Stop, kind: str, minutes: int) -> Answer:
    at = stop.planned_departure + timedelta(minutes=minutes)
    told = Report(uuid=uuid4(), stop_id=stop.pk, kind=kind, reported_at=at, received_at=at + HOUR, by=None)
    return reports.take(region=market.region, report=told)


def test_second_trip_does_not_set_out_before_the_first_is_over(market: Market, trips: list[Tour]) -> None:
    first, second = trips
    with pytest.raises(tours.TourRefused, match="Erst kommt Fahrt 1 des Tages: 2 Halte"):
        tours.start(tour=second, at=second.starts_at, by=None)
    for stop in first.stops.order_by("sequence"):
        _sent(market, stop, Kind.DELIVERED, 0)
    assert tours.start(tour=second, at=second.starts_at, by=None).status == Tour.Status.UNDER_WAY


def test_reports_of_two_trips_in_any_order_end_the_same(market: Market, trips: list[Tour]) -> None:
    first, second = trips
    (early, late), following = first.stops.order_by("sequence"), second.stops.order_by("sequence")[0]
    assert _sent(market, following, Kind.START, -30).sentence
    assert Tour.objects.get(pk=second.pk).status == Tour.Status.PLANNED
    _sent(market, early, Kind.DELIVERED, 0)
    _sent(market, late, Kind.DELIVERED, 0)  # then what waited is followed
    known = Tour.objects.get(pk=second.pk)
    assert (known.status, known.started_at) == (Tour.Status.UNDER_WAY, following.planned_departure - timedelta(minutes=30))
    assert not UnfollowedReport.objects.filter(settled_at__isnull=True).exists()


def test_whoever_hands_over_on_the_second_trip_has_set_out(market: Market, trips: list[Tour]) -> None:
    stop = trips[1].stops.order_by("sequence")[0]
    assert not _sent(market, stop, Kind.DELIVERED, 0).sentence
    assert Delivery.objects.get(stop=stop).status == Delivery.Status.COMPLETED


def test_delay_of_the_first_trip_is_told_on_the_board_and_to_customers_of_the_second(market: Market, trips: list[Tour]) -> None:
    first, second = trips
    stop, at = first.stops.order_by("sequence")[0], first.starts_at + HOUR
    waiting = Delivery.objects.select_related("window", "stop__tour").get(stop=second.stops.order_by("sequence")[0])
    before = arrival.outlook(delivery=waiting, at=first.starts_at)
    driving.report(stop=stop, uuid=uuid4(), kind=Kind.ARRIVE, reported_at=at, received_at=at, by=None, data={})
    row = live.board(delivery_round=market.round, at=at).tours[1]
    assert (row.waits_for, row.late) == (1, True)
    after = arrival.outlook(delivery=waiting, at=at)
    assert after.earliest > before.earliest
    assert after.behind == row.behind
    much_later = live.board(delivery_round=market.round, at=second.starts_at + HOUR)
    assert live.Kind.NOT_STARTED not in {problem.kind for problem in much_later.problems}


def test_goods_for_a_pickup_point_are_parted_where_no_vehicle_carries_them_all(market: Market) -> None:
    point = PickupPointFactory.create(municipality=market.village, name="Dorfladen")
    window = WindowFactory.create(round=market.round, pickup_point=point, starts_at=market.window.starts_at + 3 * HOUR,
                                  ends_at=market.window.ends_at + 3 * HOUR)  # fmt: skip
    own = market.product(partner=PartnerFactory.create(municipality=market.village, brings_to_hub=True))
    rows = [market.order((own, 1), window=window) for _number in range(5)]
    VehicleFactory.create(region=market.region, capacity_crates=2, max_trips=2)
    VehicleFactory.create(region=market.region, capacity_crates=3, max_trips=1)
    market.close()
    assert tours.plan(delivery_round=market.round, at=CLOSING, iterations=300) == []
    stops = Stop.objects.filter(kind=Stop.Kind.PICKUP)
    assert sorted(stop.deliveries.count() for stop in stops) == [2, 3]
    assert {stop.name for stop in stops} == {"Dorfladen"}
    assert Delivery.objects.filter(stop__in=stops).count() == len(rows)
    again = tours.plan(delivery_round=market.round, at=CLOSING, iterations=300)
    assert (again, Stop.objects.filter(kind=Stop.Kind.PICKUP).count()) == ([], 2)
