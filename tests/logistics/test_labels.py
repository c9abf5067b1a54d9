"""Labels: one for each box, with what hands look for and nothing more of a customer, on sheets and on a roll."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from logistics import boxes, labels
from logistics.models import Collection
from marketplace.catalogue.models import Product
from marketplace.core import fonts, sheets
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db


def closed(orders: int = 1) -> Collection:
    """A farm with something chilled and something not for each order."""
    market = Market()
    bread = market.product(title="Brot")
    quark = market.product(title="Quark", partner=bread.partner, storage=Product.Storage.COOL)
    for _number in range(orders):
        market.order((bread, 1), (quark, 2))
    market.close()
    return Collection.objects.get()


def test_every_box_has_a_label_with_its_own_code() -> None:
    collection = closed()
    sheet = labels.of(collection=collection)
    assert [(label.number, label.count, label.cold) for label in sheet.labels] == [(1, 2, False), (2, 2, True)]
    delivery = collection.lines.all()[0].delivery
    assert {(label.code, label.first_name) for label in sheet.labels} == {(delivery.code, "Femke")}
    assert [label.box for label in sheet.labels] == [box.code for box in collection.boxes.order_by("number")]


def test_another_box_has_one_too_and_can_be_printed_alone() -> None:
    collection = closed()
    more = boxes.add(collection=collection, delivery=collection.lines.all()[0].delivery, is_cold=False)
    assert [label.count for label in labels.of(collection=collection).labels] == [3, 3, 3]
    assert [label.number for label in labels.of(collection=collection, only=more.code).labels] == [3]


@pytest.mark.parametrize(("roll", "pages"), [(False, 2), (True, 26)])
def test_labels_fill_sheets_or_pages_of_the_roll(*, roll: bool, pages: int) -> None:
    sheet = labels.of(collection=closed(orders=13), roll=roll)
    folder: Path = fonts.prepare(settings.TYPESETTING_FONTS)
    with pikepdf.open(io.BytesIO(sheets.labels(sheet, folder=folder, made_at=CLOSING))) as pdf:
        assert len(pdf.pages) == pages


def test_labels_cost_the_same_queries_for_any_number(django_assert_max_num_queries: Any) -> None:
    collection = closed(orders=5)
    with django_assert_max_num_queries(4):
        assert len(labels.of(collection=collection).labels) == 10
