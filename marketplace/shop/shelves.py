"""Decides which articles a list of the market holds: what can be filtered by, what was chosen, and in which order they stand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from marketplace.catalogue import seasons
from marketplace.catalogue.models import Category, Product
from marketplace.regions.models import Region

PER_PAGE = 24
SECONDS = 60
KEY = "shop:facets:{}"
RECOMMENDED, CHEAPEST, NEWEST = "empfohlen", "preis", "neu"
ORDERS = {RECOMMENDED: _("Recommended"), CHEAPEST: _("Price"), NEWEST: _("New")}
#: names of the parameters in the address
VILLAGE, PRODUCER, KIND, SEASON, ORGANIC, STORAGE, TEXT, ORDER = (
    "ort",
    "betrieb",
    "art",
    "saison",
    "bio",
    "lagerung",
    "q",
    "sortierung",
)
YES = "1"
#: parameters of which several values may be chosen, and where `Choice` keeps them
LISTS = ((VILLAGE, "villages"), (PRODUCER, "producers"), (KIND, "kinds"), (STORAGE, "storages"))
FLAGS = ((SEASON, "season"), (ORGANIC, "organic"))


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


@dataclass(frozen=True)
class Choice:
    """What a visitor filters by; everything comes from an address, so unknown values find nothing rather than fail."""

    category: str = ""
    villages: tuple[str, ...] = ()
    producers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    storages: tuple[str, ...] = ()
    season: bool = False
    organic: bool = False
    text: str = ""
    order: str = RECOMMENDED

    def pairs(self) -> list[tuple[str, str]]:
        """The choice as parameters of an address; the category stands in the path."""
        several = [(name, value) for name, attribute in LISTS for value in getattr(self, attribute)]
        flags = [(name, YES) for name, attribute in FLAGS if getattr(self, attribute)]
        order = [(ORDER, self.order)] if self.order != RECOMMENDED else []
        return [*([(TEXT, self.text)] if self.text else []), *several, *flags, *order]

    def query(self) -> str:
        """The parameters encoded."""
        return urlencode(self.pairs())

    def without(self, *, name: str, value: str) -> "Choice":
        """The same without one filter."""
        changed: dict[str, Any] = {"text": ""}
        if name in dict(LISTS):
            attribute = dict(LISTS)[name]
            changed = {attribute: tuple(kept for kept in getattr(self, attribute) if kept != value)}
        elif name in dict(FLAGS):
            changed = {dict(FLAGS)[name]: False}
        return replace(self, **changed)

    @property
    def active(self) -> list[tuple[str, str]]:
        """The filters that are set, without text and order."""
        return [(name, value) for name, value in self.pairs() if name not in {ORDER, TEXT}]


def choice_from(*, given: Mapping[str, list[str]], category: str = "") -> Choice:
    """Read the choice from the parameters of an address (`dict(request.GET.lists())`)."""
    order = next(iter(given.get(ORDER, [])), RECOMMENDED)
    return Choice(
        category=category,
        villages=_slugs(given, VILLAGE),
        producers=_slugs(given, PRODUCER),
        kinds=_slugs(given, KIND),
        storages=_slugs(given, STORAGE),
        season=YES in given.get(SEASON, []),
        organic=YES in given.get(ORGANIC, []),
        text=next(iter(given.get(TEXT, [])), "").replace("\x00", "").strip()[:100],
        order=order if order in ORDERS else RECOMMENDED,
    )


def on_shelf(*, region: Region, category: Category | None = None) -> QuerySet[Product]:
    """All articles with an offer that visitors of the region see, of one shelf and those below it if told."""
    shown: QuerySet[Product] = Product.objects.on_show(region).filter(stockrecords__isnull=False)
    if category is not None:
        there = Product.categories.through.objects.filter(product=OuterRef("pk"), category__path__startswith=category.path)
        shown = shown.filter(Exists(there))
    return shown


def chosen(*, products: QuerySet[Product], choice: Choice, today: date) -> QuerySet[Product]:
    """Those that the visitor's filters leave, not ordered yet; text is the search's matter."""
    terms = Q()
    if choice.villages:
        terms &= Q(partner__municipality__slug__in=choice.villages)
    if choice.producers:
        terms &= Q(partner__slug__in=choice.producers)
    if choice.kinds:
        terms &= Q(kind__in=choice.kinds)
    if choice.storages:
        terms &= Q(storage__in=choice.storages)
    if choice.season:
        terms &= seasons.now(day=today)
    if choice.organic:
        terms &= Q(is_organic=True, partner__organic_valid_until__gte=today) & ~Q(partner__organic_code="")
    return products.filter(terms)


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


def facets_of(*, region: Region) -> Facets:
    """What can be filtered by in a region: one query, none for a minute after it."""
    key = KEY.format(region.pk)
    known: Facets | None = cache.get(key)
    if known is None:
        known = _counted(region)
        cache.set(key, known, SECONDS)
    return known


def known_total(*, facets: Facets, category: Category | None) -> int | None:
    """How many articles the market or a shelf without shelves below it holds; None where that has to be counted."""
    if category is None:
        return facets.total
    return next((facet.count for facet in facets.categories if facet.value == category.slug), 0) if category.is_leaf() else None


def forget(*, region_id: int) -> None:
    """Count anew at the next request."""
    cache.delete(KEY.format(region_id))


class _Number(Subquery):
    """How many rows there are, counted once beside the page: a window over them would carry every row with all it holds."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) found)"
    output_field = IntegerField()


def _slugs(given: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    """The values of one parameter, at most twenty, each once; a zero byte would be an error in PostgreSQL."""
    return tuple(dict.fromkeys(value for value in given.get(name, [])[:20] if value and "\x00" not in value))


def _counted(region: Region) -> Facets:
    rows = (
        on_shelf(region=region)
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
