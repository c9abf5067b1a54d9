"""Two producers of a region and a restaurant that is billed by the month."""

import pytest

from billing.models import Account
from marketplace.partner.models import Partner
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory


@pytest.fixture
def farm(db: None) -> Partner:
    """Sells on commission of 18 %, regular taxation."""
    made: Partner = PartnerFactory.create()
    SupplyContractFactory.create(partner=made)
    return made


@pytest.fixture
def press(farm: Partner) -> Partner:
    """A second producer of the same region, on the same terms."""
    made: Partner = PartnerFactory.create(municipality=farm.municipality, name="Mosterei Beispiel")
    SupplyContractFactory.create(partner=made)
    return made


@pytest.fixture
def account(farm: Partner) -> Account:
    """An approved monthly account."""
    made: Account = AccountFactory.create(region=farm.region)
    return made
