"""Entering codes on the basket page: what is taken, what is said, and that nobody finds a code by trying."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.basket import baskets
from marketplace.regions.models import Region
from marketplace.vouchers import attempts
from tests.factories import orders
from tests.factories.market import NOW, RegionFactory, UserFactory
from tests.factories.vouchers import voucher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told_clock")]


@pytest.fixture
def told_clock(time_machine: Any) -> None:
    """The pages ask the clock; the round of the factories is open now."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def till(client: Client) -> orders.Till:
    """A visitor with 29.40 € of goods in the basket."""
    made = orders.till()
    session = client.session
    session["basket"] = made.basket.pk
    session.save()
    return made


def redeem(client: Client, code: str) -> Any:
    return client.post(reverse("basket:redeem"), {"code": code}, follow=True)


def test_a_code_is_taken_and_the_sum_falls(client: Client, till: orders.Till) -> None:
    voucher(till.region)
    page = redeem(client, " sommer10 ").content.decode()
    assert "Gutschein SOMMER10" in page
    assert "−2,94\u00a0€" in page
    assert "Willkommen in der Marktrunde" in page
    client.post(reverse("basket:give_up"), {"code": "SOMMER10"})
    assert not till.basket.vouchers.exists()


def test_unknown_not_begun_and_of_another_region_look_the_same(client: Client, till: orders.Till) -> None:
    other: Region = RegionFactory.create()
    voucher(other, "ANDERSWO")
    voucher(till.region, "SPAETER", valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31))
    answers = [redeem(client, code) for code in ("GIBTESNICHT", "ANDERSWO", "SPAETER")]
    said = {page.context["voucher"].problem for page in answers}
    assert said == {"Diesen Gutscheincode kennen wir nicht. Bitte prüfen Sie, wie er geschrieben ist."}
    assert {page.status_code for page in answers} == {422}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"uses_in_all": 0}, "ist schon so oft eingelöst worden"),
        ({"minimum": "32.80"}, "noch 3,40\u00a0€"),
        ({"valid": "past"}, "galt nur bis Freitag, 20. November 2026"),
    ],
)
def test_why_a_code_does_not_hold(client: Client, till: orders.Till, told: dict[str, Any], sentence: str) -> None:
    if told.pop("valid", ""):
        told["valid_until"] = date(2026, 11, 20)
    voucher(till.region, **told)
    assert sentence in redeem(client, "SOMMER10").content.decode()


def test_a_second_exclusive_code_is_not_taken(client: Client, till: orders.Till) -> None:
    voucher(till.region, "ERSTER", percent="5")
    voucher(till.region, "ZWEITER", percent="10")
    redeem(client, "ERSTER")
    assert "nicht zusammen mit einem anderen" in redeem(client, "ZWEITER").content.decode()
    assert [row.terms.code for row in till.basket.vouchers.all()] == ["ERSTER"]


def test_who_tries_codes_is_asked_to_wait(client: Client, till: orders.Till) -> None:
    voucher(till.region)
    for number in range(attempts.LIMITS["basket"]):
        assert redeem(client, f"PROBE{number}").status_code == 422
    refused = redeem(client, "SOMMER10")
    assert refused.status_code == 429
    assert "Das waren viele Versuche" in refused.content.decode()
    assert not till.basket.vouchers.exists()


def test_codes_go_with_the_guest_who_logs_in(client: Client, till: orders.Till) -> None:
    voucher(till.region)
    redeem(client, "SOMMER10")
    own = baskets.join(user=UserFactory.create(), region=till.region, guest_id=till.basket.pk)
    assert [row.terms.code for row in own.vouchers.all()] == ["SOMMER10"]


def test_basket_page_asks_as_often_with_vouchers_on_many_lines(
    client: Client, till: orders.Till, django_assert_max_num_queries: Any
) -> None:
    voucher(till.region, "EINS", is_combinable=True)
    voucher(till.region, "ZWEI", is_combinable=True, first_order_only=True)
    redeem(client, "EINS")
    redeem(client, "ZWEI")
    with django_assert_max_num_queries(15):
        client.get(reverse("basket:summary"))
