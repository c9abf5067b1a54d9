"""Remembers for a minute what a search found among a region's articles, so that a further page costs no further search."""

import hashlib
from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import BigIntegerField, Case, F, QuerySet, When

from marketplace.assortments.precedence import Sight
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


NOTHING: Final = Hits((), 0)


def page_of(*, region: Region, text: str, products: QuerySet[Product], number: int, sight: Sight) -> tuple[Hits, list[Product]]:
    """What a text finds on the shelf of a region as `sight` sees it, and one page; `products` is how that shelf is loaded.

    One query; the hits are kept for a minute after it or until an article is saved; further pages read their own articles only.
    """
    asked = " ".join(spelling.words(text=text)[: search.MOST_WORDS])
    if not asked:
        return NOTHING, []
    told = f"{tallies.version_of(region=region)}:{sight.key}:{asked}:{text.strip().casefold()}"
    key = KEY.format(hashlib.sha256(told.encode()).hexdigest())
    known: Hits | None = cache.get(key)
    if known is not None:
        return known, _page(known, products, number)
    rows = list(search.find(queryset=products.annotate(hits=_all(region, text, sight)), text=text)[_slice(number)])
    if not rows and number > 1:
        return NOTHING, []
    signed: list[int] = rows[0].hits if rows else []
    known = Hits(tuple(map(abs, signed)), sum(pk < 0 for pk in signed))
    cache.set(key, known, SECONDS)
    return known, rows


def _all(region: Region, text: str, sight: Sight) -> ArraySubquery:
    """The keys of all hits in their order, of services below zero."""
    found = search.find(queryset=shelves.on_shelf(region=region, sight=sight), text=text)
    signed = Case(When(kind=Product.Kind.SERVICE, then=-F("pk")), default=F("pk"), output_field=BigIntegerField())
    return ArraySubquery(found.annotate(signed=signed).values("signed"))


def _page(hits: Hits, products: QuerySet[Product], number: int) -> list[Product]:
    keys = hits.keys[_slice(number)]
    rows = {product.pk: product for product in products.filter(pk__in=keys)} if keys else {}
    return [rows[pk] for pk in keys if pk in rows]


def _slice(number: int) -> slice:
    return slice((number - 1) * shelves.PER_PAGE, number * shelves.PER_PAGE)
