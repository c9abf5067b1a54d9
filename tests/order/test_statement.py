"""How an order reads before it is packed, after it was, and when something is missing."""

from decimal import Decimal
from typing import Any

import pytest

from logistics import packing, rounds
from logistics.models import Collection, PackedLine
from marketplace.basket import baskets
from marketplace.catalogue.models import Product
from marketplace.order import statement
from marketplace.order.models import Order
from tests.factories import orders
from tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """Two jars and a bird that will be weighed."""
    till = orders.till(quantities=(2,))
    bird = ProductFactory.create(
        partner=till.products[0].partner,
        catch_weight=True,
        expected_weight_g=1200,
        offer__price=Decimal("19.08"),
        offer__price_per_kg=Decimal("15.90"),
    )
    baskets.add(basket=till.basket, product=bird, quantity=1)
    return till.place()


def pack(order: Order, *, jars: int, grams: int) -> None:
    delivery_round = order.delivery.round
    at = delivery_round.cutoff_at
    rounds.close(delivery_round=delivery_round, at=at)
    for row in PackedLine.objects.order_by("order_line"):
        weighed: dict[str, Any] = {"quantity": 1, "weight_g": grams}
        given = weighed if row.order_line.catch_weight else {"quantity": jars, "weight_g": None}
        packing.record(packed_line=row, at=at, by=None, **given)
    assert Collection.objects.exists()


def test_base_price_is_that_of_the_content_that_was_ordered(order: Order) -> None:
    [jar, bird] = statement.read(order=order).lines
    assert (jar.base_price, bird.base_price) == ("9,80\u00a0€/kg", "15,90\u00a0€/kg")
    Product.objects.filter(pk=jar.line.product_id).update(net_content=250)
    [jar, bird] = statement.read(order=Order.objects.get()).lines
    assert (jar.base_price, bird.base_price) == ("9,80\u00a0€/kg", "15,90\u00a0€/kg")


def test_before_packing_the_expected_sum_and_the_highest(order: Order) -> None:
    read = statement.read(order=order)
    assert read.final is None
    assert read.current.total == order.total_incl_tax
    assert [row.highest for row in read.lines] == [None, Decimal("20.99")]
    assert [row.expected_weight_g for row in read.lines] == [None, 1200]


def test_after_packing_what_was_weighed(order: Order) -> None:
    pack(order, jars=2, grams=1284)
    read = statement.read(order=Order.objects.get())
    assert [row.final_total for row in read.lines] == [Decimal("9.80"), Decimal("20.42")]
    assert read.current.total == Decimal("9.80") + Decimal("20.42") + Decimal("3.90")


def test_missing_goods_are_not_paid(order: Order) -> None:
    pack(order, jars=1, grams=1200)
    read = statement.read(order=Order.objects.get())
    assert read.lines[0].is_short
    assert read.lines[0].final_total == Decimal("4.90")
    assert read.current.goods == Decimal("23.98")


def test_statement_of_a_list_costs_no_query_each(order: Order, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        for row in Order.objects.prefetch_related(*statement.prefetches()):
            statement.read(order=row)


def test_nothing_arrived_costs_nothing_and_no_fee(order: Order) -> None:
    pack(order, jars=2, grams=1200)
    PackedLine.objects.update(delivered=0, delivered_weight_g=0)
    assert statement.read(order=Order.objects.get()).current.total == 0
