"""Decides what stands in the quieter rows of a page: producers, shelves, villages, stories, numbers and pictures."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from cms import events, gallery
from cms.drafts import Draft
from cms.frames import Tale, frame_of
from cms.gallery import Gallery
from marketplace.assortments import sights
from marketplace.assortments.precedence import Sight
from marketplace.catalogue.models import Category
from marketplace.partner.models import Partner
from marketplace.pictures import sizes
from marketplace.regions import drawing, hosts
from marketplace.regions.models import Region
from marketplace.shop import places, shelves
from marketplace.shop.cards import TONES, producer_cards_of

PRODUCERS, PRODUCERS_OF_VILLAGE, NEW_PRODUCERS = "all", "village", "new"
#: kinds of rows that are told from the producers of the region
PARTNER_KINDS: Final = frozenset({"producers", "village", "villages", "numbers", "stories"})


@dataclass(frozen=True, kw_only=True)
class RowWish:
    """One row. `kind` is producers, categories, villages, village, stories, events or numbers; the rest as the kind needs it."""

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

    sheet: drawing.Sheet
    spots: tuple[drawing.Spot, ...]


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """How big the market is."""

    producers: int
    articles: int
    villages: int
    organic: int


def draft(
    *,
    wishes: Mapping[str, RowWish],
    pictures: Sequence[int],
    share_id: int | None,
    region: Region,
    today: date,
    sight: Sight | None = None,
) -> Draft:
    """What each row shows, under "pictures" the wanted ones by id and size name, and "share"; as many queries for any number."""
    kinds = {wish.kind for wish in wishes.values()}
    partners = sellers(region=region, sight=sight) if kinds & PARTNER_KINDS else []
    shelf_rows = _shelves(region, sight) if "categories" in kinds else []
    tales = frame_of(region=region).tales if "stories" in kinds else ()
    ahead = events.coming(happenings=frame_of(region=region).events, today=today) if "events" in kinds else []
    chosen = {key: _chosen(wish, partners) for key, wish in wishes.items() if wish.kind in {"producers", "village"}}
    shown_partners = {partner.pk: partner for rows in chosen.values() for partner in rows}

    def finish(found: Gallery) -> dict[str, Any]:
        cards = dict(zip(shown_partners, producer_cards_of(partners=list(shown_partners.values()), today=today), strict=True))
        made: dict[str, Callable[[RowWish], Any]] = {
            "categories": lambda wish: _tiles(shelf_rows, found),
            "villages": lambda wish: _villages(region, partners),
            "numbers": lambda wish: _numbers(partners),
            "events": lambda wish: tuple(ahead[: wish.count]),
            "stories": lambda wish: stories(tales=tales[: wish.count], partners=partners, found=found),
        }
        shown: dict[str, Any] = {key: made[wish.kind](wish) for key, wish in wishes.items() if wish.kind in made}
        shown |= {key: tuple(cards[partner.pk] for partner in rows) for key, rows in chosen.items()}
        share = gallery.shown(gallery=found, key=share_id, size=sizes.SHARE)
        return shown | {"pictures": gallery.beside_text(gallery=found, keys=pictures), "share": share}

    named = [*pictures, share_id, *(tale.picture_id for tale in tales), *(shelf.picture_id for shelf in shelf_rows)]
    return Draft(finish=finish, cards=[partner.picture for partner in shown_partners.values()], named=named)


def sellers(*, region: Region, among: Sequence[int] | None = None, sight: Sight | None = None) -> list[Partner]:
    """The producers that sell in a region (or some of them) by name, each with village, picture and counts: one query."""
    shelf = shelves.on_shelf(region=region, sight=sight).values("pk")
    on_shelf = Q(products__in=shelf)
    seen = sights.everybody(region=region) if sight is None else sight
    selling: QuerySet[Partner] = Partner.objects.selling().filter(region=region).select_related("municipality", "picture")
    selling = selling if among is None else selling.filter(pk__in=among)
    counted = selling.annotate(
        article_count=Count("products", filter=seen.where("products__") & Q(products__is_public=True)),
        offered_count=Count("products", filter=on_shelf),
        organic_count=Count("products", filter=on_shelf & Q(products__is_organic=True)),
    )
    return list(counted.order_by("name", "pk"))


def stories(*, tales: Iterable[Tale], partners: Iterable[Partner], found: Gallery) -> tuple[StoryCard, ...]:
    """Cards of stories; the producer is named while it sells."""
    selling = {partner.pk: partner for partner in partners}
    return tuple(_story(tale, selling.get(tale.partner_id or 0), found) for tale in tales)


def _chosen(wish: RowWish, partners: Sequence[Partner]) -> list[Partner]:
    """The producers of one wish."""
    if not wish.rule and wish.kind == "producers":
        there = {partner.pk: partner for partner in partners}
        return [there[pk] for pk in wish.picked if pk in there]
    rows = [partner for partner in partners if wish.village_id in {None, partner.municipality_id}]
    if wish.rule == NEW_PRODUCERS:
        rows.sort(key=lambda row: row.approved_at.timestamp() if row.approved_at else 0.0, reverse=True)
    return rows[: wish.count]


def _shelves(region: Region, sight: Sight | None) -> list[Category]:
    """The shelves at the top on which this region has something, and how much."""
    there = Q(product__in=shelves.on_shelf(region=region, sight=sight).values("pk"))
    counted = Category.objects.filter(is_public=True, depth=1).annotate(on_shelf=Count("product", filter=there))
    return list(counted.filter(on_shelf__gt=0).order_by("path"))


def _tiles(rows: Iterable[Category], found: Gallery) -> tuple[Tile, ...]:
    tiles = []
    for place, shelf in enumerate(rows):
        picture = gallery.shown(gallery=found, key=shelf.picture_id, size=sizes.TILE)
        tiles.append(
            Tile(
                url=shelf.get_absolute_url(),
                name=shelf.name,
                count=shelf.on_shelf,
                picture_url=picture.webp_url if picture else "",
                tone=TONES[place % len(TONES)],
            )
        )
    return tuple(tiles)


def _villages(region: Region, partners: Iterable[Any]) -> Villages:
    counts: Counter[int] = Counter()
    for partner in partners:
        counts[partner.municipality_id] += partner.offered_count
    spots = tuple(places.spot(village=row, count=counts[row.pk]) for row in hosts.villages_of(region=region))
    return Villages(sheet=drawing.draw(spots=spots), spots=spots)


def _numbers(partners: Sequence[Any]) -> Numbers:
    offering = [partner for partner in partners if partner.offered_count]
    return Numbers(
        producers=len(offering),
        articles=sum(partner.offered_count for partner in offering),
        villages=len({partner.municipality_id for partner in offering}),
        organic=sum(partner.organic_count for partner in offering),
    )


def _story(tale: Tale, partner: Partner | None, found: Gallery) -> StoryCard:
    return StoryCard(
        url=tale.url,
        title=tale.title,
        teaser=tale.teaser,
        producer=partner.name if partner else "",
        village=partner.municipality.name if partner else "",
        picture=gallery.shown(gallery=found, key=tale.picture_id, size=sizes.DETAIL),
    )
