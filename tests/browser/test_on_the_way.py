"""Pages that only show once something has been chosen, typed or ordered, looked at by axe as a guest reaches them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from logistics.models import DeliveryRound
from marketplace.core import wording
from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import Enter

#: of three producers, one of them weighed, one chilled, two with a deposit
GOODS = ("goat_cheese", "yoghurt", "honey", "candle", "apple_juice", "apples")
NUMBER = r"[0-9A-Z-]{9}"
Step = tuple[str, Callable[[Page], object]]


@pytest.mark.parametrize("payment", ["handover", "transfer"])
def test_order_of_a_guest(payment: str, enter: Enter, market: World, next_round: DeliveryRound) -> None:
    """The order is called off at the end, so that nobody else's round has it."""
    day = wording.weekday_date(next_round.delivery_day)
    steps: list[Step] = [
        (r"/korb/", lambda page: _fill_basket(page, market)),
        (r"/kasse/", lambda page: way.press(page, "Zur Kasse")),
        (r"/kasse/lieferung/", lambda page: way.press(page, "Ohne Konto bestellen")),
        (r"/kasse/lieferung/", lambda page: way.press(page, "Weiter")),  # nothing chosen: it says what is missing
        (r"/kasse/angaben/", lambda page: way.choose_delivery(page, "Haby", round_day=day)),
        (r"/kasse/angaben/", lambda page: way.press(page, "Weiter")),  # nothing typed
        (r"/kasse/pruefen/", lambda page: way.tell_details(page, payment=payment)),
        (r"/korb/", lambda page: page.goto("/korb/")),  # the basket of somebody who has chosen a window
        (rf"/kasse/danke/{NUMBER}/", _order),
        (r"/konto/bestellung/.+/", lambda page: way.press(page, "Bestellung ansehen")),
        (r"/konto/bestellung/.+/", _open_everything),
        (r"/konto/bestellung/.+/", lambda page: way.press(page, "Ja, Bestellung absagen")),
    ]
    assert _looked_at(enter(), steps) == {}


@pytest.mark.parametrize(("who", "payment"), [("other_customer", "handover"), ("chef", "account")])
def test_order_of_a_customer(who: str, payment: str, enter: Enter, market: World, next_round: DeliveryRound) -> None:
    """Who is known types less; a business account pays once a month."""
    day = wording.weekday_date(next_round.delivery_day)
    steps: list[Step] = [
        (r"/korb/", lambda page: page.goto("/korb/")),
        (r"/kasse/lieferung/", lambda page: page.goto("/kasse/")),
        (r"/kasse/angaben/", lambda page: way.choose_delivery(page, "Haby", round_day=day)),
        (r"/kasse/pruefen/", lambda page: way.tell_details(page, payment=payment)),
    ]
    assert _looked_at(enter(who), steps, prepare=lambda page: _fill_basket(page, market)) == {}


def test_withdrawal(enter: Enter, market: World) -> None:
    steps: list[Step] = [
        (r"/vertrag-widerrufen/", lambda page: page.goto("/vertrag-widerrufen/")),
        (r"/vertrag-widerrufen/", lambda page: way.press(page, "Weiter")),  # nothing typed
        (r"/vertrag-widerrufen/", lambda page: _declare(page, market)),
        (r"/vertrag-widerrufen/", lambda page: way.press(page, "Widerruf bestätigen")),
    ]
    assert _looked_at(enter(), steps) == {}


def _looked_at(page: Page, steps: list[Step], prepare: Callable[[Page], object] = lambda page: None) -> dict[str, list[str]]:
    """What axe finds after each step, by the number of the step and where it led; a step that leads elsewhere is a fault."""
    prepare(page)
    found = {}
    for number, (path, step) in enumerate(steps):
        step(page)
        assert re.fullmatch(path, page.evaluate("location.pathname")), (number, path, page.url, page.locator("main").inner_text())
        found[f"{number} {path}"] = axe.findings(page)
    return {where: findings for where, findings in found.items() if findings}


def _fill_basket(page: Page, market: World) -> None:
    page.goto("/markt/")
    for key in GOODS:
        with page.expect_response(re.compile("/korb/")):
            way.add(page, market.town.products[key].title)
    page.goto("/korb/")
    assert page.locator(".basket-group").count() == 3


def _order(page: Page) -> None:
    page.goto("/kasse/pruefen/")
    way.press(page, "zahlungspflichtig bestellen")


def _open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")


def _declare(page: Page, market: World) -> None:
    for name, value in (("name", "Grete Beispiel"), ("number", market.delivered.number), ("email", "grete@post.example")):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=goods]").fill("Rapshonig")
    way.press(page, "Weiter")
