"""A plan changed by hand: what moves, what is told, what is refused, what stays, and two people at once."""

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest

from logistics import tours
from logistics.models import Delivery, PlanVersion, Stop, Tour, Vehicle
from logistics.planning import by_hand, faults, rows
from logistics.planning.by_hand import ChangeRefused, Outdated
from logistics.routing import HaversineProvider
from marketplace.regions.models import Role
from tests.factories.market import MembershipFactory, UserFactory, VehicleFactory, WindowFactory, local
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db
ROADS = HaversineProvider()
LATER = CLOSING + timedelta(minutes=5)


@pytest.fixture
def market() -> Market:
    """Six doors in a round with two vans of which one is enough."""
    market = Market()
    VehicleFactory.create(region=market.region, name="Bulli", driver=UserFactory.create())
    VehicleFactory.create(region=market.region, name="Kombi", driver=UserFactory.create())
    honey = market.product()
    for number in range(6):
        market.order((honey, 1), recipient=f"Tür {number}")
    market.close()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=100)
    market.round.refresh_from_db()
    return market


def delivering() -> list[Tour]:
    return list(Tour.objects.filter(wave=Tour.Wave.DELIVER).order_by("vehicle", "trip"))


def names(tour: Tour) -> list[str]:
    return list(tour.stops.order_by("sequence").values_list("name", flat=True))


def key_of(name: str) -> str:
    return f"delivery:{Delivery.objects.get(recipient=name).pk}"


def change(market: Market, verb: Callable[..., PlanVersion], **given: Any) -> PlanVersion:
    """By the office that looks at the present plan."""
    told = {"seen": rows.number(round_id=market.round.pk), "at": LATER, "by": None, "roads": ROADS} | given
    return verb(delivery_round=market.round, **told)


def idle() -> Vehicle:
    return Vehicle.objects.exclude(tours__wave=Tour.Wave.DELIVER).get()


def test_shift_calls_earlier_and_reckons_all_times_anew(market: Market) -> None:
    (tour,) = delivering()
    before = names(tour)
    change(market, by_hand.shift, key=key_of(before[2]), steps=-2)
    assert names(tour) == [before[2], before[0], before[1], *before[3:]]
    arrivals = list(tour.stops.order_by("sequence").values_list("planned_arrival", flat=True))
    assert arrivals == sorted(arrivals)
    assert [delivery.stop.name for delivery in Delivery.objects.select_related("stop").order_by("pk") if delivery.stop] == [
        f"Tür {number}" for number in range(6)
    ]


def test_move_begins_a_tour_of_a_vehicle_that_had_none_and_keeps_the_plan_before(market: Market) -> None:
    van = idle()
    kept = change(market, by_hand.move, key=key_of("Tür 3"), to=(van.pk, "deliver", 1), place=None)
    first, second = delivering()
    assert {len(names(first)), len(names(second))} == {5, 1}
    assert Tour.objects.get(vehicle=van).driver == van.driver
    before = PlanVersion.objects.get(number=kept.number - 1)
    assert (before.tours + 1, before.served, kept.served) == (kept.tours, 7, 7)
    assert kept.distance_m > before.distance_m > 0
    assert kept.cents > before.cents > 0


def test_move_of_the_last_stop_ends_a_tour(market: Market) -> None:
    van = idle()
    change(market, by_hand.move, key=key_of("Tür 3"), to=(van.pk, "deliver", 1), place=1)
    other = next(tour for tour in delivering() if tour.vehicle_id != van.pk)
    change(market, by_hand.move, key=key_of("Tür 3"), to=(other.vehicle_id, "deliver", 1), place=2)
    (tour,) = delivering()
    assert names(tour)[1] == "Tür 3"


def test_move_off_the_plan_is_told_and_can_be_taken_back(market: Market) -> None:
    before = rows.number(round_id=market.round.pk)
    change(market, by_hand.move, key=key_of("Tür 3"), to=None, place=None)
    market.round.refresh_from_db()
    assert [(left["name"], left["reason"]) for left in market.round.plan["unserved"]] == [("Tür 3", "by_hand")]
    assert Delivery.objects.get(recipient="Tür 3").stop is None
    change(market, by_hand.take_back, number=before)
    market.round.refresh_from_db()
    assert market.round.plan["unserved"] == []
    assert Delivery.objects.get(recipient="Tür 3").stop is not None
    assert PlanVersion.objects.latest("number").origin == PlanVersion.Origin.TAKEN_BACK


def test_change_of_one_tour_leaves_the_stops_of_the_others(market: Market) -> None:
    farms = set(Stop.objects.filter(kind=Stop.Kind.COLLECT).values_list("pk", flat=True))
    (tour,) = delivering()
    change(market, by_hand.shift, key=key_of(names(tour)[0]), steps=1)
    assert set(Stop.objects.filter(kind=Stop.Kind.COLLECT).values_list("pk", flat=True)) == farms


def test_swap_exchanges_two_doors_of_two_tours(market: Market) -> None:
    van = idle()
    change(market, by_hand.move, key=key_of("Tür 3"), to=(van.pk, "deliver", 1), place=1)
    change(market, by_hand.swap, key=key_of("Tür 3"), other=key_of("Tür 1"))
    assert names(Tour.objects.get(vehicle=van, wave="deliver")) == ["Tür 1"]


def test_swap_of_a_farm_with_a_door_is_refused(market: Market) -> None:
    farm = Stop.objects.get(kind=Stop.Kind.COLLECT).collections.get()
    with pytest.raises(ChangeRefused):
        change(market, by_hand.swap, key=f"collection:{farm.pk}", other=key_of("Tür 1"))


def test_goods_that_do_not_fit_are_refused_and_nothing_changes(market: Market) -> None:
    van = idle()
    Vehicle.objects.filter(pk=van.pk).update(capacity_crates=0)
    with pytest.raises(ChangeRefused, match=van.name):
        change(market, by_hand.move, key=key_of("Tür 3"), to=(van.pk, "deliver", 1), place=1)
    assert len(delivering()) == 1
    assert PlanVersion.objects.count() == 1


def test_who_is_late_by_hand_is_told_so_and_allowed(market: Market) -> None:
    early = WindowFactory.create(
        round=market.round,
        starts_at=local(market.round.delivery_day, time(9, 45)),
        ends_at=local(market.round.delivery_day, time(10)),
    )
    Delivery.objects.filter(recipient="Tür 3").update(window=early)
    (tour,) = delivering()
    kept = change(market, by_hand.move, key=key_of("Tür 3"), to=(tour.vehicle_id, "deliver", 1), place=6)
    tour.refresh_from_db()
    assert kept.faults == 1
    assert faults.sentences(tour=tour) == ["Tür 3: später als das Zeitfenster."]


def test_plan_again_leaves_what_is_locked(market: Market) -> None:
    van = idle()
    change(market, by_hand.move, key=key_of("Tür 3"), to=(van.pk, "deliver", 1), place=1)
    change(market, by_hand.lock_stop, key=key_of("Tür 3"), locked=True)
    again(market)
    assert Stop.objects.get(name="Tür 3").tour.vehicle == van
    assert Stop.objects.get(name="Tür 3").is_locked
    change(market, by_hand.lock_stop, key=key_of("Tür 3"), locked=False)
    again(market)
    assert len(delivering()) == 1


def test_plan_again_leaves_a_locked_tour_as_it_is(market: Market) -> None:
    (tour,) = delivering()
    backwards = list(reversed(names(tour)))
    for number, name in enumerate(backwards):
        change(market, by_hand.move, key=key_of(name), to=(tour.vehicle_id, "deliver", 1), place=number + 1)
    change(market, by_hand.lock_tour, tour=(tour.vehicle_id, "deliver", 1), locked=True)
    again(market)
    assert names(Tour.objects.get(pk=tour.pk)) == backwards


def again(market: Market) -> None:
    tours.plan(delivery_round=market.round, at=LATER, iterations=100)


def test_other_vehicle_and_other_driver(market: Market) -> None:
    (tour,) = delivering()
    van, driver = idle(), UserFactory.create()
    change(market, by_hand.change_vehicle, tour=(tour.vehicle_id, "deliver", 1), vehicle=van.pk)
    (tour,) = delivering()
    assert (tour.vehicle, tour.driver) == (van, van.driver)
    with pytest.raises(ChangeRefused):
        change(market, by_hand.change_driver, tour=(van.pk, "deliver", 1), driver=driver.pk)
    MembershipFactory.create(region=market.region, user=driver, role=Role.DRIVER)
    change(market, by_hand.change_driver, tour=(van.pk, "deliver", 1), driver=driver.pk)
    assert delivering()[0].driver == driver


def test_second_dispatcher_is_told_that_the_plan_has_changed(market: Market) -> None:
    seen = rows.number(round_id=market.round.pk)
    turn = partial(by_hand.shift, delivery_round=market.round, steps=1, seen=seen, at=LATER, by=None, roads=ROADS)
    (tour,) = delivering()
    first, second = names(tour)[:2]
    turn(key=key_of(first))
    with pytest.raises(Outdated):
        turn(key=key_of(second))
    assert PlanVersion.objects.count() == 2


def test_tour_that_has_started_is_left_alone(market: Market) -> None:
    (tour,) = delivering()
    key = key_of(names(tour)[0])
    tours.start(tour=tour, at=LATER, by=None)
    with pytest.raises(ChangeRefused):
        change(market, by_hand.shift, key=key, steps=1)
