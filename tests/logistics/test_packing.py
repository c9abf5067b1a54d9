"""Packing: quantities, weights, consent, and the list a producer packs from."""

from decimal import Decimal

import pytest

from logistics import packing
from logistics.models import Collection, PackedLine
from marketplace.catalogue.models import Product
from marketplace.core.transitions import ForbiddenTransition
from tests.logistics.market import PACKING, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def cheese(market: Market) -> Product:
    """A piece of about 500 g, 22 € a kilogram, 10 % tolerance."""
    return market.product(
        title="Ziegenkäse",
        catch_weight=True,
        expected_weight_g=500,
        offer__price=Decimal("11.00"),
        offer__price_per_kg=Decimal("22.00"),
    )


def line_of(market: Market, product: Product, quantity: int) -> PackedLine:
    market.order((product, quantity))
    market.close()
    return PackedLine.objects.get()


def record(line: PackedLine, quantity: int, weight_g: int | None = None, *, agreed: bool = False) -> PackedLine:
    return packing.record(packed_line=line, quantity=quantity, weight_g=weight_g, at=PACKING, by=None, agreed=agreed)


def test_record_writes_quantity_and_no_weight_for_pieces(market: Market) -> None:
    line = record(line_of(market, market.product(), 3), 3, 999)
    assert (line.packed, line.packed_weight_g, line.problem) == (3, None, "")


def test_record_marks_the_rest_as_missing(market: Market) -> None:
    line = record(line_of(market, market.product(), 3), 1)
    assert (line.packed, line.problem) == (1, PackedLine.Problem.MISSING)


@pytest.mark.parametrize("quantity", [-1, 4, 10_000])
def test_record_refuses_absurd_quantities(market: Market, quantity: int) -> None:
    with pytest.raises(packing.PackingRefused):
        record(line_of(market, market.product(), 3), quantity)


@pytest.mark.parametrize("weight_g", [None, 0, -5, 1, 99, 10_001, 1_000_000])
def test_record_refuses_weights_that_cannot_be(market: Market, weight_g: int | None) -> None:
    with pytest.raises(packing.PackingRefused):
        record(line_of(market, cheese(market), 2), 2, weight_g, agreed=True)


@pytest.mark.parametrize("weight_g", [100, 700, 1000, 1100])
def test_record_takes_weights_up_to_the_tolerance(market: Market, weight_g: int) -> None:
    line = record(line_of(market, cheese(market), 2), 2, weight_g)
    assert (line.packed_weight_g, line.over_tolerance_agreed) == (weight_g, False)


def test_record_above_tolerance_needs_consent(market: Market) -> None:
    line = line_of(market, cheese(market), 2)
    with pytest.raises(packing.OverTolerance, match="1,1"):
        record(line, 2, 1101)
    line.refresh_from_db()
    assert line.packed is None
    agreed = record(line, 2, 1101, agreed=True)
    assert (agreed.packed_weight_g, agreed.over_tolerance_agreed) == (1101, True)


def test_record_corrects_an_earlier_entry(market: Market) -> None:
    line = line_of(market, cheese(market), 2)
    record(line, 2, 1101, agreed=True)
    again = record(line, 0)
    assert (again.packed, again.packed_weight_g, again.over_tolerance_agreed, again.problem) == (0, None, False, "missing")


def test_finish_wants_every_line(market: Market) -> None:
    line = line_of(market, market.product(), 3)
    with pytest.raises(packing.PackingRefused):
        packing.finish(collection=line.collection, crates=1, cold_crates=0, at=PACKING, by=None)
    record(line, 3)
    done = packing.finish(collection=line.collection, crates=2, cold_crates=1, at=PACKING, by=None)
    assert (done.status, done.crates, done.cold_crates, done.packed_at) == (Collection.Status.PACKED, 2, 1, PACKING)


@pytest.mark.parametrize(("crates", "cold"), [(0, 0), (1, 2), (-1, 0), (501, 0), (1, -1)])
def test_finish_refuses_crates_that_make_no_sense(market: Market, crates: int, cold: int) -> None:
    line = record(line_of(market, market.product(), 3), 3)
    with pytest.raises(packing.PackingRefused):
        packing.finish(collection=line.collection, crates=crates, cold_crates=cold, at=PACKING, by=None)


def test_finish_takes_no_crate_when_all_is_missing(market: Market) -> None:
    line = record(line_of(market, market.product(), 3), 0)
    done = packing.finish(collection=line.collection, crates=0, cold_crates=0, at=PACKING, by=None)
    assert done.status == Collection.Status.PACKED


def test_record_after_finish_needs_reopen(market: Market) -> None:
    line = line_of(market, market.product(), 3)
    market.pack()
    with pytest.raises(packing.PackingRefused):
        record(line, 2)
    packing.reopen(collection=line.collection, at=PACKING, by=None)
    assert record(line, 2).packed == 2


def test_hand_to_driver_once_and_only_when_packed(market: Market) -> None:
    collection = line_of(market, market.product(), 1).collection
    with pytest.raises(ForbiddenTransition):
        packing.hand_to_driver(collection=collection, at=PACKING, by=None)
    market.pack()
    first = packing.hand_to_driver(collection=collection, at=PACKING, by=None)
    assert packing.hand_to_driver(collection=collection, at=PACKING, by=None).collected_at == first.collected_at
    with pytest.raises(ForbiddenTransition):
        packing.reopen(collection=collection, at=PACKING, by=None)


def test_pick_list_sums_articles_and_names_boxes_by_code_and_first_name(market: Market) -> None:
    honey = market.product(title="Rapshonig")
    goat = market.product(
        title="Ziegenkäse",
        partner=honey.partner,
        catch_weight=True,
        expected_weight_g=500,
        offer__price_per_kg=Decimal("22.00"),
    )
    first = market.order((honey, 2), (goat, 1), first_name="Femke")
    second = market.order((honey, 3), first_name="Momme")
    market.close()
    sheet = packing.pick_list(collection=Collection.objects.get())
    assert [(article.name, int(article.quantity), article.weighed) for article in sheet.totals] == [
        ("Rapshonig", 5, False),
        ("Ziegenkäse", 1, True),
    ]
    assert {(box.code, box.first_name, len(box.articles)) for box in sheet.boxes} == {
        (first.code, "Femke", 2),
        (second.code, "Momme", 1),
    }
    assert "Beispiel" not in repr(sheet.boxes)
