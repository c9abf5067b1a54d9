"""Who is calling: any spelling of a number, any part of a name, and nobody of another region."""

from datetime import date
from typing import Any

import pytest

from marketplace.core.models import AuditEntry
from marketplace.desk import callers, calls, numbers
from marketplace.desk.models import Call, Caller, TakenOrder
from marketplace.users import profiles
from tests.desk import phone
from tests.factories import town as towns
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return towns.build(today=date(2026, 11, 24))


@pytest.mark.parametrize(
    "typed", ["04356 12 34", "+49 4356 1234", "0049 4356-1234", "(04356) 1234", "04356/1234", "+49(0)43561234"]
)
def test_normal_brings_every_spelling_to_one(typed: str) -> None:
    assert numbers.normal(text=typed) == "+4943561234"
    assert numbers.digits(text=typed) == "43561234"


@pytest.mark.parametrize("typed", ["", "Hertha", "12", "+49", "+", "0" * 40, "'; --"])
def test_normal_of_what_is_no_number_is_empty(typed: str) -> None:
    assert numbers.normal(text=typed) == ""


def test_digits_of_words_are_none() -> None:
    assert (numbers.digits(text="Hertha 1234"), numbers.digits(text="123"), numbers.digits(text="04356 1")) == ("", "", "43561")


def test_shown_is_written_as_people_write_it() -> None:
    assert numbers.shown(number="+4943561234") == "04356 1234"
    assert numbers.shown(number="+4533123456") == "+45 33 12 34 56"
    assert numbers.shown(number="Nachbarin fragen") == "Nachbarin fragen"


@pytest.mark.parametrize(
    "text", ["04356 000123", "+49 4356 000 123", "0049-4356-000123", "000123", "hertha", "Beispiel Hertha", "Haby"]
)
def test_find_finds_a_card(town: Town, text: str) -> None:
    card = phone.card(town)
    found = callers.find(region=town.region, text=text)
    assert [(one.kind, one.key) for one in found if one.kind == "card"] == [("card", card.pk)]


def test_find_finds_logins_by_the_number_they_typed(town: Town) -> None:
    who = town.people["customer"]
    profiles.keep(user=who, first_name="Ada", last_name="Netz", phone="04356 / 555 77-8", municipality=town.villages["Haby"])
    found = callers.find(region=town.region, text="+49 4356 555778")
    assert [(one.kind, one.key, one.place) for one in found] == [("login", who.pk, "Haby")]


def test_find_finds_guests_once(town: Town) -> None:
    way.order(town, {"honey": 1}, phone="04356 444 333", last_name="Gast")
    order = way.order(town, {"honey": 1}, phone="04356 444 333", last_name="Gast")
    found = callers.find(region=town.region, text="04356444333")
    assert [(one.kind, one.key) for one in found] == [("order", order.pk)]
    details = callers.details_of(order=way.delivery_of(order).order)
    assert (details["street"], details["city"], details["municipality"]) == ("Dorfstraße 7", "Haby", town.villages["Haby"])


def test_find_tells_nothing_of_another_region(town: Town) -> None:
    phone.card(town)
    way.order(town, {"honey": 1})
    for text in ("000123", "Hertha", "Beispiel", "000111", ""):
        assert callers.find(region=town.elsewhere, text=text) == []


def test_find_needs_few_queries(town: Town, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        phone.card(town, phone=f"04356 00012{number}")
        way.order(town, {"honey": 1}, phone=f"04356 00012{number}", last_name=f"Gast {number}")
    with django_assert_max_num_queries(3):
        assert len(callers.find(region=town.region, text="00012")) == 6


def test_card_needs_an_address_to_write_to(town: Town) -> None:
    with pytest.raises(callers.NotKept):
        phone.card(town, street="")
    assert phone.card(town, street="", email="hertha@post.example").email == "hertha@post.example"
    with pytest.raises(callers.NotKept):
        phone.card(town, phone="gar keine")


def test_a_login_has_one_card(town: Town) -> None:
    phone.card(town, user=town.people["customer"])
    with pytest.raises(callers.NotKept):
        phone.card(town, user=town.people["customer"])


def test_forgotten_card_takes_its_notes_along(town: Town) -> None:
    office, card = town.people["office"], phone.card(town)
    order = phone.order(town, card, {"honey": 2})
    calls.note(region=town.region, topic="goods", text="verträgt keine Nüsse", at=town.noon, by=office, caller=card)
    callers.forget(caller=Caller.objects.get(pk=card.pk), at=town.noon, by=office)
    assert not TakenOrder.objects.exists()
    assert [(call.text, call.caller) for call in Call.objects.all()] == [("", None)] * 2
    order.refresh_from_db()
    assert order.first_name == "Hertha"
    assert AuditEntry.objects.filter(action=callers.FORGOTTEN, by=office).count() == 1
