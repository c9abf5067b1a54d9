"""Sitemap, robots and the page for lost visitors."""

import pytest
from django.test import Client
from lxml import etree

from tests.cms import market
from tests.factories.market import MunicipalityFactory, PartnerFactory, ProductFactory, RegionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.cms.urls")]


def test_sitemap_names_pages_goods_and_producers_of_this_region_only(client: Client) -> None:
    _region, [product], _home = market.market(1)
    hidden = ProductFactory.create(partner=product.partner, is_public=False)
    elsewhere = ProductFactory.create(
        partner=PartnerFactory.create(municipality=MunicipalityFactory.create(region=RegionFactory.create()))
    )
    answer = client.get("/sitemap.xml")
    told = {element.text for element in etree.fromstring(answer.content).iter("{*}loc")}
    assert answer["Content-Type"] == "application/xml"
    expected = ["/", "/impressum/", "/geschichten/", "/markt/", product.get_absolute_url(), product.partner.get_absolute_url()]
    assert {f"http://testserver{path}" for path in expected} <= told
    for stranger in (hidden, elsewhere):
        assert f"http://testserver{stranger.get_absolute_url()}" not in told


def test_sitemap_leaves_drafts_out(client: Client) -> None:
    _region, _products, home = market.market(0)
    page = home.get_children().get(slug="impressum").specific
    page.unpublish()
    assert b"/impressum/" not in client.get("/sitemap.xml").content


def test_robots_names_the_sitemap_and_keeps_baskets_out(client: Client) -> None:
    market.market(0)
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /kasse/" in text


def test_lost_visitor_gets_a_search(client: Client) -> None:
    market.market(0)
    answer = client.get("/gibt-es-nicht/")
    assert answer.status_code == 404
    assert 'id="lost-search"' in answer.content.decode()
