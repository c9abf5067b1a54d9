"""The cut-off comes while somebody is at the checkout: nothing is half done, nothing is lost, and the next day is offered."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from logistics import rounds
from marketplace.basket import baskets
from marketplace.catalogue.models import Product
from marketplace.checkout import cancellation
from marketplace.checkout.cancellation import NotCancelled
from marketplace.order import mails
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from tests.checkout.test_journey import choose_delivery, confirm, tell_details, up_to_review
from tests.factories import orders
from tests.factories.market import NOW, RoundFactory, WindowFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def till() -> orders.Till:
    """Three articles of two producers, and a round a week later."""
    found = orders.till()
    rule, day = found.window.round.rule, found.window.round.delivery_day + timedelta(days=7)
    WindowFactory.create(round=RoundFactory.create(rule=rule, delivery_day=day, opens_at=NOW - timedelta(days=1)))
    return found


@pytest.fixture
def clock(till: orders.Till) -> Iterator[Any]:
    """Two minutes before the cut-off."""
    with time_machine.travel(till.window.round.cutoff_at - timedelta(minutes=2), tick=False) as moment:
        yield moment


@pytest.fixture
def guest(till: orders.Till) -> Client:
    """A visitor who holds the basket."""
    client = Client()
    session = client.session
    session["basket"] = till.basket.pk
    session.save()
    return client


def text(page: Any) -> str:
    """What is read, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_case_1_the_round_closes_during_the_checkout(guest: Client, till: orders.Till, clock: Any) -> None:
    choose_delivery(guest, till)
    Product.objects.filter(pk=till.products[0].pk).update(season_months=[11])
    StockRecord.objects.filter(product=till.products[1]).update(stock_kind="limited", num_in_stock=1)
    clock.move_to(till.window.round.cutoff_at + rounds.GRACE)
    for step in ("details", "review"):
        assert guest.get(reverse(f"checkout:{step}")).headers["Location"] == reverse("checkout:delivery")
    assert tell_details(guest).headers["Location"] == reverse("checkout:delivery")
    page = text(guest.get(reverse("checkout:delivery")))
    assert "Für Samstag, 28. November ist der Bestellschluss vorbei" in page
    assert "am Samstag, 5. Dezember" in page
    assert f"{till.products[0].title}: Nicht in der Saison" in page or f"{till.products[0].title}: " in page
    assert not Order.objects.exists()
    assert baskets.contents(basket=till.basket).count == 3


def test_case_1_the_last_page_was_open_too_long(guest: Client, till: orders.Till, clock: Any) -> None:
    page = up_to_review(guest, till)
    clock.move_to(till.window.round.cutoff_at + rounds.GRACE)
    refused = confirm(guest, page)
    assert refused.status_code == 409
    assert "Für Samstag, 28. November ist der Bestellschluss vorbei" in text(refused)
    assert not Order.objects.exists()
    assert baskets.contents(basket=till.basket).count == 3


def test_who_was_at_the_last_page_may_finish(guest: Client, till: orders.Till, clock: Any) -> None:
    page = up_to_review(guest, till)
    clock.move_to(till.window.round.cutoff_at + rounds.GRACE - timedelta(seconds=1))
    assert guest.get(reverse("checkout:review")).status_code == 200
    assert rounds.close_due(at=till.window.round.cutoff_at + rounds.GRACE - timedelta(seconds=1)) == 0
    assert confirm(guest, page).status_code == 302
    assert Order.objects.get().delivery.round == till.window.round


def test_who_comes_after_the_cutoff_is_late(guest: Client, till: orders.Till, clock: Any) -> None:
    choose_delivery(guest, till)
    tell_details(guest)
    clock.move_to(till.window.round.cutoff_at + timedelta(seconds=1))
    assert guest.get(reverse("checkout:review")).headers["Location"] == reverse("checkout:delivery")


def test_grace_ends_when_the_round_is_closed(guest: Client, till: orders.Till, clock: Any) -> None:
    page = up_to_review(guest, till)
    rounds.close(delivery_round=till.window.round, at=till.window.round.cutoff_at)
    clock.move_to(till.window.round.cutoff_at + timedelta(seconds=1))
    assert confirm(guest, page).status_code == 409
    assert not Order.objects.exists()


def test_case_32_cancelling_tells_customer_and_office_once(till: orders.Till) -> None:
    StockRecord.objects.update(stock_kind="limited", num_in_stock=9)
    order = till.place()
    cancellation.cancel(order=order, at=NOW)
    with pytest.raises(NotCancelled):
        cancellation.cancel(order=order, at=NOW)
    assert [mails.send_cancellation(order_id=order.pk, at=NOW) for _time in range(2)] == [True, False]
    assert [message.to for message in mail.outbox] == [["grete@post.example"], [till.region.email]]
    assert order.number in mail.outbox[1].subject
    assert "Grete Beispiel" in mail.outbox[1].body
    assert set(StockRecord.objects.values_list("num_allocated", flat=True)) == {0}
