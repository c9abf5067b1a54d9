"""The network goes away in the middle: what was seen can be read, what is added is not lost, and a logout forgets it all."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import Enter

READY = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
KEPT = """async () => { const found = {};
    for (const name of await caches.keys()) {
        found[name.split("-")[0]] = (await (await caches.open(name)).keys()).map(it => new URL(it.url).pathname) }
    return found }"""


def settled(page: Page, address: str) -> None:
    """Open a page, and wait until the device has kept it."""
    page.goto(address)
    page.wait_for_function(READY)
    page.wait_for_function(
        """async path => { for (const name of await caches.keys())
            if (name.startsWith("seen") && await (await caches.open(name)).match(path)) return true; return false }""",
        arg=address,
    )


@pytest.fixture
def page(enter: Enter) -> Page:
    """A visitor whose device has the worker; the first page came before it, so it is asked for again."""
    found = enter()
    found.goto("/betriebe/")
    found.wait_for_function(READY)
    return found


def test_pages_and_basket_survive_without_network(page: Page, market: World) -> None:
    settled(page, "/markt/")
    with page.expect_response(re.compile("/hinzufuegen/")):
        way.add(page, "Rapshonig")
    settled(page, "/korb/")
    page.context.set_offline(True)
    page.goto("/markt/")
    expect(page.locator("[data-seen]")).to_contain_text(re.compile(r"Sie sind ohne Netz\. Stand: \d+\. \w+ \d{4}"))
    assert axe.findings(page, widths=(375,)) == []
    way.add(page, "Apfelsaft naturtrüb")
    expect(page.locator("#announcer")).to_contain_text("Der Artikel ist vorgemerkt")
    page.goto("/korb/")
    expect(page.locator(".basket-group")).to_contain_text("Rapshonig")
    expect(page.locator("main")).to_contain_text("vorgemerkt")
    expect(page.locator("main input[type=number]").first).to_be_disabled()
    page.goto("/kasse/lieferung/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind gerade ohne Netz")
    expect(page.get_by_role("link", name="Korb ansehen")).to_be_visible()
    assert axe.findings(page) == []
    way.press(page, "Markt")
    page.context.set_offline(False)
    expect(page.locator("#messages")).to_contain_text("Apfelsaft naturtrüb liegt jetzt im Korb.")
    page.goto("/korb/")
    expect(page.locator("main")).to_contain_text("Apfelsaft naturtrüb")
    expect(page.locator("[data-seen]")).to_have_count(0)


def test_logout_forgets_what_was_kept(enter: Enter, market: World) -> None:
    page = enter("other_customer")
    page.goto("/betriebe/")
    page.wait_for_function(READY)
    settled(page, "/korb/")
    page.goto("/konto/")
    assert "/korb/" in page.evaluate(KEPT)["seen"]
    assert "/konto/" not in page.evaluate(KEPT)["seen"]
    with page.expect_navigation():
        page.get_by_role("button", name="Abmelden").click()
    kept = page.evaluate(KEPT)
    assert "/korb/" not in kept.get("seen", [])
    page.context.set_offline(True)
    page.goto("/korb/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind gerade ohne Netz")


def test_tokens_and_marks_do_not_stay_on_the_device(enter: Enter) -> None:
    page = enter("customer")
    page.goto("/betriebe/")
    page.wait_for_function(READY)
    settled(page, "/markt/")
    text = page.evaluate(
        """async () => { for (const name of await caches.keys()) if (name.startsWith("seen"))
            return await (await (await caches.open(name)).match("/markt/")).text() }"""
    )
    assert "X-CSRFToken" not in text
    assert not re.search(r'csrfmiddlewaretoken" value="[^"]', text)
    assert 'aria-pressed="true"' not in text
