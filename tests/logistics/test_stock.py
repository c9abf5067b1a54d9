"""Stock in a round: three kinds, none of them oversold."""

from datetime import timedelta

import pytest

from logistics import stock
from logistics.models import RoundStock
from marketplace.catalogue.models import Product
from marketplace.partner.models import StockRecord
from marketplace.partner.stock import SoldOut
from tests.factories.market import RoundFactory
from tests.logistics.market import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def record_of(product: Product) -> StockRecord:
    record: StockRecord = product.stockrecords.get()
    return record


def test_available_in_tells_each_kind_in_one_query(market: Market, django_assert_num_queries: object) -> None:
    endless, few, fresh, untouched = (
        record_of(market.product(**given))
        for given in (
            {},
            {"offer__stock_kind": "limited", "offer__num_in_stock": 9, "offer__num_allocated": 2},
            {"offer__stock_kind": "per_round", "offer__per_round": 12},
            {"offer__stock_kind": "per_round", "offer__per_round": 4},
        )
    )
    stock.take(delivery_round=market.round, stockrecord=fresh, quantity=5)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture is a callable
        left = stock.available_in(delivery_round=market.round, stockrecords=[endless, few, fresh, untouched])
    assert left == {endless.pk: None, few.pk: 7, fresh.pk: 7, untouched.pk: 4}


def test_take_per_round_counts_each_round_anew(market: Market) -> None:
    record = record_of(market.product(offer__stock_kind="per_round", offer__per_round=3))
    next_week = RoundFactory.create(rule=market.round.rule, delivery_day=market.round.delivery_day + timedelta(days=7))
    stock.take(delivery_round=market.round, stockrecord=record, quantity=3)
    stock.take(delivery_round=next_week, stockrecord=record, quantity=2)
    with pytest.raises(SoldOut) as refusal:
        stock.take(delivery_round=next_week, stockrecord=record, quantity=2)
    assert refusal.value.left == 1


def test_take_more_than_a_round_ever_has_is_refused(market: Market) -> None:
    record = record_of(market.product(offer__stock_kind="per_round", offer__per_round=3))
    with pytest.raises(SoldOut):
        stock.take(delivery_round=market.round, stockrecord=record, quantity=4)
    assert RoundStock.objects.count() == 0


@pytest.mark.parametrize(("per_round", "left"), [(10, 6), (5, 1), (2, 0)])
def test_the_producers_present_number_counts(market: Market, per_round: int, left: int) -> None:
    record = record_of(market.product(offer__stock_kind="per_round", offer__per_round=6))
    stock.take(delivery_round=market.round, stockrecord=record, quantity=4)
    record.per_round = per_round
    record.save()
    assert stock.available_in(delivery_round=market.round, stockrecords=[record])[record.pk] == left
    with pytest.raises(SoldOut):
        stock.take(delivery_round=market.round, stockrecord=record, quantity=left + 1)
    if left:
        stock.take(delivery_round=market.round, stockrecord=record, quantity=left)


def test_take_limited_stock_from_the_pile_and_back(market: Market) -> None:
    record = record_of(market.product(offer__stock_kind="limited", offer__num_in_stock=3))
    stock.take(delivery_round=market.round, stockrecord=record, quantity=3)
    with pytest.raises(SoldOut):
        stock.take(delivery_round=market.round, stockrecord=record, quantity=1)
    stock.give_back(delivery_round=market.round, stockrecord=record, quantity=2)
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (3, 1)


def test_give_back_frees_the_round(market: Market) -> None:
    record = record_of(market.product(offer__stock_kind="per_round", offer__per_round=3))
    stock.take(delivery_round=market.round, stockrecord=record, quantity=3)
    stock.give_back(delivery_round=market.round, stockrecord=record, quantity=2)
    stock.take(delivery_round=market.round, stockrecord=record, quantity=2)
    assert RoundStock.objects.get().taken == 3


def test_made_to_order_has_no_limit(market: Market) -> None:
    record = record_of(market.product())
    stock.take(delivery_round=market.round, stockrecord=record, quantity=999)
    stock.give_back(delivery_round=market.round, stockrecord=record, quantity=999)
    assert RoundStock.objects.count() == 0
