"""What sharing saves: the tours of a round beside every producer driving the same deliveries alone."""

from datetime import date
from decimal import Decimal

import pytest

from logistics import savings, tasks
from logistics.models import Delivery, RoadCosts, RoundSavings, Tour
from logistics.routing import HaversineProvider, Place
from tests.factories import town as towns
from tests.factories.market import NOW
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return towns.build(today=date(2026, 11, 24))


def driven(town: Town, *baskets: dict[str, int]) -> None:
    """The town's round, ordered, packed, planned and driven."""
    for goods in baskets:
        way.order(town, goods)
    way.through(town.round, by=town.people["driver"])
    town.round.refresh_from_db()


def metres(*places: tuple[float, float]) -> int:
    """The way through these places in this order."""
    points = [Place(*place) for place in places]
    table = HaversineProvider().table(points, "van").metres
    return sum(int(table[number, number + 1]) for number in range(len(points) - 1))


def test_alone_is_from_each_farm_to_the_door_and_back(town: Town) -> None:
    driven(town, {"goat_cheese": 1, "honey": 1})
    kept = savings.compute(delivery_round=town.round, at=NOW)
    delivery = Delivery.objects.get()
    door = (delivery.latitude, delivery.longitude)
    farms = [(farm.latitude, farm.longitude) for farm in (town.partners["dairy"], town.partners["bees"])]
    assert kept.alone_m == kept.nearest_m == sum(metres(farm, door, farm) for farm in farms)
    assert (kept.orders, kept.producers, kept.is_estimated) == (1, 2, True)


def test_driven_is_what_the_tours_say_and_who_brings_goods_counts_too(town: Town) -> None:
    dairy = town.partners["dairy"]
    dairy.brings_to_hub = True
    dairy.save()
    driven(town, {"goat_cheese": 1, "honey": 1})
    kept = savings.compute(delivery_round=town.round, at=NOW)
    tours = sum(Tour.objects.filter(round=town.round).values_list("distance_m", flat=True))
    hub = (town.region.hub_latitude, town.region.hub_longitude)
    farm = (dairy.latitude, dairy.longitude)
    assert kept.shared_m == kept.motor_m == tours + metres(farm, hub, farm)


def test_cargo_bikes_drive_without_a_motor(town: Town) -> None:
    driven(town, {"goat_cheese": 1})
    vehicle = Tour.objects.filter(round=town.round, wave="deliver").get().vehicle
    vehicle.profile = "bike"
    vehicle.save()
    kept = savings.compute(delivery_round=town.round, at=NOW)
    on_bikes = sum(Tour.objects.filter(round=town.round, vehicle=vehicle).values_list("distance_m", flat=True))
    assert kept.motor_m == kept.shared_m - on_bikes


def test_again_gives_the_same_figures_once(town: Town) -> None:
    driven(town, {"goat_cheese": 1, "honey": 1}, {"apple_juice": 1, "honey": 2})
    first = savings.compute(delivery_round=town.round, at=NOW)
    second = savings.compute(delivery_round=town.round, at=NOW)
    assert RoundSavings.objects.count() == 1
    figures = ("shared_m", "shared_s", "alone_m", "alone_s", "nearest_m", "by_producer")
    assert [getattr(first, name) for name in figures] == [getattr(second, name) for name in figures]
    assert sum(one["metres"] for one in second.by_producer) == second.alone_m <= second.nearest_m


def test_the_job_finds_rounds_that_are_over_once(town: Town) -> None:
    way.order(town, {"goat_cheese": 1})
    tasks.compute_savings()
    assert not RoundSavings.objects.exists()
    way.through(town.round, by=town.people["driver"])
    assert list(savings.due()) == [town.round]
    tasks.compute_savings()
    assert RoundSavings.objects.get().round == town.round
    assert not savings.due().exists()


def test_worth_reckons_with_the_regions_own_figures_and_may_be_negative(town: Town) -> None:
    costs = RoadCosts(region=town.region, euro_per_km=Decimal("0.50"), euro_per_hour=Decimal(20), grams_per_km=100)
    row = RoundSavings(shared_m=30_000, motor_m=20_000, alone_m=100_000, shared_s=3600, alone_s=9000)
    found = savings.worth(savings=[row], costs=costs)
    assert (found.metres, found.seconds, found.grams) == (70_000, 5400, 8000)
    assert found.euro == Decimal("65.00")
    row.alone_m, row.alone_s = 20_000, 3600
    assert savings.worth(savings=[row], costs=costs).euro == Decimal("-5.00")


def test_a_region_without_own_figures_reckons_with_the_usual_ones(town: Town) -> None:
    assert savings.costs_of(region=town.region).euro_per_km == Decimal("0.30")
    assert not RoadCosts.objects.exists()
