"""Remembers for a minute what a search found among a region's articles, so that a further page costs no further search."""

import hashlib
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.db.models import QuerySet

from marketplace.catalogue import search, spelling
from marketplace.catalogue.models import Product
from marketplace.regions.models import Region
from marketplace.shop import shelves, tallies

SECONDS: Final = 60
KEY: Final = "shop:hits:{}"


@dataclass(frozen=True)
class Hits:
    """The articles that a text finds, the closest first, by key, and how many of them are services."""

    keys: tuple[int, ...]
    services: int

    @property
    def total(self) -> int:
        """How many articles there are."""
        return len(self.keys)


def of(*, region: Region, text: str) -> Hits:
    """What a text finds on the shelf of a region: one query, none for a minute after it or until an article is saved."""
    asked = " ".join(spelling.words(text=text)[: search.MOST_WORDS])
    told = f"{tallies.version_of(region=region)}:{asked}:{text.strip().casefold()}"
    key = KEY.format(hashlib.sha256(told.encode()).hexdigest())
    known: Hits | None = cache.get(key) if asked else Hits((), 0)
    if known is None:
        rows = list(search.find(queryset=shelves.on_shelf(region=region), text=text).values_list("pk", "kind"))
        known = Hits(tuple(pk for pk, _kind in rows), sum(kind == Product.Kind.SERVICE for _pk, kind in rows))
        cache.set(key, known, SECONDS)
    return known


def page_of(*, hits: Hits, products: QuerySet[Product], number: int) -> list[Product]:
    """One page of them, `products` being how they are loaded: one query, none for a page without articles."""
    keys = hits.keys[(number - 1) * shelves.PER_PAGE : number * shelves.PER_PAGE]
    rows = {product.pk: product for product in products.filter(pk__in=keys)} if keys else {}
    return [rows[pk] for pk in keys if pk in rows]
