"""The shop's pages beside a bare Django page of 20 cards from the same tables, at 1,000 and at 20,000 articles.

What is compared is CPU of this process and of its PostgreSQL backend together, per request, caches of pages left out. A stock
django-oscar cannot be installed beside its forks; its numbers on the same data stand in the docs.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import ground

WARM, RUNS = 5, 40
SIZES = (1_000, 20_000)


def main() -> None:
    """Print one line a page."""
    with ground.database():
        market = ground.region()
        measured = {size: _all(market, size) for size in SIZES}
    small, big = (measured[size] for size in SIZES)
    print(f"{'page':<12}{'queries':>8}{'of bare Django':>16}{'at 20,000':>12}")
    for name, (queries, seconds) in small.items():
        speed = f"{small['bare'][1] / seconds:.0%}"
        print(f"{name:<12}{queries:>8}{speed:>16}{seconds / big[name][1]:>11.2f}×")


def _all(market: Any, size: int) -> dict[str, tuple[int, float]]:
    from django.db import connection
    from django.test import Client

    from marketplace.catalogue.models import Product

    ground.articles(market=market, count=size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    product = Product.objects.order_by("pk")[0]
    client = Client(HTTP_HOST=market.site.hostname)
    addresses = {
        "catalogue": "/markt/", "page 3": "/markt/?seite=3", "category": "/markt/regal-1/", "search": "/suche/?q=ziegenkaese",
        "product": f"/artikel/{product.slug}_{product.pk}/", "producers": "/betriebe/",
    }  # fmt: skip
    with _bare_django():
        rival = Client()
        found = {"bare": _measured(lambda: _get(rival, "/"))}
    for name, address in addresses.items():
        found[name] = _measured(lambda address=address: _get(client, address))  # type: ignore[misc]  # bound at once
    return found


def _get(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


@contextmanager
def _bare_django() -> Iterator[None]:
    from django.conf import settings
    from django.test import override_settings

    plain = [{**settings.TEMPLATES[0], "OPTIONS": {"context_processors": ["django.template.context_processors.request"]}}]
    with override_settings(ROOT_URLCONF="benchmarks.bare", TEMPLATES=plain):
        from benchmarks import bare

        with override_settings(MIDDLEWARE=bare.MIDDLEWARE):
            yield


def _measured(work: Callable[[], None]) -> tuple[int, float]:
    """Queries of one run, and CPU seconds of the quickest of several."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(WARM):
        work()
    with CaptureQueriesContext(connection) as asked:
        work()
    queries = len(asked)
    spent = []
    for _ in range(3):
        begun = _cpu()
        for _ in range(RUNS):
            work()
        spent.append((_cpu() - begun) / RUNS)
    return queries, min(spent)


def _cpu() -> float:
    """Seconds of CPU that this process and its database backend have used."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        backend = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:  # another system, or a database elsewhere: then only this process counts
        backend = 0.0
    return time.process_time() + backend
