"""What was paid for goods that nobody packs goes back by the ways that there are."""

from datetime import date
from decimal import Decimal

import pytest

from billing import invoicing, payments, refunds
from billing.models import OrderTerms, Payment
from logistics import deliveries
from logistics.models import Delivery
from marketplace.catalogue.models import Product
from marketplace.order.models import Order
from tests.factories.market import PartnerFactory, SupplyContractFactory
from tests.logistics.market import DAY, Market

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)


def paid(delivery: Delivery, amount: str) -> Order:
    """The order of a delivery, paid by transfer in advance."""
    order = delivery.order
    OrderTerms.objects.create(order=order, method=OrderTerms.Method.TRANSFER)
    payments.receive(order=order, amount=Decimal(amount), method=Payment.Method.TRANSFER, received_on=TODAY, at=DAY)
    return order


def goods(market: Market, minimum: str) -> Product:
    """An article of 10 euro at a farm under contract that packs from `minimum` euro on."""
    partner = PartnerFactory.create(municipality=market.village, minimum_round=Decimal(minimum))
    SupplyContractFactory.create(partner=partner)
    return market.product(partner=partner, offer__price=Decimal("10.00"))


def test_a_cancelled_order_is_paid_back_whole() -> None:
    market = Market()
    order = paid(market.order((goods(market, "50"), 1)), "10.00")
    market.close()
    assert [(row.pk, row.credit_balance) for row in refunds.orders(region=market.region)] == [(order.pk, Decimal("10.00"))]


def test_of_an_order_that_comes_in_part_the_rest_is_a_credit() -> None:
    market = Market()
    delivery = market.order((goods(market, "50"), 1), (goods(market, "0"), 2))
    order = paid(delivery, "30.00")
    market.close()
    market.pack()
    deliveries.complete(delivery=Delivery.objects.get(pk=delivery.pk), at=DAY, by=None, handed_to="Femke")
    invoice = invoicing.draw_for_order(delivery=delivery, today=TODAY, at=DAY)
    assert invoice is not None
    assert invoice.gross == Decimal("20.00")
    assert [(row.pk, row.credit_balance) for row in refunds.orders(region=market.region)] == [(order.pk, Decimal("10.00"))]
