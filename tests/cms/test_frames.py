"""Menus in the frame of every page."""

from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone

from cms import frames, setup
from cms.frames import FrameLink
from cms.models import StandardPage, StoryPage
from tests.cms import market
from tests.factories.market import RegionFactory

pytestmark = pytest.mark.django_db
FOOT = "{% load market_pages %}{% site_footer %}"


def test_footer_links_name_pages_and_addresses(django_assert_num_queries: Any) -> None:
    region, _products, _home = market.market(0)
    html = Template(FOOT).render(Context({"region": region}))
    assert '<a href="/impressum/">Impressum</a>' in html
    assert '<a href="/lieferung/">Lieferung</a>' in html
    with django_assert_num_queries(0):
        assert Template(FOOT).render(Context({"region": region})) == html


def test_foot_that_was_written_once_follows_the_editors() -> None:
    region, _products, home = market.market(0)
    Template(FOOT).render(Context({"region": region}))
    home.footer_menu = [("link", {"page": None, "address": "/lieferung/", "text": "Wann wir kommen"})]
    home.save_revision().publish()
    again = type(region).objects.get(pk=region.pk)
    assert "Wann wir kommen" in Template(FOOT).render(Context({"region": again}))


def test_main_menu_and_contact(django_assert_num_queries: Any) -> None:
    region, _products, _home = market.market(0)
    frame = frames.frame_of(region=region)
    assert frame.main == (FrameLink(url="/geschichten/", label="Geschichten"),)
    assert frame.contact_hours == "montags bis freitags 8–12 Uhr"


def test_frame_follows_a_page_that_is_taken_down() -> None:
    region, _products, _home = market.market(0)
    assert len(frames.frame_of(region=region).footer) == 2
    StandardPage.objects.get(slug="impressum").unpublish()
    assert [link.label for link in frames.frame_of(region=region).footer] == ["Lieferung"]


def test_frame_tells_the_latest_stories_and_follows_them() -> None:
    region, products, _home = market.market(2)
    told = [f"Bei {product.partner.name}" for product in reversed(products)]
    StoryPage.objects.filter(title=told[0]).update(first_published_at=timezone.now() + timedelta(days=1))
    assert [tale.title for tale in frames.frame_of(region=region).tales] == told
    StoryPage.objects.get(title=told[0]).unpublish()
    assert [tale.title for tale in frames.frame_of(region=region).tales] == told[1:]


def test_frame_tells_no_story_of_another_region() -> None:
    region, _products, home = market.market(0)
    other: Any = RegionFactory.create()
    [stranger] = market.goods(other, 1)
    market.site(region=other, products=[stranger])
    story = StoryPage.objects.get(partner=stranger.partner)
    home.footer_menu = [("link", {"page": story, "address": "", "text": "Nebenan"})]
    home.save_revision().publish()
    frame = frames.frame_of(region=type(region).objects.get(pk=region.pk))
    assert ([link.label for link in frame.footer], frame.tales) == (["Nebenan"], ())


def test_frame_of_a_region_without_pages_is_empty() -> None:
    region: Any = RegionFactory.create()
    assert frames.frame_of(region=region) == frames.Frame()
    assert '<a href="/impressum/">' in Template(FOOT).render(Context({}))


def test_links_that_run_are_refused() -> None:
    from cms.blocks.base import ADDRESS

    for bad in ("javascript:alert(1)", "//fremd.example", "http://fremd.example", 'https://x"onclick'):
        with pytest.raises(Exception, match="Adresse"):
            ADDRESS(bad)
    for good in ("/lieferung/", "https://amt.example/seite?x=1#y", "mailto:post@markt.example"):
        ADDRESS(good)
    assert setup.LinkContent(address="/lieferung/").address
