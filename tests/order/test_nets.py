"""What the parts of an order are without VAT."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import money
from marketplace.order import nets, sums
from marketplace.order.sums import Part

CENTS = st.decimals(min_value=0, max_value=999, places=2)
PARTS = st.lists(st.builds(Part, rate=st.sampled_from([Decimal(7), Decimal(19)]), goods=CENTS, deposit=CENTS), max_size=12)


@given(parts=PARTS, fee=CENTS, percent=st.integers(0, 100))
def test_nets_add_up_to_the_net_of_the_sums(parts: list[Part], fee: Decimal, percent: int) -> None:
    less = [Part(part.rate, part.goods, part.deposit, money.to_cents(part.goods * percent / 100)) for part in parts]
    if not any(part.goods for part in less):
        fee = money.ZERO
    told = sums.add_up(parts=less, fee=fee)
    found = nets.of(parts=less, fee=fee)
    assert found.total == told.net
    assert found.total + sum(share.tax for share in told.vat) == told.total


def test_of_a_basket_at_two_rates() -> None:
    parts = [Part(Decimal(7), Decimal("10.70")), Part(Decimal(19), Decimal("5.95"), Decimal("1.19"), Decimal("2.38"))]
    found = nets.of(parts=parts, fee=Decimal("0"))
    assert found.goods == (Decimal("10.00"), Decimal("5.00"))
    assert (found.deposit, found.fee, found.discount) == (Decimal("1.00"), Decimal("0.00"), Decimal("-2.00"))
