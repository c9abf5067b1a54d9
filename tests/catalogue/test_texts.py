"""What is said of prices, seasons, allergens and organic farming, and how words are spelt."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from marketplace.catalogue import allergens, claims, prices, seasons, spelling
from marketplace.catalogue.models import Product

TODAY = date(2026, 11, 24)


def business(*, valid_until: date | None = date(2027, 1, 1), code: str = "DE-ÖKO-006") -> Any:
    return SimpleNamespace(organic_code=code, organic_valid_until=valid_until)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"net_content": 500, "net_unit": "g"}, "9,80 €/kg"),
        ({"net_content": 150, "net_unit": "g"}, "32,67 €/kg"),
        ({"net_content": 750, "net_unit": "ml"}, "6,53 €/l"),
        ({"net_content": 1000, "net_unit": "g"}, "None"),
        ({"net_content": None, "net_unit": "none"}, "None"),
    ],
)
def test_base_price_is_per_kilogram_or_litre(fields: dict[str, Any], expected: str) -> None:
    found = prices.base_price(product=Product(**fields), price=Decimal("4.90"))
    assert str(found).replace("\xa0", " ") == expected


def test_base_price_of_weighed_goods_is_their_price_per_kilogram() -> None:
    product = Product(catch_weight=True, expected_weight_g=1200)
    found = prices.base_price(product=product, price=Decimal("19.08"), price_per_kg=Decimal("15.90"))
    assert found == prices.BasePrice(amount=Decimal("15.90"), unit="kg")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"net_content": 500, "net_unit": "g"}, "500 g"),
        ({"net_content": 330, "net_unit": "ml"}, "330 ml"),
        ({"net_content": 750, "net_unit": "ml"}, "0,75 l"),
        ({"net_content": 1000, "net_unit": "g", "sales_unit": "kg"}, ""),
        ({"catch_weight": True, "expected_weight_g": 1200}, "ca. 1,2 kg"),
        ({}, ""),
    ],
)
def test_content_text_says_how_much_one_holds(fields: dict[str, Any], expected: str) -> None:
    assert prices.content_text(product=Product(**fields)).replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([6, 7, 8, 9], "Juni bis September"),
        ([11, 12, 1], "November bis Januar"),
        ([5], "Mai"),
        ([1, 2, 6], "Januar bis Februar und Juni"),
        ([], "ganzjährig"),
        (list(range(1, 13)), "ganzjährig"),
    ],
)
def test_season_in_words(months: list[int], expected: str) -> None:
    assert seasons.text(months=months) == expected


def test_season_over_the_turn_of_the_year() -> None:
    product = Product(season_months=[11, 12, 1])
    assert [seasons.in_season(product=product, day=date(2026, month, 1)) for month in (10, 11, 1, 2)] == [
        False,
        True,
        True,
        False,
    ]


def test_allergens_are_named_in_german_in_the_order_of_the_law() -> None:
    assert allergens.text(keys=["MILK", "WHEAT"], language="de") == "Weizen, Milch (einschließlich Laktose)"


def test_ingredients_set_allergens_off_and_escape_everything_else() -> None:
    assert allergens.emphasised(ingredients="Roh**milch** & <Salz> **") == "Roh<strong>milch</strong> &amp; &lt;Salz&gt; **"


@pytest.mark.parametrize(
    "text", ["Bio-Möhren", "Biomilch", "aus ökologischem Anbau", "BIO", "Öko Eier", "demeter", "biologisch", "Bioland"]
)
def test_claims_organic_sees_claims(text: str) -> None:
    assert claims.claims_organic(texts=[text])


@pytest.mark.parametrize("text", ["Biografie", "am Biotop", "Biogas", "Ökonomie", "Möhren", "Kolbio", "Biologe", "Ökosystem"])
def test_claims_organic_leaves_other_words_alone(text: str) -> None:
    assert not claims.claims_organic(texts=[text])


@pytest.mark.parametrize(
    ("partner", "ticked", "refused"),
    [
        (business(), True, False),
        (business(), False, True),
        (business(valid_until=TODAY), True, False),
        (business(valid_until=date(2026, 11, 23)), True, True),
        (business(code=""), True, True),
        (business(valid_until=None), False, True),
    ],
)
def test_problems_refuses_the_claim_without_a_certificate(partner: Any, ticked: bool, refused: bool) -> None:
    found = claims.problems(texts=["Bio-Möhren"], is_organic=ticked, partner=partner, today=TODAY)
    assert bool(found) is refused


def test_problems_has_nothing_against_plain_goods() -> None:
    assert claims.problems(texts=["Möhren"], is_organic=False, partner=business(code=""), today=TODAY) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bio-Möhren", "Möhren"),
        ("Bio Möhren", "Möhren"),
        ("Biomilch frisch", "Milch frisch"),
        ("Knackig. Aus ökologischem Anbau. Süß.", "Knackig. Süß."),
        ("Am Biotop gewachsen.", "Am Biotop gewachsen."),
    ],
)
def test_allowed_takes_the_claim_out(text: str, shown: str) -> None:
    assert claims.allowed(text=text, certified=False) == shown
    assert claims.allowed(text=text, certified=True) == text


def test_spellings_of_a_word() -> None:
    assert spelling.spellings(word="Käse") == ["käse", "kase", "kaese"]
    assert spelling.sought(word="aepfel") == ["aepfel", "apfel"]
    assert spelling.spellings(word="straße") == ["straße", "strasse"]
