"""Decides what stands in the quieter rows of a page: producers, shelves, villages, season, stories, numbers and pictures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from cms import goods, maps
from marketplace.catalogue import seasons
from marketplace.catalogue.models import Category, Product
from marketplace.partner.models import Partner
from marketplace.pictures import sizes
from marketplace.pictures.models import Picture
from marketplace.regions import hosts
from marketplace.regions.models import Municipality, Region
from marketplace.shop import shelves
from marketplace.shop.cards import TONES, ProducerCard, producer_cards

PRODUCERS, PRODUCERS_OF_VILLAGE, NEW_PRODUCERS = "all", "village", "new"
#: the number of articles that the season names
SEASON_NAMES: Final = 18


@dataclass(frozen=True, kw_only=True)
class RowWish:
    """One row. `kind` is producers, categories, villages, village, season, stories or numbers; the rest as the kind needs it."""

    kind: str
    picked: tuple[int, ...] = ()
    rule: str = ""
    village_id: int | None = None
    count: int = 6


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A shelf of the market."""

    url: str
    name: str
    count: int
    picture_url: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Season:
    """What the month has: (name, address) of articles."""

    month: date
    articles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class StoryCard:
    """A story in a list."""

    url: str
    title: str
    teaser: str
    producer: str
    village: str
    picture: sizes.ShownPicture | None


@dataclass(frozen=True, kw_only=True)
class Villages:
    """The map, and the same as a list by name."""

    sheet: maps.Sheet
    spots: tuple[maps.Spot, ...]


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """How big the market is."""

    producers: int
    articles: int
    villages: int
    organic: int


def fill(*, wishes: Mapping[str, RowWish], picture_ids: Sequence[int], region: Region, today: date) -> dict[str, Any]:
    """What each row shows, and under "pictures" the wanted pictures by id and size name; queries do not grow with the rows."""
    kinds = {wish.kind for wish in wishes.values()}
    facets = shelves.facets_of(region=region) if kinds & {"categories", "villages", "numbers"} else None
    told = max((wish.count for wish in wishes.values() if wish.kind == "stories"), default=0)
    tales = list(_tales(region.site.root_page)[:told]) if told else []
    shelf_rows = list(Category.objects.filter(is_public=True, depth=1).select_related("picture")) if "categories" in kinds else []
    named = list(Picture.objects.filter(pk__in=picture_ids)) if picture_ids else []
    every = [*named, *(tale.picture for tale in tales), *(shelf.picture for shelf in shelf_rows)]
    sizes.look_up(pictures=[row for row in every if row], sizes=(sizes.TILE, sizes.DETAIL, sizes.HERO, sizes.SHARE))
    producers = _producers({key: wish for key, wish in wishes.items() if wish.kind in {"producers", "village"}}, region, today)
    season = _season(region, today) if "season" in kinds else None
    made: dict[str, Any] = {
        "categories": lambda wish: _tiles(shelf_rows, facets),
        "villages": lambda wish: _villages(region, facets),
        "numbers": lambda wish: _numbers(facets),
        "season": lambda wish: season,
        "stories": lambda wish: tuple(_story(tale) for tale in tales[: wish.count]),
    }
    shown: dict[str, Any] = {key: made[wish.kind](wish) for key, wish in wishes.items() if wish.kind in made}
    return shown | producers | {"pictures": {row.pk: _sized(row) for row in named}}


def pictures(*, keys: Sequence[int]) -> dict[int, dict[str, sizes.ShownPicture | None]]:
    """The pictures with these ids, by id and size name: two queries, none for none."""
    found = list(Picture.objects.filter(pk__in=keys)) if keys else []
    sizes.look_up(pictures=found, sizes=(sizes.DETAIL, sizes.HERO))
    return {row.pk: _sized(row) for row in found}


def stories(*, below: Any) -> tuple[StoryCard, ...]:
    """Cards of all live stories below a page: two queries."""
    tales = list(_tales(below))
    sizes.look_up(pictures=[tale.picture for tale in tales if tale.picture], sizes=(sizes.DETAIL,))
    return tuple(_story(tale) for tale in tales)


def producer(*, partner_id: int | None, region: Region | None, today: date) -> ProducerCard | None:
    """The card of one producer of the region while it sells."""
    if partner_id is None or region is None:
        return None
    wish = RowWish(kind="producers", picked=(partner_id,))
    return next(iter(_producers({"one": wish}, region, today)["one"]), None)


def _sized(picture: Picture) -> dict[str, sizes.ShownPicture | None]:
    """A picture that a block or page names: broad for the hero, 4:3 beside text."""
    return {"hero": sizes.shown(picture=picture, size=sizes.HERO), "detail": sizes.shown(picture=picture, size=sizes.DETAIL)}


def _producers(wishes: Mapping[str, RowWish], region: Region, today: date) -> dict[str, tuple[ProducerCard, ...]]:
    """The cards for all wishes together: three queries for any number."""
    if not wishes:
        return {}
    selling = Partner.objects.selling().filter(region=region)
    known = list(selling.order_by("name", "pk").values_list("pk", "slug", "municipality_id", "approved_at"))
    chosen = {key: _keys(wish, known) for key, wish in wishes.items()}
    wanted: QuerySet[Partner] = selling.filter(pk__in={pk for keys in chosen.values() for pk in keys})
    counted = wanted.annotate(article_count=Count("products", filter=Q(products__is_public=True)))
    cards = {card.url: card for card in producer_cards(partners=counted, today=today)}
    slugs = {pk: slug for pk, slug, *_rest in known}
    urls = {key: [reverse("catalogue:producer", args=[slugs[pk]]) for pk in keys] for key, keys in chosen.items()}
    return {key: tuple(cards[url] for url in found if url in cards) for key, found in urls.items()}


def _keys(wish: RowWish, known: Sequence[tuple[int, str, int, datetime | None]]) -> list[int]:
    """The producers of one wish, of those that sell in the region."""
    if not wish.rule and wish.kind == "producers":
        there = {row[0] for row in known}
        return [pk for pk in wish.picked if pk in there]
    found = [row for row in known if wish.village_id in {None, row[2]}]
    if wish.rule == NEW_PRODUCERS:
        found.sort(key=lambda row: row[3].timestamp() if row[3] else 0.0, reverse=True)
    return [row[0] for row in found[: wish.count]]


def _tiles(rows: Iterable[Category], facets: shelves.Facets | None) -> tuple[Tile, ...]:
    """The shelves on which this region has something."""
    counts = {facet.value: facet.count for facet in facets.categories} if facets else {}
    tiles = []
    for place, shelf in enumerate(sorted((row for row in rows if row.slug in counts), key=lambda row: row.path)):
        picture = sizes.shown(picture=shelf.picture, size=sizes.TILE)
        tiles.append(
            Tile(
                url=shelf.get_absolute_url(),
                name=shelf.name,
                count=counts[shelf.slug],
                picture_url=picture.webp_url if picture else "",
                tone=TONES[place % len(TONES)],
            )
        )
    return tuple(tiles)


def _villages(region: Region, facets: shelves.Facets | None) -> Villages:
    counts = {facet.value: facet.count for facet in facets.villages} if facets else {}
    spots = tuple(_spot(row, counts.get(row.slug, 0)) for row in hosts.villages_of(region=region))
    return Villages(sheet=maps.draw(spots=spots), spots=spots)


def _spot(row: Municipality, count: int) -> maps.Spot:
    return maps.Spot(name=row.name, slug=row.slug, latitude=row.latitude, longitude=row.longitude, count=count)


def _numbers(facets: shelves.Facets | None) -> Numbers | None:
    if facets is None:
        return None
    return Numbers(producers=len(facets.producers), articles=facets.total, villages=len(facets.villages), organic=facets.organic)


def _season(region: Region, today: date) -> Season:
    """Articles that have a season and it is now, some of every producer, by name."""
    found = Product.objects.on_show(region).filter(seasons.now(day=today), kind=Product.Kind.GOODS, stockrecords__isnull=False)
    candidates = found.order_by("-priority", "pk").values_list("pk", "partner_id", "title", "slug")[: SEASON_NAMES * 10]
    named = {pk: (title, slug, pk) for pk, _partner, title, slug in candidates}
    chosen = goods.in_turn(pairs=[(pk, partner) for pk, partner, *_words in candidates], count=SEASON_NAMES)
    rows = sorted(named[pk] for pk in chosen)
    return Season(month=today, articles=tuple((title, reverse("catalogue:detail", args=[slug, pk])) for title, slug, pk in rows))


def _tales(above: Any) -> Any:
    """The stories below a page, the latest first; the model is found by name because pages themselves show these rows."""
    live = apps.get_model("cms", "StoryPage").objects.live()
    return live.descendant_of(above).select_related("picture", "partner__municipality").order_by("-first_published_at", "-pk")


def _story(page: Any) -> StoryCard:
    partner = page.partner if page.partner and page.partner.status == Partner.Status.APPROVED else None
    return StoryCard(
        url=page.get_url() or "",
        title=page.title,
        teaser=page.teaser,
        producer=partner.name if partner else "",
        village=partner.municipality.name if partner else "",
        picture=sizes.shown(picture=page.picture, size=sizes.DETAIL),
    )
