"""What machines and other sites read of articles and producers."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Category
from marketplace.regions.models import Municipality
from tests.factories.market import PartnerFactory
from tests.shop.conftest import article


def told(client: Client, url: str) -> dict[str, Any]:
    """The data block of a page, by type."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(url).content.decode(), re.DOTALL)
    assert found
    return {thing["@type"]: thing for thing in json.loads(found[1])["@graph"]}


def test_article_says_its_price_without_deposit_and_the_way_to_it(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    shelf = Category.add_root(name="Honig & Vorräte", slug="honig")
    product = article(village, title="Honig", deposit=Decimal("0.25"), category=shelf)
    things = told(client, product.get_absolute_url())
    offer = things["Product"]["offers"]
    assert (offer["price"], offer["priceCurrency"], offer["availability"]) == ("4.90", "EUR", "https://schema.org/InStock")
    assert offer["availabilityStarts"] == "2026-11-28"
    assert [step["name"] for step in things["BreadcrumbList"]["itemListElement"]] == ["Markt", "Honig & Vorräte", "Honig"]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"season_months": [6]}, "OutOfStock"),
        ({"lead_time_days": 7}, "PreOrder"),
        ({"offer__stock_kind": "per_round", "offer__per_round": 3}, "LimitedAvailability"),
    ],
)
def test_article_says_whether_the_next_round_has_it(
    given: dict[str, Any], word: str, client: Client, village: Municipality, saturday: DeliveryRound, next_saturday: DeliveryRound
) -> None:
    product = article(village, **given)
    response = client.get(product.get_absolute_url())
    offer = told(client, product.get_absolute_url())["Product"]["offers"]
    assert (response.status_code, offer["availability"]) == (200, f"https://schema.org/{word}")


def test_nothing_a_producer_writes_ends_the_block(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    product = article(village, title="</script><b>&", description="<!-- </script>")
    assert told(client, product.get_absolute_url())["Product"]["name"] == "</script><b>&"


def test_pages_name_their_own_address(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    partner = PartnerFactory.create(municipality=village, slug="hof", closed_from=date(2026, 11, 1))
    product = article(village, partner=partner)
    for path, url in (
        (product.get_absolute_url(), product.get_absolute_url()),
        ("/betriebe/hof/?seite=1", "/betriebe/hof/"),
        ("/markt/?ort=haby", "/markt/"),
    ):
        assert f'rel="canonical" href="http://testserver{url}"' in client.get(path).content.decode()
    assert told(client, "/betriebe/hof/")["LocalBusiness"]["address"]["addressLocality"] == "Haby"


def test_share_picture_is_there_for_articles_with_a_picture_only(client: Client, village: Municipality) -> None:
    product = article(village)
    assert client.get(f"/artikel/{product.pk}/bild.jpg").status_code == 404
