"""Who sees which document, and what the list costs."""

from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from billing import access, files, invoicing, settlements
from billing.models import Account, Invoice
from marketplace.partner.models import Partner
from marketplace.users.models import User
from tests.billing.deliveries import AT, NOVEMBER, deliver, item, juice
from tests.factories.market import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/konto/rechnungen/"


@pytest.fixture
def person(account: Account) -> User:
    """Orders for the restaurant, and for the household."""
    made: User = UserFactory.create()
    account.users.add(made)
    return made


@pytest.fixture
def documents(farm: Partner, account: Account, person: User) -> dict[str, Invoice]:
    """One of each kind of owner, with files."""
    deliver(item(farm), region=farm.region, account=account)
    deliver(item(farm), region=farm.region, user=person)
    deliver(item(farm), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    files.make_due(at=AT)
    return {
        "account": Invoice.objects.get(account=account),
        "own": Invoice.objects.get(order__user=person),
        "guest": Invoice.objects.get(order__isnull=False, order__user=None),
        "producer": Invoice.objects.get(partner=farm),
    }


def seen(client: Client, documents: dict[str, Invoice]) -> set[str]:
    """The documents of which the person gets the PDF."""
    found = set()
    for name, invoice in documents.items():
        response = client.get(reverse("billing:document", args=[invoice.pk, "pdf"]))
        assert response.status_code in (200, 404)
        if response.status_code == 200:
            assert response.content.startswith(b"%PDF")
            found.add(name)
    return found


def test_everybody_sees_only_the_documents_that_concern_them(
    client: Client, documents: dict[str, Invoice], person: User, farm: Partner
) -> None:
    producer, stranger = UserFactory.create(), UserFactory.create()
    farm.users.add(producer)
    office = MembershipFactory.create(region=farm.region).user
    driver = MembershipFactory.create(region=farm.region, role="driver").user
    elsewhere = MembershipFactory.create().user
    table = {
        person: {"account", "own"},
        producer: {"producer"},
        office: {"account", "own", "guest", "producer"},
        driver: set(),
        stranger: set(),
        elsewhere: set(),
    }
    for user, expected in table.items():
        client.force_login(user)
        assert seen(client, documents) == expected


def test_visitors_are_sent_to_the_login(client: Client, documents: dict[str, Invoice]) -> None:
    assert client.get(LIST).status_code == 302
    assert client.get(reverse("billing:document", args=[documents["own"].pk, "xml"])).status_code == 302


def test_a_guest_downloads_by_link_and_a_forged_one_leads_nowhere(client: Client, documents: dict[str, Invoice]) -> None:
    signed = access.link_for(invoice=documents["guest"])
    response = client.get(reverse("billing:document_by_link", args=[signed, "xml"]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    assert response["Content-Disposition"] == f'attachment; filename="{documents["guest"].number}.xml"'
    forged = [
        signed[:-1] + ("A" if signed[-1] != "A" else "B"),
        signing.dumps(documents["guest"].pk, salt="elsewhere"),
        access.link_for(invoice=documents["producer"]),
    ]
    for bad in forged:
        assert client.get(reverse("billing:document_by_link", args=[bad, "xml"])).status_code == 404


def test_a_link_expires(documents: dict[str, Invoice], farm: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = access.link_for(invoice=documents["guest"])
    monkeypatch.setattr(access, "LINK_LIFETIME", -access.LINK_LIFETIME)
    assert access.document_for_link(signed=signed, region=farm.region) is None


def test_the_list_shows_number_sum_and_state(client: Client, documents: dict[str, Invoice], person: User) -> None:
    client.force_login(person)
    page = client.get(LIST).content.decode()
    assert [documents[name].number in page for name in ("account", "own", "guest", "producer")] == [True, True, False, False]
    assert "4,90\xa0€" in page
    assert "Oktober 2026" in page
    assert "overdue" not in page


def test_the_list_needs_eight_queries_for_one_and_for_many(
    client: Client, farm: Partner, press: Partner, person: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(person)
    deliver(item(farm), region=farm.region, user=person)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    client.get(LIST)
    with django_assert_max_num_queries(8) as one:
        client.get(LIST)
    for _ in range(3):
        deliver(item(farm), juice(press), region=farm.region, user=person)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    with django_assert_max_num_queries(8) as many:
        assert client.get(LIST).content.decode().count("RE-2026-") >= 4
    assert len(one) == len(many)


def test_an_empty_list_says_so(client: Client, farm: Partner) -> None:
    client.force_login(UserFactory.create())
    assert "Noch keine Rechnungen" in client.get(LIST).content.decode()
