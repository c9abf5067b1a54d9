"""What a weight or content means that was typed on a phone."""

import pytest

from marketplace.catalogue.models import Product
from marketplace.dashboard import measures
from marketplace.dashboard.measures import BadMeasure, Content


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("", None),
        ("  ", None),
        ("1250", 1250),
        ("1250 g", 1250),
        ("1,25", 1250),
        ("1.25", 1250),
        ("1,25 kg", 1250),
        ("1.250 g", 1250),
        ("1.250", 1250),
        ("2 kg", 2000),
        ("0,4kg", 400),
    ],
)
def test_grams_reads_what_a_thumb_types(text: str, grams: int | None) -> None:
    assert measures.grams(text=text) == grams


@pytest.mark.parametrize("text", ["abc", "-5", "1,2,3", "1 l", "350,5 g", "1e5", "12345678", "1,25 g"])
def test_grams_refuses_what_is_no_weight(text: str) -> None:
    with pytest.raises(BadMeasure):
        measures.grams(text=text)


def test_content_knows_litres() -> None:
    assert measures.content(text="0,75 l") == Content(750, Product.NetUnit.MILLILITRES)
