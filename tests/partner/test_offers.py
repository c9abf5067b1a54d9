"""What an offer may cost and how its stock is stated."""

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
