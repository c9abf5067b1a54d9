"""The home page: every block with nothing, little and more, live values, and nothing of other regions."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms import setup
from marketplace.pictures import sizes
from marketplace.pictures.models import Picture
from marketplace.regions import kept
from tests.cms import market
from tests.factories.market import AccountFactory, MunicipalityFactory, PartnerFactory, ProductFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db
#: queries of the whole home page with every block: Redis emptied, after a long quiet, after a minute, and within it; the
#: page as a whole is not kept in any of these
EMPTIED, COLD, AFTER_A_MINUTE, WARM = 9, 7, 5, 1
#: of any other page, Redis emptied
CEILING = 8


def page(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def queries_of(client: Client, path: str = "/") -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_home_shows_every_block(client: Client, count: int) -> None:
    _region, products, _home = market.market(count)
    html = page(client)
    assert "<h1>Frisch aus unseren Dörfern</h1>" in html
    assert "Lieferrunde" in html
    assert "Morgen ist Markt." in html
    for product in products:
        assert product.title in html
        assert product.partner.name in html
        assert f"Bei {product.partner.name}" in html


@pytest.mark.parametrize("count", [1, 3])
def test_home_queries_do_not_grow(client: Client, count: int) -> None:
    market.market(count)
    page(client)  # makes the pictures' sizes
    cache.clear()
    emptied = queries_of(client)
    cache.clear()
    page(client, "/impressum/")  # site, region and frame are known again, what the home page shows is not
    cold = queries_of(client)
    cache.delete_many(cache_keys("lively"))
    kept.forget()
    minute = queries_of(client)
    kept.forget()
    warm = queries_of(client)
    assert (len(emptied), len(cold), len(minute), len(warm)) == (EMPTIED, COLD, AFTER_A_MINUTE, WARM)
    assert queries_of(client) == []


@pytest.mark.parametrize("what", ["share", "shut"])
def test_home_needs_no_more_queries_with_a_share_picture_or_while_all_is_shut(client: Client, what: str) -> None:
    region, _products, home = market.market(2)
    if what == "share":
        home.share_picture = market.picture()
        home.save_revision().publish()
    else:
        region.rounds.update(cutoff_at=timezone.now() - timedelta(minutes=1))
    page(client)
    cache.clear()
    assert len(queries_of(client)) <= EMPTIED


@pytest.mark.parametrize("count", [1, 3])
def test_no_page_needs_more_queries_than_the_ceiling_with_nothing_kept(client: Client, count: int) -> None:
    _region, products, _home = market.market(count)
    product = products[0]
    texts = ["/impressum/", "/geschichten/", f"/geschichten/geschichte-{product.partner_id}/"]
    shop = ["/markt/", f"/markt/?q={product.title}", product.get_absolute_url(), product.partner.get_absolute_url(), "/betriebe/"]
    needed = {}
    for path in [*texts, *shop, "/suche/?q=honig", "/lieferung/"]:
        page(client, path)
        cache.clear()
        needed[path] = len(queries_of(client, path))
    assert {path: number for path, number in needed.items() if number > CEILING} == {}


def cache_keys(kind: str) -> list[str]:
    """What is kept under a kind of key."""
    connection_ = cache._cache.get_client()  # type: ignore[attr-defined]  # of Django's Redis cache
    prefix = cache.make_key("")
    found = [key.decode() for key in connection_.scan_iter(f"{prefix}cms:{kind}:*")]
    return [key.removeprefix(prefix) for key in found]


def test_home_leaves_out_what_belongs_elsewhere(client: Client) -> None:
    region, [product], _home = market.market(1)
    other: Any = RegionFactory.create(name="Norderstedt")
    [stranger] = market.goods(other, 1)
    market.site(region=region, products=[product, stranger], stories=[product.partner])
    html = page(client)
    assert product.title in html
    assert stranger.title not in html
    assert stranger.partner.name not in html


def test_home_leaves_out_what_was_deleted_hidden_or_suspended(client: Client) -> None:
    _region, [kept, hidden, deleted], _home = market.market(3)
    hidden.is_public = False
    hidden.save()
    partner = deleted.partner
    deleted.stockrecords.all().delete()
    deleted.delete()
    partner.status = "suspended"
    partner.save()
    cache.clear()
    html = page(client)
    assert kept.title in html
    for gone in (hidden.title, deleted.title, partner.name):
        assert f">{gone}<" not in html


def test_home_without_an_open_round_says_so(client: Client) -> None:
    region, [product], _home = market.market(1)
    region.rounds.update(cutoff_at=timezone.now() - timedelta(minutes=1))
    html = page(client)
    assert "Zurzeit kann nicht bestellt werden" in html
    assert product.title in html


def test_home_is_kept_no_longer_than_until_the_cutoff(client: Client) -> None:
    region, _products, _home = market.market(1)
    region.rounds.update(cutoff_at=timezone.now() + timedelta(seconds=20))
    page(client)
    [key] = cache_keys("lively")
    assert 0 < cache._cache.get_client().ttl(cache.make_key(key)) <= 20  # type: ignore[attr-defined]  # of Django's Redis cache


def test_home_says_another_thing_as_soon_as_it_is_published(client: Client) -> None:
    _region, _products, home = market.market(1)
    page(client)
    home.body = [("quote", {"text": "Ganz neu gesagt.", "who": "Ada"})]
    home.save_revision().publish()
    html = page(client)
    assert "Ganz neu gesagt." in html
    assert "Morgen ist Markt." not in html


def test_home_with_share_picture_and_words_for_others(client: Client) -> None:
    _region, _products, home = market.market(0)
    image = market.picture()
    home.share_picture = image
    home.save_revision().publish()
    html = page(client)
    share = sizes.shown(picture=Picture.objects.get(pk=image.pk), size=sizes.SHARE)
    assert share is not None
    assert f'property="og:image" content="http://testserver{share.url}"' in " ".join(html.split())
    assert '<meta property="og:title" content="Alles aus der Region">' in html
    assert "<title>Alles aus der Region – Hüttener Berge</title>" in html


def test_preview_shows_unpublished_blocks_live(client: Client) -> None:
    region, [product], home = market.market(1)
    home.body = [("ruled_goods", {"heading": "Nur im Entwurf", "text": "", "rule": "all", "count": 4})]
    answer = home.make_preview_request(preview_mode="", extra_request_attrs={"region": region})
    html = answer.render().content.decode() if hasattr(answer, "render") else answer.content.decode()
    assert "Nur im Entwurf" in html
    assert product.title in html


@pytest.mark.parametrize("path", ["/impressum/", "/geschichten/"])
def test_text_pages_stand(client: Client, path: str) -> None:
    market.market(1)
    assert "<h1>" in page(client, path)


def test_story_shows_its_producer_while_it_sells(client: Client) -> None:
    _region, [product], _home = market.market(1)
    path = f"/geschichten/geschichte-{product.partner_id}/"
    assert product.partner.get_absolute_url() in page(client, path)
    product.partner.status = "suspended"
    product.partner.save()
    assert product.partner.get_absolute_url() not in page(client, path)


def test_setup_needs_no_villages_for_a_map(client: Client) -> None:
    region: Any = RegionFactory.create()
    sections = [("villages", {"heading": "Karte", "text": ""})]
    setup.build_site(region=region, content=setup.SiteContent(title="M", description="", sections=sections), at=timezone.now())
    assert "<h2>Karte<" not in page(client)
    partner = PartnerFactory.create(municipality=MunicipalityFactory.create(region=region, name="Haby"))
    ProductFactory.create(partner=partner)
    cache.clear()
    assert "Haby" in page(client)


def test_home_shows_businesses_prices_without_vat_and_nobody_else(client: Client) -> None:
    region, [product], _home = market.market(1)
    gross, net = "4,90", "4,58"
    product.stockrecords.update(price=Decimal("4.90"))
    cache.clear()
    assert gross in page(client)
    cook = UserFactory.create()
    AccountFactory.create(region=region).users.add(cook)
    client.force_login(cook)
    assert net in page(client)
    client.logout()
    assert net not in page(client)
