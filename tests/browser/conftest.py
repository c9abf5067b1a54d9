"""A market on a live server, and a real Chromium that reaches nothing else."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver
from django.views.static import serve
from playwright.sync_api import Browser, BrowserContext, Page, Request
from pytest_django.live_server_helper import LiveServer

from logistics.models import DeliveryRound
from tests.architecture import world as worlds
from tests.architecture.world import World
from tests.cms import market as pages_of
from tests.factories import ground

PHONE = {"width": 375, "height": 812}
QUICK_HASHER = ["django.contrib.auth.hashers.MD5PasswordHasher"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: what the browser says when a page broke the Content-Security-Policy
POLICY = "Content Security Policy"
#: what it says when the next page was asked for before the last one had faded in; nobody notices
QUICK_HANDS = "Transition was"
Enter = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these drive a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium, for which every other host than this machine does not exist."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "Chromium is missing: make browser"
    quiet = ("no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "disable-quic")
    bound = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    return {
        "executable_path": found,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *(f"--{name}" for name in quiet), bound],
    }


@pytest.fixture(scope="package")
def market(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A market that all tests here share: rounds behind and ahead, somebody in every role, a home page with every block."""
    media = tmp_path_factory.mktemp("media")
    _serve_media_from(media)
    changed = override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=QUICK_HASHER, CELERY_TASK_ALWAYS_EAGER=True)
    with django_db_blocker.unblock(), changed:
        ground.lay()
        made = worlds.make()
        town = made.town
        pages_of.site(
            region=town.region,
            products=list(town.products.values())[:6],
            stories=[town.partners[key] for key in ("dairy", "bees")],
        )
        yield made
        call_command("flush", interactive=False, verbosity=0)
        ground.lay()
        cache.clear()


def _serve_media_from(folder: Path) -> None:
    """The URLconf has read the setting before any test could change it."""
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.callback is serve:
            pattern.default_args["document_root"] = str(folder)


@pytest.fixture(scope="package")
def server(market: World) -> Iterator[str]:
    """Where the market is."""
    live = LiveServer("127.0.0.1")
    with override_settings(ALLOWED_HOSTS=[*django_settings.ALLOWED_HOSTS, "127.0.0.1"]):
        yield live.url
        live.stop()


@pytest.fixture
def next_round(market: World) -> DeliveryRound:
    """The round one can order for."""
    return DeliveryRound.objects.filter(region=market.town.region, status="open").order_by("delivery_day")[0]


@pytest.fixture
def enter(browser: Browser, server: str, market: World) -> Iterator[Enter]:
    """Opens a page as somebody: `enter("dairy")`, a visitor without a name; fails the test if a page asked another host.

    Keywords go to the browser's context, a phone's unless told otherwise.
    """
    asked: list[str] = []
    broken: list[str] = []
    contexts: list[BrowserContext] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        known = {urlsplit(server).netloc, urlsplit(django_settings.STRIPE_ADDRESS).netloc}
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc not in known:
            asked.append(request.url)

    def come_in(person: str = "", **given: Any) -> Page:
        context = browser.new_context(**{"base_url": server, "viewport": PHONE, "locale": "de-DE", **given})
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.on("request", note)
        if person:
            context.add_cookies([_cookie(market, person, server)])  # type: ignore[list-item]  # a plain dict is one
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)) if QUICK_HANDS not in str(error) else None)
        page.on("console", lambda said: broken.append(said.text) if POLICY in said.text else None)
        return page

    yield come_in
    for context in contexts:
        context.close()
    assert asked == []
    assert broken == []


def _cookie(market: World, person: str, server: str) -> dict[str, str]:
    client = Client()
    client.force_login(market.town.people[person], backend="django.contrib.auth.backends.ModelBackend")
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server}
