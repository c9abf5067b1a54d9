"""The day of the delivery on a phone: what is chosen without scripts, and what changes by itself with them."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import OrderTerms
from logistics import tours
from logistics.models import Delivery
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.order.models import Order
from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import Enter
from tests.customers.test_day import tour_of
from tests.journeys import way as story


@pytest.fixture
def order(market: World) -> Order:
    """One that is paid, so that it may be left at the door."""
    OrderTerms.objects.filter(order=market.open).update(method=OrderTerms.Method.TRANSFER)
    return market.open


def link(order: Order, name: str = "live", purpose: Purpose = Purpose.ARRIVAL) -> str:
    return reverse(f"day:{name}", args=[day_links.sign(order=order, purpose=purpose)])


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 812})
            page.screenshot(path=str(Path(folder) / f"{name}_{width}.png"), full_page=True)


def test_wish_without_scripts(order: Order, enter: Enter) -> None:
    page = enter(java_script_enabled=False)
    page.goto(link(order))
    page.get_by_label("Vor die Tür stellen").check()
    page.get_by_label("Wo genau, oder bei wem").fill("hinter der Bank")
    way.press(page, "Wunsch speichern")
    order.delivery.refresh_from_db()
    assert (order.delivery.drop, order.delivery.drop_note) == ("door", "hinter der Bank")
    way.press(page, "Aktualisieren")
    shot(page, "live")


def test_page_follows_the_tour_by_itself(market: World, enter: Enter) -> None:
    window = market.open.delivery.window
    order = story.order(market.town, {"honey": 1}, window=window, at=timezone.now())
    page = enter()
    page.clock.install()
    page.goto(link(order))
    expect(page.get_by_label("Wie weit Ihre Ware ist")).to_contain_text("Ihr Zeitfenster")
    tour = tour_of(order.delivery)
    tours.start(tour=tour, at=tour.starts_at, by=None)
    tour.stops.filter(sequence=1).update(completed_at=tour.stops.get(sequence=1).planned_departure)
    page.clock.fast_forward("01:01")
    expect(page.get_by_label("Wie weit Ihre Ware ist")).to_contain_text("Halt 3 von 4")
    assert axe.findings(page) == []
    shot(page, "under_way")
    tour.delete()
    Delivery.objects.filter(order=order).update(status=Delivery.Status.BOOKED)


def test_refused_wish_is_accessible(order: Order, enter: Enter) -> None:
    page = enter()
    page.goto(link(order))
    page.get_by_label("Bei Nachbarn abgeben").check()
    page.get_by_label("Wo genau, oder bei wem").fill("")
    way.press(page, "Wunsch speichern")
    assert axe.findings(page) == []
    shot(page, "refused")


def test_code_that_is_passed_on(market: World, enter: Enter) -> None:
    page = enter()
    page.goto(link(market.fetched))
    assert axe.findings(page) == []
    shot(page, "live_pickup")
    way.press(page, "Code zeigen oder abholen lassen")
    assert axe.findings(page) == []
    shot(page, "fetching")
