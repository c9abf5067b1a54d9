"""What is said of the right of withdrawal, and which ground is usual."""

import pytest

from marketplace.catalogue import withdrawal
from marketplace.catalogue.models import Category, Product
from marketplace.core.wishes import WithdrawalGround

FRESH, LASTING = Category(withdrawal_ground="perishable"), Category()
JAR = {"kind": "goods", "sales_unit": "jar", "catch_weight": False, "storage": "ambient"}


@pytest.mark.parametrize(
    ("ground", "sentence"),
    [
        ("", "Widerrufsrecht: 14 Tage"),
        ("perishable", "Kein Widerrufsrecht: schnell verderblich"),
        ("made_to_order", "Kein Widerrufsrecht: nach Ihren Wünschen angefertigt"),
        ("sealed", "Kein Widerrufsrecht: aus Hygienegründen versiegelt, sobald geöffnet"),
        ("dated_service", "Kein Widerrufsrecht: Leistung zu einem festen Termin"),
    ],
)
def test_each_ground_has_its_sentence(ground: str, sentence: str) -> None:
    assert withdrawal.sentence(ground=ground) == sentence


@pytest.mark.parametrize(
    ("category", "given", "ground"),
    [
        (FRESH, {}, WithdrawalGround.PERISHABLE),
        (LASTING, {}, ""),
        (None, {}, ""),
        (LASTING, {"storage": Product.Storage.COOL}, WithdrawalGround.PERISHABLE),
        (LASTING, {"sales_unit": Product.SalesUnit.BUNCH}, WithdrawalGround.PERISHABLE),
        (LASTING, {"catch_weight": True}, WithdrawalGround.PERISHABLE),
        (FRESH, {"kind": Product.Kind.SERVICE}, WithdrawalGround.DATED_SERVICE),
        (Category(withdrawal_ground="sealed"), {"storage": Product.Storage.COOL}, WithdrawalGround.SEALED),
    ],
)
def test_usual_follows_kind_shelf_and_storage(category: Category | None, given: dict[str, str], ground: str) -> None:
    assert withdrawal.usual(category=category, **{**JAR, **given}) == ground  # type: ignore[arg-type]  # a mixed dict
