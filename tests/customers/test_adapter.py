"""Mails about accounts are signed by the region; who is asked for a second factor."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from marketplace.regions.models import Role
from tests.factories.market import MembershipFactory, PartnerFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_mail_names_the_region(settings: Any) -> None:
    settings.ACCOUNT_ADAPTER = "marketplace.customers.adapter.AccountAdapter"
    region, ada = RegionFactory.create(name="Hüttener Berge"), UserFactory.create()
    Client().post(reverse("account_reset_password"), {"email": ada.email})
    (message,) = mail.outbox
    assert region.name in message.body
    assert "example.com" not in f"{message.body}{message.subject}"
    assert "Sie erhalten diese E-Mail" in message.body


def key(user: Any, kind: str, *, is_passkey: bool = True) -> None:
    """A second factor, or a passkey."""
    credential = {"clientExtensionResults": {"credProps": {"rk": is_passkey}}}
    Authenticator.objects.create(user=user, type=kind, data={"name": "x", "credential": credential, "secret": "x"})


def asked_for_a_second_factor(user: Any) -> bool:
    """Whether the password alone is not enough."""
    RegionFactory.create()
    answer = Client().post(reverse("account_login"), {"login": user.email, "password": "geheim-und-lang"})
    return answer.headers["Location"].startswith(reverse("mfa_authenticate"))


def test_passkey_of_a_customer_does_not_lock_the_password_out() -> None:
    ada = UserFactory.create()
    key(ada, "webauthn")
    assert not asked_for_a_second_factor(ada)


@pytest.mark.parametrize(("kind", "is_passkey"), [("totp", True), ("webauthn", False)])
def test_second_factor_of_a_customer_is_asked_for(kind: str, is_passkey: bool) -> None:
    ada = UserFactory.create()
    key(ada, kind, is_passkey=is_passkey)
    assert asked_for_a_second_factor(ada)


def test_every_key_of_who_works_here_is_asked_for() -> None:
    clerk = MembershipFactory.create().user
    farmer = UserFactory.create()
    PartnerFactory.create().users.add(farmer)
    for person in (clerk, farmer):
        key(person, "webauthn")
        assert asked_for_a_second_factor(person)


def started_at(user: Any, query: str = "") -> str:
    """Where somebody is led who has just logged in."""
    answer = Client().post(reverse("account_login") + query, {"login": user.email, "password": "geheim-und-lang"})
    return str(answer.headers["Location"])


@pytest.mark.parametrize(
    ("role", "place"), [(Role.OFFICE, "/buero/"), (Role.EDITOR, "/redaktion/"), (Role.DRIVER, "/fahrt/"), (None, "/konto/")]
)
def test_login_leads_to_the_own_workplace(role: Role | None, place: str) -> None:
    region, person = RegionFactory.create(), UserFactory.create()
    if role is not None:
        MembershipFactory.create(user=person, region=region, role=role)
    assert started_at(person) == place


def test_login_leads_producers_to_their_farm_unless_a_page_asked_for_it() -> None:
    farm, person = PartnerFactory.create(), UserFactory.create()
    farm.users.add(person)
    assert started_at(person) == "/betrieb/"
    assert started_at(person, "?next=/korb/") == "/korb/"


def test_login_does_not_open_another_regions_workplace() -> None:
    RegionFactory.create()
    person = MembershipFactory.create(region=RegionFactory.create(), role=Role.OFFICE).user
    assert started_at(person) == "/konto/"
