"""Which legal texts go into an order."""

from typing import Any

import pytest

from cms import setup
from cms.models import StandardPage
from marketplace.checkout import legal
from marketplace.regions.models import Region
from tests.factories.market import NOW, RegionFactory

pytestmark = pytest.mark.django_db
BODY = "## 1. Vertrag\n\nMit dem Knopf & Klick.\n\n- erstens\n- zweitens\n\n## 2. Preise\n\nMit Steuer."


@pytest.fixture
def region() -> Any:
    """A region whose site says something in its terms."""
    found = RegionFactory.create()
    pages = [setup.TextContent(slug="agb", title="AGB", lead="", body=BODY)]
    content = setup.SiteContent(title="Markt", description="", sections=(), pages=pages)
    setup.build_site(region=found, content=content, at=NOW)
    return Region.objects.select_related("site__root_page").get(pk=found.pk)


def test_texts_are_those_of_the_regions_pages(region: Region) -> None:
    terms = legal.texts(region=region)["terms"]
    assert terms["title"] == "AGB"
    lines = [line.strip() for line in terms["text"].splitlines()]
    assert lines == ["1. Vertrag", "Mit dem Knopf & Klick.", "– erstens", "– zweitens", "", "2. Preise", "Mit Steuer."]
    assert terms["version"]


def test_version_changes_with_the_page(region: Region) -> None:
    before = legal.texts(region=region)["terms"]["version"]
    StandardPage.objects.get(slug="agb").save_revision().publish()
    assert legal.texts(region=region)["terms"]["version"] != before


def test_without_a_page_the_markets_own_text_stands_in(region: Region) -> None:
    withdrawal = legal.texts(region=region)["withdrawal"]
    assert withdrawal["title"] == "Widerrufsbelehrung"
    assert region.legal_name in withdrawal["text"]
