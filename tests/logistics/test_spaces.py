"""Crates, kilograms and chilled crates of a round: taken with the place, given back once, never more than fits in."""

from datetime import timedelta
from typing import Any

import pytest

from logistics import crates, deliveries, limits, packing, places, reservations, rounds, spaces, waiting, windows
from logistics.crates import Load
from logistics.models import Collection, PackedLine, PickupPoint, RoundSpace, RuleWindow, WaitingEntry
from logistics.places import BadPlace
from logistics.spaces import NoSpace
from tests.factories import orders
from tests.factories.market import NOW, PickupPointFactory, RoundFactory, VehicleFactory, WindowFactory
from tests.logistics.market import PACKING, Market

pytestmark = pytest.mark.django_db
LITRES_30 = 30_000


def fit(market: Market) -> None:
    limits.refit(region=market.region)


def fleet(market: Market) -> RoundSpace:
    return RoundSpace.objects.get(round=market.round, pickup_point=None, window=None)


def taken(space: RoundSpace) -> tuple[int, int, int]:
    return space.orders, space.crates, space.cold


def at_point(market: Market, **given: Any) -> tuple[PickupPoint, Any]:
    point = PickupPointFactory.create(municipality=market.village, **given)
    return point, WindowFactory.create(round=market.round, pickup_point=point, capacity=50)


def test_a_load_is_crates_chilled_crates_and_kilograms() -> None:
    market = Market()
    jar = market.product(volume_ml=LITRES_30)  # 500 g a jar
    milk = market.product(volume_ml=1000, storage="cool", net_content=1000, net_unit="ml")
    plant = market.product(volume_ml=8000, net_content=None, net_unit="none")
    ham = market.product(catch_weight=True, expected_weight_g=1200, offer__price_per_kg="20.00")
    load = crates.at_least_one(goods=[(jar, 2), (milk, 3), (plant, 1), (ham, 2)])
    assert (load.crates, load.cold) == (3, 1)
    assert load.grams == 2 * 550 + 3 * 1100 + 4000 + 2 * 1200
    assert crates.at_least_one(goods=[]).crates == 1


def test_orders_count_in_vehicles_point_and_window_and_give_back_once() -> None:
    market = Market()
    VehicleFactory.create(region=market.region, capacity_crates=10, capacity_cold=4)
    point, window = at_point(market, capacity_orders=3, capacity_crates=9)
    fit(market)
    goods = market.product(volume_ml=LITRES_30)
    booked = market.order((goods, 3), window=window)
    there = RoundSpace.objects.get(round=market.round, pickup_point=point)
    assert (taken(fleet(market)), taken(there)) == ((1, 3, 0), (1, 3, 0))
    assert (booked.crates, booked.cold_crates) == (3, 0)
    deliveries.cancel(delivery=booked, at=NOW)
    there.refresh_from_db()
    assert (taken(fleet(market)), taken(there)) == ((0, 0, 0), (0, 0, 0))


@pytest.mark.parametrize(
    ("vehicle", "goods", "words"),
    [
        ({"capacity_crates": 4}, {"volume_ml": LITRES_30}, "zu groß.*4 Kisten"),
        ({"capacity_crates": 40, "capacity_cold": 2}, {"volume_ml": LITRES_30, "storage": "cool"}, "2 Kisten.*gekühlte"),
        ({"capacity_crates": 40, "capacity_g": 2000}, {"volume_ml": LITRES_30}, "zu schwer.*2.kg"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(vehicle: dict[str, Any], goods: dict[str, Any], words: str) -> None:
    market = Market()
    VehicleFactory.create(region=market.region, **{"capacity_cold": 0, **vehicle})
    fit(market)
    with pytest.raises(NoSpace, match=words):
        market.order((market.product(**goods), 6))
    assert taken(fleet(market)) == (0, 0, 0)


def test_a_point_is_full_at_its_number_of_orders_though_its_windows_have_places() -> None:
    market = Market()
    _point, window = at_point(market, capacity_orders=1)
    fit(market)
    goods = market.product()
    market.order((goods, 1), window=window)
    with pytest.raises(NoSpace, match="kein Platz mehr"):
        market.order((goods, 1), window=window)
    market.order((goods, 1))  # at the door there is room


def test_goods_without_cold_storage_at_the_point_are_refused() -> None:
    market = Market()
    _point, window = at_point(market, cold_storage=False)
    fit(market)
    with pytest.raises(NoSpace):
        market.order((market.product(storage="cool"), 1), window=window)


def test_a_full_place_stays_visible_and_is_not_free() -> None:
    market = Market()
    VehicleFactory.create(region=market.region, capacity_crates=2)
    fit(market)
    goods = market.product(volume_ml=LITRES_30)
    market.order((goods, 1))

    def free(load: Load) -> int:
        (choice,) = windows.choices(region=market.region, municipality=None, at=NOW, load=load)
        return choice.free

    assert free(Load(crates=1, cold=0)) == 199
    assert free(Load(crates=2, cold=0)) == 0
    market.order((goods, 1))
    assert free(Load(crates=1, cold=0)) == 0


def test_moving_a_delivery_takes_there_and_gives_back_here() -> None:
    market = Market()
    first, window = at_point(market, capacity_crates=5)
    second, other = at_point(market, capacity_crates=1)
    fit(market)
    booked = market.order((market.product(volume_ml=LITRES_30), 2), window=window)
    details: Any = {
        "kind": "pickup",
        "recipient": "Femke Beispiel",
        "street": "",
        "postal_code": "24361",
        "city": "Haby",
        "municipality": market.village,
        "latitude": 54.4,
        "longitude": 9.7,
        "phone": "",
        "note": "",
        "needs_age_check": None,
    }
    with pytest.raises(NoSpace):
        deliveries.move(delivery=booked, window=other, at=NOW, **details)
    deliveries.move(delivery=booked, window=other, at=NOW, load=Load(crates=1, cold=0, grams=300), **details)
    spaces_now = {row.pickup_point_id: taken(row) for row in RoundSpace.objects.filter(round=market.round)}
    assert spaces_now == {None: (1, 1, 0), first.pk: (0, 0, 0), second.pk: (1, 1, 0)}
    booked.refresh_from_db()
    assert booked.weight_g == 300


def test_a_checkout_keeps_room_and_what_expires_gives_it_back() -> None:
    till = orders.till()
    region = till.window.round.region
    VehicleFactory.create(region=region, capacity_crates=9)
    limits.refit(region=region)
    space = RoundSpace.objects.get(round=till.window.round, pickup_point=None, window=None)
    wanted = {line.stockrecord_id: line.quantity for line in till.basket.lines.all()}
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted, at=NOW)
    space.refresh_from_db()
    assert taken(space)[:2] == (1, 1)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted, at=NOW)
    space.refresh_from_db()
    assert taken(space)[:2] == (1, 1)
    assert reservations.expire_due(at=NOW + timedelta(hours=1)) == 1
    space.refresh_from_db()
    assert taken(space) == (0, 0, 0)


def test_the_waiting_list_offers_nothing_that_would_not_fit() -> None:
    market = Market()
    _point, window = at_point(market, capacity_orders=1)
    fit(market)
    booked = market.order((market.product(), 1), window=window)
    entry = WaitingEntry.objects.create(window=window, email="wartet@kunde.example", entered_at=NOW, confirmed_at=NOW)
    assert waiting.move_up(window_id=window.pk, at=NOW) == 0
    deliveries.cancel(delivery=booked, at=NOW)
    assert waiting.move_up(window_id=window.pk, at=NOW) == 1
    space = RoundSpace.objects.get(round=market.round, pickup_point__isnull=False)
    assert taken(space) == (1, 1, 0)
    entry.refresh_from_db()
    waiting.leave(entry=entry, at=NOW)
    space.refresh_from_db()
    assert taken(space) == (0, 0, 0)


def test_counters_that_come_later_count_what_is_there() -> None:
    market = Market()
    _point, window = at_point(market)
    goods = market.product(volume_ml=LITRES_30)
    market.order((goods, 2), window=window)
    market.order((goods, 1))
    fit(market)
    assert {taken(row) for row in RoundSpace.objects.filter(round=market.round)} == {(2, 3, 0), (1, 2, 0)}


def test_fewer_vehicles_never_throw_anybody_out() -> None:
    market = Market()
    vehicle = VehicleFactory.create(region=market.region, capacity_crates=9, capacity_cold=2)
    fit(market)
    market.order((market.product(volume_ml=LITRES_30), 5))
    vehicle.capacity_crates = 3
    places.keep_vehicle(vehicle=vehicle, at=NOW, by=None)
    space = fleet(market)
    assert (space.limit_crates, space.crates) == (4, 4)
    vehicle.capacity_cold = 4
    with pytest.raises(BadPlace, match="gekühlte"):
        places.keep_vehicle(vehicle=vehicle, at=NOW, by=None)


def test_a_vehicle_that_comes_back_to_load_counts_twice_and_none_is_no_limit() -> None:
    assert limits.of_fleet(vehicles=[]) == limits.Limits()
    vehicle = VehicleFactory.build(capacity_crates=8, capacity_cold=2, max_trips=2, capacity_g=100_000)
    assert limits.of_fleet(vehicles=[vehicle]) == limits.Limits(crates=16, cold=4, grams=200_000)
    other = VehicleFactory.build(capacity_crates=5, capacity_cold=0, capacity_g=None)
    assert limits.of_fleet(vehicles=[vehicle, other]) == limits.Limits(crates=21, cold=4, grams=None)


def test_windows_may_take_only_so_many_crates() -> None:
    market = Market()
    rule = market.round.rule
    local = market.window.starts_at.astimezone(RoundFactory.build(rule=rule).opens_at.tzinfo)
    RuleWindow.objects.create(
        rule=rule, starts=local.time(), ends=(local + timedelta(hours=2)).time(), capacity=200, capacity_crates=2
    )
    fit(market)
    goods = market.product(volume_ml=LITRES_30)
    market.order((goods, 2))
    with pytest.raises(NoSpace):
        market.order((goods, 1))


def test_closing_and_cancelling_many_gives_back_what_they_took(django_assert_max_num_queries: Any) -> None:
    market = Market()
    VehicleFactory.create(region=market.region, capacity_crates=50)
    fit(market)
    goods = market.product(volume_ml=LITRES_30)
    made = [market.order((goods, 1)) for _number in range(5)]
    with django_assert_max_num_queries(3):
        spaces.release_all(delivery_ids=[row.pk for row in made])
    assert taken(fleet(market)) == (0, 0, 0)


def test_announced_rounds_have_counters_from_the_start() -> None:
    market = Market()
    rule = market.round.rule
    RuleWindow.objects.create(rule=rule, starts=market.round.rule.hub_open_from, ends=rule.hub_sorted_by, capacity=4)
    VehicleFactory.create(region=market.region, capacity_crates=7)
    rounds.announce(rule=rule, today=NOW.date())
    new = rule.rounds.exclude(pk=market.round.pk)
    assert new.exists()
    assert set(RoundSpace.objects.filter(round__in=new).values_list("limit_crates", flat=True)) == {7}


def test_packing_corrects_what_an_order_takes() -> None:
    market = Market()
    goods = market.product(volume_ml=LITRES_30)
    ham = market.product(partner=goods.partner, catch_weight=True, expected_weight_g=1000, offer__price_per_kg="20.00")
    booked = market.order((goods, 4), (ham, 1))
    before = booked.weight_g
    market.close()
    for line in PackedLine.objects.order_by("pk"):
        heavy = 1080 if line.order_line.catch_weight else None
        packing.record(packed_line=line, quantity=1, weight_g=heavy, at=PACKING, by=None)
    packing.finish(collection=Collection.objects.get(), crates=1, cold_crates=0, at=PACKING, by=None)
    booked.refresh_from_db()
    assert booked.crates == 1
    assert (before, booked.weight_g) == (4 * 15_000 + 1000, 15_000 + 1080)
