"""An order that is raised above what is held: more is held, all holds are taken in turn, what is left over is let go."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from billing.models import OnlinePayment, OrderTerms
from billing.online import following, jobs, opening, showing
from billing.online.provider import Provider
from marketplace.order import mails
from marketplace.order.models import Order
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import bill, fresh, hand_over, in_order, ledgers, page, pay
from tests.checkout.test_amendment import amend, wish
from tests.factories import orders
from tests.factories.market import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def raised(till: orders.Till, order: Order, pieces: int = 5) -> None:
    """The customer wants more of the first article."""
    before = wish(order)
    amend(order, wanted={**before.wanted, till.products[0].pk: pieces})


def holds() -> list[tuple[str, str, Decimal]]:
    return [(row.way, row.status, row.amount) for row in OnlinePayment.objects.order_by("pk")]


def run(at: datetime) -> None:
    jobs.follow(at=at)
    jobs.catch_up(at=at)


@pytest.mark.parametrize(("kind", "pieces", "missing"), [("", 5, 0), ("timeout", 5, 1), ("", 3, 2)])
def test_the_difference_is_held_on_top_once_and_taken_in_turn(
    till: orders.Till, bank: PracticeBank, provider: Provider, kind: str, pieces: int, missing: int
) -> None:
    order = till.place()
    first = pay(order, bank, provider).amount
    raised(till, order, pieces)
    total = fresh(order).total_incl_tax
    if kind:
        bank.fault("/v1/payment_intents", kind, methods=("POST",))
    for minutes in range(3):
        run(LATER + timedelta(minutes=minutes))
    assert holds() == [("hold", "authorised", first), ("more", "authorised", total - first)]
    assert ledgers()["held"] == total
    at = hand_over(order, missing=missing)
    jobs.collect(at=at)
    invoice = bill(order, at)
    run(at)
    assert sum(row.taken for row in OnlinePayment.objects.all()) == invoice.gross
    assert sum(row["amount_received"] for row in bank.things("payment_intent")) == int(invoice.gross * 100)
    assert {row["status"] for row in bank.things("payment_intent")} <= {"succeeded", "canceled"}
    assert "held" not in ledgers()
    assert OnlinePayment.objects.filter(means__gt="").count() == 0
    assert in_order(order, at)


def test_what_the_bank_does_not_hold_by_itself_is_paid_on_the_page(
    till: orders.Till, bank: PracticeBank, provider: Provider, client: Client
) -> None:
    order = till.place()
    first = pay(order, bank, provider, "karte_bestaetigung").amount
    raised(till, order)
    run(LATER)
    run(LATER + timedelta(minutes=1))
    (told,) = [one for one in mail.outbox if "Differenz" in one.subject]
    assert "/konto/zahlen/" in told.body
    assert holds()[1][:2] == ("more", "failed")
    now = fresh(order)
    shown = client.get(reverse("billing:pay", args=[showing.of_order(order=now, offered=True).link])).content.decode()
    assert "zusätzlich" in shown
    left = opening.due(target=now, today=LATER.date())
    assert (left.way, left.amount) == ("more", now.total_incl_tax - first)
    bank.pay(page(order, provider, LATER), "karte")
    following.follow(payment=OnlinePayment.objects.get(status="opened"), provider=provider, at=LATER)
    assert [row[:2] for row in holds()] == [("hold", "authorised"), ("more", "failed"), ("more", "authorised")]
    assert showing.of_order(order=fresh(order), offered=True).link == ""
    with pytest.raises(opening.NothingToPay):
        page(order, provider, LATER)
    assert OrderTerms.objects.get().method == "online"
    at = hand_over(order)
    jobs.collect(at=at)
    assert sum(row.taken for row in OnlinePayment.objects.all()) == bill(order, at).gross
    assert in_order(order, at)


def test_lowered_needs_no_more_and_lets_go_of_what_is_over(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    first = pay(order, bank, provider).amount
    raised(till, order, 1)
    run(LATER)
    assert holds() == [("hold", "authorised", first)]
    assert [one for one in mail.outbox if "Differenz" in one.subject] == []


@pytest.mark.parametrize("channel", ["phone", "standing", "web"])
def test_who_ordered_elsewhere_than_at_the_till_may_pay_online_by_the_link_of_the_mail(
    till: orders.Till, bank: PracticeBank, provider: Provider, client: Client, channel: str
) -> None:
    order = till.having(payment="transfer").place()
    Order.objects.filter(pk=order.pk).update(channel=channel, confirmation_sent_at=None)
    mail.outbox.clear()
    mails.send_confirmation(order_id=order.pk, at=NOW)
    (told,) = mail.outbox
    offered = re.search(r"Sie können auch gleich online bezahlen: http://[^/]+(/\S+)", str(told.body))
    assert (offered is not None) == (channel != "web")
    if offered is None:
        return
    assert client.get(offered[1]).status_code == 200
    pay(order, bank, provider)
    assert (OrderTerms.objects.get().method, holds()[0][1]) == ("online", "authorised")
