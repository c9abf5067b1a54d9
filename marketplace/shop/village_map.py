"""Draws where the producers are: the villages of a region as dots on a plain map, computed on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from marketplace.regions.models import Municipality

WIDTH, HEIGHT, MARGIN = 640, 480, 56
EMPTY_RADIUS, RADIUS, LARGEST = 5, 13, 18
LETTER, LINE, GAP = 8, 18, 4

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Dot:
    """A village on the map in the units of the drawing; its name stands where it hides the least."""

    slug: str
    name: str
    count: int
    x: int
    y: int
    radius: int
    label_x: int
    label_y: int
    anchor: str
    current: bool


def dots(*, villages: Sequence[Municipality], counts: dict[int, int], current: str = "") -> list[Dot]:
    """The villages from north to south; `counts` is the number of producers by id. All of them fit into WIDTH × HEIGHT."""
    places = sorted(_places(villages), key=lambda place: place[2])
    radii = [_radius(counts.get(village.pk, 0)) for village, _, _ in places]
    taken: list[Box] = [(x - radius, y - radius, x + radius, y + radius) for (_, x, y), radius in zip(places, radii, strict=True)]
    drawn = []
    for (village, x, y), radius in zip(places, radii, strict=True):
        label_x, label_y, anchor, box = _label(village.name, x, y, radius, taken)
        taken.append(box)
        drawn.append(
            Dot(
                slug=village.slug,
                name=village.name,
                count=counts.get(village.pk, 0),
                x=x,
                y=y,
                radius=radius,
                label_x=label_x,
                label_y=label_y,
                anchor=anchor,
                current=village.slug == current,
            )
        )
    return drawn


def _places(villages: Sequence[Municipality]) -> list[tuple[Municipality, int, int]]:
    """Each village with its position; a degree of longitude is shortened as it is at this latitude."""
    if not villages:
        return []
    narrow = cos(radians(sum(village.latitude for village in villages) / len(villages)))
    flat = [(village.longitude * narrow, -village.latitude) for village in villages]
    left, top = min(x for x, _ in flat), min(y for _, y in flat)
    wide, high = max(x for x, _ in flat) - left, max(y for _, y in flat) - top
    scale = min((WIDTH - 2 * MARGIN) / (wide or 1), (HEIGHT - 2 * MARGIN) / (high or 1))
    aside, above = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    return [
        (village, round(aside + (x - left) * scale), round(above + (y - top) * scale))
        for village, (x, y) in zip(villages, flat, strict=True)
    ]


def _radius(count: int) -> int:
    return min(LARGEST, RADIUS + count) if count else EMPTY_RADIUS


def _label(name: str, x: int, y: int, radius: int, taken: Sequence[Box]) -> tuple[int, int, str, Box]:
    """Where the name stands: below, above, right or left of the dot, wherever it covers the least."""
    wide, away = len(name) * LETTER, radius + GAP
    tries: list[tuple[int, int, str, Box]] = [
        (x, y + away + LINE - GAP, "middle", (x - wide / 2, y + away, x + wide / 2, y + away + LINE)),
        (x, y - away, "middle", (x - wide / 2, y - away - LINE, x + wide / 2, y - away)),
        (x + away, y + GAP, "start", (x + away, y - LINE / 2, x + away + wide, y + LINE / 2)),
        (x - away, y + GAP, "end", (x - away - wide, y - LINE / 2, x - away, y + LINE / 2)),
    ]
    return min(tries, key=lambda place: sum(_overlap(place[3], box) for box in taken) + _outside(place[3]))


def _overlap(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: Box) -> float:
    """A large number for a box that leaves the frame."""
    return 0.0 if box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT else WIDTH * HEIGHT
