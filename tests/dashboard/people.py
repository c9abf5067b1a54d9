"""People who work in a market, logged in."""

from dataclasses import dataclass, field

from django.test import Client

from logistics.models import Collection
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from marketplace.users.models import User
from tests.factories.market import MembershipFactory, PartnerFactory, SupplyContractFactory, UserFactory
from tests.logistics.market import Market


def logged_in(user: User) -> Client:
    """A browser of that person."""
    client = Client()
    client.force_login(user)
    return client


def producer_of(partner: Partner) -> Client:
    """Somebody who acts for the producer."""
    user = UserFactory.create(email=f"{partner.slug}@betrieb.example")
    partner.users.add(user)
    return logged_in(user)


def with_role(market: Market, role: Role) -> Client:
    """Somebody with a role in the market's region."""
    return logged_in(MembershipFactory.create(region=market.region, role=role).user)


@dataclass
class Farm:
    """A market with one producer under contract, and somebody who acts for it."""

    market: Market = field(default_factory=Market)
    partner: Partner = field(init=False)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.partner = PartnerFactory.create(municipality=self.market.village, name="Hof Sonnenschein")
        SupplyContractFactory.create(partner=self.partner)
        self.client = producer_of(self.partner)

    @property
    def collection(self) -> Collection:
        """The producer's goods of the round, once it is closed."""
        return Collection.objects.get(round=self.market.round, partner=self.partner)
