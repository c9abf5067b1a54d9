"""Decides what a device keeps for the time without network: which pages, which files, in which version."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import PrefixNode, static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.regions.models import Region

#: pages that show the same to everybody, and one's own basket; nothing of account, checkout, office, producer or driver
KEPT = r"^/(?:markt/.*|artikel/.*|betriebe/.*|suche/|saison/|lieferung/|geschichten/.*|korb/)?$"
STYLES = ("reset", "tokens", "base", "layout", "components", "shop", "pages", "order", "utilities")
SCRIPTS = ("announce", "basket", "countdown", "marks", "offline", "stepper", "told")
FONTS = ("source-sans-3", "bitter")
WORKER = Path(__file__).with_name("worker.js")
COMMENT = re.compile(r"^//.*\n", re.MULTILINE)
#: band and ground of the pages, as in css/tokens.css
BAND, GROUND = "#17402b", "#fbf7ee"
SHORT = 12
WISH = re.compile(r"(?P<key>[0-9a-f-]{36}):(?P<article>\d{1,9}):(?P<quantity>\d{1,3})")


@dataclass(frozen=True, slots=True)
class Wish:
    """An article that was put into the basket without network; `key` is made by the device, so that it counts once."""

    key: str
    article: int
    quantity: int


def wish(*, told: str) -> Wish | None:
    """What a device tells of an article that it kept; None when that is not readable."""
    found = WISH.fullmatch(told)
    return Wish(found["key"], int(found["article"]), int(found["quantity"])) if found else None


def worker(*, region: Region) -> str:
    """The script that the browser runs beside the pages, with all it has to know written before it."""
    words = {
        "seen": _("You are without network. As of: {when}."),
        "waiting": _("Noted for your basket, to be sent as soon as you are back: {number}."),
        "queued": _("No network. The article is noted and goes into your basket as soon as you are back."),
    }
    known = {"language": get_language(), "kept": KEPT, "page": address(), "basket": reverse("basket:summary")}
    told = known | words | {"version": _version(region), "shell": files()}
    return f"const MARKET = {json.dumps(told, ensure_ascii=False)};\n{script()}"


def script() -> str:
    """The worker without what only its readers need."""
    return COMMENT.sub("", WORKER.read_text(encoding="utf-8"))


def manifest(*, region: Region, room: str = "") -> dict[str, Any]:
    """What a phone needs to put the market on its screen under the region's name, or one of its `rooms` for work."""
    icons = (
        ("app-192.png", "192x192", "any"),
        ("app-512.png", "512x512", "any"),
        ("app-maskable-512.png", "512x512", "maskable"),
    )
    doors = ((_("Market"), "catalogue:index"), (_("Basket"), "basket:summary"), (_("My orders"), "customer:overview"))
    title, start = rooms().get(room, ("", "/"))
    short = title or region.name
    return {
        "id": start,
        "name": f"{title} · {region.name}" if title else region.name,
        "short_name": short if len(short) <= SHORT else short.split()[0][:SHORT],
        "description": region.claim or _("Many producers of the region, one basket, one shared delivery."),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": BAND,
        "categories": ["shopping", "food"],
        "icons": [
            {"src": static(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in icons
        ],
        "shortcuts": [] if title else [{"name": name, "url": reverse(door)} for name, door in doors],
    }


def rooms() -> dict[str, tuple[str, str]]:
    """The screens for work that can stand on a phone of their own: title and address, by the word in `?raum=`."""
    return {"fahrt": (_("Driving"), reverse("logistics:tours")), "betrieb": (_("Farm"), reverse("dashboard:home"))}


def page(*, region: Region) -> str:
    """The page that is shown where nothing is kept: the same for everybody, so that it may stay on the device."""
    return render_to_string("shop/offline.html", {"region": region})


def address() -> str:
    """Where that page is, in the language of now."""
    return f"{reverse('offline:page')}?sprache={get_language()}"


def files() -> list[str]:
    """Addresses of what every page is dressed in. Scripts import each other under their plain names."""
    dressed = [f"css/{name}.css" for name in STYLES] + [f"fonts/{name}.woff2" for name in FONTS]
    dressed += ["icons/sprite.svg", "icons/favicon.svg", "django_htmx/htmx-2.min.js", "js/market.js"]
    plain = [f"{PrefixNode.handle_simple('STATIC_URL')}js/{name}.js" for name in SCRIPTS]
    return [address(), *(static(name) for name in dressed), *plain]


def _version(region: Region) -> str:
    """Another one as soon as the worker, the offline page or any file is another: in production addresses tell of contents."""
    marks = [WORKER.read_text(encoding="utf-8"), page(region=region), getattr(staticfiles_storage, "manifest_hash", ""), *files()]
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:12]
