"""Several addresses: kept, changed, chosen in the checkout with their village, deleted."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from marketplace.basket import baskets
from marketplace.order.models import Order
from marketplace.regions.models import Municipality
from marketplace.users import addresses
from marketplace.users.models import Address, User
from tests.factories import orders
from tests.factories.market import NOW, MunicipalityFactory, UserFactory

pytestmark = pytest.mark.django_db
INDEX, NEW = "/konto/adressen/", "/konto/adressen/neu/"


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def till() -> orders.Till:
    """Ada at the till."""
    return orders.till(owner=UserFactory.create(first_name="Ada", last_name="Beispiel"))


@pytest.fixture
def ascheffel(till: orders.Till) -> Municipality:
    """Another village of the region."""
    made: Municipality = MunicipalityFactory.create(region=till.region, name="Ascheffel", postal_codes=["24358"])
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def told(village: Municipality, label: str = "Zuhause", **given: Any) -> dict[str, Any]:
    return {
        "label": label,
        "street": "Dorfstraße 7",
        "postal_code": village.postal_codes[0],
        "municipality": village.pk,
        "note": "",
        **given,
    }


def labels(user: User, till: orders.Till) -> list[tuple[str, bool]]:
    return [(row.label, row.is_default) for row in addresses.of(user=user, region=till.region)]


def test_first_address_is_the_usual_one_and_another_can_be(till: orders.Till, ascheffel: Municipality) -> None:
    client = client_of(till.user)
    client.post(NEW, told(till.village))
    client.post(NEW, told(ascheffel, "Arbeit", street="Am Markt 1"))
    assert labels(till.user, till) == [("Zuhause", True), ("Arbeit", False)]
    work = Address.objects.get(label="Arbeit")
    client.post(reverse("customer:address_usual", args=[work.pk]))
    assert labels(till.user, till) == [("Arbeit", True), ("Zuhause", False)]
    client.post(reverse("customer:address_remove", args=[work.pk]))
    assert labels(till.user, till) == [("Zuhause", True)]


def test_address_is_changed(till: orders.Till) -> None:
    client = client_of(till.user)
    client.post(NEW, told(till.village))
    (row,) = addresses.of(user=till.user, region=till.region)
    assert client.get(reverse("customer:address", args=[row.pk])).context["form"]["street"].value() == "Dorfstraße 7"
    client.post(reverse("customer:address", args=[row.pk]), told(till.village, "Bei Oma", street="Dorfstraße 9"))
    row.refresh_from_db()
    assert (row.label, row.street, row.is_default) == ("Bei Oma", "Dorfstraße 9", True)


def test_refusals_are_sentences(till: orders.Till) -> None:
    client = client_of(till.user)
    client.post(NEW, told(till.village))
    for wrong in (
        told(till.village),
        told(till.village, "X", postal_code="10115"),
        told(till.village, "X", municipality=0),
        {"label": ""},
    ):
        answer = client.post(NEW, wrong)
        assert answer.status_code == 422
        assert answer.context["form"].errors
    assert Address.objects.count() == 1


def test_nobody_reaches_the_addresses_of_others(till: orders.Till) -> None:
    row = addresses.add(user=till.user, label="Zuhause", street="Geheimweg 1", postal_code="24361", municipality=till.village)
    eve = client_of(UserFactory.create())
    assert eve.get(reverse("customer:address", args=[row.pk])).status_code == 404
    for name in ("address", "address_usual", "address_remove"):
        assert eve.post(reverse(f"customer:{name}", args=[row.pk]), told(till.village)).status_code == 404
    assert "Geheimweg" not in eve.get(INDEX).content.decode()


def test_nobody_has_more_than_a_dozen(till: orders.Till) -> None:
    for number in range(addresses.MOST):
        addresses.add(user=till.user, label=f"Tür {number}", street="Weg 1", postal_code="24361", municipality=till.village)
    assert client_of(till.user).post(NEW, told(till.village, "Noch eine")).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_any_number(number: int, till: orders.Till, django_assert_max_num_queries: Any) -> None:
    for index in range(number):
        addresses.add(user=till.user, label=f"Tür {index}", street="Weg 1", postal_code="24361", municipality=till.village)
    client = client_of(till.user)
    client.get(INDEX)
    with django_assert_max_num_queries(8):
        page = client.get(INDEX)
    assert len(page.context["addresses"]) == number


def to_details(till: orders.Till) -> Client:
    """Ada has chosen the window at the door in the first village."""
    client = client_of(till.user)
    basket = baskets.keep(basket=baskets.for_visitor(user=till.user, region=till.region))
    baskets.add(basket=basket, product=till.products[0], quantity=1)
    answer = client.post(reverse("checkout:delivery"), {"municipality": till.village.pk, "window": till.window.pk})
    assert answer.headers["Location"] == reverse("checkout:details")
    return client


def details(**given: Any) -> dict[str, Any]:
    return {"first_name": "Ada", "last_name": "Beispiel", "phone": "", "company": "", "payment": "handover", "note": "", **given}


def order_after(client: Client) -> Order:
    page = client.get(reverse("checkout:review"))
    fields = {"basket": page.context["basket_token"], "fingerprint": page.context["proposal"].contents.fingerprint}
    answer = client.post(reverse("checkout:review"), fields)
    assert answer.status_code == 302, answer.content.decode()
    order: Order = Order.objects.order_by("pk").last()  # type: ignore[assignment]  # there is one
    return order


def test_known_address_is_chosen_in_the_checkout_with_its_village(till: orders.Till, ascheffel: Municipality) -> None:
    addresses.add(user=till.user, label="Zuhause", street="Dorfstraße 7", postal_code="24361", municipality=till.village)
    work = addresses.add(
        user=till.user, label="Arbeit", street="Am Markt 1", postal_code="24358", municipality=ascheffel, note="Hintertür"
    )
    client = to_details(till)
    page = client.get(reverse("checkout:details"))
    shown = [label for _value, label in page.context["form"].fields["address"].choices]
    assert shown == [
        "Zuhause: Dorfstraße 7, 24361 Haby",
        "Arbeit: Am Markt 1, 24358 Ascheffel",
        "Andere Adresse in Haby",
    ]
    assert client.post(reverse("checkout:details"), details(address=work.pk)).status_code == 302
    delivery = order_after(client).delivery
    assert (delivery.street, delivery.postal_code, delivery.city) == ("Am Markt 1", "24358", "Ascheffel")
    assert (delivery.municipality, delivery.note) == (ascheffel, "Hintertür")


def test_another_address_must_be_typed_and_can_be_kept(till: orders.Till) -> None:
    addresses.add(user=till.user, label="Zuhause", street="Dorfstraße 7", postal_code="24361", municipality=till.village)
    client = to_details(till)
    where = reverse("checkout:details")
    assert client.post(where, details(address="", street="", postal_code="24361")).status_code == 422
    assert client.post(where, details(address="999999", street="Neuer Weg 3", postal_code="24361")).status_code == 422
    given = details(address="", street="Neuer Weg 3", postal_code="24361", keep_address="on")
    assert client.post(where, given).status_code == 302
    assert order_after(client).delivery.street == "Neuer Weg 3"
    assert labels(till.user, till) == [("Zuhause", True), ("Neuer Weg 3", False)]


def test_first_address_is_kept_by_itself(till: orders.Till) -> None:
    client = to_details(till)
    assert "address" not in client.get(reverse("checkout:details")).context["form"].fields
    client.post(reverse("checkout:details"), details(street="Dorfstraße 7", postal_code="24361"))
    order_after(client)
    assert labels(till.user, till) == [("Zuhause", True)]
