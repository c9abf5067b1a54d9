"""Calling an order off gives everything back once, until the cut-off."""

from datetime import timedelta

import pytest

from marketplace.checkout import cancellation
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from tests.factories import orders
from tests.factories.market import NOW

pytestmark = pytest.mark.django_db


def test_cancel_gives_stock_and_place_back() -> None:
    till = orders.till(stock_kind="limited", num_in_stock=9)
    cancelled = cancellation.cancel(order=till.place(), at=NOW)
    till.window.refresh_from_db()
    assert (cancelled.status, till.window.taken) == (Order.Status.CANCELLED, 0)
    assert {offer.num_allocated for offer in StockRecord.objects.all()} == {0}


def test_cancel_twice_gives_back_once() -> None:
    till = orders.till(quantities=(2,), stock_kind="limited", num_in_stock=9)
    first = till.place()
    orders.Till(**{**till.__dict__, "basket": orders.filled_basket(region=till.region, wanted={till.products[0]: 3})}).place()
    cancellation.cancel(order=first, at=NOW)
    with pytest.raises(cancellation.NotCancelled):
        cancellation.cancel(order=first, at=NOW)
    assert StockRecord.objects.get().num_allocated == 3


def test_no_cancelling_after_the_cutoff() -> None:
    till = orders.till()
    order = till.place()
    with pytest.raises(cancellation.NotCancelled):
        cancellation.cancel(order=order, at=till.window.round.cutoff_at + timedelta(seconds=1))
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED


def test_cancelled_order_can_be_ordered_anew() -> None:
    till = orders.till()
    cancellation.cancel(order=till.place(), at=NOW)
    again = orders.filled_basket(region=till.region, wanted={till.products[0]: 1})
    assert till.having(basket=again).place().status == Order.Status.PLACED
