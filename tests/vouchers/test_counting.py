"""Several vouchers on one basket: whose turn it is, what they are for, and why one takes nothing off."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.catalogue.models import Category
from marketplace.core import money
from marketplace.partner.models import Partner
from marketplace.vouchers import counting, selection
from marketplace.vouchers.counting import Outcome, Ware
from marketplace.vouchers.models import VoucherTerms
from tests.factories.market import PartnerFactory
from tests.factories.vouchers import voucher

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm() -> Partner:
    made: Partner = PartnerFactory.create(name="Käserei Beispiel")
    return made


@pytest.fixture
def mill(farm: Partner) -> Partner:
    made: Partner = PartnerFactory.create(municipality=farm.municipality)
    return made


def ware(key: int, amount: str, partner: Partner, **more: Any) -> Ware:
    return Ware(key=key, amount=Decimal(amount), partner_id=partner.pk, **more)


def count(wares: Sequence[Ware], *codes: str, fee: str | None = "3.90") -> Outcome:
    chosen = selection.load(terms=VoucherTerms.objects.filter(code__in=codes))
    return counting.count(chosen=chosen, wares=wares, fee=None if fee is None else Decimal(fee), refused={})


def amounts(found: Outcome) -> dict[str, Decimal]:
    return {one.terms.code: one.amount for one in found.applied}


def test_percent_is_rounded_once_over_all_goods(farm: Partner, mill: Partner) -> None:
    voucher(farm.region, percent="10")
    found = count([ware(0, "4.94", farm), ware(1, "4.94", mill)], "SOMMER10")
    assert amounts(found) == {"SOMMER10": Decimal("0.99")}
    assert sorted(found.applied[0].shares.values()) == [Decimal("0.49"), Decimal("0.50")]


def test_an_amount_takes_no_more_than_there_is(farm: Partner) -> None:
    voucher(farm.region, amount="5.00")
    assert amounts(count([ware(0, "3.20", farm)], "SOMMER10")) == {"SOMMER10": Decimal("3.20")}


def test_goods_of_one_producer(farm: Partner, mill: Partner) -> None:
    voucher(farm.region, goods_of=farm, bearer=farm)
    found = count([ware(0, "10.00", farm), ware(1, "10.00", mill)], "SOMMER10")
    assert dict(found.applied[0].shares) == {0: Decimal("1.00")}


def test_goods_of_a_shelf_and_the_shelves_below(farm: Partner) -> None:
    shelf = Category.add_root(name="Getränke", slug="getraenke")
    below = shelf.add_child(name="Wein", slug="wein")
    voucher(farm.region, category=shelf)
    wares = [ware(0, "10.00", farm, shelves=(below.path,)), ware(1, "10.00", farm, shelves=("9999",))]
    assert dict(count(wares, "SOMMER10").applied[0].shares) == {0: Decimal("1.00")}


def test_producers_come_first_then_percentages_then_codes(farm: Partner) -> None:
    voucher(farm.region, "AAAA", amount="5.00", is_combinable=True)
    voucher(farm.region, "BBBB", percent="10", is_combinable=True)
    voucher(farm.region, "CCCC", amount="2.00", is_combinable=True, goods_of=farm, bearer=farm)
    found = count([ware(0, "22.00", farm)], "AAAA", "BBBB", "CCCC")
    assert [(one.terms.code, one.amount) for one in found.applied] == [
        ("CCCC", Decimal("2.00")),
        ("BBBB", Decimal("2.00")),
        ("AAAA", Decimal("5.00")),
    ]


def test_an_exclusive_voucher_steps_back_beside_another(farm: Partner) -> None:
    voucher(farm.region, "ALLEIN", amount="5.00")
    voucher(farm.region, "MITMIR", percent="10", is_combinable=True)
    found = count([ware(0, "22.00", farm)], "ALLEIN", "MITMIR")
    assert amounts(found) == {"MITMIR": Decimal("2.20")}
    assert [(one.terms.code, "ALLEIN" in one.reason) for one in found.idle] == [("ALLEIN", True)]


def test_below_the_minimum_it_says_what_is_missing(farm: Partner) -> None:
    voucher(farm.region, minimum="20.00")
    found = count([ware(0, "16.60", farm)], "SOMMER10")
    assert found.applied == ()
    assert "3,40\u00a0€" in found.idle[0].reason
    assert amounts(count([ware(0, "20.00", farm)], "SOMMER10")) == {"SOMMER10": Decimal("2.00")}


def test_nothing_that_it_is_for_says_what_it_is_for(farm: Partner, mill: Partner) -> None:
    voucher(farm.region, goods_of=farm)
    assert "Käserei Beispiel" in count([ware(0, "16.60", mill)], "SOMMER10").idle[0].reason


def test_free_delivery_comes_off_the_fee_and_not_off_goods(farm: Partner) -> None:
    voucher(farm.region, free_delivery=True)
    found = count([ware(0, "16.60", farm)], "SOMMER10")
    assert (found.fee, found.amount) == (Decimal("3.90"), Decimal("3.90"))
    assert count([ware(0, "16.60", farm)], "SOMMER10", fee="0.00").applied == ()
    assert count([ware(0, "16.60", farm)], "SOMMER10", fee=None).idle[0].reason


def test_percent_and_free_delivery_in_one(farm: Partner) -> None:
    voucher(farm.region, percent="10", free_delivery=True)
    found = count([ware(0, "20.00", farm)], "SOMMER10")
    assert (found.applied[0].goods, found.applied[0].fee) == (Decimal("2.00"), Decimal("3.90"))


def test_what_may_not_be_discounted_is_left_out(farm: Partner) -> None:
    voucher(farm.region)
    found = count([ware(0, "20.00", farm, is_discountable=False), ware(1, "10.00", farm)], "SOMMER10")
    assert dict(found.applied[0].shares) == {1: Decimal("1.00")}


prices = st.lists(st.integers(1, 9_999).map(lambda cents: Decimal(cents) / 100), min_size=1, max_size=8)


@given(prices, st.permutations(range(8)))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_number_of_vouchers_never_take_more_than_there_is(farm: Partner, amounts: list[Decimal], order: list[int]) -> None:
    if not VoucherTerms.objects.exists():
        voucher(farm.region, "EINS", percent="33.33", is_combinable=True)
        voucher(farm.region, "ZWEI", amount="7.77", is_combinable=True, goods_of=farm, bearer=farm)
        voucher(farm.region, "DREI", amount="250.00", is_combinable=True)
    wares = [ware(key, str(amount), farm) for key, amount in enumerate(amounts)]
    found = count(wares, "EINS", "ZWEI", "DREI")
    assert all(found.of_line(one.key) <= one.amount for one in wares)
    assert found.amount == sum((found.of_line(one.key) for one in wares), money.ZERO)
    turned = [wares[place] for place in order if place < len(wares)]
    assert count(turned, "EINS", "ZWEI", "DREI") == found
