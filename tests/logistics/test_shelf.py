"""What lies at a pickup point, and how it gets to its customers."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from logistics import cash, manifest, shelf
from logistics.deliveries import HandoverRefused, Outcome
from logistics.models import Box, Delivery, DeliveryRound, PackedLine, StopEvent, Tour
from logistics.shelf import ShelfRefused, State
from tests.logistics.pickup import Shop

pytestmark = pytest.mark.django_db


def today(shop: Shop) -> date:
    return shop.market.round.delivery_day


def hand_out(delivery: Delivery, shop: Shop, **given: Any) -> Delivery:
    told: dict[str, Any] = {"handed_to": "", "age_checked": False, "outcomes": {}, "at": shop.at(16), "by": shop.host}
    return shelf.hand_out(delivery=delivery, **(told | given))


def test_put_down_leaves_goods_to_the_host() -> None:
    shop = Shop()
    delivery = shop.order()
    stop = shop.bring()
    stop.refresh_from_db()
    delivery.refresh_from_db()
    assert (delivery.status, stop.completed_at) == (Delivery.Status.LOADED, shop.at(12))
    assert list(Box.objects.values_list("status", flat=True)) == [Box.Status.AT_POINT]


def test_goods_are_handed_over_at_once_where_nobody_looks_after_the_point() -> None:
    shop = Shop(hosted=False)
    delivery = shop.order()
    shop.bring()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.COMPLETED


def test_parcels_tell_states_in_their_order() -> None:
    shop = Shop()
    first, second = shop.order(recipient="Zita Beispiel"), shop.order(recipient="Ada Beispiel")
    assert shelf.parcels(pickup_point=shop.point, today=today(shop)) == []
    shop.pack_and_plan()
    assert [one.state for one in shelf.parcels(pickup_point=shop.point, today=today(shop))] == [State.COMING, State.COMING]
    shelf.all_arrived(pickup_point=shop.point, delivery_round=shop.market.round, at=shop.at(12), by=shop.host)
    hand_out(first, shop)
    found = shelf.parcels(pickup_point=shop.point, today=today(shop))
    assert [(one.name, one.state) for one in found] == [("Ada Beispiel", State.HERE), ("Zita Beispiel", State.GONE)]
    assert second.code == found[0].code


def test_parcels_need_the_same_queries_for_one_and_many(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    shop = Shop()
    for _number in range(3):
        shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    with django_assert_max_num_queries(7):
        assert len(shelf.parcels(pickup_point=shop.point, today=today(shop))) == 3


def test_parcels_name_cold_boxes_apart() -> None:
    shop = Shop()
    shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    (parcel,) = shelf.parcels(pickup_point=shop.point, today=today(shop))
    assert (len(parcel.boxes), parcel.cold) == (2, 1)


@pytest.mark.parametrize("told", ["code", " box ", "beispiel", "MR-box"])
def test_find_by_code_label_and_name(told: str) -> None:
    shop = Shop()
    delivery = shop.order()
    shop.pack_and_plan()
    found = shelf.parcels(pickup_point=shop.point, today=today(shop))
    label = Box.objects.get().code
    words = told.replace("code", delivery.code.lower()).replace("box", label)
    assert [one.delivery_id for one in shelf.find(found=found, told=words)] == [delivery.pk]
    assert shelf.find(found=found, told="Nirgendwer") == []


def test_hand_out_ends_the_round() -> None:
    shop = Shop()
    delivery = shop.order()
    shop.bring()
    handed = hand_out(delivery, shop, handed_to="Nachbarin")
    shop.market.round.refresh_from_db()
    assert (handed.status, handed.handed_to) == (Delivery.Status.COMPLETED, "Nachbarin")
    assert shop.market.round.status == DeliveryRound.Status.DONE
    assert Box.objects.get().status == Box.Status.HANDED_OVER


def test_hand_out_of_a_missing_box_costs_nothing() -> None:
    shop = Shop()
    delivery = shop.order((shop.honey, 2), (shop.cheese, 1))
    shop.bring()
    shelf.absent(box=Box.objects.get(is_cold=True), pickup_point=shop.point, at=shop.at(13), by=shop.host)
    hand_out(delivery, shop)
    lines = PackedLine.objects.order_by("order_line__title").values_list("order_line__title", "delivered", "problem")
    assert list(lines) == [("Frischkäse", 0, PackedLine.Problem.MISSING), ("Rapshonig", 2, "")]


def test_hand_out_takes_what_the_host_says() -> None:
    shop = Shop()
    delivery = shop.order()
    shop.bring()
    line = PackedLine.objects.get()
    hand_out(delivery, shop, outcomes={line.pk: Outcome(quantity=1, problem="damaged")})
    line.refresh_from_db()
    assert (line.delivered, line.problem) == (1, "damaged")


def test_hand_out_wants_to_see_the_age() -> None:
    shop = Shop()
    wine = shop.market.product(partner=shop.honey.partner, title="Wein", age_limit=16)
    delivery = shop.order((wine, 1))
    shop.bring()
    with pytest.raises(HandoverRefused):
        hand_out(delivery, shop)
    hand_out(delivery, shop, age_checked=True)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.age_checked_by) == (Delivery.Status.COMPLETED, shop.host)


def test_absent_undoes_a_tick_and_the_box_can_turn_up_again() -> None:
    shop = Shop()
    shop.order()
    shop.bring()
    box = Box.objects.get()
    shelf.absent(box=box, pickup_point=shop.point, at=shop.at(13), by=shop.host)
    box.refresh_from_db()
    assert box.status == Box.Status.MISSING
    shelf.arrived(box=box, pickup_point=shop.point, uuid=uuid4(), at=shop.at(14), by=shop.host)
    box.refresh_from_db()
    assert box.status == Box.Status.AT_POINT


def test_absent_refuses_what_was_handed_out() -> None:
    shop = Shop()
    delivery = shop.order()
    shop.bring()
    hand_out(delivery, shop)
    with pytest.raises(ShelfRefused):
        shelf.absent(box=Box.objects.get(), pickup_point=shop.point, at=shop.at(17), by=shop.host)


def test_money_taken_at_the_point_is_told_to_billing_and_is_no_cash_of_the_tour() -> None:
    shop = Shop()
    delivery = shop.order()
    stop = shop.bring()
    hand_out(delivery, shop, paid="cash")
    event = StopEvent.objects.get(stop=stop, data__has_key="paid")
    assert event.data == {"delivery": delivery.pk, "paid": "cash"}
    assert cash.purses(region=shop.market.region, today=today(shop)) == []


def test_the_drivers_page_knows_where_goods_are_only_put_down() -> None:
    shop = Shop()
    shop.order()
    shop.market.order((shop.honey, 1))
    shop.pack_and_plan()
    found = manifest.halts(tour=Tour.objects.get(wave=Tour.Wave.DELIVER))
    assert [halt.kept for halt in found] == [True, False]
