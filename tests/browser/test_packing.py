"""The network goes away in the middle of packing: the farm goes on, nothing is lost, and nothing counts twice."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from logistics import rounds
from logistics.models import Collection, PackedLine, PackingEvent
from tests.architecture.world import World
from tests.browser import axe
from tests.browser.conftest import Enter
from tests.browser.rounds import a_round_of_its_own
from tests.journeys import way

READY = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
KEPT = """async path => { const cache = await caches.open("work"); return Boolean(await cache.match(path)) }"""
AGAIN = """async () => {
  const cache = await caches.open("queue");
  return Promise.all((await cache.keys()).map(async (key) => (await cache.match(key)).json()));
}"""
SEND = """async ([to, events]) => {
  const { token } = await (await fetch(to)).json();
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  return (await (await fetch(to, { method: "POST", headers, body: JSON.stringify({ events }) })).json()).answers;
}"""


@pytest.fixture
def collection(market: World) -> Collection:
    """Three lines of the dairy for three customers, two of them to be weighed."""
    town = market.town
    delivery_round = a_round_of_its_own(town)
    window = delivery_round.windows.filter(pickup_point__isnull=True, partner__isnull=True)[0]
    for goods in ({"goat_cheese": 1}, {"goat_cheese": 2}, {"yoghurt": 3}):
        way.order(town, goods, window=window, at=timezone.now())
    rounds.close(delivery_round=delivery_round, at=way.cut_off(delivery_round))  # the other rounds stay open
    return Collection.objects.get(round=delivery_round, partner=town.partners["dairy"])


def test_packing_goes_on_without_network_and_counts_once(collection: Collection, enter: Enter) -> None:
    page, address = enter("dairy"), f"/betrieb/runde/{collection.round_id}/"
    page.goto("/betrieb/runden/")
    page.wait_for_function(READY)
    page.goto(address)
    page.wait_for_function(KEPT, arg=address)
    lines = list(PackedLine.objects.filter(collection=collection).order_by("order_line__catch_weight", "ordered"))
    simple, one, two = lines
    _pack(page, simple)
    expect(_line(page, simple)).to_contain_text("gepackt")
    expect(page.locator("#packing-progress")).to_contain_text("1 von 3")
    _until(lambda: PackedLine.objects.get(pk=simple.pk).packed == simple.ordered, page)

    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("[data-kept]")).to_contain_text("Sie sind ohne Netz")
    _batch(page, one, "L-47")
    expect(_line(page, two).locator("[data-batch]")).to_have_text("L-47")
    _pack(page, one, weight="5,4 kg")
    expect(_line(page, one).get_by_label("hat dem höheren Gewicht zugestimmt")).to_be_visible()
    _pack(page, one, weight=f"{one.order_line.expected_weight_g}")
    expect(_line(page, one)).to_contain_text("(wartet auf Netz)")
    _line(page, two).get_by_role("button", name="fehlt").click()
    expect(_line(page, two)).to_contain_text("2 fehlen")
    expect(page.locator("#packing-progress")).to_contain_text("3 von 3")
    assert axe.findings(page, widths=(375,)) == []
    page.locator("[name=crates]").fill("2")
    page.get_by_role("button", name="Alles ist gepackt").click()
    expect(page.locator("[data-finished]")).to_be_visible()
    page.reload()
    expect(page.locator("[data-queue-state]")).to_contain_text("3 Meldungen warten auf Netz.")
    expect(page.locator("#packing-progress")).to_contain_text("3 von 3")
    assert PackedLine.objects.filter(collection=collection, packed__isnull=False).count() == 1

    kept = page.evaluate(AGAIN)
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Doch noch etwas ändern")).to_be_visible(timeout=20_000)
    _check(collection, one, two)
    events = [{"uuid": entry["uuid"], "at": entry["at"], "fields": entry["fields"]} for entry in kept]
    heard = page.evaluate(SEND, [f"{address}meldungen/", events])
    assert {answer["outcome"] for answer in heard} == {"known"}
    _check(collection, one, two)


def _check(collection: Collection, one: PackedLine, two: PackedLine) -> None:
    """The right rows, each report once."""
    collection.refresh_from_db()
    assert (collection.status, collection.crates) == (Collection.Status.PACKED, 2)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.packed, one.packed_weight_g, one.batch) == (1, one.order_line.expected_weight_g, "L-47")
    assert (two.packed, two.problem) == (0, PackedLine.Problem.MISSING)
    assert PackingEvent.objects.filter(collection=collection).count() == 4
    assert set(PackingEvent.objects.filter(collection=collection).values_list("outcome", flat=True)) == {"followed"}


def _line(page: Page, line: PackedLine):  # type: ignore[no-untyped-def]  # a locator
    return page.locator(f"#zeile-{line.pk}")


def _pack(page: Page, line: PackedLine, *, weight: str = "") -> None:
    if weight:
        _line(page, line).locator("[name=weight]").fill(weight)
    _line(page, line).locator("[data-save]").click()


def _batch(page: Page, line: PackedLine, batch: str) -> None:
    _line(page, line).locator("summary").click()
    _line(page, line).locator("[name=batch]").fill(batch)
    _line(page, line).locator("[name=batch]").blur()


def _until(done, page: Page) -> None:  # type: ignore[no-untyped-def]  # asks the database again and again
    for _step in range(100):
        if done():
            return
        page.wait_for_timeout(100)
    raise AssertionError
