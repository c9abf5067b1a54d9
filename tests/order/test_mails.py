"""Mails about orders: the whole contract, once, and again when sending failed."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from marketplace.basket import baskets
from marketplace.catalogue.models import Product
from marketplace.checkout import cancellation
from marketplace.order import mails, tasks, transfer
from marketplace.order.models import Order
from tests.factories import orders
from tests.factories.market import NOW, ProductFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def confirmed(till: orders.Till) -> Any:
    """The confirmation of what is in the till."""
    assert mails.send_confirmation(order_id=till.place().pk, at=LATER)
    return mail.outbox[-1]


def in_both_forms(message: Any, *wanted: str) -> None:
    html = re.sub(r"[ \n]+", " ", message.alternatives[0][0])
    for words in wanted:
        assert words in message.body
        assert words in html


def test_confirmation_holds_the_whole_contract() -> None:
    till = orders.till().having(payment="transfer")
    message = confirmed(till)
    order = Order.objects.get()
    assert message.to == ["grete@post.example"]
    in_both_forms(message, order.number, "Grete Beispiel", "Dorfstraße 7", "24361 Haby", order.delivery.code)
    in_both_forms(message, *(product.title for product in till.products), "33,30", "29,40", "3,90", "2,18")
    in_both_forms(message, "Samstag, 28. November 2026", "10:00–12:00 Uhr", "Donnerstag, 26. November", "18:00 Uhr")
    in_both_forms(message, till.region.legal_name, till.region.vat_id, till.region.email, till.region.phone)
    in_both_forms(message, transfer.spaced(till.region.iban))
    in_both_forms(message, "Allgemeine Geschäftsbedingungen", "Widerruf", "/konto/bestellung/")


def test_weighed_goods_and_deposit_are_told() -> None:
    till = orders.till(quantities=(2,))
    Product.objects.filter(pk=till.products[0].pk).update(deposit=Decimal("0.15"))
    bird = ProductFactory.create(
        partner=till.products[0].partner,
        catch_weight=True,
        expected_weight_g=1200,
        offer__price=Decimal("19.08"),
        offer__price_per_kg=Decimal("15.90"),
    )
    baskets.add(basket=till.basket, product=bird, quantity=1)
    in_both_forms(confirmed(till), "1,2\u00a0kg", "15,90\u00a0€/kg", "20,99\u00a0€", "0,30\u00a0€")


def test_base_price_stands_beside_each_price() -> None:
    till = orders.till(quantities=(2, 1))
    Product.objects.filter(pk=till.products[1].pk).update(
        sales_unit=Product.SalesUnit.BOTTLE, net_content=750, net_unit=Product.NetUnit.MILLILITRES
    )
    in_both_forms(confirmed(till), "4,90\u00a0€ / Glas 500\u00a0g · 9,80\u00a0€/kg", "Flasche 0,75\u00a0l · 6,53\u00a0€/l")


def test_nothing_of_a_person_runs_as_markup() -> None:
    till = orders.till()
    contact = replace(till.contact, first_name="<b>Eve</b>")
    assert "<b>Eve" not in confirmed(till.having(contact=contact)).alternatives[0][0]


def test_confirmation_is_sent_once() -> None:
    order = orders.till().place()
    assert mails.unconfirmed() == [order.pk]
    assert mails.send_confirmation(order_id=order.pk, at=LATER)
    assert not mails.send_confirmation(order_id=order.pk, at=LATER)
    assert mails.unconfirmed() == []
    assert len(mail.outbox) == 1


def test_failed_mail_stays_due_and_holds_nobody_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = orders.till().place()
    second = orders.till().place()
    Order.objects.filter(pk=first.pk).update(guest_email="broken@post.example")
    send = mail.EmailMultiAlternatives.send

    def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.to == ["broken@post.example"]:
            raise OSError("no mail server")
        return send(self, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    tasks.send_due_confirmations()
    assert mails.unconfirmed() == [first.pk]
    assert [message.to for message in mail.outbox] == [[second.email]]


def test_task_after_commit_sends_at_once(django_capture_on_commit_callbacks: Any) -> None:
    till = orders.till()
    with django_capture_on_commit_callbacks(execute=True):
        till.place()
    tasks.send_due_confirmations()
    assert len(mail.outbox) == 1


def test_cancellation_is_told_once() -> None:
    order = orders.till().place()
    cancellation.cancel(order=order, at=LATER)
    assert mails.unconfirmed() == []
    assert mails.untold_cancellations(at=LATER) == [order.pk]
    assert mails.send_cancellation(order_id=order.pk, at=LATER)
    assert not mails.send_cancellation(order_id=order.pk, at=LATER)
    assert order.number in mail.outbox[-1].body
    assert mails.untold_cancellations(at=LATER) == []
