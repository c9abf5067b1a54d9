"""A farm whose honey was delivered."""

from typing import Any

import pytest

from logistics.models import Delivery
from marketplace.order.models import Line
from marketplace.partner.models import Partner
from tests.billing.deliveries import deliver, item
from tests.factories.market import PartnerFactory, ProductFactory, SupplyContractFactory


@pytest.fixture
def farm(db: None) -> Partner:
    """A producer with an address of their own."""
    made: Partner = PartnerFactory.create(email="hof@hof.example")
    SupplyContractFactory.create(partner=made)
    return made


def bought(farm: Partner, *, delivered: int = 1, **given: Any) -> Line:
    """One line of a delivered order of an article of that farm."""
    told = item(farm, "4.90", 1, title="Rapshonig", delivered=delivered)
    delivery: Delivery = deliver(told, region=farm.region, **given)
    line: Line = delivery.order.lines.select_related("order__delivery", "packed_line", "partner").get()
    if line.product_id is None:
        line.product = ProductFactory.create(partner=farm, title="Rapshonig")
        line.save(update_fields=["product"])
    return line
