"""The cash of a tour: what the reports say, and what was counted."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from logistics import cash, driving, tours
from logistics.models import Delivery, Stop, Tour
from tests.factories.market import UserFactory, VehicleFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    for _number in range(2):
        market.order((market.product(), 1))
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)
    return market


def stops() -> list[Stop]:
    return list(Stop.objects.filter(kind=Stop.Kind.DELIVER).order_by("sequence"))


def report(stop: Stop, **data: Any) -> None:
    driving.report(stop=stop, uuid=uuid4(), kind="delivered", reported_at=DAY, received_at=DAY, by=None, data=data)


def test_purses_sum_up_the_cash_of_a_tour_and_no_card(market: Market) -> None:
    first, second = stops()
    report(first, paid="cash", amount="12.40")
    report(second, paid="card", amount="7.00")
    (purse,) = cash.purses(region=market.region, today=DAY.date())
    assert (purse.expected, purse.counted, purse.difference) == (Decimal("12.40"), None, Decimal("0"))


def test_purses_count_a_delivery_once_however_often_it_was_reported(market: Market) -> None:
    delivery = Delivery.objects.order_by("pk")[0]
    assert delivery.stop is not None
    report(delivery.stop, delivery=delivery.pk, paid="cash", amount="12.40")
    report(delivery.stop, delivery=delivery.pk, paid="cash", amount="12.40")
    (purse,) = cash.purses(region=market.region, today=DAY.date())
    assert purse.expected == Decimal("12.40")


def test_count_says_the_difference_and_can_be_corrected(market: Market) -> None:
    report(stops()[0], paid="cash", amount="12.40")
    tour, office = Tour.objects.get(wave=Tour.Wave.DELIVER), UserFactory.create()
    cash.count(tour=tour, counted=Decimal("10"), note="Wechselgeld vergessen", at=DAY, by=office)
    cash.count(tour=tour, counted=Decimal("12"), note="", at=DAY, by=office)
    (purse,) = cash.purses(region=market.region, today=DAY.date())
    assert (purse.counted, purse.difference) == (Decimal("12.00"), Decimal("-0.40"))


def test_count_refuses_what_nobody_can_have_counted(market: Market) -> None:
    with pytest.raises(cash.CountRefused):
        cash.count(tour=Tour.objects.all()[0], counted=Decimal("-1"), note="", at=DAY, by=None)


@pytest.mark.parametrize("number", [1, 2])
def test_purses_need_the_same_queries_for_any_number(market: Market, number: int, django_assert_num_queries: Any) -> None:
    for stop in stops()[:number]:
        report(stop, paid="cash", amount="5")
    with django_assert_num_queries(2):
        cash.purses(region=market.region, today=DAY.date())
