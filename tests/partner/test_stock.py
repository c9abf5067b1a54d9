"""An offer is never sold twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from marketplace.partner import stock
from marketplace.partner.models import StockRecord
from tests.factories import ground
from tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db


def offer_of(**terms: object) -> StockRecord:
    product = ProductFactory.create(**{f"offer__{name}": value for name, value in terms.items()})
    offer: StockRecord = StockRecord.objects.get(product=product)
    return offer


def limited(number: int) -> StockRecord:
    return offer_of(stock_kind="limited", num_in_stock=number)


def test_available_counts_what_is_not_promised() -> None:
    offer = offer_of(stock_kind="limited", num_in_stock=5, num_allocated=2)
    assert stock.available(stockrecord=offer) == 3


@pytest.mark.parametrize("terms", [{}, {"stock_kind": "per_round", "per_round": 4}])
def test_available_knows_no_limit_for_other_kinds(terms: dict[str, object]) -> None:
    assert stock.available(stockrecord=offer_of(**terms)) is None


def test_take_promises_units() -> None:
    offer = limited(3)
    stock.take(stockrecord=offer, quantity=3)
    offer.refresh_from_db()
    assert (offer.num_in_stock, offer.num_allocated) == (3, 3)


def test_take_refuses_more_than_there_is() -> None:
    offer = limited(2)
    with pytest.raises(stock.SoldOut) as refused:
        stock.take(stockrecord=offer, quantity=3)
    assert refused.value.left == 2
    offer.refresh_from_db()
    assert offer.num_allocated == 0


def test_take_does_nothing_for_goods_made_to_order() -> None:
    offer = offer_of()
    stock.take(stockrecord=offer, quantity=500)
    offer.refresh_from_db()
    assert offer.num_allocated == 0


def test_give_back_frees_units_and_never_more_than_were_promised() -> None:
    offer = offer_of(stock_kind="limited", num_in_stock=5, num_allocated=2)
    stock.give_back(stockrecord=offer, quantity=3)
    offer.refresh_from_db()
    assert offer.num_allocated == 0


def test_consume_takes_units_out_of_stock_and_promise() -> None:
    offer = offer_of(stock_kind="limited", num_in_stock=5, num_allocated=3)
    stock.consume(stockrecord=offer, quantity=2)
    offer.refresh_from_db()
    assert (offer.num_in_stock, offer.num_allocated) == (3, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_take_sells_the_last_pieces_once_to_many_buyers_at_the_same_time() -> None:
    ground.lay()
    offer = limited(5)
    start = threading.Barrier(12)

    def buy(_: int) -> bool:
        start.wait()
        try:
            stock.take(stockrecord=offer, quantity=1)
        except stock.SoldOut:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        sold = sum(pool.map(buy, range(12)))
    offer.refresh_from_db()
    assert (sold, offer.num_allocated) == (5, 5)
