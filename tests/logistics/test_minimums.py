"""A producer packs only from a minimum on; below it everybody is told, and nobody pays."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import OrderTerms
from logistics import minimum_mails, minimums, rounds, tasks, tours
from logistics.models import Collection, Delivery, PackedLine, RoundStock
from marketplace.catalogue.models import Product
from marketplace.core.models import AuditEntry
from marketplace.order import mails, statement
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from tests.factories.market import NOW, PartnerFactory
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db
Status = Collection.Status


def farm(market: Market, minimum: str, **offer: Any) -> Product:
    """An article of 10 euro at a farm that packs from `minimum` euro on."""
    partner = PartnerFactory.create(municipality=market.village, minimum_round=Decimal(minimum))
    return market.product(partner=partner, offer__price=Decimal("10.00"), **offer)


def with_mail(delivery: Delivery) -> Order:
    """The order of a delivery, of somebody who is reached by mail."""
    order = delivery.order
    Order.objects.filter(pk=order.pk).update(guest_email="femke@post.example", confirmation_sent_at=NOW)
    order.refresh_from_db()
    return order


def test_case_48_below_the_minimum_all_lines_are_cancelled_one_mail_each_and_no_list() -> None:
    market = Market()
    cheese, honey = farm(market, "50.00"), farm(market, "0")
    both = [with_mail(market.order((cheese, 1), (honey, 2))), with_mail(market.order((cheese, 3), (honey, 1)))]
    market.close()
    packs = dict(Collection.objects.values_list("partner", "status"))
    assert packs == {cheese.partner_id: Status.CALLED_OFF, honey.partner_id: Status.OPEN}
    lines = PackedLine.objects.filter(order_line__product=cheese).values_list("packed", "problem")
    assert set(lines) == {(0, PackedLine.Problem.MINIMUM)}
    for _twice in range(2):
        tasks.tell_of_minimums()
    told = sorted((message.to[0], message.subject) for message in mail.outbox)
    assert [to for to, _subject in told] == sorted([*(order.email for order in both), cheese.partner.email])
    body = next(str(message.body) for message in mail.outbox if both[0].number in message.subject)
    assert cheese.partner.name in body
    assert "20,00\u00a0€" in body


def test_the_minimum_counts_all_orders_of_the_round() -> None:
    market = Market()
    cheese = farm(market, "50.00")
    market.order((cheese, 2))
    market.order((cheese, 3))
    market.close()
    assert Collection.objects.get().status == Status.OPEN
    assert minimum_mails.untold_producers(at=CLOSING) == []


def test_an_order_of_which_nothing_is_left_is_cancelled_with_the_reason() -> None:
    market = Market()
    delivery = market.order((farm(market, "50.00"), 1))
    order = with_mail(delivery)
    market.close()
    order.refresh_from_db()
    delivery.refresh_from_db()
    market.window.refresh_from_db()
    assert (order.status, delivery.status, market.window.taken) == ("cancelled", "cancelled", 0)
    for _twice in range(2):
        tasks.tell_of_minimums()
        if mails.untold_cancellations(at=CLOSING):
            mails.send_cancellation(order_id=order.pk, at=CLOSING)
    to_customer = [message for message in mail.outbox if message.to == [order.email]]
    assert len(to_customer) == 1
    assert str(to_customer[0].body).count(order.lines.get().partner_name) == 1
    assert len(mail.outbox) == 2
    assert tours.plan(delivery_round=market.round, at=CLOSING) == []


@pytest.mark.parametrize(("kind", "offer"), [("limited", {"num_in_stock": 9}), ("per_round", {"per_round": 9})])
def test_stock_is_given_back(kind: str, offer: dict[str, int]) -> None:
    market = Market()
    cheese = farm(market, "50.00", offer__stock_kind=kind, **{f"offer__{name}": value for name, value in offer.items()})
    market.order((cheese, 3))
    market.close()
    record = cheese.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == ((9, 0) if kind == "limited" else (record.num_in_stock, 0))
    assert set(RoundStock.objects.values_list("taken", flat=True)) <= {0}


def test_closing_again_changes_nothing() -> None:
    market = Market()
    market.order((farm(market, "50.00"), 1))
    market.close()
    assert rounds.close(delivery_round=market.round, at=CLOSING) is False
    assert AuditEntry.objects.filter(action="order.cancel").count() == 1


@pytest.mark.parametrize("orders", [2, 20])
def test_calling_off_needs_the_same_queries_for_ten_times_the_orders(orders: int) -> None:
    market = Market()
    goods = [farm(market, "5000.00", offer__stock_kind="limited", offer__num_in_stock=99) for _number in range(orders // 2)]
    for _number in range(orders):
        market.order(*((article, 1) for article in goods))
    with CaptureQueriesContext(connection) as captured:
        rounds.close(delivery_round=market.round, at=CLOSING)
    assert len(captured) == 35


def test_the_new_total_is_without_what_does_not_come() -> None:
    market = Market()
    cheese, honey = farm(market, "50.00"), farm(market, "0")
    order = market.order((cheese, 1), (honey, 2)).order
    before = statement.read(order=order)
    market.close()
    after = statement.read(order=Order.objects.get(pk=order.pk))
    assert (before.current.total, after.current.total) == (Decimal("30.00"), Decimal("20.00"))
    assert [line.called_off for line in after.lines] == [True, False]
    assert after.final is None


def test_the_rest_of_the_round_goes_on() -> None:
    market = Market()
    cheese, honey = farm(market, "50.00"), farm(market, "0")
    market.order((cheese, 1), (honey, 2))
    market.close()
    market.pack()
    assert list(Collection.objects.order_by("pk").values_list("status", flat=True)) == [Status.CALLED_OFF, Status.PACKED]


def test_missing_in_counts_what_is_ordered_and_what_is_about_to_be() -> None:
    market = Market()
    cheese = farm(market, "50.00")
    market.order((cheese, 2))
    partner = Partner.objects.get(pk=cheese.partner_id)
    assert minimums.missing_in(delivery_round=market.round, partners=[partner]) == {partner.pk: Decimal("30.00")}
    more = {partner.pk: Decimal("17.60")}
    left = minimums.missing_in(delivery_round=market.round, partners=[partner], more=more)
    assert "noch 12,40\u00a0€" in minimums.sentence(partner=partner, missing=left[partner.pk])
    assert minimums.missing_in(delivery_round=market.round, partners=[partner], more={partner.pk: Decimal(30)}) == {}
    assert minimums.missing_in(delivery_round=None, partners=[partner]) == {}


def test_a_contract_told_after_the_closing_names_what_does_not_come() -> None:
    market = Market()
    cheese, honey = farm(market, "50.00"), farm(market, "0")
    order = with_mail(market.order((cheese, 1), (honey, 2)))
    OrderTerms.objects.create(order=order, method=OrderTerms.Method.TRANSFER)
    market.close()
    told = mails.contract(order_id=order.pk, name="emails/order_confirmation", subject="Es bleibt dabei", told={})
    body = str(told.body)
    assert "kommt nicht, kostet nichts" in body
    assert "Gesamt: 20,00\u00a0€" in body
    assert "Betrag: 20,00\u00a0€" in body
