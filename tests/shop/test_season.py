"""The season calendar: what has a season, when, and what it costs the database."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Category
from marketplace.regions.models import Municipality
from marketplace.shop import season_calendar
from tests.factories.market import MunicipalityFactory, PartnerFactory, RegionFactory
from tests.shop.conftest import article

NOVEMBER = date(2026, 11, 24)


@pytest.fixture
def vegetables(db: None) -> Category:
    made: Category = Category.add_root(name="Gemüse", slug="gemuese")
    return made


def titles(rows: Any) -> list[str]:
    return [row.title for row in rows]


def test_calendar_parts_goods_by_when_they_are_there(village: Municipality, vegetables: Category) -> None:
    for title, months in (
        ("Grünkohl", [11, 12, 1]),
        ("Spinat", [10, 11]),
        ("Chicorée", [12, 1]),
        ("Spargel", [5, 6]),
        ("Kartoffeln", []),
        ("Zwiebeln", list(range(1, 13))),
    ):
        article(village, title=title, season_months=months, category=vegetables)
    made = season_calendar.calendar(region=village.region, today=NOVEMBER)
    (shelf,) = made.shelves
    assert titles(shelf.rows) == ["Chicorée", "Grünkohl", "Spargel", "Spinat"]
    assert [titles(now.rows) for now in made.now] == [["Grünkohl", "Spinat"]]
    assert (titles(made.last), titles(made.soon)) == (["Spinat"], ["Chicorée"])


def test_calendar_goes_over_the_turn_of_the_year(village: Municipality, vegetables: Category) -> None:
    article(village, title="Feldsalat", season_months=[1], category=vegetables)
    made = season_calendar.calendar(region=village.region, today=date(2026, 12, 31))
    assert (titles(made.soon), made.following.number) == (["Feldsalat"], 1)


def test_calendar_drops_an_organic_claim_that_has_expired(village: Municipality, vegetables: Category) -> None:
    owner = PartnerFactory.create(municipality=village, organic_code="DE-ÖKO-006", organic_valid_until=date(2026, 11, 1))
    article(village, title="Bio-Möhren", partner=owner, is_organic=True, season_months=[11], category=vegetables)
    assert titles(season_calendar.calendar(region=village.region, today=NOVEMBER).shelves[0].rows) == ["Möhren"]


def test_index_marks_the_month_and_links_to_the_article(
    client: Client, village: Municipality, vegetables: Category, saturday: DeliveryRound
) -> None:
    product = article(village, title="Grünkohl", season_months=[11], category=vegetables)
    text = client.get("/saison/").content.decode()
    assert f'href="{product.get_absolute_url()}"' in text
    assert text.count('aria-current="date"') == 1


def test_index_says_so_when_nothing_has_a_season(client: Client, village: Municipality) -> None:
    article(MunicipalityFactory.create(region=RegionFactory.create()), title="Anderswo", season_months=[11])
    response = client.get("/saison/")
    assert (response.status_code, "Anderswo" in response.content.decode()) == (200, False)


@pytest.mark.parametrize("number", [1, 3])
def test_index_needs_the_same_queries_for_any_number(
    number: int, client: Client, village: Municipality, vegetables: Category, django_assert_max_num_queries: Any
) -> None:
    for index in range(number):
        article(village, title=f"Kohl {index}", season_months=[11], category=vegetables)
    with django_assert_max_num_queries(4):
        client.get("/saison/")
