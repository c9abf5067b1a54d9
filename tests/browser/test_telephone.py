"""The office takes an order down on the telephone with the keyboard alone, from the first key to the last."""

import os
import re

import pytest
from playwright.sync_api import Page, expect

from logistics.models import DeliveryRound
from marketplace.order.models import Order
from tests.architecture.world import World
from tests.browser import axe
from tests.browser.conftest import Enter

DESK = {"width": 1280, "height": 900}
#: the words by which somebody who listens would know it
SAID = "it => [it.innerText, it.textContent, it.labels?.[0]?.innerText].filter(Boolean).join(' ')"


def keys(page: Page, *pressed: str) -> None:
    """Press and type, one after the other; what is no name of a key is typed."""
    for key in pressed:
        if key in {"Enter", "Tab", "Space", "Shift+Tab", "ArrowDown"}:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def reach(page: Page, name: str, *, most: int = 80) -> None:
    """Press Tab until something with that name, label or text has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and name in focused.evaluate(SAID):  # after the last one the browser's own bar has it
            return
    raise AssertionError(f"Tab never reaches {name}")


def look(page: Page, name: str) -> None:
    """Axe finds nothing at any width; pictures are kept where somebody asks for them."""
    size = page.viewport_size
    assert axe.findings(page) == []
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if folder := os.environ.get("TELEPHONE_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    page.set_viewport_size(size or DESK)  # type: ignore[arg-type]  # as it was


@pytest.mark.parametrize("scripts", [True, False])
def test_order_by_keyboard(scripts: bool, enter: Enter, market: World, next_round: DeliveryRound) -> None:
    """The order is called off at the end, so that nobody else's round has it."""
    page = enter("office", viewport=DESK, java_script_enabled=scripts)
    page.goto("/buero/")
    reach(page, "Telefon")
    keys(page, "Enter")
    expect(page.get_by_label("Telefonnummer oder Name")).to_be_focused()
    dialled = "04356 777 666" if scripts else "04356 777 555"
    keys(page, dialled, "Enter")
    expect(page.get_by_text("0 Personen gefunden")).to_be_visible()
    if scripts:
        look(page, "1-nobody")
    reach(page, "Neue Kundin, neuer Kunde")
    keys(page, "Enter")
    _new_card(page, dialled)
    if scripts:
        look(page, "2-card")
        page.get_by_label("Gemeinde").focus()
    reach(page, "E-Mail")
    keys(page, "Enter")
    expect(page.get_by_text("Bestätigung als Brief")).to_be_visible()
    _article(page, "raps", "2", scripts=scripts)
    expect(page.get_by_text("2 × Rapshonig")).to_be_visible()
    _article(page, "cox", "", scripts=scripts)
    expect(page.get_by_text("1 × Äpfel Holsteiner Cox")).to_be_visible()
    if scripts:
        look(page, "4-basket")
    reach(page, "Weiter: wann, wo, Zahlung")
    keys(page, "Enter")
    expect(page.get_by_role("heading", name="Wann, wo, Zahlung")).to_be_visible()
    if scripts:
        look(page, "5-when")
    reach(page, "Hinweis")
    keys(page, "Bitte klingeln", "Enter")
    expect(page.get_by_role("heading", name="Vorlesen")).to_be_visible()
    if scripts:
        look(page, "6-read")
    boxes = page.get_by_role("checkbox")
    reach(page, "Artikel, Mengen und den Gesamtpreis")
    for number in range(boxes.count()):
        keys(page, "Space", *(["Tab"] if number + 1 < boxes.count() else []))
    keys(page, "Enter")
    expect(page.get_by_text("Die Bestellung ist aufgenommen.")).to_be_visible()
    placed = Order.objects.get(phone__endswith=dialled[-3:], status=Order.Status.PLACED)
    assert (placed.channel, placed.taken_by, placed.email) == (Order.Channel.PHONE, market.town.people["office"], "")
    assert {line.title: line.quantity for line in placed.lines.all()} == {"Rapshonig": 2, "Äpfel Holsteiner Cox": 1}
    if scripts:
        look(page, "7-taken")
    _change_and_cancel(page, placed, scripts=scripts)


def _new_card(page: Page, dialled: str) -> None:
    """The number is there already; the rest is typed from field to field."""
    expect(page.get_by_label("Telefon", exact=False).first).to_have_value(dialled)
    reach(page, "Vorname")
    keys(page, "Wiebke", "Tab", "Fernsprech", "Tab", "Am Deich 9", "Tab", "Haby")
    expect(page.get_by_label("Gemeinde")).to_have_value(re.compile(r"\d+"))


def _article(page: Page, letters: str, number: str, *, scripts: bool) -> None:
    """Letters, Enter, number, Enter; the field is ready without a click."""
    expect(page.get_by_label("Artikel:", exact=False)).to_be_focused()
    keys(page, letters)
    if scripts:  # what fits is shown while one types, and takes no focus away
        expect(page.locator("#offers")).to_contain_text(re.compile(letters, re.I))
        expect(page.get_by_label("Artikel:", exact=False)).to_be_focused()
    keys(page, "Enter")
    expect(page.locator(".desk-offer input:focus")).to_be_visible()
    if scripts and number:
        look(page, "3-offers")
        page.locator(".desk-offer input:visible").first.focus()
    keys(page, *([number] if number else []), "Enter")


def _change_and_cancel(page: Page, placed: Order, *, scripts: bool) -> None:
    reach(page, "Bestellung ändern")
    keys(page, "Enter")
    _article(page, "kerze", "1", scripts=False)
    expect(page.get_by_text("Kerze aus Bienenwachs: 1 statt 0")).to_be_visible()
    reach(page, "Wie viel Rapshonig")
    keys(page, "0", "Enter")
    expect(page.get_by_text("Rapshonig: 0 statt 2")).to_be_visible()
    if scripts:
        look(page, "8-change")
    reach(page, "Zahlungspflichtig ändern")
    keys(page, "Enter")
    expect(page.get_by_text("Die Bestellung ist geändert.")).to_be_visible()
    placed.refresh_from_db()
    assert {line.title for line in placed.lines.all()} == {"Kerze aus Bienenwachs", "Äpfel Holsteiner Cox"}
    reach(page, "Bestellung absagen")
    keys(page, "Enter")
    reach(page, "Ja, Bestellung absagen")
    keys(page, "Enter")
    expect(page.get_by_text("Die Bestellung ist abgesagt.")).to_be_visible()
    if scripts:
        page.goto("/buero/telefon/post/")
        expect(page.get_by_text("Wiebke Fernsprech", exact=True)).to_be_visible()
        look(page, "9-pile")
    page.goto("/buero/telefon/")
    expect(page.get_by_label("Telefonnummer oder Name")).to_be_focused()
    keys(page, placed.phone[-6:], "Enter")
    expect(page.get_by_role("link", name=re.compile("Fernsprech"))).to_be_focused()
    keys(page, "Enter")
    expect(page.get_by_role("heading", name="Wiebke Fernsprech")).to_be_visible()
    reach(page, "Karte ändern")
    keys(page, "Enter")
    expect(page.get_by_label("Vorname")).to_have_value("Wiebke")
    reach(page, "Diese Karte löschen")
    keys(page, "Enter")
    reach(page, "Löschen")
    keys(page, "Enter")
    expect(page.get_by_text("Die Karte ist gelöscht.")).to_be_visible()
