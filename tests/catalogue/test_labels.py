"""What may be claimed of an article, and what stands against it."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from marketplace.catalogue import labels
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner

TODAY = date(2026, 11, 24)
CERTIFIED = Partner(organic_code="DE-ÖKO-006", organic_valid_until=date(2027, 1, 1))
EXPIRED = Partner(organic_code="DE-ÖKO-006", organic_valid_until=date(2026, 11, 23))


def problems(**given: Any) -> list[str]:
    told: dict[str, Any] = {"diet": "", "labels": (), "contained": (), "partner": CERTIFIED, "today": TODAY, **given}
    with translation.override("de"):
        return labels.problems(**told)


@pytest.mark.parametrize(
    "given",
    [
        {"diet": "vegan", "contained": ["WHEAT", "WALNUTS"]},
        {"diet": "vegetarian", "contained": ["MILK", "EGGS"]},
        {"labels": ["demeter", "gluten_free"], "contained": ["MILK"]},
        {"labels": ["free_range"], "partner": EXPIRED},
    ],
)
def test_problems_finds_nothing_against_what_is_true(given: dict[str, Any]) -> None:
    assert problems(**given) == []


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"diet": "vegan", "contained": ["MILK"]}, "Milch"),
        ({"diet": "vegetarian", "contained": ["FISH"]}, "Fisch"),
        ({"labels": ["gluten_free"], "contained": ["RYE"]}, "Roggen"),
        ({"labels": ["bioland"], "partner": EXPIRED}, "Zertifikat"),
        ({"labels": ["made_up"]}, "Liste"),
    ],
)
def test_problems_says_what_contradicts(given: dict[str, Any], word: str) -> None:
    (sentence,) = problems(**given)
    assert word in sentence


def test_shown_leaves_seals_out_when_the_certificate_has_expired() -> None:
    product = Product(partner=EXPIRED, labels=["handmade", "demeter"])
    with translation.override("de"):
        assert labels.shown(product=product, today=TODAY) == ["handgemacht"]


def test_fitting_counts_vegan_food_as_vegetarian() -> None:
    assert (labels.fitting(diet="vegetarian"), labels.fitting(diet="vegan"), labels.fitting(diet="x")) == (
        ["vegetarian", "vegan"],
        ["vegan"],
        [],
    )
