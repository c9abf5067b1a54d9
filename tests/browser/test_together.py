"""Two people on their phones fill one basket; one of them orders it as a gift for a third. Works without scripts, too."""

import re

import pytest
from playwright.sync_api import Page, expect

from logistics.models import DeliveryRound
from marketplace.core import wording
from marketplace.order.models import Order
from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import Enter
from tests.browser.way import press


def look(page: Page, *, scripts: bool) -> None:
    """Axe finds nothing; it needs scripts itself."""
    assert not scripts or axe.findings(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_shared_basket_becomes_a_gift(scripts: bool, enter: Enter, market: World, next_round: DeliveryRound) -> None:
    """The order is called off at the end, so that nobody else's round has it."""
    anke, ole = enter(java_script_enabled=scripts), enter(java_script_enabled=scripts)
    anke.goto("/korb/")
    anke.locator("summary", has_text="Gemeinsam füllen").click()
    press(anke, "Korb teilen")
    link = anke.get_by_label("Link zu Ihrem Korb").input_value()
    look(anke, scripts=scripts)
    ole.goto(link)
    look(ole, scripts=scripts)
    ole.get_by_label("Ihr Vorname").fill("Ole")
    press(ole, "Gemeinsamen Korb öffnen")
    for page, key in ((ole, "honey"), (anke, "apples")):
        page.goto("/markt/")
        _put(page, market.town.products[key].title, scripts=scripts)
    ole.goto("/korb/")
    expect(ole.locator("main")).to_contain_text(market.town.products["apples"].title)
    expect(ole.locator("main")).to_contain_text("von Ole")
    look(ole, scripts=scripts)
    _order_as_gift(ole, next_round, scripts=scripts)
    anke.goto("/korb/")
    expect(anke.get_by_text("Der gemeinsame Korb ist bestellt")).to_be_visible()
    expect(anke.locator("main")).not_to_contain_text(market.town.products["apples"].title)
    assert anke.goto(link)
    expect(anke.get_by_role("heading", name="Dieser Korb ist geschlossen")).to_be_visible()
    press(ole, "Bestellung ansehen")
    look(ole, scripts=scripts)
    ole.get_by_role("link", name=re.compile("Paket unterwegs")).click()
    expect(ole.get_by_text("Bis bald in Haby!")).to_be_visible()
    assert "€" not in ole.locator("main").inner_text()
    look(ole, scripts=scripts)
    ole.go_back()
    ole.locator("summary", has_text="Bestellung absagen").click()
    press(ole, "Ja, Bestellung absagen")


def _put(page: Page, title: str, *, scripts: bool) -> None:
    if scripts:
        with page.expect_response(re.compile("/korb/")):
            way.add(page, title)
    else:
        with page.expect_navigation():
            way.add(page, title)


def _order_as_gift(page: Page, next_round: DeliveryRound, *, scripts: bool) -> None:
    page.goto("/kasse/lieferung/")
    way.choose_delivery(page, "Haby", round_day=wording.weekday_date(next_round.delivery_day))
    page.locator("summary", has_text="Das ist ein Geschenk").click()
    page.get_by_label("Wer bekommt das Geschenk?").fill("Anna Nachbarin")
    page.get_by_label("Ihr Gruß").fill("Bis bald in Haby!")
    way.tell_details(page)
    for text in ("Ein Geschenk bezahlt nicht, wer es bekommt", "Ihre eigene Anschrift"):
        expect(page.get_by_text(text).first).to_be_visible()
    look(page, scripts=scripts)
    page.get_by_label("Ihre eigene Straße").fill("Hafenweg 3")
    page.get_by_label("Ihre eigene Postleitzahl").fill("24340 Eckernförde")
    page.locator("[name=payment][value=transfer]").check()
    press(page, "Weiter")
    expect(page.get_by_text("für Anna Nachbarin")).to_be_visible()
    look(page, scripts=scripts)
    press(page, "zahlungspflichtig bestellen")
    number = page.locator(".code").first.inner_text()
    order = Order.objects.get(number=number)
    assert (order.is_gift, order.delivery.recipient, order.gift_message) == (True, "Anna Nachbarin", "Bis bald in Haby!")
