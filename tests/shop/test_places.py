"""The map of the region: a drawing, and the same as a list."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, PartnerFactory, PickupPointFactory, RegionFactory
from tests.shop.conftest import article


@pytest.mark.parametrize("number", [1, 3])
def test_index_needs_eight_queries(
    number: int, client: Client, village: Municipality, django_assert_max_num_queries: Any
) -> None:
    for place in range(number):
        other = MunicipalityFactory.create(region=village.region, latitude=54.4 + place / 100)
        article(other)
        PickupPointFactory.create(municipality=other)
    cache.clear()
    with django_assert_max_num_queries(8):
        assert len(client.get("/karte/").context["places"].points) == number


def test_index_counts_articles_producers_and_pickup_points_of_each_village(client: Client, village: Municipality) -> None:
    partner = PartnerFactory.create(municipality=village)
    article(village, partner=partner)
    article(village, partner=partner)
    article(village, is_public=False)
    PickupPointFactory.create(municipality=village, name="Hofladen")
    PickupPointFactory.create(municipality=village, name="Früher", is_active=False)
    (row,) = client.get("/karte/").context["places"].villages
    assert (row.articles, row.producers, [point.name for point in row.points]) == (2, 2, ["Hofladen"])


def test_index_is_of_this_region(client: Client, village: Municipality) -> None:
    article(village)
    far = MunicipalityFactory.create(region=RegionFactory.create(), name="Fernab")
    article(far)
    PickupPointFactory.create(municipality=far, name="Bahnhof Fernab")
    assert "Fernab" not in client.get("/karte/").content.decode()


def test_every_village_leads_somewhere(client: Client, village: Municipality) -> None:
    article(village)
    silent = MunicipalityFactory.create(region=village.region, slug="still", name="Stillhagen")
    text = client.get("/karte/").content.decode()
    assert text.count(f"/markt/?ort={village.slug}") == 2
    assert f"/betriebe/?ort={village.slug}" in text
    assert f"/markt/?ort={silent.slug}" not in text
    assert 'href="/lieferung/"' in text


def test_a_region_without_villages_has_a_map_too(client: Client, region: Any) -> None:
    assert client.get("/karte/").status_code == 200
