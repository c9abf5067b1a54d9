"""Decides what a map of the region tells of each village: what is offered there, by how many, and where crates can be fetched."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from logistics.models import PickupPoint
from marketplace.assortments.precedence import Sight
from marketplace.partner.models import Partner
from marketplace.regions import drawing, hosts
from marketplace.regions.models import Municipality, Region
from marketplace.shop import shelves


@dataclass(frozen=True)
class Village:
    """A village, with the numbers of its articles and producers and the pickup points that are in use."""

    name: str
    slug: str
    articles: int
    producers: int
    points: tuple[PickupPoint, ...]


@dataclass(frozen=True)
class Places:
    """The map, and the same as a list by name. `points` are those of the map's squares, each with the corner of its square."""

    sheet: drawing.Sheet
    villages: tuple[Village, ...]
    points: tuple[tuple[PickupPoint, tuple[int, int]], ...]


def of(*, region: Region, sight: Sight) -> Places:
    """All villages of a region: two queries, and one for what is on the shelves when nobody has asked for a minute."""
    sellers = Partner.objects.selling().filter(region=region).values_list("municipality_id", flat=True)
    points = list(PickupPoint.objects.filter(region=region, is_active=True).order_by("name", "pk"))
    articles = {facet.value: facet.count for facet in shelves.facets_of(region=region, sight=sight).villages}
    by_village: dict[int, list[PickupPoint]] = defaultdict(list)
    for point in points:
        by_village[point.municipality_id].append(point)
    rows, producers = hosts.villages_of(region=region), Counter(sellers)
    counts = {row.pk: articles.get(row.slug, 0) for row in rows}
    sheet = drawing.draw(spots=[spot(village=row, count=counts[row.pk]) for row in rows], marks=points)
    return Places(
        sheet=sheet,
        villages=tuple(Village(row.name, row.slug, counts[row.pk], producers[row.pk], tuple(by_village[row.pk])) for row in rows),
        points=tuple(zip(points, sheet.marks, strict=True)) if rows else (),
    )


def of_producers(*, region: Region, counts: Mapping[int, int]) -> drawing.Sheet:
    """The map alone; `counts` is the number of producers by the village's id."""
    return drawing.draw(spots=[spot(village=row, count=counts.get(row.pk, 0)) for row in hosts.villages_of(region=region)])


def spot(*, village: Municipality, count: int) -> drawing.Spot:
    """A village as the drawing wants it."""
    return drawing.Spot(name=village.name, slug=village.slug, latitude=village.latitude, longitude=village.longitude, count=count)
