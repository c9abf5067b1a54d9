"""The page behind the link in the mail: what a farm has too little of, what it offers, and two buttons."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from logistics import confirmations
from logistics.models import Collection, PackedLine, Shortage
from marketplace.core.wishes import Substitution
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.order.models import Line, Order
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db
SOON = CLOSING + timedelta(minutes=20)


def shortage(wish: str) -> Shortage:
    """Carrots are cut to one of three, two parsnips are offered; more of the order comes as ordered."""
    market = Market()
    carrots = market.product(title="Möhren", offer__price=Decimal("4.00"))
    parsnips = market.product(title="Pastinaken", partner=carrots.partner, offer__price=Decimal("3.00"))
    delivery = market.order((carrots, 3), *((market.product(offer__price=Decimal("5.00")), 1) for _other in range(3)))
    Line.objects.filter(order=delivery.order).update(substitution=wish)
    market.close()
    line = PackedLine.objects.get(order_line__product=carrots)
    offer = parsnips.stockrecords.get()
    row = confirmations.cut(packed_line=line, quantity=1, at=SOON, by=None, offer=offer, offer_quantity=2)
    confirmations.confirm(collection=line.collection, at=SOON, by=None)
    row.refresh_from_db()
    return row


def address(row: Shortage) -> str:
    order = Order.objects.get(pk=row.packed_line.order_line.order_id)
    return reverse("substitute:page", args=[day_links.sign(order=order, purpose=Purpose.SUBSTITUTE)])


@pytest.fixture
def now(time_machine: Any) -> None:
    """Half an hour after the round has closed."""
    time_machine.move_to(SOON + timedelta(minutes=10))


@pytest.mark.usefixtures("now")
def test_the_page_says_what_comes_and_what_it_costs(client: Client) -> None:
    page = client.get(address(shortage(Substitution.SIMILAR))).content.decode()
    assert "2 × Pastinaken" in page
    assert "Es kommt stattdessen." in page
    assert "25,00" in page
    assert "27,00" in page


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(("answer", "lines"), [("yes", 5), ("no", 4)])
def test_who_wants_to_be_asked_says_yes_or_no(client: Client, answer: str, lines: int) -> None:
    row = shortage(Substitution.ASK)
    assert client.post(address(row), {"shortage": row.pk, "answer": answer}).status_code == 302
    row.refresh_from_db()
    assert (row.answer, PackedLine.objects.count()) == ({"yes": "taken", "no": "declined"}[answer], lines)


@pytest.mark.usefixtures("now")
def test_once_it_is_packed_the_answer_comes_too_late(client: Client) -> None:
    row = shortage(Substitution.ASK)
    Collection.objects.update(status=Collection.Status.PACKED)
    page = client.post(address(row), {"shortage": row.pk, "answer": "yes"}, follow=True).content.decode()
    assert "Dafür ist es zu spät" in page
    row.refresh_from_db()
    assert row.answer == ""


@pytest.mark.usefixtures("now")
def test_a_link_answers_for_its_own_order_only(client: Client) -> None:
    row, other = shortage(Substitution.ASK), shortage(Substitution.ASK)
    assert client.post(address(row), {"shortage": other.pk, "answer": "yes"}).status_code == 404
    assert client.get(address(row).replace("ersatz/", "ersatz/X")).status_code == 404
