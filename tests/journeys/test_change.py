"""An order is paid in advance, changed twice and delivered: what is billed, what was paid, and the difference comes back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing import invoicing, journal, payments
from billing.snapshots import thawed
from logistics.models import PackedLine
from marketplace.checkout import amendment, changes
from marketplace.order.models import Order
from tests.factories.orders import TERMS
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db


def change(town: Town, order: Order, goods: dict[str, int]) -> Order:
    """Want so many of these articles."""
    known = Order.objects.get(pk=order.pk)
    wish = replace(changes.as_it_stands(order=known), wanted={town.products[key].pk: number for key, number in goods.items()})
    seen = changes.propose(order=known, change=wish, at=town.noon).fingerprint
    return amendment.amend(order=known, change=wish, fingerprint=seen, at=town.noon, by=None, terms_accepted=TERMS)


@pytest.mark.parametrize(
    ("goods", "difference", "terms"),
    [
        ({"honey": 4, "candle": 1}, Decimal("20.93"), "Zahlbar bis"),
        ({"honey": 1}, Decimal("-6.49"), "Ihr Guthaben von 6,49 € überweisen wir zurück."),
    ],
)
def test_difference_in_money_settles_by_itself(town: Town, goods: dict[str, int], difference: Decimal, terms: str) -> None:
    order = way.order(town, {"honey": 2}, who=None, payment="transfer")
    paid = order.total_incl_tax
    payments.receive(order=order, amount=paid, method="transfer", received_on=town.today, at=town.noon)
    changed = change(town, change(town, order, {"apples": 1, "honey": 2}), goods)
    assert changed.total_incl_tax - paid == difference
    ended = way.through(town.round, by=town.people["driver"])
    assert set(PackedLine.objects.values_list("ordered", flat=True)) == set(goods.values())
    (invoice,) = invoicing.draw_due(today=ended.date(), at=ended)
    document = thawed(invoice.content)
    assert (invoice.gross, document.prepaid) == (changed.total_incl_tax, paid)
    assert document.terms.replace("\u00a0", " ").startswith(terms)
    assert journal.balance(order=order) == difference
    assert payments.open_amount(delivery=way.delivery_of(order)) == difference
