"""How an order goes on after it was placed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.models import AuditEntry
from marketplace.core.transitions import ForbiddenTransition
from marketplace.order import progress
from marketplace.order.models import Order
from tests.factories.market import NOW
from tests.logistics.market import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders() -> list[Order]:
    market = Market()
    honey = market.product()
    return [market.order((honey, 1)).order for _number in range(3)]


def test_close_orders_closes_what_is_placed_and_writes_the_trail(orders: list[Order]) -> None:
    first, second, third = orders
    progress.cancel(order=third, at=NOW)
    assert progress.close_orders(order_ids=[order.pk for order in orders], at=NOW) == 2
    assert [Order.objects.get(pk=order.pk).status for order in orders] == ["closed", "closed", "cancelled"]
    trail = AuditEntry.objects.filter(action="order.close").order_by("target_id")
    assert [(entry.target_id, entry.old, entry.new) for entry in trail] == [
        (order.pk, {"status": "placed"}, {"status": "closed"}) for order in (first, second)
    ]


def test_close_orders_twice_is_once(orders: list[Order]) -> None:
    ids = [order.pk for order in orders]
    progress.close_orders(order_ids=ids, at=NOW)
    assert progress.close_orders(order_ids=ids, at=NOW + timedelta(days=1)) == 0
    assert {order.closed_at for order in Order.objects.all()} == {NOW}


def test_close_orders_needs_the_same_queries_for_any_number(orders: list[Order]) -> None:
    counts = []
    for ids in ([orders[0].pk], [orders[1].pk, orders[2].pk]):
        with CaptureQueriesContext(connection) as captured:
            progress.close_orders(order_ids=ids, at=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_complete_only_what_is_closed(orders: list[Order]) -> None:
    order = orders[0]
    with pytest.raises(ForbiddenTransition):
        progress.complete(order=order, at=NOW)
    progress.close_orders(order_ids=[order.pk], at=NOW)
    done = progress.complete(order=order, at=NOW)
    assert (done.status, done.completed_at) == (Order.Status.COMPLETED, NOW)
    with pytest.raises(ForbiddenTransition):
        progress.cancel(order=order, at=NOW)


def test_cancel_once(orders: list[Order]) -> None:
    gone = progress.cancel(order=orders[0], at=NOW)
    assert (gone.status, gone.cancelled_at) == (Order.Status.CANCELLED, NOW)
    with pytest.raises(ForbiddenTransition):
        progress.cancel(order=orders[0], at=NOW)
    assert AuditEntry.objects.filter(action="order.cancel").count() == 1
