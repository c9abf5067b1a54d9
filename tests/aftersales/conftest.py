"""A delivered order with goods that can be withdrawn from and goods that cannot."""

from typing import Any

import pytest

from logistics.models import Delivery
from marketplace.partner.models import Partner
from tests.billing.deliveries import deliver, item, juice
from tests.factories.market import PartnerFactory, SupplyContractFactory


@pytest.fixture
def farm(db: None) -> Partner:
    """Sells on commission of 18 %, regular taxation."""
    made: Partner = PartnerFactory.create(email="hof@hof.example")
    SupplyContractFactory.create(partner=made)
    return made


@pytest.fixture
def delivery(farm: Partner) -> Delivery:
    """Three jars at 4,90 € and six bottles with deposit, both free to withdraw from, and cheese that is not; 3,90 € delivery."""
    cheese: dict[str, Any] = {"title": "Ziegenkäse", "withdrawal_ground": "perishable"}
    return deliver(
        item(farm, "4.90", 3, title="Rapshonig"),
        juice(farm, 6),
        item(farm, "7.40", 1, **cheese),
        region=farm.region,
        fee="3.90",
    )


@pytest.fixture
def lasting(farm: Partner) -> Delivery:
    """Two candles at 10,70 € and nothing else; 3,90 € delivery."""
    return deliver(item(farm, "10.70", 2, title="Kerze"), region=farm.region, fee="3.90")
