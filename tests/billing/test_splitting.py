"""Who gets what of a price."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing import earnings, splitting

CENTS = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)


def test_of_a_jar_for_four_ninety() -> None:
    earned = earnings.earning(gross=Decimal("4.90"), sold=Decimal(7), bought=Decimal(7), percent=Decimal(18), keeps_vat=False)
    assert splitting.of(earning=earned, commission_percent=Decimal(18)).parts == (
        Decimal("3.76"),
        Decimal("0.82"),
        Decimal("0.32"),
    )


@given(
    gross=CENTS,
    sold=st.sampled_from([Decimal(7), Decimal(19)]),
    bought=st.sampled_from([Decimal(0), Decimal(7), Decimal("7.8"), Decimal(19)]),
    percent=st.integers(0, 100).map(Decimal),
    keeps=st.booleans(),
)
def test_shares_add_up_to_the_price(gross: Decimal, sold: Decimal, bought: Decimal, percent: Decimal, keeps: bool) -> None:
    earned = earnings.earning(gross=gross, sold=sold, bought=bought, percent=percent, keeps_vat=keeps)
    assert sum(splitting.of(earning=earned, commission_percent=percent).parts) == gross
