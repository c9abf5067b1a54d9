"""Each version of an order is confirmed once, and says what is new in it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from billing import payments
from marketplace.order import mails
from marketplace.order.models import Order
from tests.checkout.test_amendment import amend
from tests.factories import orders
from tests.factories.market import NOW, PickupPointFactory, WindowFactory
from tests.order.test_mails import in_both_forms

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def sent(order: Order) -> Any:
    """The mail that is due for the order."""
    assert mails.unconfirmed() == [order.pk]
    assert mails.send_confirmation(order_id=order.pk, at=LATER)
    assert not mails.send_confirmation(order_id=order.pk, at=LATER)
    return mail.outbox[-1]


def says(message: Any, *words: str) -> None:
    """Both forms of the mail say it; amounts never part from their sign."""
    in_both_forms(message, *(text.replace(" €", "\u00a0€") for text in words))


def test_changed_order_says_what_is_new() -> None:
    till = orders.till(quantities=(2, 1))
    order, (cheese, bread) = till.place(), till.products
    assert sent(order).subject == f"Ihre Bestellung {order.number}"
    amend(order, wanted={cheese.pk: 4, bread.pk: 0})
    message = sent(order)
    assert message.subject == f"Ihre geänderte Bestellung {order.number}"
    says(message, "Ihre Bestellung ist geändert", "4 × statt 2 ×", "kommt heraus (bisher 1 ×)")
    says(message, "Die Bestellung kostet 4,90 € mehr als bisher (18,60 €)", "23,50", "Allgemeine Geschäftsbedingungen")
    says(message, "/aendern/", "Bis Donnerstag, 26. November, 18:00 Uhr")


def test_another_place_and_less_to_pay() -> None:
    till = orders.till(quantities=(1,))
    order = till.place()
    sent(order)
    point = PickupPointFactory.create(municipality=till.village, name="Dorfladen Haby")
    window = WindowFactory.create(round=till.window.round, pickup_point=point, fee=Decimal("0.00"))
    amend(order, window_id=window.pk)
    says(sent(order), "Dorfladen Haby statt zu Ihnen nach Hause in Haby", "kostet 3,90 € weniger als bisher (8,80 €)")


def test_two_changes_before_a_mail_are_told_as_one() -> None:
    till = orders.till(quantities=(2,))
    order, (cheese,) = till.place(), till.products
    sent(order)
    amend(order, wanted={cheese.pk: 3})
    amend(order, wanted={cheese.pk: 5}, at=LATER)
    message = sent(order)
    says(message, "5 × statt 2 ×", "14,70 € mehr")
    assert "3 ×" not in message.body


def test_what_was_paid_in_advance_counts() -> None:
    till = orders.till(quantities=(2,)).having(payment="transfer")
    order, (cheese,) = till.place(), till.products
    sent(order)
    payments.receive(order=order, amount=order.total_incl_tax, method="transfer", received_on=NOW.date(), at=NOW)
    amend(order, wanted={cheese.pk: 3})
    says(sent(order), "Bezahlt: 13,70 €", "Betrag: 4,90 €")
    amend(order, wanted={cheese.pk: 1})
    message = sent(order)
    says(message, "Sie bekommen 4,90 € nach der Lieferung zurück.")
    assert "IBAN" not in message.body.partition("Widerruf")[0]
