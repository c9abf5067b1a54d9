"""Confirmations on paper: everything the e-mail would say, in large type, tagged and archivable."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from marketplace.checkout import cancellation
from marketplace.core import fonts
from marketplace.desk import letters
from marketplace.order import letters as due
from marketplace.order.models import Order
from tests.desk import phone
from tests.factories import town as towns
from tests.factories.orders import TERMS
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Iterator[Town]:
    with translation.override("de"):
        yield towns.build(today=date(2026, 11, 24))


def printed(town: Town, order: Order) -> letters.Printed:
    (loaded,) = letters.printable(orders=Order.objects.filter(pk=order.pk))
    return letters.printed(order=loaded, at=town.noon)


def test_letter_says_what_was_agreed(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"goat_cheese": 1, "yoghurt": 2})
    letter = printed(town, order)
    assert letter["recipient"] == ["Hertha Beispiel", "Am Teich 3", "24361 Haby"]
    assert [line["title"] for line in letter["groups"][0]["lines"]] == ["Ziegenkäse vom Laib", "Joghurt im Pfandglas"]
    assert letter["groups"][0]["lines"][0]["price"] == "ca. 500\u00a0g zu 22,90\u00a0€/kg, höchstens 12,60\u00a0€"
    assert "zzgl. 0,30\u00a0€ Pfand" in letter["groups"][0]["lines"][1]["price"]
    assert ("Gesamtbetrag, geschätzt", "20,35\u00a0€", True) in letter["sums"]
    assert any(town.region.phone in note for note in letter["notes"])
    assert [text["lines"] for text in letter["texts"]] == [[text["text"]] for text in TERMS.values()]


def test_letter_for_goods_that_are_fetched_goes_home(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 3}, window=town.window(pickup=True))
    letter = printed(town, order)
    assert letter["recipient"] == ["Hertha Beispiel", "Am Teich 3", "24361 Haby"]
    assert any("Dorfladen Ascheffel" in value for _name, value in letter["facts"])


def test_letter_about_a_cancelled_order_asks_for_nothing(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 3})
    cancellation.cancel(order=order, at=town.noon, by=town.people["office"])
    letter = printed(town, order)
    assert letter["title"] == f"Ihre Bestellung {order.number} ist abgesagt"
    assert (letter["groups"], letter["sums"], letter["texts"]) == ([], [], [])


def test_transfer_in_advance_says_where_to(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 3}, payment="transfer")
    assert any(f"Verwendungszweck {order.number}" in value for _name, value in printed(town, order)["facts"])


def test_all_letters_are_one_tagged_file(town: Town, tmp_path: Path) -> None:
    for first in ("Hertha", "Theodor"):
        phone.order(town, phone.card(town, first_name=first), {"goat_cheese": 1, "honey": 2, "apples": 1})
    orders = letters.printable(orders=due.due(region=town.region, at=town.noon))
    made = letters.render(orders=orders, folder=fonts.prepare(Path(settings.TYPESETTING_FONTS)), made_at=town.noon)
    (tmp_path / "letters.pdf").write_bytes(made)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) >= 4


def test_letters_need_the_same_queries_for_any_number(town: Town) -> None:
    counts = []
    for _more in range(2):
        phone.order(town, phone.card(town), {"honey": 2, "apples": 1})
        with CaptureQueriesContext(connection) as captured:
            for order in letters.printable(orders=due.due(region=town.region, at=town.noon)):
                letters.printed(order=order, at=town.noon)
        counts.append(len(captured))
    assert counts[0] == counts[1]
