"""The shop's pages beside a bare Django page of 20 cards and beside a stock Oscar, at 1,000 and at 20,000 articles.

All three run on the same PostgreSQL with as many articles, shelves and producers. What is compared is CPU of the process and
of its database backend together; pages are written anew for each request unless they are named as kept. Oscar shares the
names of its apps with our forks, so it runs in a process and a database of its own (`benchmarks.stock`). A checkout is
measured from the full basket to the thank-you page.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from benchmarks import ceilings, ground
from benchmarks.measure import Cost, cost_of, pages_of

SIZES = (1_000, 20_000)
DETAILS = {
    "first_name": "Anke", "last_name": "Apfelstedt", "email": "anke@post.example", "phone": "04356 000111",
    "street": "Dorfstraße 7", "payment": "handover",
}  # fmt: skip


def main() -> None:
    """Print one line a page, then one a ceiling."""
    with ground.database():
        market = ground.region()
        ours = {size: _all(market, size) for size in SIZES}
    stock = _stock()
    found = ceilings.Found(*(ours[size] for size in SIZES), *(stock[size] for size in SIZES))
    print(f"{'page':<16}{'queries':>8}{'CPU ms':>8}{'of bare Django':>16}{'at 20,000':>11}", end="")
    print(f"{'Oscar: queries':>16}{'CPU ms':>8}{'times ours':>12}{'at 20,000':>11}")
    for name, (queries, seconds) in found.small.items():
        bare = f"{found.of_bare(name):.0%}" if name in ceilings.PAGES else ""
        line = f"{name:<16}{queries:>8}{seconds * 1000:>8.1f}{bare:>16}"
        rival, rate = _rival(name, found.small, found.stock_small), _rate(name, found.big, found.stock_big)
        print(f"{line}{found.growth(name):>10.2f}×{rival}{rate}")
    print("`at 20,000` is the rate there beside the rate at 1,000 articles; `kept` pages come from the cache. Oscar's catalogue")
    print("is its own template fed by the ORM; a walk through the checkout begins with filling the basket.")
    print()
    for text, value, limit, met in ceilings.judged(found):
        print(f"{'met   ' if met else 'MISSED'} {text}: {value} (ceiling {limit})")


def _rival(name: str, ours: dict[str, Cost], stock: dict[str, Cost]) -> str:
    if name not in stock:
        return ""
    queries, seconds = stock[name]
    return f"{queries:>16}{seconds * 1000:>8.1f}{seconds / ours[name][1]:>11.1f}×"


def _rate(name: str, ours: dict[str, Cost], stock: dict[str, Cost]) -> str:
    return f"{stock[name][1] / ours[name][1]:>10.1f}×" if name in stock else ""


def _stock() -> dict[int, dict[str, Cost]]:
    """What the stock shop costs."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.stock", *(str(size) for size in SIZES)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
    found = json.loads(answer.stdout.splitlines()[-1])
    return {int(size): {name: (cost[0], cost[1]) for name, cost in pages.items()} for size, pages in found.items()}


def _all(market: Any, size: int) -> dict[str, Cost]:
    from django.db import connection
    from django.test import Client

    from marketplace.catalogue.models import Product
    from marketplace.regions import kept

    ground.articles(market=market, count=size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    products = list(Product.objects.order_by("pk")[:20])
    ground.home(market=market, products=products[:6])
    client = _guest(market)
    with _bare_django():
        found = pages_of(Client(), {"bare": "/"})
        found |= pages_of(Client(), {"bare, kept": "/kept/"})
    addresses = {
        "home": "/", "catalogue": "/markt/", "page 3": "/markt/?seite=3", "category": "/markt/regal-1/",
        "search": "/suche/?q=ziegenkaese", "product": f"/artikel/{products[0].slug}_{products[0].pk}/",
        "producers": "/betriebe/",
    }  # fmt: skip
    found |= pages_of(client, addresses, first=kept.forget)
    found |= pages_of(client, {f"{name}, kept": addresses[name] for name in ("catalogue", "product")})
    for name, lines in (("checkout of 3", 3), ("checkout of 20", 20)):
        found[name] = cost_of(_walk(market), runs=6, begin=partial(_filled, market, products[:lines]))
    nearly_empty, full = _filled(market, products[:1]), _filled(market, products[:19])
    found["add, 1 there"] = cost_of(lambda: _add(nearly_empty, products[19]), runs=5)
    found["add, 19 there"] = cost_of(lambda: _add(full, products[19]), runs=5)
    found["basket of 20"] = cost_of(lambda: _seen(full.get("/korb/")), runs=5)
    return found


def _guest(market: Any) -> Any:
    from django.test import Client

    return Client(HTTP_HOST=market.site.hostname)


def _filled(market: Any, products: list[Any]) -> Any:
    client = _guest(market)
    for product in products:
        _add(client, product)
    return client


def _add(client: Any, product: Any) -> None:
    _moved(client.post(f"/korb/{product.pk}/hinzufuegen/", {"quantity": 1}))


def _walk(market: Any) -> Callable[[Any], None]:
    """From the basket to the thank-you page, as a guest who has it brought to the door."""
    from logistics.models import DeliveryWindow
    from marketplace.regions.models import Municipality

    village = Municipality.objects.filter(region=market).order_by("pk")[0]
    window = DeliveryWindow.objects.filter(round__region=market, pickup_point__isnull=True, partner__isnull=True)[0]

    def walk(client: Any) -> None:
        _seen(client.get("/korb/"))
        _seen(client.get("/kasse/"))
        _seen(client.get("/kasse/lieferung/"))
        _moved(client.post("/kasse/lieferung/", {"municipality": village.pk, "window": window.pk}))
        _seen(client.get("/kasse/angaben/"))
        _moved(client.post("/kasse/angaben/", {**DETAILS, "postal_code": village.postal_codes[0]}))
        page = _seen(client.get("/kasse/pruefen/"))
        hidden = dict(re.findall(r'name="(basket|fingerprint|begun)" value="([^"]*)"', page))
        placed = client.post("/kasse/pruefen/", hidden)
        _moved(placed)
        _seen(client.get(placed.headers["Location"]))

    return walk


def _seen(answer: Any) -> str:
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.status_code)
    text: str = answer.content.decode()
    return text


def _moved(answer: Any) -> None:
    assert answer.status_code == 302, (answer.request["PATH_INFO"], answer.status_code)


@contextmanager
def _bare_django() -> Iterator[None]:
    from django.conf import settings
    from django.test import override_settings

    plain = [{**settings.TEMPLATES[0], "OPTIONS": {"context_processors": ["django.template.context_processors.request"]}}]
    with override_settings(ROOT_URLCONF="benchmarks.bare", TEMPLATES=plain):
        from benchmarks import bare

        with override_settings(MIDDLEWARE=bare.MIDDLEWARE):
            yield
