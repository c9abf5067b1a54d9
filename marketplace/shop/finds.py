"""Decides what a search finds besides articles: shelves, producers, and whatever other parts of the market let it look through.

A part that stands above the shop (the editors' pages, later events) hands in a function that tells its entries; the shop reads
them once and keeps them for some minutes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.core.cache import cache

from marketplace.assortments.precedence import Sight
from marketplace.catalogue import guesses, spelling
from marketplace.catalogue.search import wanted
from marketplace.regions.models import Region
from marketplace.shop import shelves

SECONDS: Final = 300
KEY: Final = "shop:finds:{}"
WORDS: Final = "shop:words:{}"
MOST: Final = 8


@dataclass(frozen=True)
class Entry:
    """Something to be found. `kind` is the group it is shown in ("story", "event", "page"), `words` every spelling in it."""

    kind: str
    title: str
    url: str
    text: str
    words: str
    #: the last day on which it is worth finding
    until: date | None = None


#: who has entries; one query each at most
sources: list[Callable[[Region], Sequence[Entry]]] = []


def entry(*, kind: str, title: str, url: str, text: str, body: str = "", until: date | None = None) -> Entry:
    """An entry with the index of its words; `text` is shown beside the title, `body` only searched."""
    return Entry(kind=kind, title=title, url=url, text=text, words=spelling.indexed(texts=[title, text, body]), until=until)


def entries_of(*, region: Region) -> tuple[Entry, ...]:
    """All entries of all sources, from the cache where it has them."""
    known: tuple[Entry, ...] | None = cache.get(KEY.format(region.pk))
    if known is None:
        known = tuple(one for source in sources for one in source(region))
        cache.set(KEY.format(region.pk), known, SECONDS)
    return known


def words_of(*, region: Region, sight: Sight) -> dict[str, str]:
    """The words that the region uses for what somebody can find, by their plain spelling: one query, then none for minutes."""
    kept: dict[str, dict[str, str]] = cache.get(WORDS.format(region.pk), {})
    known = kept.get(sight.key)
    if known is None:
        facets = shelves.facets_of(region=region, sight=sight)
        named = [facet.name for facet in (*facets.categories, *facets.producers, *facets.villages)]
        told = [one.title for one in entries_of(region=region)]
        titles = shelves.on_shelf(region=region, sight=sight).order_by("pk").values_list("title", flat=True)
        known = guesses.vocabulary(names=[*titles, *named, *told])
        cache.set(WORDS.format(region.pk), {**kept, sight.key: known}, SECONDS)
    return known


def forget(*, region_id: int) -> None:
    """Read anew at the next request."""
    cache.delete_many([KEY.format(region_id), WORDS.format(region_id)])


def found(*, entries: Sequence[Entry], kind: str, text: str, today: date) -> list[Entry]:
    """The entries of a kind in which every word occurs and which are not over, those with the words in the title first."""
    fresh = [one for one in entries if one.kind == kind and (one.until is None or one.until >= today)]
    fitting = [one for one in fresh if fits(words=one.words, text=text)]
    return sorted(fitting, key=lambda one: not fits(words=_indexed(one.title), text=text))


def facets(*, among: Sequence[shelves.Facet], text: str) -> list[shelves.Facet]:
    """Producers or shelves in whose name or village every word of the text occurs."""
    return [facet for facet in among if fits(words=_indexed(facet.name, facet.place), text=text)]


def fits(*, words: str, text: str) -> bool:
    """Whether every word of a text occurs among indexed words, in whatever spelling."""
    asked = _asked(text)
    return bool(asked) and all(any(form in words for form in forms) for forms in asked)


@lru_cache(maxsize=5_000)
def _indexed(*texts: str) -> str:
    return spelling.indexed(texts=list(texts))


@lru_cache(maxsize=500)
def _asked(text: str) -> tuple[tuple[str, ...], ...]:
    """For each word everything that may stand for it."""
    return tuple(tuple(wanted(word=word)) for word in spelling.words(text=text))
