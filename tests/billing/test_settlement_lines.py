"""A producer reads every line of its credit note; the sums are the document's to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from billing import producer_years, settlement_lines, settlements, small_business
from billing.models import CommissionRule, Invoice, ProducerFee
from billing.small_business import Reached
from marketplace.catalogue.models import Category
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice
from tests.billing.test_properties import deliveries, few, played, three
from tests.factories.market import PartnerFactory, ProductFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db


def settled(partner: Partner) -> Invoice:
    found = settlements.settle(partner=partner, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
    assert found is not None
    return found


def adds_up(invoice: Invoice) -> None:
    lines = settlement_lines.read(settlement=invoice)
    assert lines.goods + lines.deposits + lines.commission + lines.fee == lines.net
    assert sum(tax.net for tax in lines.taxes) == lines.net
    assert sum(tax.tax for tax in lines.taxes) == lines.tax
    assert lines.net + lines.tax == lines.gross == invoice.gross


def test_each_line_says_day_code_price_and_commission(farm: Partner) -> None:
    product = ProductFactory.create(partner=farm)
    product.categories.add(Category.add_root(name="Käse"))
    CommissionRule.objects.create(
        region=farm.region, shelf=Category.objects.get(), percent=Decimal(10), reason="Probe", valid_from=OCTOBER[0]
    )
    ProducerFee.objects.create(
        region=farm.region, name="Packhilfe", basis="order", amount=Decimal("0.30"), recipient="Packhof", valid_from=OCTOBER[0]
    )
    delivery = deliver(item(farm, "10.70", 10, product=product), item(farm, "5.35", 2), juice(farm), region=farm.region)
    invoice = settled(farm)
    lines = settlement_lines.read(settlement=invoice)
    told = {row.customers: (row.day, row.code, row.net, row.commission) for row in lines.rows}
    assert told[Decimal("107.00")] == (DAY, delivery.code, Decimal("100.00"), Decimal("-10.00"))
    assert told[Decimal("10.70")] == (DAY, delivery.code, Decimal("10.00"), Decimal("-1.80"))
    assert [(fee.recipient, fee.net) for fee in lines.fees] == [("Packhof", Decimal("-0.30"))]
    adds_up(invoice)


@few
@given(month=deliveries)
def test_the_lines_add_up_whatever_was_delivered(farm: Partner, month: list[Any]) -> None:
    partners = three(farm.municipality)
    played(month, partners)
    for partner in partners:
        found = settlements.settle(partner=partner, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
        if found is not None:
            adds_up(found)
            (told,) = producer_years.read(partner=partner, year=2026).months
            assert told.sums.goods + told.sums.deposits + told.sums.commission == found.net


def test_small_businesses_are_warned_before_and_at_their_limits(farm: Partner) -> None:
    small: Partner = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=small, vat_status="small", commission_percent=Decimal(0))
    today = date(2026, 11, 1)
    assert small_business.counted(partner=farm, today=today) is None
    deliver(item(small, "21400.00"), region=farm.region)
    settled(small)
    near = small_business.counted(partner=small, today=today)
    assert near is not None
    assert (near.amount, near.percent, near.reached) == (Decimal("20000.00"), 80, (Reached.NEAR_YEAR,))
    deliver(item(small, "85600.01"), region=farm.region)
    settled(small)
    over = small_business.counted(partner=small, today=today)
    assert over is not None
    assert over.reached == (Reached.OVER_YEAR, Reached.OVER_END)
    assert [one.pk for one, _counter in small_business.warned(region=farm.region, today=today)] == [small.pk]
    after = small_business.counted(partner=small, today=date(2027, 1, 10))
    assert after is not None
    assert after.reached == (Reached.LAST_YEAR,)
