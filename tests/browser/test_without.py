"""The way to an order without JavaScript, and without a mouse."""

import re

from playwright.sync_api import Locator, Page, expect

from logistics.models import DeliveryRound
from marketplace.core import wording
from marketplace.order.models import Order
from tests.browser import way
from tests.browser.conftest import Enter
from tests.browser.way import press, tab_to


def test_order_without_scripts(enter: Enter, next_round: DeliveryRound) -> None:
    page = enter(java_script_enabled=False)
    page.goto("/")
    press(page, "Markt")
    for title in ("Rapshonig", "Apfelsaft naturtrüb", "Joghurt im Pfandglas"):
        page.goto("/markt/")
        with page.expect_navigation():
            way.add(page, title)
    page.goto("/korb/")
    line = page.locator("form", has=page.get_by_label("Anzahl: Rapshonig").or_(page.get_by_label("Menge: Rapshonig")))
    with page.expect_navigation():
        line.get_by_role("button", name=re.compile("mehr", re.IGNORECASE)).click()
    press(page, "Zur Kasse")
    press(page, "Ohne Konto bestellen")
    way.choose_delivery(page, "Haby", round_day=wording.weekday_date(next_round.delivery_day))
    way.tell_details(page)
    shown = way.total(page)
    press(page, "zahlungspflichtig bestellen")
    order = _thanked(page)
    assert {line.title: line.quantity for line in order.lines.all()} == {
        "Rapshonig": 2,
        "Apfelsaft naturtrüb": 1,
        "Joghurt im Pfandglas": 1,
    }
    assert shown == order.total_incl_tax


def test_order_by_keyboard(enter: Enter, next_round: DeliveryRound) -> None:
    page = enter(viewport={"width": 1280, "height": 900})
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    _follow(page, page.get_by_role("navigation").get_by_role("link", name="Markt", exact=True))
    tab_to(page, way.card(page, "Rapshonig").get_by_role("button", name=re.compile("In den Korb")))
    page.keyboard.press("Enter")
    expect(page.locator(".basket-link")).to_contain_text("6,49")
    page.reload()
    _follow(page, page.locator("a.basket-link"))
    _follow(page, page.get_by_role("link", name="Zur Kasse"))
    _follow(page, page.get_by_role("link", name="Ohne Konto bestellen"))
    tab_to(page, page.locator("[name=municipality]"))
    page.keyboard.type("Haby")
    tab_to(page, page.locator("input[name=window]:not([disabled])"))
    page.keyboard.press("Space")
    _follow(page, page.get_by_role("button", name="Weiter", exact=True))
    for name, value in way.GUEST.items():
        tab_to(page, page.locator(f"[name={name}]"))
        page.keyboard.type(value)
    tab_to(page, page.locator("[name=payment]"))
    page.keyboard.press("Space")
    _follow(page, page.get_by_role("button", name="Weiter", exact=True))
    _follow(page, page.get_by_role("button", name="zahlungspflichtig bestellen"))
    assert [(line.title, line.quantity) for line in _thanked(page).lines.all()] == [("Rapshonig", 1)]


def _follow(page: Page, where: Locator) -> None:
    tab_to(page, where)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _thanked(page: Page) -> Order:
    found = re.search(r"/danke/([0-9A-Z-]{9})/", page.url)
    assert found, page.locator("main").inner_text()
    order: Order = Order.objects.get(number=found[1])
    return order
