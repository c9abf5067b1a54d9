"""Where the money of a whole order goes."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import settlements, shares
from billing.shares import Shares
from logistics.models import Delivery
from marketplace.order import statement
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice
from tests.billing.vouchers import grant
from tests.factories.market import PartnerFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db


def told(delivery: Delivery) -> Shares:
    found = shares.of_statement(told=statement.read(order=delivery.order), day=DAY)
    assert found is not None
    return found


def test_of_an_order_from_two_farms_with_deposit_and_delivery(farm: Partner, press: Partner) -> None:
    """10.00 at 7 %, 3 × 1.96 at 19 %, deposit 0.45, delivery 3.90 at both rates: 20.23 in all."""
    found = told(deliver(item(farm, "10.00"), juice(press, 3), region=farm.region, fee="3.90"))
    assert found.total == Decimal("20.23")
    assert {producer.name: producer.amount for producer in found.producers} == {
        farm.name: Decimal("7.67"),  # 9.35 net less 18 %
        press.name: Decimal("4.05"),  # 4.94 net less 18 %
    }
    assert (found.delivery, found.deposits, found.vouchers) == (Decimal("3.51"), Decimal("0.45"), Decimal("0.00"))
    # 1.68 and 0.89, less the cent by which VAT of the whole order differs from that of its parts
    assert (found.commission, found.vat) == (Decimal("2.56"), Decimal("1.99"))
    assert sum(found.parts) == found.total


def test_vat_is_that_of_the_invoice_less_what_is_in_the_deposits(farm: Partner, press: Partner) -> None:
    delivery = deliver(item(farm, "10.00"), juice(press, 3), region=farm.region, fee="3.90")
    invoiced = sum(share.tax for share in statement.read(order=delivery.order).current.vat)
    assert told(delivery).vat == invoiced - Decimal("0.07")


def test_a_farmer_at_flat_rate_keeps_the_own_tax(farm: Partner) -> None:
    flat = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=flat, vat_status="flat_rate")
    found = told(deliver(item(flat, "10.70"), region=farm.region))
    # 10.00 net less 1.80, and 7.8 % on 8.20
    assert (found.producers[0].amount, found.commission, found.vat) == (Decimal("8.84"), Decimal("1.80"), Decimal("0.06"))


@pytest.mark.parametrize(("own", "amount", "vouchers"), [(True, "7.38", "0.00"), (False, "8.20", "-1.00")])
def test_a_voucher_is_off_whoever_bears_it(own: bool, amount: str, vouchers: str, farm: Partner) -> None:
    delivery = deliver(item(farm, "10.70"), region=farm.region)
    grant(delivery, percent="10", bearer=farm if own else None)
    found = told(delivery)
    assert (found.producers[0].amount, found.vouchers, found.total) == (Decimal(amount), Decimal(vouchers), Decimal("9.63"))
    assert sum(found.parts) == Decimal("9.63")


def test_the_producers_share_is_what_the_credit_note_says(farm: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3), item(farm, "7.35", 2), region=farm.region)
    note = settlements.settle(partner=farm, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
    assert note is not None
    assert told(delivery).producers[0].amount == note.net


def test_what_did_not_come_goes_to_nobody(farm: Partner, press: Partner) -> None:
    delivery = deliver(item(farm, "10.70"), item(press, "5.00", delivered=0), region=farm.region)
    assert [producer.name for producer in told(delivery).producers] == [farm.name]


def test_without_a_contract_nothing_is_told(farm: Partner) -> None:
    stranger = PartnerFactory.create(municipality=farm.municipality)
    delivery = deliver(item(farm), item(stranger), region=farm.region)
    assert shares.of_statement(told=statement.read(order=delivery.order), day=DAY) is None


def test_few_queries_for_any_number_of_producers(farm: Partner, press: Partner, django_assert_num_queries: Any) -> None:
    read = statement.read(order=deliver(item(farm), item(press), item(farm), region=farm.region).order)
    with django_assert_num_queries(4):
        shares.of_statement(told=read, day=DAY)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prices=st.lists(st.integers(1, 5_000), min_size=1, max_size=4),
    bottles=st.integers(0, 9),
    fee=st.integers(0, 600),
    percent=st.integers(0, 100),
    own=st.booleans(),
)
def test_shares_add_up_to_the_total(
    prices: list[int], bottles: int, fee: int, percent: int, own: bool, farm: Partner, press: Partner
) -> None:
    lines = [item(farm, str(Decimal(price) / 100)) for price in prices] + ([juice(press, bottles)] if bottles else [])
    delivery = deliver(*lines, region=farm.region, fee=str(Decimal(fee) / 100) if fee else "")
    if percent:
        grant(delivery, percent=str(percent), goods_of=farm if own else None, bearer=farm if own else None)
    found = told(delivery)
    assert sum(found.parts) == found.total == statement.read(order=delivery.order).current.total
    assert all(producer.amount >= 0 for producer in found.producers)
    assert found.commission >= Decimal("-0.02")
