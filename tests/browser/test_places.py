"""Choosing how it comes, on a phone: what is kept is seen, a full window has a list, its offer gives the place."""

import re

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from logistics import tasks, windows
from logistics.models import AreaInterest, DeliveryRound, DeliveryWindow
from marketplace.core import wording
from tests.architecture.world import World
from tests.browser import way
from tests.browser.conftest import Enter


def link_to(address: str, path: str) -> str:
    """The link of that kind in the last mail to an address that has one."""
    bodies = [str(message.body) for message in mail.outbox if message.to == [address] and path in str(message.body)]
    return path + bodies[-1].split(path)[1].split()[0]


def confirm(page: Page, address: str, path: str) -> None:
    """The owner of an address follows the link in the mail and presses the button."""
    tasks.ask_addresses_back()
    page.goto(link_to(address, path))
    way.press(page, "Ja, bitte Bescheid sagen")


def test_guest_sees_until_when_place_and_goods_are_kept(enter: Enter, market: World, next_round: DeliveryRound) -> None:
    guest = enter()
    guest.goto("/markt/")
    way.add(guest, "Rapshonig")
    expect(guest.locator(".basket-link")).to_contain_text("€")
    guest.goto("/kasse/lieferung/")
    way.choose_delivery(guest, "Haby", round_day=wording.weekday_date(next_round.delivery_day))
    expect(guest.locator("#kept")).to_contain_text("Ihr Platz und Ihre Waren sind bis")
    expect(guest.locator("#kept")).to_contain_text(re.compile(r"noch 1[45] Minuten"))
    expect(guest.get_by_label("Vorname")).to_be_visible()


def test_farm_says_why_it_cannot_be_chosen(enter: Enter, market: World) -> None:
    guest = enter()
    guest.goto("/markt/")
    way.add(guest, "Ziegenkäse vom Laib")
    expect(guest.locator(".basket-link")).to_contain_text("€")
    guest.goto("/kasse/lieferung/")
    farm = guest.locator("label.slot", has_text=market.town.partners["dairy"].name).first
    expect(farm.locator("input")).to_be_enabled()
    guest.goto("/markt/")
    with guest.expect_response(lambda answer: "/hinzufuegen/" in answer.url):
        way.add(guest, "Rapshonig")
    guest.goto("/kasse/lieferung/")
    farm = guest.locator("label.slot", has_text=market.town.partners["dairy"].name).first
    expect(farm.locator("input")).to_be_disabled()
    expect(farm).to_contain_text("Auf dem Hof können Sie nur Waren von")


def test_full_window_tells_when_a_place_is_free(enter: Enter, market: World, next_round: DeliveryRound) -> None:
    window = DeliveryWindow.objects.get(round=next_round, pickup_point__isnull=True, partner__isnull=True)
    DeliveryWindow.objects.filter(pk=window.pk).update(capacity=window.taken)
    guest = enter()
    guest.goto("/lieferung/")
    slot = guest.locator("label.slot", has=guest.locator(f"input[value='{window.pk}']"))
    expect(slot).to_contain_text("ausgebucht")
    with guest.expect_navigation():
        guest.locator(f"a[href*='/lieferung/{window.pk}/bescheid/']").click()
    guest.get_by_label("E-Mail").fill("wartet@post.example")
    with guest.expect_navigation():
        guest.locator("main form button[type=submit]").first.click()
    expect(guest.locator(".messages")).to_contain_text("Wir haben eine E-Mail an wartet@post.example geschickt")
    confirm(guest, "wartet@post.example", "/lieferung/warteliste/ja/")
    expect(guest.locator(".messages")).to_contain_text("Sie stehen auf der Warteliste")
    DeliveryWindow.objects.filter(pk=window.pk).update(capacity=window.taken + 2)
    tasks.give_back_places()
    guest.goto(link_to("wartet@post.example", "/lieferung/angebot/"))
    expect(guest.locator(".messages")).to_contain_text("ist der Platz für Sie frei")
    guest.goto("/lieferung/")
    expect(slot).to_contain_text("ein Platz ist für Sie reserviert")
    windows.release_place(window=window)
    DeliveryWindow.objects.filter(pk=window.pk).update(capacity=50)
    assert timezone.now() < next_round.cutoff_at


def test_village_that_is_not_on_the_list_is_no_dead_end(enter: Enter, market: World) -> None:
    guest = enter()
    guest.goto("/ort/")
    way.press(guest, "Mein Ort ist nicht dabei")
    guest.get_by_label("Ihre Postleitzahl").fill("24768")
    way.press(guest, "Abholstellen zeigen")
    expect(guest.get_by_role("heading", name="Abholstellen in der Nähe von 24768")).to_be_visible()
    guest.get_by_label("E-Mail").fill("anderswo@post.example")
    way.press(guest, "Bescheid geben, wenn Sie hier liefern")
    expect(guest.locator(".messages")).to_contain_text("Wir haben eine E-Mail an anderswo@post.example geschickt")
    confirm(guest, "anderswo@post.example", "/lieferung/anderswo/ja/")
    expect(guest.locator(".messages")).to_contain_text("Danke!")
    AreaInterest.objects.filter(email="anderswo@post.example").delete()
