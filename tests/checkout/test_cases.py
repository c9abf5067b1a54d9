"""What other systems' tests ask of ordering windows, stock and rights, told of ours; each test names its case."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from billing import payments
from billing.models import Payment
from logistics import rounds
from logistics.models import DeliveryRound, DeliveryWindow, RoundStock
from marketplace.basket import baskets
from marketplace.checkout import cancellation
from marketplace.checkout.problems import Refused
from marketplace.checkout.proposal import draw_up
from marketplace.order import mails
from marketplace.order.models import Line, Order
from marketplace.partner import producers
from marketplace.partner.models import Partner, StockRecord
from tests.factories import orders
from tests.factories.market import NOW, ProductFactory, RoundFactory, UserFactory

pytestmark = pytest.mark.django_db


def refusals(till: orders.Till) -> list[tuple[str, str]]:
    """Why the order was refused: the code, and the sentence."""
    with pytest.raises(Refused) as refused:
        till.place()
    assert not Order.objects.exists()
    return [(problem.code, problem.text) for problem in refused.value.problems]


def test_case_2_money_that_comes_after_the_cutoff_pays_the_order_that_stands() -> None:
    till = orders.till()
    cutoff = till.window.round.cutoff_at
    order = till.having(payment="transfer", at=cutoff - timedelta(minutes=1)).place()
    rounds.close(delivery_round=till.window.round, at=cutoff + rounds.GRACE)
    assert mails.send_confirmation(order_id=order.pk, at=cutoff + rounds.GRACE)
    later = cutoff + timedelta(days=1)
    told: dict[str, Any] = {"method": Payment.Method.TRANSFER, "received_on": later.date(), "at": later}
    payments.receive(order=order, amount=order.total_incl_tax, reference=order.number, **told)
    order.refresh_from_db()
    assert order.status == Order.Status.CLOSED
    assert payments.paid_ahead(order=order) == order.total_incl_tax


def test_case_4_round_that_closes_before_it_opens_is_refused() -> None:
    row = RoundFactory.create()
    with pytest.raises(IntegrityError, match="round_closes_after_it_opens"), transaction.atomic():
        DeliveryRound.objects.filter(pk=row.pk).update(opens_at=NOW, cutoff_at=NOW - timedelta(hours=1))


def test_case_8_without_a_round_articles_show_and_the_basket_says_that_one_cannot_order() -> None:
    till = orders.till(quantities=(1,))
    DeliveryRound.objects.update(status=DeliveryRound.Status.CANCELLED)
    client = Client()
    with time_machine.travel(NOW, tick=False):
        assert till.products[0].title in client.get("/markt/").content.decode()
        client.post(f"/korb/{till.products[0].pk}/hinzufuegen/", {"quantity": 1})
        page = client.get("/korb/").content.decode()
    assert till.products[0].title in page
    assert "Zurzeit ist kein Liefertag für Bestellungen offen" in page
    assert refusals(till)[0][0] == "closed"


def test_case_25_made_to_order_takes_what_is_asked_for() -> None:
    till = orders.till(quantities=(1,))
    made = ProductFactory.create(partner=till.products[0].partner, offer__stock_kind="made_to_order", offer__num_in_stock=10)
    assert baskets.add(basket=till.basket, product=made, quantity=15).quantity == 15


def test_case_27_made_to_order_is_never_short_and_cancelling_leaves_no_trace() -> None:
    till = orders.till(quantities=(10,), stock_kind="made_to_order", num_in_stock=1)
    order = till.place()
    assert Line.objects.get(order=order).quantity == 10
    offer = StockRecord.objects.get()
    assert (offer.num_in_stock, offer.num_allocated or 0) == (1, 0)
    cancellation.cancel(order=order, at=NOW)
    offer.refresh_from_db()
    assert (offer.num_in_stock, offer.num_allocated or 0) == (1, 0)
    assert not RoundStock.objects.filter(taken__gt=0).exists()


def test_case_43_goods_of_a_suspended_producer_leave_the_market_and_come_back_with_it() -> None:
    till = orders.till(quantities=(1,))
    farm, office = till.products[0].partner, UserFactory.create()
    client = Client()
    with time_machine.travel(NOW, tick=False):
        assert till.products[0].title in client.get("/markt/").content.decode()
        producers.suspend(partner=farm, reason="Papiere fehlen", at=NOW, by=office)
        assert client.get(till.products[0].get_absolute_url()).status_code == 404
        assert [code for code, _text in refusals(till)] == ["suspended"]
        producers.approve(partner=Partner.objects.get(pk=farm.pk), at=NOW, by=office)
        assert client.get(till.products[0].get_absolute_url()).status_code == 200
    assert till.place().number


def test_case_52_break_of_the_farm_begins_while_its_goods_are_in_the_basket() -> None:
    till = orders.till(quantities=(1,))
    day = till.window.round.delivery_day
    Partner.objects.filter(pk=till.products[0].partner_id).update(closed_from=day, closed_until=day)
    ((code, text),) = refusals(till)
    assert (code, till.products[0].title in text) == ("hindered", True)


def whole_price(price: str, pieces: int, total: str) -> None:
    """What stands on the shelf is what basket, checkout and order say."""
    till = orders.till(quantities=(pieces,), price=Decimal(price))
    DeliveryWindow.objects.update(fee=Decimal(0))
    (line,) = baskets.contents(basket=till.basket).lines
    assert line.line_total == Decimal(total)
    assert draw_up(basket=till.basket, window_id=till.window.pk, at=NOW).sums.total == Decimal(total)
    order = till.place()
    agreed = order.lines.get()
    assert agreed.unit_price_incl_tax == Decimal(price)
    assert [agreed.line_price_incl_tax, order.total_incl_tax] == [Decimal(total)] * 2


def test_case_14_eight_at_086_and_twenty_percent_are_824() -> None:
    """The fee stands in the price on the shelf: 0.86 and 0.17 are 1.03, eight of them 8.24 and not 8.26."""
    whole_price("1.03", 8, "8.24")


def test_case_19_the_price_on_the_shelf_is_the_markets_own_with_the_packing_in_it() -> None:
    """Nothing is added to a price after the shelf (PAngV): 55.55 and packing of 5.56 stand there as 61.11, two cost 122.22."""
    whole_price("61.11", 2, "122.22")
