"""Draws where the producers are: the villages of a region as dots on a plain map, computed on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from marketplace.regions.models import Municipality

WIDTH, HEIGHT, MARGIN = 640, 480, 60
SMALLEST, GROWTH, LARGEST = 13, 2, 25


@dataclass(frozen=True)
class Dot:
    """A village on the map in the units of the drawing; `label_y` and `anchor` keep its name inside the frame."""

    slug: str
    name: str
    count: int
    x: int
    y: int
    radius: int
    label_y: int
    current: bool = False


def dots(*, villages: Sequence[Municipality], counts: dict[int, int], current: str = "") -> list[Dot]:
    """The villages from north to south; `counts` is the number of producers by id. All of them fit into WIDTH × HEIGHT."""
    if not villages:
        return []
    middle = radians(sum(village.latitude for village in villages) / len(villages))
    flat = {village.pk: (village.longitude * cos(middle), -village.latitude) for village in villages}
    left, top = (min(place[axis] for place in flat.values()) for axis in (0, 1))
    wide, high = (max(place[axis] for place in flat.values()) - low for axis, low in ((0, left), (1, top)))
    scale = min((WIDTH - 2 * MARGIN) / (wide or 1), (HEIGHT - 2 * MARGIN) / (high or 1))
    aside, above = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    placed = [
        (village, round(aside + (x - left) * scale), round(above + (y - top) * scale))
        for village in villages
        for x, y in [flat[village.pk]]
    ]
    return [_dot(village, x, y, counts.get(village.pk, 0), current) for village, x, y in sorted(placed, key=lambda row: row[2])]


def _dot(village: Municipality, x: int, y: int, count: int, current: str) -> Dot:
    radius = min(LARGEST, SMALLEST + GROWTH * count) if count else 5
    return Dot(
        slug=village.slug,
        name=village.name,
        count=count,
        x=x,
        y=y,
        radius=radius,
        label_y=y + radius + 16,
        current=village.slug == current,
    )
