"""How a running round stands, as the office sees it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from logistics import checkin, deliveries, driving, live, readings
from logistics.live import Kind, Live
from logistics.models import Collection, Reading, Stop, Tour
from tests.logistics.pickup import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.window.ends_at = shop.at(18)
    shop.window.save()
    shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.market.order((shop.honey, 1), recipient="Ada Beispiel")
    shop.pack_and_plan()
    return shop


def board(shop: Shop, hour: int, minute: int = 0) -> Live:
    shop.market.round.refresh_from_db()
    return live.board(delivery_round=shop.market.round, at=shop.at(hour, minute))


def kinds(found: Live) -> list[Kind]:
    return [problem.kind for problem in found.problems]


def collect(shop: Shop, hour: int, minute: int = 0) -> None:
    shop.report(Stop.objects.get(tour__wave=Tour.Wave.COLLECT), driving.Kind.COLLECTED, shop.at(hour, minute))


def test_board_before_anything_happened(shop: Shop) -> None:
    found = board(shop, 6)
    assert (kinds(found), found.deliveries, found.waiting) == ([], 2, 2)
    assert [(row.number, row.done, row.stops, row.minutes, row.heard_at) for row in found.tours] == [
        (1, 0, 1, 0, None),
        (2, 0, 2, 0, None),
    ]


def test_board_says_that_a_tour_has_not_set_out(shop: Shop) -> None:
    assert kinds(board(shop, 7, 14)) == []
    assert kinds(board(shop, 7, 15)) == [Kind.NOT_STARTED]


def test_board_counts_who_has_the_goods(shop: Shop) -> None:
    collect(shop, 7, 35)
    shop.report(Stop.objects.get(kind=Stop.Kind.PICKUP), driving.Kind.DELIVERED, shop.at(11, 52))
    found = board(shop, 11, 55)
    assert (found.waiting, found.under_way, found.on_shelf, found.delivered) == (0, 1, 1, 0)
    assert [row.done for row in found.tours] == [1, 1]
    assert found.tours[1].heard_at == shop.at(11, 52)


def test_board_says_who_is_late_and_who_is_silent(shop: Shop) -> None:
    collect(shop, 7, 35)
    shop.report(Stop.objects.get(kind=Stop.Kind.PICKUP), driving.Kind.DELIVERED, shop.at(12, 15))
    found = board(shop, 12, 20)
    assert kinds(found) == [Kind.LATE]
    assert found.tours[1].ends_at == found.tours[1].tour.ends_at + timedelta(minutes=20)
    assert kinds(board(shop, 13, 1)) == [Kind.SILENT, Kind.LATE]
    assert kinds(board(shop, 18)) == [Kind.SILENT, Kind.LATE, Kind.UNFETCHED]


def test_board_names_missing_boxes_with_whom_to_call(shop: Shop) -> None:
    checkin.finish(delivery_round=shop.market.round, at=shop.at(7), by=None)
    found = board(shop, 7, 5)
    assert kinds(found) == [Kind.MISSING] * 3
    assert {problem.phone for problem in found.problems} == {shop.honey.partner.phone}


def test_board_names_failed_deliveries_farms_that_still_pack_and_warm_goods(shop: Shop) -> None:
    home = shop.market.round.deliveries.get(recipient="Ada Beispiel")
    deliveries.fail(delivery=home, at=shop.at(6), by=None, reason="niemand da")
    collection = Collection.objects.get()
    Collection.objects.filter(pk=collection.pk).update(status=Collection.Status.OPEN)
    readings.note(
        delivery_round=shop.market.round,
        uuid=uuid4(),
        place=Reading.Place.HUB,
        storage=Reading.Storage.COOL,
        tenths=95,
        measured_at=shop.at(6),
        received_at=shop.at(6),
        by=None,
    )
    assert kinds(board(shop, 6)) == [Kind.WARM, Kind.UNPACKED, Kind.FAILED]


def test_board_costs_the_same_for_any_number(shop: Shop, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    shop.market.round.refresh_from_db()
    checkin.finish(delivery_round=shop.market.round, at=shop.at(7), by=None)
    with django_assert_max_num_queries(9):
        live.board(delivery_round=shop.market.round, at=shop.at(13))
