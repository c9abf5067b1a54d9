"""What a device may keep for the time without network, and what it sends when it is back."""

import gzip
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from marketplace.basket.models import Line
from marketplace.regions.models import Region
from marketplace.shop import offline
from tests.factories.market import MunicipalityFactory, PartnerFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    found: Region = MunicipalityFactory.create().region
    return found


def known(client: Client) -> dict[str, Any]:
    """What the worker was told."""
    script = client.get("/sw.js").content.decode()
    found: dict[str, Any] = json.loads(script.removeprefix("const MARKET = ").partition(";\n")[0])
    return found


@pytest.mark.parametrize("path", ["/", "/markt/", "/markt/honig/", "/artikel/honig_7/", "/betriebe/hof/", "/korb/", "/suche/"])
def test_pages_that_may_be_kept(path: str) -> None:
    assert re.search(offline.KEPT, path)


@pytest.mark.parametrize(
    "path",
    [
        "/kasse/",
        "/kasse/pruefen/",
        "/konto/",
        "/konto/login/",
        "/konto/merkliste/",
        "/buero/",
        "/betrieb/",
        "/fahrt/",
        "/fahrt/3/",
        "/heute/AB3K-7QXM:x/",
        "/abholen/AB3K-7QXM:x/",
        "/lieferung/angebot/x/",
        "/korb/zeilen/1/",
        "/redaktion/",
        "/ort/",
    ],
)
def test_pages_that_are_never_kept(path: str) -> None:
    assert not re.search(offline.KEPT, path)


def test_manifest_makes_the_market_installable(region: Region) -> None:
    answer = Client().get("/manifest.webmanifest")
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["lang"], told["display"], told["start_url"]) == (region.name, "de", "standalone", "/")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in told["icons"]}
    assert "maskable" in {icon["purpose"] for icon in told["icons"]}
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))
    assert [door["name"] for door in told["shortcuts"]] == ["Markt", "Korb", "Meine Bestellungen"]


def test_every_file_that_is_kept_exists(region: Region) -> None:
    shell = known(Client())["shell"]
    assert shell[0] == reverse("offline:page") + "?sprache=de"
    assert [address for address in shell[1:] if not finders.find(address.removeprefix("/static/"))] == []


def test_worker_is_small_and_changes_its_version_with_the_page(region: Region) -> None:
    first = known(Client())["version"]
    assert known(Client())["version"] == first
    region.name = "Andere Runde"
    region.save()
    assert known(Client())["version"] != first


def test_scripts_of_a_page_weigh_little_and_so_does_the_worker_beside_it() -> None:
    folder = offline.WORKER.parent.parent / "static" / "js"
    shop = [path.read_bytes() for path in folder.glob("*.js")]
    assert sum(len(gzip.compress(script)) for script in shop) <= 4_500
    assert len(gzip.compress(offline.script().encode())) <= 3_000


def test_scripts_of_a_page_for_work_weigh_little() -> None:
    folder = offline.WORKER.parent.parent / "static" / "js"
    always = [folder / "offline.js", folder / "work" / "queue.js"]
    for own in {*(folder / "work").glob("*.js")} - {*always}:
        assert sum(len(gzip.compress(path.read_bytes())) for path in (*always, own)) <= 6_000


def test_manifest_of_a_room_for_work_opens_there(region: Region) -> None:
    told = Client().get("/manifest.webmanifest?raum=fahrt").json()
    assert (told["start_url"], told["id"], told["scope"]) == ("/fahrt/", "/fahrt/", "/")
    assert told["name"].endswith(f" · {region.name}")
    assert Client().get("/manifest.webmanifest?raum=sonst").json()["start_url"] == "/"


def test_every_script_that_pages_load_is_kept() -> None:
    folder = offline.WORKER.parent.parent / "static" / "js"
    assert {path.stem for path in folder.glob("*.js")} == {"market", *offline.SCRIPTS}


def test_worker_speaks_the_language_of_the_page(region: Region) -> None:
    abroad = Client(HTTP_ACCEPT_LANGUAGE="en")
    told = json.loads(abroad.get("/sw.js?sprache=de").content.decode().removeprefix("const MARKET = ").partition(";\n")[0])
    assert told["seen"] == "Sie sind ohne Netz. Stand: {when}."
    assert "Sie sind gerade ohne Netz" in abroad.get(told["page"]).content.decode()


def test_offline_page_knows_nobody(region: Region) -> None:
    page = Client().get(reverse("offline:page"))
    assert not page.cookies
    text = page.content.decode()
    assert "Sie sind gerade ohne Netz" in text
    assert "csrf" not in text.lower()


def test_catching_up_adds_each_once_and_says_what_could_not_be_added(region: Region) -> None:
    partner = PartnerFactory.create(municipality=region.municipalities.get())
    honey = ProductFactory.create(partner=partner, title="Rapshonig")
    gone = ProductFactory.create(partner=partner, title="Spargel", is_public=False)
    wanted = [f"{uuid4()}:{honey.pk}:2", f"{uuid4()}:{gone.pk}:1", "unlesbar", f"{uuid4()}:{honey.pk}:0"]
    client = Client()
    for _time in range(2):
        assert client.post(reverse("offline:catch_up"), {"wanted": wanted}).status_code == 204
    assert [(line.product, line.quantity) for line in Line.objects.all()] == [(honey, 2)]
    said = [str(message) for message in get_messages(client.get(reverse("basket:summary")).wsgi_request)]
    assert said[0] == "Rapshonig liegt jetzt im Korb."
    assert said[1].startswith("Ein Artikel wurde nicht in den Korb gelegt:")
    assert len(said) == 3


def test_catching_up_needs_the_token_of_a_page(region: Region) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("offline:catch_up"), {"wanted": []}).status_code == 403
