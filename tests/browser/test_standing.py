"""A standing order on the phone: out of an earlier order, left out once, paused, and ended in two steps without a login."""

import re
from datetime import timedelta

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from logistics.models import RuleWindow
from marketplace.standing.models import StandingOrder
from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import Enter


def look(page: Page) -> None:
    """Axe finds nothing, and nothing sticks out."""
    assert axe.findings(page) == []


def make(page: Page, market: World) -> StandingOrder:
    """Out of the order that was delivered; the honey once a month."""
    page.goto(f"/konto/bestellungen/{market.delivered.number}/")
    way.press(page, "Immer wieder liefern lassen")
    honey = market.town.products["honey"]
    page.locator(f"[name=article-quantity_{honey.pk}]").fill("1")
    page.locator(f"[name=article-rhythm_{honey.pk}]").select_option(label="jeden Monat")
    window = RuleWindow.objects.get(rule=market.standing.rule, pickup_point=None, partner=None)
    page.locator(f"[name=window][value='{window.pk}']").check()
    page.locator("[name=street]").fill("Dorfstraße 7")
    page.locator("[name=place]").select_option(label="24361 Haby")
    way.press(page, "Weiter: prüfen")
    expect(page.get_by_text("Die erste Lieferung, mit allem")).to_be_visible()
    look(page)
    way.press(page, "zahlungspflichtig bestellen")
    return StandingOrder.objects.exclude(pk=market.standing.pk).get()


def test_standing_order_from_an_order_to_its_end_without_login(enter: Enter, market: World) -> None:
    page = enter("customer")
    made = make(page, market)
    assert sorted(made.lines.values_list("rhythm", flat=True)) == ["monthly", "weekly"]
    assert page.evaluate("location.pathname") == made.get_absolute_url()
    look(page)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^\\s*Auslassen")).first.click()
    expect(page.get_by_text("von Ihnen ausgelassen").first).to_be_visible()
    page.locator("[name=first]").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    way.press(page, "Pausieren")
    made.refresh_from_db()
    assert made.paused_from is not None
    look(page)
    stranger = enter()
    stranger.goto("/")
    way.press(stranger, "Verträge hier kündigen")
    look(stranger)
    stranger.locator("[name=name]").fill("Grete Beispiel")
    stranger.locator("[name=contract]").fill(made.number)
    stranger.locator("[name=email]").fill(market.town.people["customer"].email)
    way.press(stranger, "Weiter")
    look(stranger)
    mail.outbox.clear()
    way.press(stranger, "Jetzt kündigen")
    expect(stranger.get_by_text("Ihre Kündigung ist eingegangen")).to_be_visible()
    made.refresh_from_db()
    assert made.ended_at is not None
    market.standing.refresh_from_db()
    assert market.standing.ended_at is None
    assert any(made.number in str(letter.body) for letter in mail.outbox)
