"""What comes to the producer of what customers pay."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import earnings
from billing.models import SupplyContract
from tests.factories.market import NOW, PartnerFactory, SupplyContractFactory

EURO = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999.99"), places=2)


def test_earning_takes_vat_and_commission_off_and_puts_the_own_vat_on_top() -> None:
    found = earnings.earning(gross=Decimal("4.90"), sold=Decimal(7), bought=Decimal(7), percent=Decimal(18), keeps_vat=False)
    assert (found.market_vat, found.commission, found.net) == (Decimal("0.32"), Decimal("0.82"), Decimal("3.76"))
    assert (found.own_vat, found.payout, found.yours) == (Decimal("0.26"), Decimal("4.02"), Decimal("3.76"))


def test_earning_leaves_the_flat_rate_with_the_farmer() -> None:
    found = earnings.earning(gross=Decimal("4.90"), sold=Decimal(7), bought=Decimal("7.8"), percent=Decimal(18), keeps_vat=True)
    assert found.yours == found.payout == Decimal("4.05")


@given(gross=EURO, percent=st.decimals(min_value=0, max_value=99, places=2))
def test_earning_loses_no_cent(gross: Decimal, percent: Decimal) -> None:
    found = earnings.earning(gross=gross, sold=Decimal(19), bought=Decimal(0), percent=percent, keeps_vat=True)
    assert found.market_vat + found.commission + found.net == gross
    assert 0 <= found.yours <= gross


@pytest.mark.django_db
def test_terms_of_a_producer_without_a_contract_are_unknown() -> None:
    assert earnings.terms_of(partner=PartnerFactory.create(), day=NOW.date()) is None


@pytest.mark.django_db
def test_terms_of_a_small_business_show_no_own_vat() -> None:
    contract = SupplyContractFactory.create(vat_status=SupplyContract.VatStatus.SMALL)
    terms = earnings.terms_of(partner=contract.partner, day=NOW.date())
    assert terms is not None
    assert terms.earn_all(sums={("reduced", None): Decimal("4.90"), ("standard", None): Decimal("11.90")}).own_vat == 0
