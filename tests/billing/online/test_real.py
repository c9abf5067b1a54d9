"""The provider itself, in its test mode: runs only for who has a key (STRIPE_TEST_KEY), and is named as not run otherwise."""

import os
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import stripe

from billing.online.provider import Declined, NotPossible, Provider, Wish
from billing.online.remitting import Business, Remitter

KEY = os.environ.get("STRIPE_TEST_KEY", "")
pytestmark = [
    pytest.mark.opt_in,
    pytest.mark.skipif(not KEY.startswith(("sk_test_", "rk_test_")), reason="STRIPE_TEST_KEY is not set"),
    pytest.mark.allow_hosts(["api.stripe.com", "127.0.0.1"]),
]


@pytest.fixture
def provider() -> Provider:
    return Provider(key=KEY)


def wish(**other: Any) -> Wish:
    told: dict[str, Any] = {
        "title": "Bestellung 1",
        "amount": Decimal("33.30"),
        "hold": True,
        "email": "grete@post.example",
        "reference": "1",
        "until": datetime.now(UTC) + timedelta(minutes=60),
        "back": "https://markt.example/zurueck/",
        "leave": "https://markt.example/ohne/",
    }
    return Wish(**{**told, **other})


@pytest.mark.parametrize("other", [{}, {"hold": False}, {"amount": None}], ids=["hold", "now", "keep"])
def test_page_opens_is_the_same_and_ends(provider: Provider, other: dict[str, Any]) -> None:
    asked, key = wish(**other), str(uuid.uuid4())
    page = provider.open_page(wish=asked, key=key)
    assert provider.open_page(wish=asked, key=key).number == page.number
    assert page.url.startswith("https://")
    provider.end_page(number=page.number)
    assert provider.page(number=page.number).status == "expired"
    with pytest.raises(NotPossible):
        provider.end_page(number=page.number)


def test_charge_and_give_back(provider: Provider) -> None:
    client = stripe.StripeClient(KEY)
    payer = client.v1.customers.create().id
    means = client.v1.payment_methods.attach("pm_card_visa", params={"customer": payer}).id
    paid = provider.charge(amount=Decimal("12.00"), payer=payer, means=means, key=str(uuid.uuid4()))
    assert (paid.status, paid.taken) == ("succeeded", Decimal("12.00"))
    key = str(uuid.uuid4())
    number, _status = provider.give_back(number=paid.number, amount=Decimal("2.00"), key=key)
    assert provider.give_back(number=paid.number, amount=Decimal("2.00"), key=key)[0] == number
    with pytest.raises(NotPossible):
        provider.give_back(number=paid.number, amount=Decimal("12.00"), key=str(uuid.uuid4()))
    provider.forget(means=means)


def test_declined(provider: Provider) -> None:
    client = stripe.StripeClient(KEY)
    payer = client.v1.customers.create().id
    means = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", params={"customer": payer}).id
    with pytest.raises(Declined) as declined:
        provider.charge(amount=Decimal("12.00"), payer=payer, means=means, key=str(uuid.uuid4()))
    assert declined.value.intent.startswith("pi_")


def test_account_is_read(provider: Provider) -> None:
    since = datetime.now(UTC) - timedelta(days=2)
    assert all(row.number for row in provider.movements(since=since))
    assert all(row.number for row in provider.transfers(since=since))
    assert all(row.number for row in provider.disputes(since=since))


def test_account_of_a_producer_is_opened_once_and_takes_nothing_before_it_has_told(provider: Provider) -> None:
    remitter, key = Remitter(provider=provider), str(uuid.uuid4())
    business = Business(name="Hof Beispiel", email="hof@markt.example", website="https://markt.example/hof/", reference="1")
    account = remitter.open_account(business=business, key=key)
    assert remitter.open_account(business=business, key=key).number == account.number
    assert not account.can_receive
    page = remitter.page(number=account.number, back="https://markt.example/zurueck/", again="https://markt.example/neu/")
    assert page.startswith("https://")
    with pytest.raises(NotPossible, match="insufficient_capabilities_for_transfer"):
        remitter.transfer(to=account.number, amount=Decimal(1), group=key, reference=key, key=key)
    assert remitter.transfers(group=key) == []
