from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import money

cents = st.integers(-1_000_000, 1_000_000).map(lambda count: Decimal(count) / 100)
weights = st.lists(st.integers(0, 100_000).map(lambda count: Decimal(count) / 100), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("0.172", "0.17"), ("-0.001", "0.00")]
)
def test_to_cents_rounds_half_away_from_zero(amount: str, rounded: str) -> None:
    assert str(money.to_cents(Decimal(amount))) == rounded


def test_to_cents_rounds_exact_fractions() -> None:
    assert money.to_cents(Fraction(1, 3)) == Decimal("0.33")
    assert money.to_cents(Fraction(1, 200)) == Decimal("0.01")


def test_to_unit_price_keeps_four_decimals() -> None:
    assert money.to_unit_price(Fraction(2, 3)) == Decimal("0.6667")


@given(cents, weights)
def test_spread_sums_to_the_cent(total: Decimal, shares: list[Decimal]) -> None:
    assert sum(money.spread(total, shares)) == total


@given(cents, weights, st.randoms(use_true_random=False))
def test_spread_does_not_depend_on_order(total: Decimal, shares: list[Decimal], random: Random) -> None:
    mixed = list(shares)
    random.shuffle(mixed)
    assert sorted(zip(shares, money.spread(total, shares), strict=True)) == sorted(
        zip(mixed, money.spread(total, mixed), strict=True)
    )


@given(cents, weights)
def test_spread_is_symmetric(total: Decimal, shares: list[Decimal]) -> None:
    assert money.spread(-total, shares) == [-part for part in money.spread(total, shares)]


@given(cents, weights)
def test_spread_stays_within_a_cent_of_the_exact_share(total: Decimal, shares: list[Decimal]) -> None:
    for part, share in zip(money.spread(total, shares), shares, strict=True):
        assert abs(Fraction(part) - Fraction(total) * Fraction(share) / Fraction(sum(shares))) < Fraction(1, 100)


def test_spread_gives_the_odd_cent_to_the_first_of_equals() -> None:
    assert money.spread(Decimal("0.10"), [Decimal(1)] * 3) == [Decimal("0.04"), Decimal("0.03"), Decimal("0.03")]


def test_spread_refuses_weights_without_sum() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        money.spread(Decimal(1), [Decimal(0), Decimal(0)])


def test_settle_refuses_another_sum() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        money.settle([Fraction(1)], Decimal("1.01"))


def test_settle_without_parts_is_empty() -> None:
    assert money.settle([], Decimal("0.00")) == []
