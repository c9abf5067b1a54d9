"""A guest pays online on a phone, at the bank and back; the cheese weighs less, so less is taken, and the order says so."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing import tasks as billing_tasks
from billing.models import OnlinePayment, Payment
from billing.online import links, opening
from logistics import rounds
from logistics.models import DeliveryRound
from marketplace.core import wording
from marketplace.order.models import Order
from tests.architecture.world import World
from tests.billing.online.conftest import bank_address
from tests.browser import axe, way
from tests.browser.conftest import Enter
from tests.browser.rounds import a_round_of_its_own
from tests.journeys import way as market_way

__all__ = ["bank_address"]


@pytest.fixture
def _bank(bank_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Amounts are held however far the delivery is: the round that is a story's alone is weeks ahead."""
    monkeypatch.setattr(opening, "HOLD_DAYS", 90)
    with override_settings(STRIPE_KEY="sk_test_story", STRIPE_ADDRESS=bank_address):
        yield


def pay(page: Page) -> None:
    """From the page of the market: back by the browser once, a card that is declined, then one that goes."""
    assert axe.findings(page) == []
    way.press(page, "Weiter zum Bezahlen")
    expect(page.get_by_text("Übungsbank – hier fließt kein Geld")).to_be_visible()
    assert axe.findings(page) == []
    page.go_back()
    way.press(page, "Weiter zum Bezahlen")
    page.get_by_label("Karte, die abgelehnt wird").check()
    page.get_by_role("button", name=re.compile("zahlen$")).click()
    expect(page.get_by_role("alert")).to_contain_text("abgelehnt")
    page.get_by_label("Karte, die geht").check()
    with page.expect_navigation(url=re.compile("/(kasse/danke|konto/bestellung)/")):
        page.get_by_role("button", name=re.compile("zahlen$")).click()
    expect(page.get_by_text("sind reserviert")).to_be_visible()


@pytest.mark.usefixtures("_bank")
def test_guest_orders_pays_and_cancels(enter: Enter, market: World, next_round: DeliveryRound) -> None:
    page = enter()
    page.goto("/markt/")
    with page.expect_response(re.compile("/korb/")):
        way.add(page, market.town.products["goat_cheese"].title)
    page.goto("/kasse/lieferung/")
    way.choose_delivery(page, "Haby", round_day=wording.weekday_date(next_round.delivery_day))
    way.tell_details(page, payment="online")
    way.press(page, "zahlungspflichtig bestellen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("bezahlen")
    pay(page)
    payment = OnlinePayment.objects.order_by("-pk")[0]
    assert (payment.status, payment.amount > Order.objects.get(pk=payment.order_id).total_incl_tax) == ("authorised", True)
    way.press(page, "Bestellung ansehen")
    page.locator("summary", has_text="Bestellung absagen").click()
    way.press(page, "Ja, Bestellung absagen")
    billing_tasks.follow_online_payments()
    payment.refresh_from_db()
    assert payment.status == "released"


@pytest.mark.usefixtures("_bank")
def test_less_is_taken_when_it_weighs_less(enter: Enter, market: World) -> None:
    own, page = a_round_of_its_own(market.town), enter()
    window = own.windows.filter(pickup_point__isnull=True, partner__isnull=True)[0]
    order = market_way.order(market.town, {"goat_cheese": 2}, payment="online", window=window, at=timezone.now())
    page.goto(f"/konto/zahlen/{links.sign(target=order)}/")
    pay(page)
    rounds.close(delivery_round=own, at=market_way.cut_off(own))
    market_way.pack(own, weights={market.town.products["goat_cheese"].title: 900})
    market_way.hand_over(order)
    billing_tasks.draw_due_documents()
    paid, held = Payment.objects.get(order=order).amount, OnlinePayment.objects.get(order=order).amount
    assert paid == order.invoices.get().gross < held
    page.reload()
    expect(page.get_by_text("wurden online eingezogen")).to_contain_text(wording.euro(Decimal(paid)))
    assert axe.findings(page) == []
