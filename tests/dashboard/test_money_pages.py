"""What is due today in money, and everything of one customer or producer on one page."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import invoicing, payments, settlements
from billing.models import Account, BankLine
from marketplace.dashboard import parties
from marketplace.dashboard.parties import Kind
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from marketplace.users.models import User
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice
from tests.dashboard.people import logged_in
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.fromisoformat("2026-11-20T10:00+01:00")


@pytest.fixture
def farm() -> Partner:
    made: Partner = PartnerFactory.create(name="Hof Sonnenschein")
    SupplyContractFactory.create(partner=made)
    return made


@pytest.fixture
def office(farm: Partner) -> Client:
    user = UserFactory.create()
    farm.region.memberships.create(user=user, role=Role.OFFICE)
    return logged_in(user)


@pytest.fixture
def person() -> User:
    made: User = UserFactory.create(email="inken@haus.example", first_name="Inken", last_name="Thomsen")
    return made


@pytest.fixture
def account(farm: Partner, person: User) -> Account:
    made: Account = AccountFactory.create(region=farm.region, name="Gasthof Musterkrug", number="K-10007")
    made.users.add(person)
    return made


def bill(farm: Partner, account: Account, person: User, guests: int = 1) -> None:
    """October: a person's own order, the account's, and guests'; all billed and settled, the first guest has paid a part."""
    deliver(item(farm, "4.90", 2), juice(farm), region=farm.region, user=person, phone="04353 1234")
    deliver(item(farm, "10.00", 2), region=farm.region, account=account, user=person, phone="04353 1234")
    orders = [
        deliver(item(farm, "7.00"), region=farm.region, guest_email=f"gast{turn}@haus.example", last_name="Gast")
        for turn in range(guests)
    ]
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    payments.receive(order=orders[0].order, amount=Decimal("3.00"), method="cash", received_on=DAY, at=AT)


@time_machine.travel(TODAY, tick=False)
def test_money_page_says_what_waits_and_what_to_do(farm: Partner, office: Client, account: Account, person: User) -> None:
    bill(farm, account, person)
    deliver(item(farm), region=farm.region)
    BankLine.objects.create(region=farm.region, key="x", booked_on=DAY, amount=Decimal(5), imported_at=AT)
    page = office.get(reverse("office:money")).content.decode()
    for text in (
        "1 Lieferung ist nicht abgerechnet",
        "1 Bankbuchung ist ungeklärt",
        "3 Rechnungen sind überfällig",
        "1 Gutschrift wartet auf Auszahlung",
        reverse("office:bank"),
    ):
        assert text in page


def test_everybody_is_found_by_what_is_known_of_them(farm: Partner, account: Account, person: User) -> None:
    bill(farm, account, person)
    region = farm.region

    def found(text: str) -> set[Kind]:
        return {hit.kind for hit in parties.find(region=region, text=text)}

    assert found("musterkrug") == {Kind.ACCOUNT}
    assert found("K-10007") == {Kind.ACCOUNT}
    assert found("thomsen inken") == {Kind.PERSON}
    assert Kind.PERSON in found("04353 1234")
    assert found("gast0@haus.example") == {Kind.GUEST}
    assert found("Sonnenschein") == {Kind.PRODUCER}
    assert found(str(70_000 + farm.pk)) == {Kind.PRODUCER}
    assert found("RE-2026-000001") == {Kind.DOCUMENT}
    assert found("x") == found("niemand") == set()


def test_one_page_holds_everything_of_a_party(farm: Partner, office: Client, account: Account, person: User) -> None:
    bill(farm, account, person)
    guest = office.get(reverse("office:guest", args=[_guest_order(office)])).content.decode()
    assert "4,00" in guest
    assert "RE-2026-" in guest
    own = office.get(reverse("office:person", args=[person.pk])).content.decode()
    assert "16,13" in own  # the own order alone
    assert "Gasthof Musterkrug" in own
    of_account = office.get(reverse("office:account", args=[account.pk])).content.decode()
    assert "20,00" in of_account
    assert "SR-2026-000001" in of_account
    producer = office.get(reverse("office:producer", args=[farm.pk])).content.decode()
    assert "GS-2026-000001" in producer


@pytest.mark.parametrize("guests", [1, 6])
def test_pages_cost_the_same_for_any_number(
    farm: Partner,
    office: Client,
    account: Account,
    person: User,
    guests: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    bill(farm, account, person, guests)
    with django_assert_max_num_queries(8):
        office.get(reverse("office:money"))
    with django_assert_max_num_queries(10):
        office.get(reverse("office:parties"), {"q": "gast"})
    with django_assert_max_num_queries(20):
        office.get(reverse("office:account", args=[account.pk]))


def _guest_order(office: Client) -> str:
    page = office.get(reverse("office:parties"), {"q": "gast0"}).content.decode()
    return page.split("/kunden/gast/")[1].split("/")[0]
