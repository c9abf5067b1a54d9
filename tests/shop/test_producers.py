"""The producers of the region and the page of one."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, PartnerFactory, RegionFactory
from tests.shop.conftest import article


def names(response: Any) -> list[str]:
    return [card.name for card in response.context["producers"]]


@pytest.mark.parametrize("number", [1, 3])
def test_index_needs_eight_queries(
    number: int, client: Client, village: Municipality, django_assert_max_num_queries: Any
) -> None:
    for _ in range(number):
        article(village)
    cache.clear()
    with django_assert_max_num_queries(8):
        assert len(names(client.get("/betriebe/"))) == number


def test_index_shows_approved_producers_of_this_region(client: Client, village: Municipality) -> None:
    PartnerFactory.create(municipality=village, name="Hof Hier")
    PartnerFactory.create(municipality=village, status="applied", approved_at=None)
    PartnerFactory.create(municipality=MunicipalityFactory.create(region=RegionFactory.create()))
    assert names(client.get("/betriebe/")) == ["Hof Hier"]


def test_index_filters_by_village_kind_and_certificate(client: Client, village: Municipality) -> None:
    PartnerFactory.create(municipality=village, name="Töpferei", kind="craft")
    bakery = MunicipalityFactory.create(region=village.region, slug="borgstedt")
    PartnerFactory.create(municipality=bakery, name="Bäckerei", organic_code="DE-ÖKO-006", organic_valid_until="2027-01-01")
    assert names(client.get("/betriebe/?art=craft")) == ["Töpferei"]
    assert names(client.get("/betriebe/?ort=borgstedt")) == ["Bäckerei"]
    assert names(client.get("/betriebe/?bio=1")) == ["Bäckerei"]


def test_index_draws_every_village_inside_the_map(client: Client, village: Municipality) -> None:
    PartnerFactory.create(municipality=village)
    MunicipalityFactory.create(region=village.region, latitude=54.5, longitude=9.5)
    sheet = client.get("/betriebe/").context["sheet"]
    assert [place.count for place in sorted(sheet.places, key=lambda place: place.name)] == [0, 1]
    assert all(0 < place.x < sheet.width and 0 < place.y < sheet.height for place in sheet.places)


def test_detail_says_who_stands_behind_it(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    partner = PartnerFactory.create(
        municipality=village,
        register_entry="HRA 12345 (Beispiel)",
        vat_id="DE123456789",
        organic_code="DE-ÖKO-006",
        organic_valid_until="2027-01-01",
    )
    article(village, partner=partner)
    text = client.get(partner.get_absolute_url()).content.decode()
    for fact in ("Hanne Beispiel", "Feldweg 3", "24361", "hof@hof.example", "HRA 12345", "DE123456789", "DE-ÖKO-006"):
        assert fact in text
    assert "DE02120300000000202051" not in text
    assert partner.tax_number not in text


@pytest.mark.parametrize("number", [1, 3])
def test_detail_needs_eight_queries(
    number: int, client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    partner = PartnerFactory.create(municipality=village)
    for _ in range(number):
        article(village, partner=partner, offer__stock_kind="per_round", offer__per_round=9)
    cache.clear()
    with django_assert_max_num_queries(8):
        assert len(client.get(partner.get_absolute_url()).context["cards"]) == number


def test_detail_of_another_region_or_an_applicant_does_not_exist(client: Client, village: Municipality) -> None:
    gone = [
        PartnerFactory.create(municipality=MunicipalityFactory.create(region=RegionFactory.create())),
        PartnerFactory.create(municipality=village, status="applied", approved_at=None),
        PartnerFactory.create(municipality=village, status="suspended"),
    ]
    assert [client.get(partner.get_absolute_url()).status_code for partner in gone] == [404, 404, 404]
