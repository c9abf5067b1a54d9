"""The demo's paperwork is played through the rules."""

import pytest

from billing import books, invoicing, settlements
from billing.models import IncomingInvoice, Invoice
from marketplace.demo import paperwork
from tests.billing.deliveries import AT, NOVEMBER, deliver, item
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory, UserFactory


@pytest.mark.django_db
def test_play_puts_an_invoice_right_and_takes_one_in() -> None:
    farm = PartnerFactory.create(tax_number="20/150/54321")
    SupplyContractFactory.create(partner=farm)
    deliver(item(farm), region=farm.region, account=AccountFactory.create(region=farm.region))
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    paperwork.play(region=farm.region, at=AT, by=UserFactory.create())
    assert Invoice.objects.get(edition=2).content["buyer_reference"] == paperwork.COST_CENTRE
    assert [finding for finding in IncomingInvoice.objects.get().findings if finding[1] == "fatal"] == []
    assert books.problems(region=farm.region, today=NOVEMBER) == []
