"""What an offer may cost and how its stock is stated."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from marketplace.core.models import AuditEntry
from marketplace.partner import offers
from marketplace.partner.models import StockRecord
from tests.factories.market import NOW, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_set_price_stores_cents_and_writes_it_down() -> None:
    offer, by = StockRecord.objects.get(product=ProductFactory.create()), UserFactory.create()
    offers.set_price(stockrecord=offer, price=Decimal("5.20"), at=NOW, by=by)
    offer.refresh_from_db()
    entry = AuditEntry.objects.get(action="offer.priced")
    assert (offer.price, entry.old["price"], entry.new["price"], entry.by) == (Decimal("5.20"), "4.90", "5.20", by)


def test_set_price_of_weighed_goods_follows_the_expected_weight() -> None:
    product = ProductFactory.create(catch_weight=True, expected_weight_g=1230, sales_unit="piece")
    offer = offers.set_price(stockrecord=product.stockrecords.get(), price_per_kg=Decimal("15.90"), at=NOW, by=None)
    assert (offer.price_per_kg, offer.price) == (Decimal("15.90"), Decimal("19.56"))


@pytest.mark.parametrize("price", [None, Decimal("0"), Decimal("-1"), Decimal("NaN"), Decimal("1000000")])
def test_set_price_refuses_nonsense(price: Decimal | None) -> None:
    offer = StockRecord.objects.get(product=ProductFactory.create())
    with pytest.raises(offers.BadOffer):
        offers.set_price(stockrecord=offer, price=price, at=NOW, by=None)


def test_set_stock_keeps_what_is_promised() -> None:
    offer = ProductFactory.create(offer__stock_kind="limited", offer__num_in_stock=9, offer__num_allocated=4).stockrecords.get()
    with pytest.raises(offers.BadOffer, match="4"):
        offers.set_stock(stockrecord=offer, stock_kind="limited", quantity=3, at=NOW, by=None)
    changed = offers.set_stock(stockrecord=offer, stock_kind="limited", quantity=6, at=NOW, by=None)
    assert (changed.num_in_stock, changed.num_allocated) == (6, 4)


def test_set_stock_for_each_round_needs_a_number() -> None:
    offer = ProductFactory.create().stockrecords.get()
    with pytest.raises(offers.BadOffer):
        offers.set_stock(stockrecord=offer, stock_kind="per_round", at=NOW, by=None)
    assert offers.set_stock(stockrecord=offer, stock_kind="per_round", quantity=20, at=NOW, by=None).per_round == 20


def reduced(offer: StockRecord, price: str, *, at: datetime = NOW, days: int = 7) -> StockRecord:
    today = at.date()
    return offers.reduce(
        stockrecord=offer, price=Decimal(price), until=today + timedelta(days=days), today=today, at=at, by=UserFactory.create()
    )


def test_reduce_remembers_the_usual_price_and_the_lowest_of_thirty_days() -> None:
    offer = ProductFactory.create().stockrecords.get()
    offers.set_price(stockrecord=offer, price=Decimal("4.50"), at=NOW - timedelta(days=10), by=None)
    offers.set_price(stockrecord=offer, price=Decimal("4.90"), at=NOW - timedelta(days=5), by=None)
    found = reduced(offer, "3.90")
    assert (found.price, found.price_after, found.lowest_before) == (Decimal("3.90"), Decimal("4.90"), Decimal("4.50"))


@pytest.mark.parametrize(("days_ago", "lowest"), [(29, "4.20"), (31, "4.90")])
def test_reduce_looks_back_thirty_days(days_ago: int, lowest: str) -> None:
    offer = ProductFactory.create().stockrecords.get()
    offers.set_price(stockrecord=offer, price=Decimal("4.20"), at=NOW - timedelta(days=60), by=None)
    offers.set_price(stockrecord=offer, price=Decimal("4.90"), at=NOW - timedelta(days=days_ago), by=None)
    assert reduced(offer, "3.90").lowest_before == Decimal(lowest)


def test_reduce_refuses_what_is_no_reduction() -> None:
    offer = ProductFactory.create().stockrecords.get()
    offers.set_price(stockrecord=offer, price=Decimal("6.90"), at=NOW - timedelta(days=1), by=None)
    with pytest.raises(offers.BadOffer, match="4,90"):
        reduced(offer, "4.90")
    with pytest.raises(offers.BadOffer):
        reduced(offer, "3.90", days=61)
    assert StockRecord.objects.get(pk=offer.pk).reduced_until is None


def test_end_reductions_brings_the_usual_price_back_once() -> None:
    offer = reduced(ProductFactory.create().stockrecords.get(), "3.90")
    last = NOW.date() + timedelta(days=7)
    assert offers.end_reductions(today=last, at=NOW + timedelta(days=7)) == 0
    later = NOW + timedelta(days=8)
    assert [offers.end_reductions(today=later.date(), at=later) for _twice in range(2)] == [1, 0]
    offer.refresh_from_db()
    assert (offer.price, offer.reduced_until, offer.lowest_before) == (Decimal("4.90"), None, None)


def test_reduction_of_weighed_goods_is_told_by_the_kilogram() -> None:
    product = ProductFactory.create(catch_weight=True, expected_weight_g=1230, sales_unit="piece")
    offers.set_price(stockrecord=product.stockrecords.get(), price_per_kg=Decimal("15.90"), at=NOW - timedelta(days=50), by=None)
    found = reduced(product.stockrecords.get(), "12.90")
    assert (found.price_per_kg, found.price, found.price_after) == (Decimal("12.90"), Decimal("15.87"), Decimal("15.90"))
