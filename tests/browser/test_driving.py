"""The network goes away in the middle of a tour: the driver goes on, nothing is lost, and nothing counts twice."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from logistics import rounds
from logistics.models import Delivery, StopEvent, Tour, UnfollowedReport
from tests.architecture.world import World
from tests.browser import axe
from tests.browser.conftest import Enter
from tests.browser.rounds import a_round_of_its_own
from tests.journeys import way

READY = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
KEPT = """async path => { const cache = await caches.open("work"); return Boolean(await cache.match(path)) }"""


@pytest.fixture
def tour(market: World) -> Tour:
    """A tour to three doors, packed, not started."""
    town = market.town
    delivery_round = a_round_of_its_own(town)
    window = delivery_round.windows.filter(pickup_point__isnull=True, partner__isnull=True)[0]
    for street in ("Weg 1", "Weg 2", "Weg 3"):
        way.order(town, {"yoghurt": 1}, window=window, at=timezone.now(), street=street)
    rounds.close(delivery_round=delivery_round, at=way.cut_off(delivery_round))  # the other rounds stay open
    way.pack(delivery_round)
    way.plan(delivery_round)
    found = Tour.objects.get(round=delivery_round, wave=Tour.Wave.DELIVER)
    Tour.objects.filter(round=delivery_round).update(driver=town.people["driver"])
    return found


def test_three_stops_without_network(tour: Tour, enter: Enter) -> None:
    page = enter("driver")
    address = f"/fahrt/{tour.pk}/"
    page.goto("/fahrt/")
    page.wait_for_function(READY)
    page.goto(address)
    page.wait_for_function(KEPT, arg=address)
    page.get_by_role("button", name="Tour starten").click()
    expect(page.get_by_role("button", name="Übergeben", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Pause machen")).to_be_visible()
    tour.refresh_from_db()
    assert tour.status == Tour.Status.UNDER_WAY

    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("[data-kept]")).to_contain_text("Sie sind ohne Netz")
    number = tour.stops.count()
    for done in range(number):
        _hand_over(page)
        words = "1 Meldung wartet auf Netz." if done == 0 else f"{done + 1} Meldungen warten auf Netz."
        expect(page.locator("[data-queue-state]")).to_contain_text(words)
    assert axe.findings(page, widths=(375,)) == []
    page.reload()
    expect(page.locator("[data-queue-state]")).to_contain_text(f"{number} Meldungen warten auf Netz.")
    expect(page.get_by_role("button", name="Übergeben", exact=True)).to_have_count(0)
    assert not Delivery.objects.filter(stop__tour=tour, status=Delivery.Status.COMPLETED).exists()

    waiting = page.evaluate("async () => (await (await caches.open('queue')).keys()).length")
    assert waiting == number
    page.context.set_offline(False)
    expect(page.locator("main")).to_contain_text("Die Tour ist geschafft", timeout=20_000)
    assert set(Delivery.objects.filter(stop__tour=tour).values_list("status", flat=True)) == {Delivery.Status.COMPLETED}
    tour.refresh_from_db()
    assert tour.status == Tour.Status.DONE
    before = StopEvent.objects.filter(stop__tour=tour).count()
    assert before == number + 1
    _send_again(page, tour)
    assert StopEvent.objects.filter(stop__tour=tour).count() == before
    assert not UnfollowedReport.objects.filter(tour=tour).exists()


def _hand_over(page: Page) -> None:
    page.locator("[data-stop]:not([hidden])").get_by_role("button", name="Übergeben", exact=True).click()


def _send_again(page: Page, tour: Tour) -> None:
    """The phone did not hear the answer and sends all of it once more."""
    events = [
        {"uuid": str(event.pk), "at": event.reported_at.isoformat(), "fields": f"stop={event.stop_id}&kind={event.kind}"}
        for event in StopEvent.objects.filter(stop__tour=tour)
    ]
    outcomes = page.evaluate(
        """async events => {
            const { token } = await (await fetch("/fahrt/meldungen/")).json();
            const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
            const answer = await fetch("/fahrt/meldungen/", { method: "POST", headers, body: JSON.stringify({ events }) });
            return (await answer.json()).answers.map(one => one.outcome) }""",
        events,
    )
    assert set(outcomes) == {"known"}
