"""Vouchers in the office and in the producers' workspace."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from marketplace.regions.models import Role
from marketplace.vouchers.models import VoucherTerms
from tests.dashboard.people import Farm, with_role
from tests.factories.market import PartnerFactory
from tests.factories.vouchers import voucher

pytestmark = pytest.mark.django_db
CEILING = 12


@pytest.fixture
def farm() -> Farm:
    return Farm()


@pytest.fixture
def office(farm: Farm) -> Client:
    return with_role(farm.market, Role.OFFICE)


def entered(**told: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "code": "honig 10",
        "title": "Zehn Prozent auf Honig",
        "percent": "10",
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=7)).isoformat(),
        "uses_per_person": "1",
        **told,
    }


def test_the_office_offers_changes_and_ends_one(farm: Farm, office: Client) -> None:
    page = office.post(reverse("office:voucher_new"), entered(free_delivery="on", uses_in_all="50"), follow=True)
    terms = VoucherTerms.objects.get()
    assert (terms.code, terms.bearer, terms.region) == ("HONIG10", None, farm.market.region)
    assert "0 von 50" in page.content.decode()
    office.post(reverse("office:voucher", args=[terms.pk]), entered(code="HONIG10", percent="12,5"))
    assert terms.voucher.offers.get().benefit.value == Decimal("12.50")
    page = office.post(reverse("office:voucher_end", args=[terms.pk]), follow=True)
    assert "beendet" in page.content.decode()


def test_the_office_names_the_producer_who_bears_it(farm: Farm, office: Client) -> None:
    refused = office.post(reverse("office:voucher_new"), entered(is_borne_by_producer="on"))
    assert refused.status_code == 422
    assert "Bitte wählen Sie den Betrieb" in refused.content.decode()
    office.post(reverse("office:voucher_new"), entered(is_borne_by_producer="on", goods_of=str(farm.partner.pk)))
    assert VoucherTerms.objects.get().bearer == farm.partner


def test_what_makes_no_sense_is_said_at_its_field(office: Client) -> None:
    refused = office.post(reverse("office:voucher_new"), entered(code="??", percent=""))
    assert refused.status_code == 422
    assert "4 bis 30 Buchstaben" in refused.content.decode()
    assert not VoucherTerms.objects.exists()


def test_a_producer_offers_one_on_own_goods_at_own_cost(farm: Farm) -> None:
    other = PartnerFactory.create(municipality=farm.market.village)
    farm.client.post(reverse("dashboard:voucher_new"), entered(goods_of=str(other.pk), free_delivery="on"))
    terms = VoucherTerms.objects.get()
    assert (terms.bearer, terms.goods_of) == (farm.partner, farm.partner)
    assert terms.voucher.offers.count() == 1


def test_a_producer_sees_and_changes_only_own_ones(farm: Farm) -> None:
    other = voucher(farm.market.region, "FREMD5")
    assert "FREMD5" not in farm.client.get(reverse("dashboard:vouchers")).content.decode()
    assert farm.client.get(reverse("dashboard:voucher", args=[other.pk])).status_code == 404
    assert farm.client.post(reverse("dashboard:voucher_end", args=[other.pk])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_as_often_for_many(
    farm: Farm, office: Client, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for count in range(number):
        voucher(farm.market.region, f"CODE{count}", goods_of=farm.partner, bearer=farm.partner, percent="5")
    for client, name in ((office, "office:vouchers"), (farm.client, "dashboard:vouchers")):
        with django_assert_max_num_queries(CEILING):
            page = client.get(reverse(name))
        assert page.content.decode().count("CODE") >= number
