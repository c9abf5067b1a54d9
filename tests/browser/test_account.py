"""The account in a browser: a passkey is set up, used, renamed and taken away; a heart is kept at once; an address is chosen."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect

from logistics.models import DeliveryRound
from marketplace.core import wording
from marketplace.notices.models import Favourite
from marketplace.users import addresses
from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import PHONE, Enter
from tests.factories.market import UserFactory
from tests.factories.town import PASSWORD


def device(page: Page) -> Any:
    """A phone with a fingerprint reader, as the browser's own tools play it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools


def test_passkey_from_the_account_page_to_the_login(browser: Browser, market: World, server: str) -> None:
    person = UserFactory.create(email="passkey@post.example")
    # an address with a name: browsers know no passkeys for bare numbers
    address = server.replace("127.0.0.1", "localhost")
    page = browser.new_page(base_url=address, viewport=PHONE, locale="de-DE")  # type: ignore[arg-type]  # a plain dict is one
    page.set_default_timeout(15_000)
    device(page)
    way.log_in(page, person.email, PASSWORD)
    page.goto("/konto/")
    way.press(page, "Sicherheit")
    way.press(page, "Passkey einrichten")
    _prove(page)
    page.locator("[name=name]").fill("Mein Handy")
    assert page.locator("[name=passwordless]").is_checked()
    with page.expect_navigation():
        page.locator("#mfa_webauthn_add").click()
    key = Authenticator.objects.get(user=person, type=Authenticator.Type.WEBAUTHN)
    assert key.wrap().is_passwordless
    page.goto("/konto/sicherheit/")
    expect(page.get_by_text("Mein Handy", exact=True)).to_be_visible()
    assert axe.findings(page) == []
    _log_out(page)
    way.log_in(page, person.email, PASSWORD)  # who has no phone at hand comes in as before
    _log_out(page)
    page.goto("/konto/login/?next=/markt/")
    with page.expect_navigation():
        page.locator("#passkey_login").click()
    page.wait_for_url("**/markt/")
    page.goto("/konto/sicherheit/")
    expect(page.get_by_text(re.compile("zuletzt benutzt"))).to_be_visible()
    _rename_and_remove(page)
    assert not Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists()
    page.context.close()


def _prove(page: Page) -> None:
    """What touches the keys asks for the password once more."""
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")


def _log_out(page: Page) -> None:
    page.goto("/konto/")
    way.press(page, "Abmelden")


def _rename_and_remove(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^\\s*Umbenennen")).click()
    _prove(page)
    page.locator("[name=name]").fill("Altes Handy")
    with page.expect_navigation():
        page.locator("[name=name]").press("Enter")
    page.goto("/konto/sicherheit/")
    expect(page.get_by_text("Altes Handy", exact=True)).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^\\s*Entfernen")).click()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()


def test_heart_is_kept_without_leaving_the_page(enter: Enter, market: World) -> None:
    page = enter("other_customer")
    page.goto("/markt/")
    heart = way.card(page, "Rapshonig").locator(".heart")
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#announcer")).to_contain_text("Rapshonig steht auf Ihrer Merkliste.")
    assert page.url.endswith("/markt/")
    page.goto("/konto/merkliste/")
    expect(way.card(page, "Rapshonig")).to_be_visible()
    assert axe.findings(page) == []
    way.card(page, "Rapshonig").locator(".heart").click()
    expect(way.card(page, "Rapshonig").locator(".heart")).to_have_attribute("aria-pressed", "false")
    assert not Favourite.objects.filter(user=market.town.people["other_customer"]).exists()


def test_guest_marks_without_scripts_by_logging_in(enter: Enter, market: World) -> None:
    page = enter(java_script_enabled=False)
    page.goto(market.town.products["candle"].get_absolute_url())
    with page.expect_navigation():
        page.locator(".heart--text").click()
    person = market.town.people["chef"]
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
    expect(page.get_by_text("Kerze aus Bienenwachs steht auf Ihrer Merkliste.")).to_be_visible()
    expect(page.locator(".heart--text")).to_have_attribute("aria-pressed", "true")
    Favourite.objects.filter(user=person).delete()


def test_saved_address_saves_typing_in_the_checkout(enter: Enter, market: World, next_round: DeliveryRound) -> None:
    person = market.town.people["other_customer"]
    village = market.town.villages["Ascheffel"]
    addresses.add(user=person, label="Arbeit", street="Am Markt 1", postal_code="24358", municipality=village)
    page = enter("other_customer")
    page.goto("/markt/")
    way.add(page, "Rapshonig")
    expect(page.locator(".basket-link")).to_contain_text("6,49")
    page.goto("/kasse/lieferung/")
    way.choose_delivery(page, "Ascheffel", round_day=wording.weekday_date(next_round.delivery_day))
    expect(page.get_by_label("Arbeit: Am Markt 1, 24358 Ascheffel")).to_be_checked()
    expect(page.locator("[name=street]")).to_be_hidden()
    assert axe.findings(page, widths=(375,)) == []
    page.get_by_label("Andere Adresse in Ascheffel").check()
    expect(page.locator("[name=street]")).to_be_visible()
    page.get_by_label("Arbeit: Am Markt 1, 24358 Ascheffel").check()
    page.locator("[name=payment][value=handover]").check()
    page.locator("[name=last_name]").fill("Beispiel")
    way.press(page, "Weiter")
    expect(page.locator("main")).to_contain_text("Am Markt 1")
