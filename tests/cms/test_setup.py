"""Building a region's tree from plain values."""

from typing import Any

import pytest
from wagtail.models import Site

from cms import setup
from cms.models import HomePage, StandardPage, StoryPage
from tests.factories.market import NOW, RegionFactory

TEXT = """
Erster Absatz mit <b>spitzen</b> Klammern.

## Überschrift
Absatz unter der Überschrift.

- eins
- zwei & drei
"""


def content(**other: Any) -> setup.SiteContent:
    page = setup.TextContent(slug="impressum", title="Impressum", lead="Wer wir sind", body=TEXT)
    story = setup.StoryContent(slug="brot", title="Brot", teaser="Früh", body="Der Teig ruht.")
    given: dict[str, Any] = {
        "title": "Markt", "description": "Ein Markt", "sections": [("quote", {"text": "Gut.", "who": "Ada"})],
        "pages": [page], "stories": [story], "footer_menu": [setup.LinkContent(slug="impressum")],
    }  # fmt: skip
    return setup.SiteContent(**{**given, **other})


def test_rich_text_knows_headings_lists_and_paragraphs() -> None:
    assert setup.rich_text(text=TEXT) == (
        "<p>Erster Absatz mit &lt;b&gt;spitzen&lt;/b&gt; Klammern.</p>"
        "<h2>Überschrift</h2><p>Absatz unter der Überschrift.</p>"
        "<ul><li>eins</li><li>zwei &amp; drei</li></ul>"
    )


@pytest.mark.django_db
def test_open_site_takes_over_wagtails_default_site_once() -> None:
    before = Site.objects.get(is_default_site=True)
    site = setup.open_site(name="Berge", hostname="localhost", port=8000, is_default=True)
    again = setup.open_site(name="Berge", hostname="localhost", port=8000, is_default=True)
    assert (site.pk, again.pk) == (before.pk, before.pk)
    assert isinstance(site.root_page.specific, HomePage)
    assert again.root_page_id == site.root_page_id


@pytest.mark.django_db
def test_open_site_makes_one_for_another_host() -> None:
    setup.open_site(name="Berge", hostname="localhost", port=8000, is_default=True)
    other = setup.open_site(name="Stadt", hostname="stadt.localhost", port=8000, is_default=False)
    assert Site.objects.count() == 2
    assert other.root_page.specific.title == "Stadt"


@pytest.mark.django_db
def test_build_site_again_changes_and_never_doubles() -> None:
    region: Any = RegionFactory.create()
    setup.build_site(region=region, content=content(), at=NOW)
    page = setup.TextContent(slug="impressum", title="Impressum", lead="Neu gesagt", body="Kurz.")
    home = setup.build_site(region=region, content=content(pages=[page]), at=NOW)
    assert StandardPage.objects.get().lead == "Neu gesagt"
    assert StoryPage.objects.count() == 1
    assert home.live
    assert home.body[0].block_type == "quote"


@pytest.mark.django_db
def test_build_site_keeps_two_regions_apart() -> None:
    first: Any = RegionFactory.create()
    second: Any = RegionFactory.create()
    for region in (first, second):
        setup.build_site(region=region, content=content(), at=NOW)
    assert StandardPage.objects.filter(slug="impressum").count() == 2
    assert first.site.root_page_id != second.site.root_page_id
