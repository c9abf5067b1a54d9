"""The page of one article."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, PartnerFactory, RegionFactory
from tests.shop.conftest import article


@pytest.mark.parametrize("number", [1, 4])
def test_detail_needs_eight_queries(
    number: int, client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    partner = PartnerFactory.create(municipality=village)
    products = [article(village, partner=partner, offer__stock_kind="per_round", offer__per_round=9) for _ in range(number)]
    cache.clear()
    with django_assert_max_num_queries(8):
        response = client.get(products[0].get_absolute_url())
    assert len(response.context["more"]) == number - 1


def test_detail_of_another_region_hidden_or_suspended_does_not_exist(client: Client, village: Municipality) -> None:
    suspended = PartnerFactory.create(municipality=village, status="suspended")
    gone = [
        article(MunicipalityFactory.create(region=RegionFactory.create())),
        article(village, is_public=False),
        article(village, partner=suspended),
    ]
    assert [client.get(product.get_absolute_url()).status_code for product in gone] == [404, 404, 404]


def test_detail_leads_an_old_name_to_the_new_one(client: Client, village: Municipality) -> None:
    product = article(village, slug="ziegenkaese")
    response = client.get(f"/artikel/alter-name_{product.pk}/")
    assert (response.status_code, response.headers["Location"]) == (301, f"/artikel/ziegenkaese_{product.pk}/")


def test_detail_sets_allergens_off_and_escapes_the_rest(client: Client, village: Municipality) -> None:
    product = article(village, ingredients="Roh**milch**, <b>Salz</b>", allergens=["MILK", "WHEAT"])
    text = client.get(product.get_absolute_url()).content.decode()
    assert "Roh<strong>milch</strong>, &lt;b&gt;Salz&lt;/b&gt;" in text
    assert "Weizen, Milch" in text


def test_detail_drops_the_organic_claim_when_the_certificate_has_expired(client: Client, village: Municipality) -> None:
    expired = PartnerFactory.create(municipality=village, organic_code="DE-ÖKO-006", organic_valid_until="2026-11-23")
    product = article(
        village, title="Bio-Möhren", partner=expired, is_organic=True, description="Aus ökologischem Anbau. Knackig."
    )
    text = client.get(product.get_absolute_url()).content.decode()
    assert ("Bio-Möhren" in text, "ökologisch" in text, "Knackig." in text) == (False, False, True)


def test_detail_says_in_which_rounds_it_comes(
    client: Client, village: Municipality, saturday: DeliveryRound, next_saturday: DeliveryRound
) -> None:
    product = article(village, lead_time_days=7)
    lines = client.get(product.get_absolute_url()).context["round_lines"]
    assert [(line.day.day, bool(line.hindrance)) for line in lines] == [(28, True), (5, False)]


def test_detail_tells_machines_the_price_and_cannot_be_broken_out_of(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    product = article(village, title="Käse </script><b>", offer__price=Decimal("4.90"))
    text = client.get(product.get_absolute_url()).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    facts = json.loads(block)["@graph"][0]
    assert (facts["name"], facts["offers"]["price"]) == ("Käse </script><b>", "4.90")
