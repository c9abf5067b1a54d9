"""What people type, and what they find."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page

from logistics.models import DeliveryRound
from marketplace.catalogue import misses, search
from marketplace.catalogue.models import Category, Product
from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, RegionFactory
from tests.shop.conftest import article

SHELVES = {
    "Ziegenkäse mild": "Milch & Käse",
    "Schafskäse": "Milch & Käse",
    "Bienenhonig Raps": "Honig & Vorräte",
    "Speisekartoffeln Linda": "Gemüse & Kartoffeln",
    "Roggenbrot": "Brot & Backwaren",
    "Schweinefleisch": "Fleisch & Wurst",
    "Äpfel Holsteiner Cox": "Obst & Beeren",
    "Keramikschale blau": "Handwerk & Geschenke",
}
FOUND = {
    "käse": {"Ziegenkäse mild", "Schafskäse"},
    "kaese": {"Ziegenkäse mild", "Schafskäse"},
    "KÄSE": {"Ziegenkäse mild", "Schafskäse"},
    "Käse mild": {"Ziegenkäse mild"},
    "honig": {"Bienenhonig Raps"},
    "honig raps": {"Bienenhonig Raps"},
    "raps honig": {"Bienenhonig Raps"},
    "kartoffel": {"Speisekartoffeln Linda"},
    "Kartoffeln": {"Speisekartoffeln Linda"},
    "brot": {"Roggenbrot"},
    "brote": {"Roggenbrot"},
    "fleisch": {"Schweinefleisch"},
    "apfel": {"Äpfel Holsteiner Cox"},
    "Äpfel": {"Äpfel Holsteiner Cox"},
    "aepfel": {"Äpfel Holsteiner Cox"},
    "schale": {"Keramikschale blau"},
}


@pytest.fixture
def shop(village: Municipality, saturday: DeliveryRound) -> Municipality:
    for title, shelf in SHELVES.items():
        category = Category.objects.filter(name=shelf).first() or Category.add_root(name=shelf)
        search.refresh(Product.objects.get(pk=article(village, title=title, category=category, origin="").pk))
    return village


def titles(response: Any) -> set[str]:
    return {card.title for card in response.context["cards"]}


@pytest.mark.parametrize("text", FOUND)
def test_results_finds_what_people_type(text: str, client: Client, shop: Municipality) -> None:
    response = client.get("/suche/", {"q": text})
    assert (titles(response), response.context["nearly"]) == (FOUND[text], False)


@pytest.mark.parametrize(
    ("text", "title"),
    [("zigenkäse", "Ziegenkäse mild"), ("kartofeln", "Speisekartoffeln Linda"), ("rogenbrot", "Roggenbrot")],
)
def test_results_forgives_slips_and_asks_what_was_meant(text: str, title: str, client: Client, shop: Municipality) -> None:
    response = client.get("/suche/", {"q": text})
    assert title in titles(response)
    assert response.context["nearly"] is True


def test_results_suggests_the_right_spelling(client: Client, shop: Municipality) -> None:
    assert client.get("/suche/", {"q": "zigenkäse"}).context["meant"] == "Ziegenkäse"


def test_results_puts_the_exact_name_first(client: Client, shop: Municipality) -> None:
    for title in ("Alter Honig vom Hof", "Honigkuchen", "Honig"):
        search.refresh(article(shop, title=title))
    response = client.get("/suche/", {"q": "honig"})
    assert [card.title for card in response.context["cards"]][:4] == [
        "Honig",
        "Bienenhonig Raps",
        "Alter Honig vom Hof",
        "Honigkuchen",
    ]


def test_results_finds_producers_and_villages(client: Client, shop: Municipality) -> None:
    response = client.get("/suche/", {"q": "haby"})
    assert len(response.context["producers"]) == len(SHELVES)


@pytest.mark.parametrize("text", ["", "  ", "x", "Quittengelee", "%", "_", "\x00", "a" * 500, "') UNION --"])
def test_results_helps_when_there_is_nothing(text: str, client: Client, shop: Municipality) -> None:
    response = client.get("/suche/", {"q": text})
    assert (response.status_code, titles(response)) == (200, set())
    assert response.context["categories"]


def test_results_of_another_region_stay_there(client: Client, shop: Municipality) -> None:
    search.refresh(article(MunicipalityFactory.create(region=RegionFactory.create()), title="Fremder Ziegenkäse"))
    assert titles(client.get("/suche/?q=fremder")) == set()


@pytest.mark.parametrize("text", ["käse", "zigenkäse", "nichts dergleichen"])
def test_results_need_eight_queries(text: str, client: Client, shop: Municipality, django_assert_max_num_queries: Any) -> None:
    cache.clear()
    with django_assert_max_num_queries(8):
        client.get("/suche/", {"q": text})


def test_results_find_stories_and_pages(client: Client, shop: Municipality) -> None:
    home = shop.region.site.root_page
    home.add_child(instance=Page(title="So liefern wir Käse", slug="so-liefern-wir"))
    cache.clear()
    response = client.get("/suche/", {"q": "liefern"})
    assert [entry.url for entry in response.context["pages_found"]] == ["/so-liefern-wir/"]
    assert [group.count for group in response.context["found"]] == [1]


def test_results_count_each_kind(client: Client, shop: Municipality) -> None:
    search.refresh(article(shop, title="Käsemesser schärfen", kind="service"))
    groups = {group.label: group.count for group in client.get("/suche/", {"q": "käse"}).context["found"]}
    assert groups == {"Artikel": 2, "Leistungen": 1}


def test_suggest_names_what_fits(client: Client, shop: Municipality) -> None:
    text = client.get("/suche/vorschlaege/", {"q": "kaes"}).content.decode()
    assert ("Ziegenkäse mild" in text, "Roggenbrot" in text) == (True, False)
    assert "option" not in client.get("/suche/vorschlaege/", {"q": "k"}).content.decode()


def test_results_count_what_was_not_found_without_telling_who(client: Client, shop: Municipality) -> None:
    for text in ("Quitten-Gelee", "gelee  quitten", "anke@post.example", "0176 123456", "Käse"):
        client.get("/suche/", {"q": text})
    assert list(misses.report(region=shop.region).values_list("words", "count")) == [("gelee quitten", 2)]


def test_forget_rare_deletes_single_searches_after_thirty_days(shop: Municipality) -> None:
    for text, times in (("quitte", 2), ("mango", 1)):
        for _ in range(times):
            misses.note(region=shop.region, text=text, today=date(2026, 10, 1))
    misses.note(region=shop.region, text="kiwi", today=date(2026, 11, 20))
    misses.forget_rare(today=date(2026, 11, 24))
    assert {row.words for row in misses.report(region=shop.region)} == {"quitte", "kiwi"}
