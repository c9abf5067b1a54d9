"""Whether goods were cold enough, and what follows if not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from pytest_django import DjangoAssertNumQueries

from logistics import reading_spots, readings, shelf, tasks
from logistics.models import Box, Reading, Tour
from logistics.readings import Judged, ReadingRefused
from marketplace.catalogue.models import Product
from tests.logistics.market import DAY, Market
from tests.logistics.pickup import Shop

pytestmark = pytest.mark.django_db
Place, Storage = Reading.Place, Reading.Storage


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    return shop


def read(shop: Shop, tenths: int, hour: int = 9, **given: Any) -> Judged:
    told = {"uuid": uuid4(), "place": Place.HUB, "storage": Storage.COOL, "by": None, **given}
    at = shop.at(hour)
    return readings.note(delivery_round=shop.market.round, tenths=tenths, measured_at=at, received_at=at, **told)


@pytest.mark.parametrize(
    ("storage", "place", "tenths", "too_warm"),
    [
        (Storage.COOL, Place.HUB, 70, False),
        (Storage.COOL, Place.HUB, 71, True),
        (Storage.COOL, Place.VEHICLE, 71, True),
        (Storage.FROZEN, Place.POINT, -180, False),
        (Storage.FROZEN, Place.POINT, -179, True),
        (Storage.FROZEN, Place.VEHICLE, -150, False),
        (Storage.FROZEN, Place.VEHICLE, -149, True),
    ],
)
def test_note_judges_by_goods_and_place(shop: Shop, storage: str, place: str, tenths: int, too_warm: bool) -> None:
    tour = Tour.objects.first()
    assert read(shop, tenths, storage=storage, place=place, tour=tour, pickup_point=shop.point).too_warm == too_warm


def test_note_judges_by_the_limits_of_the_region(shop: Shop) -> None:
    limits = readings.limits_of(region=shop.market.region)
    limits.cool_at_most = 40
    readings.keep_limits(limits=limits, at=shop.at(8), by=None)
    assert read(shop, 45).too_warm


def test_note_counts_a_report_once(shop: Shop) -> None:
    uuid = uuid4()
    for tenths in (50, 90):
        read(shop, tenths, uuid=uuid)
    assert Reading.objects.get().tenths == 50


@pytest.mark.parametrize("given", [{"tenths": 900}, {"tenths": 50, "place": Place.POINT}, {"tenths": 50, "storage": "warm"}])
def test_note_refuses_what_cannot_be(shop: Shop, given: dict[str, Any]) -> None:
    with pytest.raises(ReadingRefused):
        read(shop, given.pop("tenths"), **given)


def test_too_warm_stands_until_it_is_cold_again_there(shop: Shop) -> None:
    region = shop.market.region
    warm = read(shop, 95, hour=9)
    read(shop, 40, hour=10, place=Place.POINT, pickup_point=shop.point)
    assert [row.pk for row in readings.too_warm(region=region)] == [warm.reading.pk]
    read(shop, 60, hour=11)
    assert not readings.too_warm(region=region).exists()
    assert [judged.open for judged in readings.of_round(delivery_round=shop.market.round)] == [False, False, False]


def test_of_round_needs_one_query(shop: Shop, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for tenths in (40, 95, 60):
        read(shop, tenths)
    with django_assert_num_queries(1):
        assert [judged.where for judged in readings.of_round(delivery_round=shop.market.round)] == [
            shop.market.region.hub_name
        ] * 3


def test_boxes_concerned_are_the_cold_ones_of_that_kind_there(shop: Shop) -> None:
    deliver = Tour.objects.get(wave=Tour.Wave.DELIVER)
    cold = Box.objects.get(is_cold=True)
    places: tuple[dict[str, Any], ...] = (
        {},
        {"place": Place.VEHICLE, "tour": deliver},
        {"place": Place.POINT, "pickup_point": shop.point},
    )
    for given in places:
        assert list(readings.boxes_concerned(reading=read(shop, 95, **given).reading)) == [cold]
    frozen = read(shop, -50, storage=Storage.FROZEN).reading
    assert list(readings.boxes_concerned(reading=frozen)) == []


def test_hold_back_keeps_boxes_from_everybody_wherever_they_are(shop: Shop) -> None:
    stop_boxes = Box.objects.get(is_cold=True)
    shelf.all_arrived(pickup_point=shop.point, delivery_round=shop.market.round, at=shop.at(12), by=shop.host)
    warm = read(shop, 120, hour=13, place=Place.POINT, pickup_point=shop.point)
    assert readings.hold_back(reading=warm.reading, at=shop.at(13), by=None) == 1
    stop_boxes.refresh_from_db()
    assert stop_boxes.status == Box.Status.MISSING
    (parcel,) = shelf.parcels(pickup_point=shop.point, today=shop.market.round.delivery_day)
    delivery = shop.market.round.deliveries.get()
    shelf.hand_out(delivery=delivery, handed_to="", age_checked=False, outcomes={}, at=shop.at(14), by=shop.host)
    cold_line = delivery.packed_lines.get(order_line__storage=Product.Storage.COOL)
    assert (parcel.state, cold_line.delivered) == (shelf.State.HERE, 0)


def test_spots_are_hub_vehicles_producers_and_points(shop: Shop) -> None:
    shop.market.round.refresh_from_db()
    found = reading_spots.of(delivery_round=shop.market.round)
    assert [spot.named["place"] for spot in found] == [
        Place.HUB,
        Place.VEHICLE,
        Place.VEHICLE,
        Place.PRODUCER,
        Place.POINT,
    ]


def _warm(market: Market, tenths: int, minutes: int) -> None:
    at = DAY + timedelta(minutes=minutes)
    readings.note(
        delivery_round=market.round,
        uuid=uuid4(),
        place="hub",
        storage="cool",
        tenths=tenths,
        measured_at=at,
        received_at=at,
        by=None,
    )
    tasks.tell_of_warm_goods()


def test_office_is_written_to_once_for_each_place_that_is_too_warm(mailoutbox: list[EmailMessage]) -> None:
    market = Market()
    market.order((market.product(), 1))
    market.close()
    _warm(market, 60, 0)
    assert mailoutbox == []
    _warm(market, 95, 1)
    _warm(market, 110, 2)
    tasks.tell_of_warm_goods()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([market.region.email], f"Zu warm: {market.region.hub_name}")
    assert "9,5" in mail.body
    assert f"/umschlag/{market.round.pk}/" in mail.body
