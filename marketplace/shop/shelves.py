"""Decides which articles the shelves of a region hold, in which order they stand, and names shelves, villages and producers."""

from collections import Counter
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery

from marketplace.assortments import sights
from marketplace.assortments.precedence import Sight
from marketplace.catalogue.models import Category, Product
from marketplace.regions.models import Region
from marketplace.shop.choice import CHEAPEST, NEWEST

PER_PAGE = 24
SECONDS = 60
KEY = "shop:facets:{}"


@dataclass(frozen=True)
class Facet:
    """A value to filter by, with the number of articles that have it."""

    value: str
    name: str
    count: int
    place: str = ""


@dataclass(frozen=True)
class Facets:
    """What the articles of a region can be filtered by, each by name."""

    categories: tuple[Facet, ...]
    villages: tuple[Facet, ...]
    producers: tuple[Facet, ...]
    kinds: tuple[Facet, ...]
    storages: tuple[Facet, ...]
    organic: int
    total: int


def on_shelf(*, region: Region, category: Category | None = None, sight: Sight | None = None) -> QuerySet[Product]:
    """All articles with an offer that somebody with that `sight` sees, of one shelf and those below it if told.

    Without a sight, what everybody sees.
    """
    shown: QuerySet[Product] = Product.objects.on_show(region, sight=sight).filter(stockrecords__isnull=False)
    if category is not None:
        there = Product.categories.through.objects.filter(product=OuterRef("pk"), category__path__startswith=category.path)
        shown = shown.filter(Exists(there))
    return shown


def ordered(*, products: QuerySet[Product], order: str) -> QuerySet[Product]:
    """In the order of the choice; what is recommended first is decided by `catalogue.ranking`."""
    if order == CHEAPEST:
        return products.order_by("stockrecords__price", "title", "pk")
    if order == NEWEST:
        return products.order_by("-date_created", "-pk")
    return products.order_by("shelf_key", "pk")


def page_of(*, products: QuerySet[Product], number: int, total: int | None = None) -> tuple[list[Product], int]:
    """One page of a list and the number of all articles in it, in one query; the number is not counted where it is known."""
    start = (number - 1) * PER_PAGE
    if total is None:
        products = products.annotate(found=_Number(products.order_by().values("pk")))
    rows = list(products[start : start + PER_PAGE])
    return rows, (rows[0].found if total is None else total) if rows else 0


def facets_of(*, region: Region, sight: Sight | None = None) -> Facets:
    """What can be filtered by in a region by somebody with that sight: one query, none for a minute after it."""
    seen = sights.everybody(region=region) if sight is None else sight
    key = KEY.format(region.pk)
    known: dict[str, Facets] = cache.get(key, {})
    if seen.key not in known:
        known[seen.key] = _counted(region, seen)
        cache.set(key, known, SECONDS)
    return known[seen.key]


def forget(*, region_id: int) -> None:
    """Count anew at the next request."""
    cache.delete(KEY.format(region_id))


class _Number(Subquery):
    """How many rows there are, counted once beside the page: a window over them would carry every row with all it holds."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) found)"
    output_field = IntegerField()


def _counted(region: Region, sight: Sight) -> Facets:
    rows = (
        on_shelf(region=region, sight=sight)
        .order_by()
        .values_list(
            "categories__path", "categories__slug", "categories__name",
            "partner__slug", "partner__name", "partner__municipality__slug", "partner__municipality__name",
            "kind", "storage", "is_organic",
        )
        .annotate(number=Count("pk"))
    )  # fmt: skip
    tallies: dict[str, Counter[tuple[str, ...]]] = {
        name: Counter() for name in ("category", "village", "producer", "kind", "storage", "organic")
    }
    for path, shelf, shelf_name, slug, name, place, place_name, kind, storage, organic, number in rows:
        tallies["category"][(path or "", shelf or "", shelf_name or "")] += number
        tallies["village"][(place_name, place)] += number
        tallies["producer"][(name, slug, place_name)] += number
        tallies["kind"][(kind,)] += number
        tallies["storage"][(storage,)] += number
        tallies["organic"][(str(organic),)] += number
    return _facets(tallies)


def _facets(tallies: dict[str, Counter[tuple[str, ...]]]) -> Facets:
    def listed(name: str) -> list[tuple[tuple[str, ...], int]]:
        return sorted(tallies[name].items())

    return Facets(
        categories=tuple(Facet(value=key[1], name=key[2], count=n) for key, n in listed("category") if key[1]),
        villages=tuple(Facet(value=key[1], name=key[0], count=n) for key, n in listed("village")),
        producers=tuple(Facet(value=key[1], name=key[0], count=n, place=key[2]) for key, n in listed("producer")),
        kinds=tuple(Facet(value=key[0], name="", count=n) for key, n in listed("kind")),
        storages=tuple(Facet(value=key[0], name="", count=n) for key, n in listed("storage")),
        organic=tallies["organic"][("True",)],
        total=sum(tallies["kind"].values()),
    )
