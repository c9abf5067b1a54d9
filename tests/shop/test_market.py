"""The list of all articles: what is on it, what is not, and what it costs the database."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Category
from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, PartnerFactory, RegionFactory, UserFactory
from tests.shop.conftest import article


def titles(response: Any) -> list[str]:
    return [card.title for card in response.context["cards"]]


@pytest.fixture
def cheese(db: None) -> Category:
    made: Category = Category.add_root(name="Milch & Käse", slug="milch-kaese")
    return made


def test_index_shows_public_articles_of_approved_producers_of_this_region(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    article(village, title="Ziegenkäse")
    article(village, title="Versteckt", is_public=False)
    article(village, title="Gesperrt", partner=PartnerFactory.create(municipality=village, status="suspended"))
    article(MunicipalityFactory.create(region=RegionFactory.create()), title="Anderswo")
    assert titles(client.get("/markt/")) == ["Ziegenkäse"]


def test_index_answers_each_host_with_its_own_region(client: Client, village: Municipality) -> None:
    other = MunicipalityFactory.create(region=RegionFactory.create())
    article(village, title="Hier")
    article(other, title="Dort")
    host = other.region.site.hostname
    assert (titles(client.get("/markt/")), titles(client.get("/markt/", HTTP_HOST=host))) == (["Hier"], ["Dort"])


@pytest.mark.parametrize("number", [1, 3, 30])
def test_index_needs_eight_queries_whatever_its_size(
    number: int, client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    for index in range(number):
        article(village, title=f"Brot {index}", offer__stock_kind="per_round", offer__per_round=9)
    cache.clear()
    with django_assert_max_num_queries(8):
        response = client.get("/markt/")
    assert (response.context["total"], len(response.context["cards"])) == (number, min(number, 24))


def test_index_needs_eight_queries_for_a_customer_with_a_basket(
    client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    product = article(village, offer__stock_kind="per_round", offer__per_round=9)
    client.force_login(UserFactory.create())
    client.post(f"/korb/{product.pk}/hinzufuegen/", {"quantity": 1})
    client.get("/markt/")
    with django_assert_max_num_queries(8):
        response = client.get("/markt/")
    assert response.context["basket_brief"].count == 1


def test_index_filters_by_village_producer_season_and_certificate(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    certified = PartnerFactory.create(
        municipality=village, slug="bio", organic_code="DE-ÖKO-006", organic_valid_until="2027-01-01"
    )
    expired = PartnerFactory.create(municipality=village, organic_code="DE-ÖKO-006", organic_valid_until="2026-11-01")
    article(village, title="Kohl", partner=certified, is_organic=True, season_months=[11, 12])
    article(village, title="Spargel", partner=expired, is_organic=True, season_months=[5])
    article(MunicipalityFactory.create(region=village.region, slug="borgstedt"), title="Brot")
    assert titles(client.get("/markt/?ort=borgstedt")) == ["Brot"]
    assert titles(client.get("/markt/?betrieb=bio")) == ["Kohl"]
    assert titles(client.get("/markt/?saison=1")) == ["Kohl"]
    assert titles(client.get("/markt/?bio=1")) == ["Kohl"]
    assert titles(client.get("/markt/?ort=nirgends")) == []


def test_index_sorts_by_price(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    for title, price in (("Dear", "9.00"), ("Cheap", "1.00"), ("Middle", "5.00")):
        article(village, title=title, offer__price=Decimal(price))
    assert titles(client.get("/markt/?sortierung=preis")) == ["Cheap", "Middle", "Dear"]


def test_index_recommends_from_each_producer_in_turn(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    first, second = PartnerFactory.create(municipality=village), PartnerFactory.create(municipality=village)
    for title, partner in (("A1", first), ("A2", first), ("B1", second)):
        article(village, title=title, partner=partner)
    assert titles(client.get("/markt/")) == ["A1", "B1", "A2"]


def test_index_turns_pages(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    partner = PartnerFactory.create(municipality=village)
    for index in range(25):
        article(village, title=f"Brot {index}", partner=partner)
    assert len(titles(client.get("/markt/?seite=2"))) == 1
    assert client.get("/markt/?seite=9").status_code == 302


@pytest.mark.parametrize("query", ["seite=x", "seite=-3", "sortierung=x", "ort=%00", "saison=7", "q=%00"])
def test_index_survives_nonsense_in_the_address(query: str, client: Client, village: Municipality) -> None:
    article(village)
    assert client.get(f"/markt/?{query}").status_code == 200


def test_index_gives_htmx_the_list_alone(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    article(village, title="Ziegenkäse")
    response = client.get("/markt/?saison=", HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert ("<html" in text, 'id="results"' in text, 'id="announcer"' in text) == (False, True, True)
    assert "HX-Request" in response.headers["Vary"]


def test_index_names_the_filters_that_can_be_taken_away(client: Client, village: Municipality) -> None:
    article(village)
    response = client.get("/markt/?ort=haby&saison=1")
    chips = [(chip.label, chip.url) for chip in response.context["removable"]]
    assert chips == [("Haby", "/markt/?saison=1"), (chips[1][0], "/markt/?ort=haby")]


def test_category_shows_its_own_articles(client: Client, village: Municipality, cheese: Category) -> None:
    article(village, title="Ziegenkäse", category=cheese)
    article(village, title="Brot")
    assert titles(client.get("/markt/milch-kaese/")) == ["Ziegenkäse"]


def test_category_of_which_another_region_has_goods_does_not_exist_here(
    client: Client, village: Municipality, cheese: Category
) -> None:
    article(MunicipalityFactory.create(region=RegionFactory.create()), category=cheese)
    assert client.get("/markt/milch-kaese/").status_code == 404
    assert client.get("/markt/gibt-es-nicht/").status_code == 404


def test_card_says_what_the_law_wants_beside_the_price(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    article(village, title="Honig", deposit=Decimal("0.25"))
    text = client.get("/markt/").content.decode().replace("\xa0", " ")
    assert "4,90 €" in text
    assert "9,80 €/kg" in text
    assert "0,25 €" in text


def test_card_of_weighed_goods_says_weight_and_price_per_kilogram(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    article(
        village,
        catch_weight=True,
        expected_weight_g=1200,
        sales_unit="piece",
        offer__price=Decimal("19.08"),
        offer__price_per_kg=Decimal("15.90"),
    )
    (card,) = client.get("/markt/").context["cards"]
    assert card.catch_weight_text.replace("\xa0", " ").endswith("1,2 kg, höchstens 20,99 €, 15,90 €/kg")


def test_card_marks_organic_only_with_a_certificate_that_is_valid_today(client: Client, village: Municipality) -> None:
    expired = PartnerFactory.create(municipality=village, organic_code="DE-ÖKO-006", organic_valid_until="2026-11-23")
    article(village, title="Bio-Möhren", partner=expired, is_organic=True)
    (card,) = client.get("/markt/").context["cards"]
    assert (card.title, card.badges) == ("Möhren", ())


def test_card_says_why_and_from_when_goods_can_be_ordered(
    client: Client, village: Municipality, saturday: DeliveryRound, next_saturday: DeliveryRound
) -> None:
    article(village, lead_time_days=7)
    (card,) = client.get("/markt/").context["cards"]
    assert (card.orderable, "5. Dezember" in card.reason) == (False, True)


def test_card_says_from_when_one_can_order_while_every_round_is_shut(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    DeliveryRound.objects.update(opens_at="2026-11-26T08:00:00+01:00")
    article(village)
    (card,) = client.get("/markt/").context["cards"]
    assert (card.orderable, "26. November" in card.reason) == (False, True)


def test_card_tells_how_few_are_left_in_the_round(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    few = article(village, offer__stock_kind="per_round", offer__per_round=2)
    gone = article(village, offer__stock_kind="limited", offer__num_in_stock=0)
    cards = {card.product_id: card for card in client.get("/markt/").context["cards"]}
    assert [badge.kind for badge in cards[few.pk].badges] == ["scarce"]
    assert cards[gone.pk].orderable is False
