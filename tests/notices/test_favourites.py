"""The heart: one query for a whole list, none for visitors; who is not logged in comes back with what was wanted."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.notices import favourites
from marketplace.notices.models import Favourite
from marketplace.regions.models import Municipality
from marketplace.users.models import User
from tests.factories.market import NOW, MunicipalityFactory, RegionFactory, UserFactory
from tests.notices.conftest import article, logged_in

MARK, LIST = "/konto/merkliste/merken/", "/konto/merkliste/"
PRESSED = b'aria-pressed="true"'


def press(client: Client, thing: Any, **more: Any) -> Any:
    name = "artikel" if isinstance(thing, Product) else "betrieb"
    return client.post(MARK, {name: thing.pk, "next": "/markt/"}, **more)


def test_heart_marks_and_takes_the_mark_away(ada: User, sold_out: Product) -> None:
    client = logged_in(ada)
    for thing in (sold_out, sold_out.partner):
        answer = press(client, thing)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/markt/")
    assert favourites.marked(user=ada) == favourites.Marked(frozenset({sold_out.pk}), frozenset({sold_out.partner_id}))
    press(client, sold_out)
    assert favourites.marked(user=ada).articles == frozenset()


def test_heart_answers_a_script_with_what_to_show(ada: User, sold_out: Product) -> None:
    answer = press(logged_in(ada), sold_out, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Trigger"] == (
        f'{{"market:marked": {{"name": "artikel", "value": "{sold_out.pk}", "marked": true}}}}'
    )


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_guest_is_led_to_the_login_and_comes_back_with_the_mark(
    headers: dict[str, str], client: Client, ada: User, sold_out: Product
) -> None:
    answer = press(client, sold_out, headers=headers)
    where = urlsplit(answer.headers["HX-Redirect" if headers else "Location"])
    assert (where.path, parse_qs(where.query)) == (reverse("account_login"), {"next": ["/markt/"]})
    answer = client.post(f"{where.path}?{where.query}", {"login": ada.email, "password": "geheim-und-lang"})
    assert answer.headers["Location"] == "/markt/"
    assert favourites.marked(user=ada).articles == {sold_out.pk}


def test_heart_of_what_is_not_shown_here_does_not_exist(ada: User, village: Municipality) -> None:
    elsewhere = article(MunicipalityFactory.create(region=RegionFactory.create()))
    client = logged_in(ada)
    for thing in (elsewhere, elsewhere.partner, article(village, is_public=False)):
        assert press(client, thing).status_code == 404
    for nonsense in ("", "x", "9" * 30, "-1"):
        assert client.post(MARK, {"artikel": nonsense}).status_code == 404
    assert not Favourite.objects.exists()


def test_heart_leads_to_no_foreign_page(ada: User, sold_out: Product) -> None:
    answer = logged_in(ada).post(MARK, {"artikel": sold_out.pk, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == LIST


@pytest.mark.parametrize("number", [1, 3])
def test_marks_of_a_whole_list_cost_one_query(
    number: int, ada: User, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    articles = [article(village) for _number in range(number)]
    favourites.mark(user=ada, thing=articles[0], at=NOW)
    client = logged_in(ada)
    client.get("/markt/")
    cache.delete_many([])
    with django_assert_max_num_queries(8) as asked:
        page = client.get("/markt/")
    assert len([query for query in asked.captured_queries if "market_notices_favourite" in query["sql"]]) == 1
    assert page.content.count(PRESSED) == 1


def test_visitors_cost_no_query_for_marks(
    client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    article(village)
    with django_assert_max_num_queries(8) as asked:
        page = client.get("/markt/")
    assert "market_notices_favourite" not in str(asked.captured_queries)
    assert b'class="heart"' in page.content


@pytest.mark.parametrize("number", [1, 3])
def test_list_shows_what_can_be_ordered_first(
    number: int, ada: User, village: Municipality, saturday: DeliveryRound, sold_out: Product, django_assert_max_num_queries: Any
) -> None:
    there = [article(village, title=f"Brot {index}") for index in range(number)]
    for thing in (*there, there[0].partner, sold_out):
        favourites.mark(user=ada, thing=thing, at=NOW)
    favourites.mark(user=UserFactory.create(), thing=article(village), at=NOW)
    client = logged_in(ada)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        page = client.get(LIST)
    shown = [card.title for card in page.context["cards"]]
    assert shown[-1] == sold_out.title
    assert set(shown[:-1]) == {product.title for product in there}
    assert [card.name for card in page.context["producers"]] == [there[0].partner.name]


def test_empty_list_says_what_to_do(ada: User) -> None:
    assert "Noch nichts gemerkt" in logged_in(ada).get(LIST).content.decode()
