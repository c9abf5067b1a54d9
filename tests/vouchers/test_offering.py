"""What may be offered as a voucher, and what of one can still be changed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from oscar.apps.offer.models import ConditionalOffer

from marketplace.catalogue.models import Category
from marketplace.core.models import AuditEntry
from marketplace.partner.models import Partner
from marketplace.vouchers import codes, offering
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.offering import NotOffered
from marketplace.vouchers.standing import NOBODY
from tests.factories import orders
from tests.factories.market import NOW, PartnerFactory, RegionFactory
from tests.factories.vouchers import promise, voucher

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm() -> Partner:
    made: Partner = PartnerFactory.create()
    return made


def test_a_voucher_says_what_was_promised(farm: Partner) -> None:
    shelf = Category.add_root(name="Käse", slug="kaese")
    told = promise(
        amount="2.50",
        percent=None,
        goods_of=farm,
        bearer=farm,
        category=shelf,
        minimum="15.00",
        is_combinable=True,
        first_order_only=True,
        uses_in_all=7,
        uses_per_person=2,
    )
    terms = offering.offer(region=farm.region, promise=told, at=NOW, by=None)
    assert offering.promise_of(terms=VoucherTerms.objects.get(pk=terms.pk)) == told
    assert AuditEntry.objects.filter(action="voucher.offer", target_id=terms.pk).exists()


def test_percent_and_free_delivery_are_two_offers_of_one_voucher(farm: Partner) -> None:
    told = promise(percent=Decimal(10), free_delivery=True)
    terms = offering.offer(region=farm.region, promise=told, at=NOW, by=None)
    assert terms.voucher.offers.count() == 2
    assert offering.promise_of(terms=terms) == told


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"code": "AB"}, "code"),
        ({"code": "MIT LEER"}, "code"),
        ({"amount": Decimal(5), "percent": Decimal(5)}, "amount"),
        ({"percent": None}, "percent"),
        ({"percent": Decimal(101)}, "percent"),
        ({"percent": None, "amount": Decimal(0)}, "amount"),
        ({"valid_until": date(2026, 10, 31)}, "valid_until"),
    ],
)
def test_what_makes_no_sense_is_refused(farm: Partner, told: dict[str, Any], field: str) -> None:
    with pytest.raises(NotOffered) as refused:
        offering.offer(region=farm.region, promise=replace(promise(percent=Decimal(5)), **told), at=NOW, by=None)
    assert refused.value.field == field
    assert not VoucherTerms.objects.exists()


def test_a_producer_bears_only_discounts_on_own_goods(farm: Partner) -> None:
    other = PartnerFactory.create(municipality=farm.municipality)
    tried: list[dict[str, Any]] = [{"goods_of": other}, {}, {"goods_of": farm, "free_delivery": True}]
    for told in tried:
        with pytest.raises(NotOffered):
            voucher(farm.region, percent="5", bearer=farm, **told)
    with pytest.raises(NotOffered):
        voucher(RegionFactory.create(), goods_of=farm)


def test_a_code_is_written_once_in_a_region_and_again_in_another(farm: Partner) -> None:
    voucher(farm.region)
    with pytest.raises(NotOffered) as refused:
        voucher(farm.region)
    assert refused.value.field == "code"
    assert voucher(RegionFactory.create()).code == "SOMMER10"


def test_unused_everything_can_change(farm: Partner) -> None:
    terms = voucher(farm.region)
    told = promise(percent=None, amount="3.00", minimum="9.00")
    offering.change(terms=terms, promise=told, at=NOW, by=None)
    assert offering.promise_of(terms=VoucherTerms.objects.get()) == told
    assert ConditionalOffer.objects.count() == 1


def test_once_used_only_text_last_day_and_numbers_change() -> None:
    till = orders.till()
    terms = voucher(till.region)
    codes.enter(basket=till.basket, typed="SOMMER10", person=NOBODY, at=NOW)
    VoucherTerms.objects.update(used=3)
    with pytest.raises(NotOffered):
        offering.change(terms=terms, promise=promise(percent="20"), at=NOW, by=None)
    with pytest.raises(NotOffered) as refused:
        offering.change(terms=terms, promise=promise(uses_in_all=2), at=NOW, by=None)
    assert refused.value.field == "uses_in_all"
    changed = promise(title="Nur noch kurz", valid_until=date(2026, 11, 25), uses_in_all=3)
    offering.change(terms=terms, promise=changed, at=NOW, by=None)
    assert offering.promise_of(terms=VoucherTerms.objects.get()) == changed


def test_ended_it_is_not_taken_any_more() -> None:
    till = orders.till()
    terms = voucher(till.region)
    offering.end(terms=terms, at=NOW, by=None)
    offering.end(terms=terms, at=NOW, by=None)
    with pytest.raises(codes.NotTaken, match="SOMMER10"):
        codes.enter(basket=till.basket, typed="SOMMER10", person=NOBODY, at=NOW)
    assert AuditEntry.objects.filter(action="voucher.end").count() == 1
