"""Planning a round: from rows to tours and stops, and from there on the road."""

from datetime import time, timedelta

import pytest
import pyvrp
from django.db import connection
from django.test.utils import CaptureQueriesContext

from logistics import deliveries, tours
from logistics.models import Collection, Delivery, DeliveryRound, PlanVersion, Stop, Tour, Vehicle
from logistics.planning import proposals
from logistics.routing import CalledOff
from marketplace.core.transitions import ForbiddenTransition
from tests.factories.market import (
    MunicipalityFactory,
    PartnerFactory,
    PickupPointFactory,
    UserFactory,
    VehicleFactory,
    WindowFactory,
    local,
)
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db
QUERIES_OF_A_PLAN = 25


@pytest.fixture
def market() -> Market:
    return Market()


def plan(market: Market) -> list[str]:
    left = tours.plan(delivery_round=market.round, at=CLOSING, iterations=100)
    market.round.refresh_from_db()
    return left


def test_plan_collects_from_producers_and_delivers_to_doors(market: Market) -> None:
    van = VehicleFactory.create(region=market.region, driver=UserFactory.create())
    honey, eggs = market.product(), market.product()
    first, second = market.order((honey, 2), (eggs, 1)), market.order((eggs, 3))
    market.close()
    assert plan(market) == []
    assert market.round.status == DeliveryRound.Status.PLANNED
    collect, deliver = Tour.objects.order_by("wave")
    assert [(tour.wave, tour.vehicle, tour.driver) for tour in (collect, deliver)] == [
        (Tour.Wave.COLLECT, van, van.driver),
        (Tour.Wave.DELIVER, van, van.driver),
    ]
    assert {row.partner for row in Collection.objects.filter(stop__tour=collect)} == {honey.partner, eggs.partner}
    assert set(Delivery.objects.filter(stop__tour=deliver)) == {first, second}
    assert [stop.sequence for stop in deliver.stops.order_by("sequence")] == [1, 2]
    assert collect.ends_at <= deliver.starts_at
    assert all(market.window.starts_at <= stop.planned_departure <= market.window.ends_at for stop in deliver.stops.all())


def test_plan_leaves_out_producers_who_bring_their_goods(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    own = PartnerFactory.create(municipality=market.village, brings_to_hub=True)
    market.order((market.product(partner=own), 1))
    market.close()
    plan(market)
    assert [tour.wave for tour in Tour.objects.all()] == [Tour.Wave.DELIVER]


def test_plan_stops_once_at_a_pickup_point_before_it_opens(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    point = PickupPointFactory.create(municipality=market.village)
    day = market.round.delivery_day
    late, early = (
        WindowFactory.create(
            round=market.round, pickup_point=point, starts_at=local(day, time(hour)), ends_at=local(day, time(hour + 2)), fee=0
        )
        for hour in (14, 11)
    )
    honey = market.product()
    booked = {market.order((honey, 1), window=window) for window in (late, early, early)}
    market.close()
    assert plan(market) == []
    stop = Stop.objects.get(kind=Stop.Kind.PICKUP)
    assert set(stop.deliveries.all()) == booked
    assert (stop.name, stop.planned_arrival <= early.starts_at) == (point.name, True)


def test_plan_tells_what_fits_on_no_tour_and_why(market: Market) -> None:
    VehicleFactory.create(region=market.region, carries_frozen=False, name="Bollerwagen")
    market.order((market.product(storage="frozen"), 1), recipient="Frieda Eis")
    market.order((market.product(volume_ml=400_000), 10), recipient="Gasthof Groß")
    market.close()
    told = plan(market)
    assert [sentence.split(":")[0] for sentence in told if "Hof" not in sentence] == ["Frieda Eis", "Gasthof Groß"]
    assert market.round.plan["engine"] == "pyvrp"
    assert {left["reason"] for left in market.round.plan["unserved"]} == {"no_skill", "too_large"}


@pytest.mark.parametrize(("equipment", "served"), [("schmal, Hebebühne", True), ("", False)])
def test_a_place_that_needs_a_tail_lift_gets_a_vehicle_that_has_one(market: Market, equipment: str, served: bool) -> None:
    VehicleFactory.create(region=market.region, name="Laster", equipment=equipment)
    VehicleFactory.create(region=market.region, name="Bulli")
    point = PickupPointFactory.create(municipality=market.village, needs="hebebühne")
    day = market.round.delivery_day
    starts, ends = (local(day, time(hour)) for hour in (14, 16))
    window = WindowFactory.create(round=market.round, pickup_point=point, starts_at=starts, ends_at=ends, fee=0)
    market.order((market.product(), 1), window=window)
    market.close()
    told = plan(market)
    assert bool(told) != served
    stop = Stop.objects.filter(kind=Stop.Kind.PICKUP).select_related("tour__vehicle").first()
    assert (stop.tour.vehicle.name if stop else "") == ("Laster" if served else "")


def test_plan_without_a_vehicle_serves_nobody(market: Market) -> None:
    market.order((market.product(), 1))
    market.close()
    assert len(plan(market)) == 2
    assert Tour.objects.count() == 0


def test_plan_takes_the_simple_way_when_the_search_fails(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_given: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(pyvrp, "solve", broken)
    VehicleFactory.create(region=market.region)
    delivery = market.order((market.product(), 1))
    market.close()
    assert plan(market) == []
    delivery.refresh_from_db()
    assert delivery.stop is not None
    assert market.round.plan["engine"] == "insertion"
    assert PlanVersion.objects.get().origin == PlanVersion.Origin.SIMPLE


def test_plan_that_is_called_off_leaves_the_one_before(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    market.close()
    plan(market)
    with pytest.raises(CalledOff):
        tours.plan(delivery_round=market.round, at=CLOSING, watch=lambda _share: False)
    assert Tour.objects.count() == 2
    assert PlanVersion.objects.count() == 1


def test_plan_proposes_what_would_help(market: Market) -> None:
    VehicleFactory.create(region=market.region, name="Bulli", capacity_crates=2, max_trips=1)
    for _number in range(4):
        market.order((market.product(), 1))
    market.close()
    assert len(plan(market)) > 0
    assert "Ein weiteres Fahrzeug wie „Bulli“" in proposals.sentences(delivery_round=market.round)[0]


def test_plan_lets_a_small_vehicle_come_back_to_load_again(market: Market) -> None:
    VehicleFactory.create(region=market.region, capacity_crates=2, max_trips=3)
    own = PartnerFactory.create(municipality=market.village, brings_to_hub=True)
    article = market.product(partner=own)
    for _number in range(4):
        market.order((article, 1))
    market.close()
    assert tours.plan(delivery_round=market.round, at=CLOSING, iterations=500) == []
    assert list(Tour.objects.order_by("trip").values_list("wave", "trip")) == [("deliver", 1), ("deliver", 2)]


def test_plan_of_a_long_day_says_when_the_break_is(market: Market) -> None:
    VehicleFactory.create(region=market.region, break_minutes=30, shift_ends=time(19))
    day = market.round.delivery_day
    own = PartnerFactory.create(municipality=market.village, brings_to_hub=True)
    for hour in (10, 13, 17):
        window = WindowFactory.create(round=market.round, starts_at=local(day, time(hour)), ends_at=local(day, time(hour, 30)))
        market.order((market.product(partner=own), 1), window=window)
    market.close()
    assert plan(market) == []
    tour = Tour.objects.get(wave=Tour.Wave.DELIVER)
    assert tour.ends_at - tour.starts_at > timedelta(hours=6)
    assert tour.break_at is not None
    assert tour.starts_at < tour.break_at < tour.ends_at


def test_plan_starts_where_the_vehicle_stands(market: Market) -> None:
    far = MunicipalityFactory.create(region=market.region, latitude=54.60, longitude=9.75)
    market.order((market.product(), 1))
    market.close()
    van = VehicleFactory.create(region=market.region)
    plan(market)
    near = PlanVersion.objects.latest("number").distance_m
    Vehicle.objects.filter(pk=van.pk).update(starts_in=far, ends_in=far)
    plan(market)
    assert PlanVersion.objects.latest("number").distance_m > near + 30_000


def test_plan_reckons_with_what_vehicles_cost(market: Market) -> None:
    VehicleFactory.create(region=market.region, name="teuer", euro_per_km=3, euro_per_hour=30)
    VehicleFactory.create(region=market.region, name="billig", euro_per_km=0, euro_per_hour=5)
    market.order((market.product(), 1))
    market.close()
    plan(market)
    assert {tour.vehicle.name for tour in Tour.objects.all()} == {"billig"}


def test_plan_again_replaces_the_tours_that_change(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    delivery = market.order((market.product(), 1))
    market.close()
    plan(market)
    first = set(Stop.objects.values_list("pk", flat=True))
    plan(market)
    assert set(Stop.objects.values_list("pk", flat=True)) == first
    Vehicle.objects.update(is_active=False)
    van = VehicleFactory.create(region=market.region)
    plan(market)
    assert {tour.vehicle for tour in Tour.objects.all()} == {van}
    assert not first & set(Stop.objects.values_list("pk", flat=True))
    delivery.refresh_from_db()
    assert delivery.stop is not None


def test_plan_refuses_an_open_round_and_one_under_way(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    with pytest.raises(tours.TourRefused):
        plan(market)
    market.close()
    plan(market)
    tours.start(tour=Tour.objects.order_by("wave")[0], at=DAY, by=None)
    with pytest.raises(tours.TourRefused):
        plan(market)


def test_plan_of_an_empty_round_ends_it(market: Market) -> None:
    market.close()
    assert plan(market) == []
    assert market.round.status == DeliveryRound.Status.DONE


def test_start_puts_goods_on_the_way_and_names_the_driver(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    delivery = market.order((market.product(), 1))
    market.close()
    plan(market)
    driver = UserFactory.create()
    tour = tours.start(tour=Tour.objects.get(wave=Tour.Wave.DELIVER), at=DAY, by=driver)
    delivery.refresh_from_db()
    market.round.refresh_from_db()
    assert (tour.driver, tour.started_at, delivery.status) == (driver, DAY, Delivery.Status.LOADED)
    assert market.round.status == DeliveryRound.Status.UNDER_WAY
    with pytest.raises(ForbiddenTransition):
        tours.start(tour=tour, at=DAY, by=driver)


def test_finish_wants_every_stop(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    market.close()
    plan(market)
    tour = tours.start(tour=Tour.objects.get(wave=Tour.Wave.DELIVER), at=DAY, by=None)
    with pytest.raises(tours.TourRefused):
        tours.finish(tour=tour, at=DAY, by=None)
    tour.stops.update(completed_at=DAY)
    assert tours.finish(tour=tour, at=DAY, by=None).status == Tour.Status.DONE


def test_round_is_done_with_its_last_delivery(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    first, second = market.order((market.product(), 1)), market.order((market.product(), 1))
    market.close()
    market.pack()
    plan(market)
    deliveries.complete(delivery=first, at=DAY, by=None, handed_to="Femke")
    market.round.refresh_from_db()
    assert market.round.status == DeliveryRound.Status.PLANNED
    deliveries.fail(delivery=second, at=DAY + timedelta(hours=1), by=None, reason="niemand da")
    market.round.refresh_from_db()
    assert (market.round.status, market.round.done_at) == (DeliveryRound.Status.DONE, DAY + timedelta(hours=1))


@pytest.mark.parametrize("producers", [1, 6])
def test_plan_needs_as_many_queries_for_six_times_the_calls(market: Market, producers: int) -> None:
    VehicleFactory.create(region=market.region)
    for _number in range(producers):
        article = market.product()
        market.order((article, 1))
        market.order((article, 2))
    market.close()
    with CaptureQueriesContext(connection) as captured:
        tours.plan(delivery_round=market.round, at=CLOSING, iterations=10)
    assert len(captured) == QUERIES_OF_A_PLAN


def test_start_of_a_delivering_tour_takes_in_what_producers_brought(market: Market) -> None:
    VehicleFactory.create(region=market.region)
    own = PartnerFactory.create(municipality=market.village, brings_to_hub=True)
    market.order((market.product(partner=own), 1), (market.product(), 1))
    market.close()
    market.pack()
    plan(market)
    tours.start(tour=Tour.objects.get(wave=Tour.Wave.DELIVER), at=DAY, by=None)
    assert {row.partner_id == own.pk: row.status for row in Collection.objects.all()} == {True: "collected", False: "packed"}
