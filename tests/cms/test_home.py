"""The home page: every block with nothing, little and more, live values, and nothing of other regions."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cms import market

pytestmark = pytest.mark.django_db
#: queries of the whole page with every block: after a long quiet, after a minute, and within it
COLD, AFTER_A_MINUTE, WARM = 17, 7, 1


def page(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def queries_of(client: Client) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        page(client)
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
    page(client, "/impressum/")  # site, region and frame are known again, what the home page shows is not
    cold = queries_of(client)
    cache.delete_many(cache_keys("lively"))
    minute = queries_of(client)
    warm = queries_of(client)
    assert (len(cold), len(minute), len(warm)) == (COLD, AFTER_A_MINUTE, WARM)


def cache_keys(kind: str) -> list[str]:
    """What is kept under a kind of key."""
    connection_ = cache._cache.get_client()  # type: ignore[attr-defined]  # of Django's Redis cache
    prefix = cache.make_key("")
    found = [key.decode() for key in connection_.scan_iter(f"{prefix}cms:{kind}:*")]
    return [key.removeprefix(prefix) for key in found]
