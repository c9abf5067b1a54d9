"""A guest becomes a customer: with one tap after the order, or later from the link in the mail; nobody else gets the orders."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from marketplace.order import links, mails
from marketplace.order.models import Order
from marketplace.users.models import Address, User
from tests.factories.market import UserFactory
from tests.factories.town import PASSWORD, Town
from tests.journeys import way

GRETE = "grete@post.example"


@pytest.fixture(autouse=True)
def _noon(town: Town) -> Iterator[None]:
    with time_machine.travel(town.noon, tick=True):
        yield


def code() -> str:
    """The code in the last mail."""
    found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def from_the_mail(town: Town, order: Order) -> tuple[Client, str, str]:
    """Somebody follows the link in the confirmation; the address of the button and what its form holds."""
    mails.send_confirmation(order_id=order.pk, at=town.noon)
    found = re.search(r"https?://[^/\s]+(/konto/bestellung/\S+)", str(mail.outbox[-1].body))
    assert found
    client = Client()
    page = client.get(found[1])
    assert page.context["can_open_account"]
    return client, reverse("checkout:open_account", args=[order.number]), page.context["link"]


def numbers(client: Client) -> set[str]:
    return {row["order"].number for row in client.get("/konto/").context["rows"]}


def test_from_the_link_in_the_mail_with_one_tap_and_the_code(town: Town) -> None:
    order, earlier = way.order(town, {"honey": 1}, email=GRETE), way.order(town, {"candle": 1}, email=GRETE.upper())
    other = way.order(town, {"honey": 1}, email="other@post.example")
    client, button, link = from_the_mail(town, order)
    answer = client.post(button, {"link": link})
    assert Order.objects.filter(user__isnull=False).count() == 0  # nothing is anybody's before the code
    assert client.get("/konto/").status_code == 302
    assert client.post(answer.headers["Location"], {"code": code()}).status_code == 302
    assert numbers(client) == {order.number, earlier.number}
    other.refresh_from_db()
    assert other.user is None
    ada = User.objects.get(email=GRETE)
    assert (ada.first_name, ada.has_usable_password()) == ("Grete", False)
    assert Address.objects.get(user=ada).street == "Dorfstraße 7"


def test_wrong_code_gives_nothing(town: Town) -> None:
    order = way.order(town, {"honey": 1}, email=GRETE)
    client, button, link = from_the_mail(town, order)
    answer = client.post(button, {"link": link})
    client.post(answer.headers["Location"], {"code": "AAAA-AAAA"})
    order.refresh_from_db()
    assert order.user is None
    assert client.get("/konto/").status_code == 302


def test_button_needs_the_session_or_the_link(town: Town) -> None:
    order, mine = way.order(town, {"honey": 1}, email=GRETE), way.order(town, {"honey": 1}, email="eve@post.example")
    button = reverse("checkout:open_account", args=[order.number])
    for link in ("", "x", links.sign(order=mine)):
        assert Client().post(button, {"link": link}).status_code == 404
    assert not User.objects.filter(email=GRETE).exists()
    assert mail.outbox == []


def test_case_41_guest_with_a_known_address_shares_nothing_before_the_code(town: Town) -> None:
    """The account's owner finds the order after proving the address, and nobody can tell that there is an account."""
    known = UserFactory.create(email=GRETE, first_name="Grete")
    order = way.order(town, {"honey": 1}, email=GRETE)
    assert (order.user, order.guest_email) == (None, GRETE)
    client, button, link = from_the_mail(town, order)
    stranger = way.order(town, {"honey": 1}, email="unknown@post.example")
    other, other_button, other_link = from_the_mail(town, stranger)
    answers = [client.post(button, {"link": link}), other.post(other_button, {"link": other_link})]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    order.refresh_from_db()
    assert order.user is None
    assert client.get("/konto/").status_code == 302
    owner = Client()
    owner.post(reverse("account_login"), {"login": GRETE, "password": PASSWORD})
    assert Order.objects.get(pk=order.pk).user == known
    assert numbers(owner) == {order.number}


def test_case_41_order_is_read_by_its_link_alone(town: Town) -> None:
    order = way.order(town, {"honey": 1}, email=GRETE)
    stranger = Client()
    stranger.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")
    for client in (Client(), stranger):
        assert client.get(reverse("customer:order_by_link", args=[links.sign(order=order)])).status_code == 200
        assert client.get(reverse("customer:order_by_link", args=["x" + links.sign(order=order)[1:]])).status_code == 404
        assert client.get(reverse("checkout:thanks", args=[order.number])).status_code == 404
    assert stranger.get(reverse("customer:order", args=[order.number])).status_code == 404


def test_who_signed_up_with_a_strangers_address_gets_nothing(town: Town) -> None:
    eve = Client()
    eve.post(reverse("account_signup"), {"email": GRETE, "password1": "gehoert-mir-nicht-77"})
    assert eve.get("/konto/").status_code == 302  # no account before the code from the mailbox
    order = way.order(town, {"honey": 1}, email=GRETE)
    client, button, link = from_the_mail(town, order)
    answer = client.post(button, {"link": link})
    client.post(answer.headers["Location"], {"code": code()})
    assert numbers(client) == {order.number}
    again = Client()
    again.post(reverse("account_login"), {"login": GRETE, "password": "gehoert-mir-nicht-77"})
    assert again.get("/konto/").status_code == 302
    assert eve.get("/konto/").status_code == 302


def test_signing_up_keeps_the_password_and_brings_the_orders(town: Town) -> None:
    order = way.order(town, {"honey": 1}, email=GRETE)
    client = Client()
    answer = client.post(reverse("account_signup"), {"email": GRETE, "password1": "ganz-geheim-und-77"})
    order.refresh_from_db()
    assert order.user is None
    answer = client.post(answer.headers["Location"], {"code": code()})
    assert answer.status_code == 302
    assert numbers(client) == {order.number}
    assert User.objects.get(email=GRETE).check_password("ganz-geheim-und-77")
    assert EmailAddress.objects.get(email=GRETE).verified


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("account_signup", {"password1": "ganz-geheim-und-77"}),
        ("account_request_login_code", {}),
        ("account_reset_password", {}),
        ("account_login", {"password": "falsch-und-lang-77"}),
    ],
)
def test_no_page_tells_whether_an_address_is_known(name: str, given: dict[str, str], town: Town) -> None:
    UserFactory.create(email=GRETE)
    field = {"account_login": "login"}.get(name, "email")

    def answer(email: str) -> tuple[Any, ...]:
        found = Client().post(reverse(name), {field: email, **given})
        errors = found.context["form"].errors if found.context and "form" in found.context else {}
        return found.status_code, found.headers.get("Location"), str(errors)

    assert answer(GRETE) == answer("unknown@post.example")


def test_many_tries_are_refused_kindly(town: Town, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "2/h/key", "signup": "2/h/ip"}
    order = way.order(town, {"honey": 1}, email=GRETE)
    _client, button, link = from_the_mail(town, order)
    answers = [Client().post(button, {"link": link}) for _try in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert "Bitte versuchen Sie es in einer Minute noch einmal" in answers[-1].content.decode()
    tries = [Client().post(reverse("account_signup"), {"email": f"x{number}@post.example"}) for number in range(3)]
    assert [answer.status_code for answer in tries] == [200, 200, 429]
    assert "Bitte warten Sie einen Augenblick" in tries[2].content.decode()
