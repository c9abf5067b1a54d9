"""What a quantity of an order line costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.order import amounts
from marketplace.order.models import Line


def jar() -> Line:
    return Line(unit_price_incl_tax=Decimal("4.90"), deposit_each=Decimal("0.15"))


def cheese() -> Line:
    return Line(unit_price_incl_tax=Decimal("11.00"), price_per_kg=Decimal("22.50"), catch_weight=True, expected_weight_g=500)


@pytest.mark.parametrize(("quantity", "told"), [(0, "0.00"), (1, "4.90"), (3, "14.70"), (999, "4895.10")])
def test_goods_gross_of_pieces_is_price_times_quantity(quantity: int, told: str) -> None:
    assert amounts.goods_gross(line=jar(), quantity=quantity, weight_g=None) == Decimal(told)


def test_goods_gross_of_pieces_does_not_look_at_the_weight() -> None:
    assert amounts.goods_gross(line=jar(), quantity=2, weight_g=9_999) == Decimal("9.80")


@pytest.mark.parametrize(("weight_g", "told"), [(1000, "22.50"), (523, "11.77"), (1, "0.02"), (2, "0.05"), (0, "0.00")])
def test_goods_gross_of_catch_weight_is_paid_by_weight(weight_g: int, told: str) -> None:
    assert amounts.goods_gross(line=cheese(), quantity=1, weight_g=weight_g) == Decimal(told)


def test_goods_gross_of_catch_weight_is_the_expected_price_before_it_is_weighed() -> None:
    assert amounts.goods_gross(line=cheese(), quantity=2, weight_g=None) == Decimal("22.00")


def test_goods_gross_of_nothing_is_nothing_whatever_it_weighed() -> None:
    assert amounts.goods_gross(line=cheese(), quantity=0, weight_g=500) == Decimal("0.00")


def test_deposit_gross_stands_beside_the_price() -> None:
    assert amounts.deposit_gross(line=jar(), quantity=12) == Decimal("1.80")
    assert amounts.deposit_gross(line=cheese(), quantity=12) == Decimal("0.00")


@given(quantity=st.integers(1, 999), weight_g=st.integers(0, 2_000_000))
def test_goods_gross_is_whole_cents_and_grows_with_the_weight(quantity: int, weight_g: int) -> None:
    lighter = amounts.goods_gross(line=cheese(), quantity=quantity, weight_g=weight_g)
    heavier = amounts.goods_gross(line=cheese(), quantity=quantity, weight_g=weight_g + 1)
    assert lighter <= heavier
    assert lighter == lighter.quantize(Decimal("0.01"))
