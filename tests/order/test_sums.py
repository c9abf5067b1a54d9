"""What the parts of an order add up to."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import money
from marketplace.order import sums
from marketplace.order.sums import Part

CENTS = st.decimals(min_value=0, max_value=999, places=2)
PARTS = st.lists(st.builds(Part, rate=st.sampled_from([Decimal(7), Decimal(19)]), goods=CENTS, deposit=CENTS), max_size=12)


@given(parts=PARTS, fee=CENTS)
def test_total_is_goods_deposit_and_fee_and_falls_into_net_and_tax(parts: list[Part], fee: Decimal) -> None:
    found = sums.add_up(parts=parts, fee=fee)
    assert found.total == found.goods + found.deposit + fee
    assert found.total == found.net + sum(share.tax for share in found.vat)


@given(parts=PARTS, fee=CENTS)
def test_order_of_lines_does_not_matter(parts: list[Part], fee: Decimal) -> None:
    assert sums.add_up(parts=parts, fee=fee) == sums.add_up(parts=list(reversed(parts)), fee=fee)


def test_tax_by_rate_with_the_fee_spread() -> None:
    found = sums.add_up(parts=[Part(Decimal(7), Decimal("21.40")), Part(Decimal(19), Decimal("11.90"))], fee=Decimal("3.33"))
    assert [(share.rate, share.tax) for share in found.vat] == [(Decimal(7), Decimal("1.54")), (Decimal(19), Decimal("2.09"))]


@given(parts=PARTS, fee=CENTS, percent=st.integers(0, 100), free=st.booleans())
def test_vouchers_come_off_goods_and_fee_and_never_off_deposits(
    parts: list[Part], fee: Decimal, percent: int, free: bool
) -> None:
    less = [Part(part.rate, part.goods, part.deposit, money.to_cents(part.goods * percent / 100)) for part in parts]
    found = sums.add_up(parts=less, fee=fee, fee_discount=fee if free else money.ZERO)
    assert found.total == found.goods + found.deposit + found.fee - found.discount
    assert found.total == found.net + sum(share.tax for share in found.vat)
    assert found.total >= found.deposit


def test_case_21_ten_euros_with_thirteen_percent_included() -> None:
    """Given 10.00 with 13 % included: the total stays 10.00 and the tax in it is 1.15."""
    found = sums.add_up(parts=[Part(Decimal(13), Decimal("10.00"))], fee=money.ZERO)
    assert (found.total, [share.tax for share in found.vat]) == (Decimal("10.00"), [Decimal("1.15")])
