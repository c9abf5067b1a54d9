"""A guest changes an order on the phone: from the page of the order, with articles from the shop, until the new confirmation."""

import re

import pytest
from playwright.sync_api import Page, expect

from logistics.models import DeliveryRound
from marketplace.core import wording
from marketplace.order.models import Order
from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import Enter

NUMBER = r"[0-9A-Z-]{9}"


def order(page: Page, market: World, next_round: DeliveryRound) -> None:
    """Two articles to the door."""
    page.goto("/markt/")
    for key in ("honey", "apples"):
        with page.expect_response(re.compile("/korb/")):
            way.add(page, market.town.products[key].title)
    page.goto("/kasse/lieferung/")
    way.choose_delivery(page, "Haby", round_day=wording.weekday_date(next_round.delivery_day))
    way.tell_details(page)
    way.press(page, "zahlungspflichtig bestellen")


def look(page: Page, path: str) -> None:
    """It is that page, and axe finds nothing on it."""
    assert re.fullmatch(path, page.evaluate("location.pathname")), page.url
    assert axe.findings(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_guest_changes_an_order(scripts: bool, enter: Enter, market: World, next_round: DeliveryRound) -> None:
    """The order is called off at the end, so that nobody else's round has it."""
    page = enter()
    order(page, market, next_round)
    number = page.locator(".code").first.inner_text()
    before = way.euros(page.locator(".sums__total").last.inner_text())
    if not scripts:
        state = page.context.storage_state()
        page = enter(java_script_enabled=False, storage_state=state)
    page.goto(f"/konto/bestellungen/{number}/aendern/")
    _more(page, market.town.products["honey"].title, scripts=scripts)
    expect(page.get_by_text("bisher 1 ×")).to_be_visible()
    if scripts:
        look(page, rf"/konto/bestellungen/{NUMBER}/aendern/")
    way.press(page, "Artikel hinzufügen")
    expect(page.get_by_text(f"Sie ergänzen Ihre Bestellung {number}")).to_be_visible()
    way.card(page, market.town.products["candle"].title).get_by_role("button", name=re.compile("In den Korb")).click()
    expect(page.locator("#adding-bar")).to_contain_text("1 Artikel")
    if scripts:
        look(page, r"/markt/")
    page.goto("/korb/")
    if scripts:
        look(page, r"/korb/")
    way.press(page, f"Zur Bestellung {number} hinzufügen")
    expect(page.get_by_text("neu in dieser Bestellung")).to_be_visible()
    way.press(page, "Änderung prüfen")
    if scripts:
        look(page, rf"/konto/bestellungen/{NUMBER}/aendern/pruefen/")
    way.press(page, "Änderung zahlungspflichtig bestellen")
    expect(page.get_by_text(f"Ihre Bestellung {number} ist geändert.")).to_be_visible()
    placed = Order.objects.get(number=number)
    assert placed.total_incl_tax - before == sum(
        market.town.products[key].stockrecords.get().price for key in ("honey", "candle")
    )
    page.locator("details", has_text="Bestellung absagen").locator("summary").click()
    way.press(page, "Ja, Bestellung absagen")
    expect(page.get_by_text(f"Ihre Bestellung {number} ist abgesagt.")).to_be_visible()


def _more(page: Page, title: str, *, scripts: bool) -> None:
    """One more of an article; with scripts the number is saved by itself."""
    button = page.get_by_role("button", name=f"Eins mehr: {title}")
    if scripts:
        with page.expect_response(re.compile("/aendern/artikel/")):
            button.click()
    else:
        with page.expect_navigation():
            button.click()
