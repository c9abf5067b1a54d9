"""What comes to the hub, where it goes, and what is missing."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from logistics import boxes, checkin
from logistics.checkin import CheckinRefused
from logistics.models import Box, BoxEvent, Collection, HubCheck
from tests.logistics.pickup import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def take_in(shop: Shop, told: str) -> checkin.HubBox:
    return checkin.take_in(delivery_round=shop.market.round, told=told, uuid=uuid4(), at=shop.at(9), by=None)


def status(box: Box) -> str:
    box.refresh_from_db()
    return box.status


def test_board_lists_producers_and_tours_with_the_last_stop_first(shop: Shop) -> None:
    for number in range(2):
        shop.market.order((shop.honey, 1 + number))
    shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    board = checkin.board(delivery_round=shop.market.round)
    (producer,) = board.producers
    assert (producer.name, producer.here, producer.open, producer.cold, producer.packed) == (
        shop.honey.partner.name,
        0,
        4,
        1,
        True,
    )
    (tour,) = board.tours
    assert [box.place.stop for box in tour.boxes if box.place] == [3, 2, 1, 1]
    assert (board.boxes, board.here, board.unplanned, board.check) == (4, 0, (), None)


def test_board_without_tours_says_so(shop: Shop) -> None:
    shop.order()
    shop.market.close()
    board = checkin.board(delivery_round=shop.market.round)
    assert (len(board.unplanned), board.tours) == (1, ())


def test_board_costs_the_same_for_any_number(shop: Shop, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _number in range(3):
        shop.order((shop.market.product(), 1), (shop.cheese, 1))
    shop.pack_and_plan()
    with django_assert_num_queries(3):
        assert len(checkin.board(delivery_round=shop.market.round).producers) == 4


@pytest.mark.parametrize("how", ["token", "letters"])
def test_take_in_says_where_the_box_goes_and_takes_the_goods_over(shop: Shop, how: str) -> None:
    shop.order()
    shop.pack_and_plan()
    box = Box.objects.get()
    told = boxes.token(box=box) if how == "token" else f" {box.code.lower()} "
    shown = take_in(shop, told)
    assert shown.here
    assert shown.place is not None
    assert (shown.place.number, shown.place.stop) == (2, 1)
    assert status(box) == Box.Status.AT_HUB
    assert Collection.objects.get().status == Collection.Status.COLLECTED


def test_take_in_refuses_labels_of_another_week(shop: Shop) -> None:
    shop.order()
    shop.pack_and_plan()
    for told in ("ZZZZ", f"MR{shop.market.round.pk + 1}-{Box.objects.get().code}"):
        with pytest.raises(CheckinRefused):
            take_in(shop, told)
    assert not BoxEvent.objects.filter(kind=BoxEvent.Kind.AT_HUB).exists()


def test_take_in_counts_a_report_once(shop: Shop) -> None:
    shop.order()
    shop.pack_and_plan()
    uuid, code = uuid4(), Box.objects.get().code
    for _time in range(2):
        checkin.take_in(delivery_round=shop.market.round, told=code, uuid=uuid, at=shop.at(9), by=None)
    assert BoxEvent.objects.filter(kind=BoxEvent.Kind.AT_HUB).count() == 1


def test_finish_misses_what_has_not_come_once(shop: Shop) -> None:
    shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    here, absent = Box.objects.order_by("is_cold")
    take_in(shop, here.code)
    assert checkin.finish(delivery_round=shop.market.round, at=shop.at(10), by=None) == 1
    assert checkin.finish(delivery_round=shop.market.round, at=shop.at(11), by=None) == 0
    assert (status(here), status(absent)) == (Box.Status.AT_HUB, Box.Status.MISSING)
    assert HubCheck.objects.get().finished_at == shop.at(10)


def test_box_that_turns_up_after_the_check_is_ticked_off(shop: Shop) -> None:
    shop.order()
    shop.pack_and_plan()
    box = Box.objects.get()
    checkin.finish(delivery_round=shop.market.round, at=shop.at(10), by=None)
    take_in(shop, box.code)
    assert status(box) == Box.Status.AT_HUB


def test_miss_takes_a_slip_back_until_the_box_has_left(shop: Shop) -> None:
    shop.order()
    shop.pack_and_plan()
    box = Box.objects.get()
    take_in(shop, box.code)
    checkin.miss(box=box, at=shop.at(9, 5), by=None)
    assert status(box) == Box.Status.MISSING
    boxes.note_all(boxes=[box], kind=BoxEvent.Kind.LOADED, at=shop.at(10), by=None)
    with pytest.raises(CheckinRefused):
        checkin.miss(box=box, at=shop.at(11), by=None)


def test_take_in_all_leaves_out_what_was_missed(shop: Shop) -> None:
    shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    first, second = Box.objects.order_by("pk")
    checkin.miss(box=first, at=shop.at(9), by=None)
    assert checkin.take_in_all(collection=Collection.objects.get(), at=shop.at(9, 5), by=None) == 1
    assert (status(first), status(second)) == (Box.Status.MISSING, Box.Status.AT_HUB)
