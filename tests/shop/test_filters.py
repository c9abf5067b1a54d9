"""Filters that combine, count and lead out again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Category, Product
from marketplace.regions.models import Municipality
from marketplace.shop.choice import Choice, choice_from
from tests.factories.market import NOW, MunicipalityFactory, PartnerFactory
from tests.shop.conftest import article


@pytest.fixture
def market(village: Municipality, saturday: DeliveryRound) -> Municipality:
    """Five articles of two villages that differ in everything one can filter by."""
    baker = PartnerFactory.create(municipality=village, slug="backstube", name="Backstube")
    farm = PartnerFactory.create(
        municipality=MunicipalityFactory.create(region=village.region, name="Borgstedt", slug="borgstedt"),
        slug="hof",
        name="Hof",
        organic_code="DE-ÖKO-006",
        organic_valid_until="2027-01-01",
    )
    food = Category.add_root(name="Essen", slug="essen")
    article(village, title="Brot", partner=baker, category=food, allergens=["RYE"], diet="vegan", labels=["handmade"])
    article(
        village, title="Nusskuchen", partner=baker, category=food, allergens=["WHEAT", "HAZELNUTS", "EGGS"], diet="vegetarian"
    )
    article(
        village, title="Kohl", partner=farm, category=food, is_organic=True, diet="vegan", labels=["demeter"], season_months=[11]
    )
    article(village, title="Eis", partner=farm, category=food, storage="frozen", allergens=["MILK"], diet="vegetarian")
    article(
        village, title="Messer schärfen", partner=farm, kind="service", category=Category.add_root(name="Dienste", slug="dienste")
    )
    Product.objects.exclude(title="Brot").update(date_created=NOW - timedelta(days=60))
    cache.clear()
    return village


def titles(response: Any) -> set[str]:
    return {card.title for card in response.context["cards"]}


def counts(response: Any) -> dict[tuple[str, str], int]:
    groups = response.context["groups"]
    return {(option.name or group.name, option.value): option.count for group in groups for option in group.options}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("kost=vegan", {"Brot", "Kohl"}),
        ("kost=vegetarian", {"Brot", "Kohl", "Nusskuchen", "Eis"}),
        ("ohne=GLUTEN", {"Kohl", "Eis", "Messer schärfen"}),
        ("ohne=GLUTEN&ohne=MILK", {"Kohl", "Messer schärfen"}),
        ("ohne=NUTS", {"Brot", "Kohl", "Eis", "Messer schärfen"}),
        ("siegel=handmade", {"Brot"}),
        ("siegel=demeter", {"Kohl"}),
        ("siegel=demeter&siegel=handmade", set()),
        ("neu=1", {"Brot"}),
        ("art=service", {"Messer schärfen"}),
        ("lagerung=frozen", {"Eis"}),
        ("ort=haby&ort=borgstedt", {"Brot", "Nusskuchen", "Kohl", "Eis", "Messer schärfen"}),
        ("ort=borgstedt&kost=vegan&bio=1&saison=1", {"Kohl"}),
        ("siegel=x&kost=y&ohne=z", set()),
    ],
)
def test_filters_leave_what_fits_them_all(query: str, left: set[str], client: Client, market: Municipality) -> None:
    response = client.get(f"/markt/?{query}")
    assert (titles(response), response.context["total"]) == (left, len(left))


@pytest.mark.parametrize("query", ["", "kost=vegan", "ort=haby", "ohne=GLUTEN", "ort=borgstedt&kost=vegetarian", "q=hof"])
def test_each_count_is_what_the_list_has_when_the_filter_is_set_too(query: str, client: Client, market: Municipality) -> None:
    start = client.get(f"/markt/?{query}")
    alike = {"ort", "art", "lagerung", "betrieb"}
    for (name, value), number in counts(start).items():
        kept = "&".join(part for part in query.split("&") if not (name in alike and part.startswith(f"{name}=")))
        assert (name, value, client.get(f"/markt/?{kept}&{name}={value}").context["total"]) == (name, value, number)


def test_counts_follow_the_shelf_and_the_chips_follow_the_filters(client: Client, market: Municipality) -> None:
    response = client.get("/markt/essen/?kost=vegan")
    assert counts(response)["ort", "borgstedt"] == 1
    chips = client.get("/markt/?kost=vegan").context["chips"]
    assert [(chip.label, chip.count) for chip in chips][1:] == [("Essen", 2)]


def test_an_article_that_is_saved_is_counted_at_once(client: Client, market: Municipality) -> None:
    before = counts(client.get("/markt/"))["kost", "vegan"]
    article(market, title="Apfel", diet="vegan")
    assert counts(client.get("/markt/"))["kost", "vegan"] == before + 1


def test_only_this_round_holds_what_is_gone_after_it(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    closing = PartnerFactory.create(municipality=village, closed_from="2026-12-01", closed_until="2026-12-31")
    closed = PartnerFactory.create(municipality=village, closed_from="2026-11-20")
    article(village, title="Immer")
    article(village, title="Nur November", season_months=[11])
    article(village, title="Ab Dezember", season_months=[12])
    article(village, title="Letzte", offer__stock_kind="limited", offer__num_in_stock=3)
    article(village, title="Vor dem Urlaub", partner=closing)
    article(village, title="Im Urlaub", partner=closed)
    article(village, title="Zu spät", season_months=[11], lead_time_days=9)
    response = client.get("/markt/?nur-jetzt=1")
    assert titles(response) == {"Nur November", "Letzte", "Vor dem Urlaub"}


def test_a_seal_is_no_filter_any_more_when_the_certificate_has_expired(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    expired = PartnerFactory.create(municipality=village, organic_code="DE-ÖKO-006", organic_valid_until="2026-11-01")
    article(village, partner=expired, labels=["demeter"])
    response = client.get("/markt/")
    assert (("siegel", "demeter") in counts(response), titles(client.get("/markt/?siegel=demeter"))) == (False, set())


def test_an_empty_result_says_which_filter_to_drop(client: Client, market: Municipality) -> None:
    response = client.get("/markt/?ort=haby&bio=1&kost=vegan")
    assert [(way.label, way.count, way.url) for way in response.context["ways_out"]] == [
        ("Haby", 1, "/markt/?kost=vegan&bio=1"),
        ("Bio", 1, "/markt/?ort=haby&kost=vegan"),
    ]
    assert "/markt/?kost=vegan&amp;bio=1" in response.content.decode()


def test_filters_that_are_set_are_links_and_boxes(client: Client, market: Municipality) -> None:
    response = client.get("/markt/?ohne=GLUTEN&kost=vegan")
    assert [chip.url for chip in response.context["removable"]] == ["/markt/?ohne=GLUTEN", "/markt/?kost=vegan"]
    ticked = [option for group in response.context["groups"] for option in group.options if option.checked]
    assert {option.value for option in ticked} == {"GLUTEN", "vegan"}


def test_htmx_gets_fresh_counts_beside_the_list(client: Client, market: Municipality) -> None:
    text = client.get("/markt/?kost=vegan", HTTP_HX_REQUEST="true").content.decode()
    for place in ("filter-groups", "filters-active", "shelf-chips", "announcer"):
        assert f'id="{place}" hx-swap-oob="innerHTML"' in " ".join(text.split())


@pytest.mark.parametrize("query", ["", "?kost=vegan&ohne=GLUTEN&bio=1&nur-jetzt=1", "?q=brot&kost=vegan", "?ort=haby&bio=1"])
@pytest.mark.parametrize("number", [1, 3])
def test_filters_cost_the_same_for_any_choice(
    query: str, number: int, client: Client, market: Municipality, django_assert_max_num_queries: Any
) -> None:
    for index in range(number):
        article(market, title=f"Brot {index}", diet="vegan", offer__price=Decimal("2"))
    cache.clear()
    with django_assert_max_num_queries(8):
        client.get(f"/markt/{query}")


def test_choice_reads_what_it_writes() -> None:
    choice = Choice(
        villages=("haby",), labels=("handmade",), without_allergens=("MILK",), only_now=True, text="brot", order="preis"
    )
    given: dict[str, list[str]] = {}
    for name, value in choice.pairs():
        given.setdefault(name, []).append(value)
    assert choice_from(given=given) == choice
