"""Many buyers at once, each with a connection of its own: vehicles and places are never overbooked in any dimension."""

from typing import Any

import pytest
from django.db import transaction

from logistics import deliveries, limits
from logistics.models import Delivery, RoundSpace
from logistics.spaces import NoSpace
from marketplace.catalogue.models import Product
from tests.factories import ground
from tests.factories.market import NOW, PickupPointFactory, VehicleFactory, WindowFactory
from tests.logistics.market import Market
from tests.logistics.test_races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _ground() -> None:
    """These tests empty all tables; what every database holds is put back before each."""
    ground.lay()


def buy(market: Market, goods: Product, quantity: int, **given: Any) -> str:
    try:
        with transaction.atomic():
            market.order((goods, quantity), **given)
    except NoSpace:
        return "full"
    return "booked"


@pytest.mark.parametrize(
    ("vehicle", "storage", "booked"),
    [
        ({"capacity_crates": 7, "capacity_cold": 0}, "ambient", 3),  # two crates each
        ({"capacity_crates": 70, "capacity_cold": 5}, "cool", 2),
        ({"capacity_crates": 70, "capacity_cold": 9, "capacity_g": 130_000}, "ambient", 4),  # 30 kg each
    ],
)
def test_ten_buyers_of_what_vehicles_still_carry(vehicle: dict[str, int], storage: str, booked: int) -> None:
    market = Market()
    VehicleFactory.create(region=market.region, **vehicle)
    limits.refit(region=market.region)
    goods = market.product(volume_ml=30_000, storage=storage)
    assert at_once(10, lambda _mine: buy(market, goods, 2)) == ["booked"] * booked + ["full"] * (10 - booked)
    space = RoundSpace.objects.get()
    assert (space.orders, space.crates) == (booked, 2 * booked)


def test_buyers_at_two_points_and_the_door_share_the_vehicles_and_never_wait_in_a_circle() -> None:
    market = Market()
    VehicleFactory.create(region=market.region, capacity_crates=6)
    windows = [market.window]
    for _number in range(2):
        point = PickupPointFactory.create(municipality=market.village, capacity_orders=2)
        windows.append(WindowFactory.create(round=market.round, pickup_point=point, capacity=50))
    limits.refit(region=market.region)
    goods = market.product()
    told = at_once(12, lambda mine: buy(market, goods, 1, window=windows[mine % 3]))
    assert told.count("booked") == 6
    rows = {row.pickup_point_id: row for row in RoundSpace.objects.all()}
    assert rows[None].crates == 6
    assert all(row.orders <= 2 for key, row in rows.items() if key)
    assert rows[None].orders == Delivery.objects.count()


def test_cancelling_while_others_buy_gives_back_exactly_once() -> None:
    market = Market()
    VehicleFactory.create(region=market.region, capacity_crates=4)
    limits.refit(region=market.region)
    goods = market.product()
    with transaction.atomic():
        there = [market.order((goods, 1)) for _number in range(4)]

    def act(mine: int) -> str:
        if mine < 4:
            try:
                deliveries.cancel(delivery=there[mine // 2], at=NOW)  # each is cancelled by two at once
            except Exception as refused:  # whichever refusal: it was given back before
                return type(refused).__name__
            return "cancelled"
        return buy(market, goods, 1)

    told = at_once(10, act)
    assert told.count("cancelled") == 2
    space = RoundSpace.objects.get()
    booked = Delivery.objects.filter(status="booked").count()
    assert (space.orders, space.crates) == (booked, booked)
    assert booked <= 4


def test_a_smaller_fleet_and_buyers_at_once() -> None:
    market = Market()
    vehicle = VehicleFactory.create(region=market.region, capacity_crates=8)
    limits.refit(region=market.region)
    goods = market.product()

    def act(mine: int) -> str:
        if mine == 0:
            type(vehicle).objects.filter(pk=vehicle.pk).update(capacity_crates=2)
            limits.refit(region=market.region)
            return "smaller"
        return buy(market, goods, 1)

    at_once(8, act)
    space = RoundSpace.objects.get()
    assert space.crates == Delivery.objects.count() <= 8
    assert space.limit_crates == max(2, space.crates)
