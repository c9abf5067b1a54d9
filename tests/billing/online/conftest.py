"""A practice bank that runs as a process of its own, and an account for each test."""

import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest

from billing.models import SupplyContract
from billing.online import connection
from billing.online.provider import Provider
from billing.online.remitting import Remitter
from marketplace.partner.models import Partner
from tests.billing.online.bank import SECRET, PracticeBank, running
from tests.billing.test_bank import OWN
from tests.factories import orders
from tests.factories.market import NOW, PartnerFactory, SupplyContractFactory


@pytest.fixture(scope="session")
def bank_address() -> Iterator[str]:
    """The bank, started once."""
    with running(debit_seconds=100_000) as address:
        yield address


@pytest.fixture
def bank(bank_address: str, settings: pytest.FixtureRequest) -> PracticeBank:
    """The account of this test; the market is told of it by its settings."""
    key = f"sk_test_{uuid.uuid4().hex}"
    settings.STRIPE_KEY, settings.STRIPE_ADDRESS, settings.STRIPE_RETRIES = key, bank_address, 0  # type: ignore[attr-defined]
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]  # type: ignore[attr-defined]
    return PracticeBank(address=bank_address, account=key)


@pytest.fixture
def till(db: None, bank: PracticeBank) -> orders.Till:
    """A guest with goods of two producers who wants to pay online, four days before the delivery: 33.30 euros."""
    made = orders.till().having(payment="online")
    for partner in Partner.objects.all():
        SupplyContractFactory.create(partner=partner)
    bank.account = f"{bank.account}_{made.region.slug}"
    bank.set_clock(NOW)
    return made


@pytest.fixture
def provider(till: orders.Till) -> Provider:
    """The market's way to its account."""
    found = connection.of(region=till.region)
    assert found is not None
    return found


@pytest.fixture
def remitter(provider: Provider) -> Remitter:
    """The same, for producers' accounts."""
    return Remitter(provider=provider)


@pytest.fixture
def dairy(till: orders.Till, bank: PracticeBank, provider: Provider) -> Partner:
    """It sells itself, 10 % commission."""
    till.region.iban = OWN
    till.region.save()
    made: Partner = PartnerFactory.create(municipality=till.village, name="Käserei Beispiel", iban="DE89370400440532013000")
    SupplyContractFactory.create(partner=made, mode=SupplyContract.Mode.AGENCY, commission_percent=Decimal(10))
    return made
