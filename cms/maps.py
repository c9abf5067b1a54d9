"""Draws where the villages of a region lie: from positions on the globe to places on a sheet, labels kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Final

WIDTH: Final = 640
MARGIN: Final = 44
LETTER: Final = 10.0
LINE: Final = 20
#: smallest and largest dot
DOTS: Final = (7.0, 17.0)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A village: WGS 84 degrees, and how much there is."""

    name: str
    slug: str
    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A village on the sheet: centre and radius of its dot, where its name begins (`anchor` as in SVG). Units of the sheet."""

    name: str
    slug: str
    count: int
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole map."""

    width: int
    height: int
    places: tuple[Placed, ...]


Box = tuple[float, float, float, float]


def draw(*, spots: Sequence[Spot]) -> Sheet:
    """Place the villages on a sheet 640 units wide; its height follows from where they lie. North is up."""
    if not spots:
        return Sheet(width=WIDTH, height=WIDTH // 2, places=())
    narrow = cos(radians(sum(spot.latitude for spot in spots) / len(spots)))
    xs, ys = [spot.longitude * narrow for spot in spots], [spot.latitude for spot in spots]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((WIDTH - 4 * MARGIN) / (wide or 1), WIDTH / (high or 1))
    left = (WIDTH - wide * scale) / 2
    top = max(spot.count for spot in spots) or 1
    dots = [
        (spot, left + (x - min(xs)) * scale, MARGIN + (max(ys) - y) * scale, _radius(spot.count, top))
        for spot, x, y in zip(spots, xs, ys, strict=True)
    ]
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for _spot, x, y, r in dots]
    by_size = sorted(dots, key=lambda dot: -dot[0].count)
    return Sheet(width=WIDTH, height=round(high * scale) + 2 * MARGIN, places=tuple(_placed(*dot, taken) for dot in by_size))


def _radius(count: int, top: int) -> float:
    """The area of a dot grows with the number."""
    return DOTS[0] + (DOTS[1] - DOTS[0]) * sqrt(count / top)


def _placed(spot: Spot, x: float, y: float, radius: float, taken: list[Box]) -> Placed:
    """Put the name right, left, below, above or aslant of its dot, wherever it covers least; `taken` grows by it."""
    length = len(spot.name) * LETTER
    options = [
        ("start", x + radius + 6, y + 6),
        ("end", x - radius - 6, y + 6),
        ("middle", x, y + radius + 17),
        ("middle", x, y - radius - 7),
        ("start", x + radius + 2, y + radius + 10),
        ("start", x + radius + 2, y - radius + 2),
        ("end", x - radius - 2, y + radius + 10),
        ("end", x - radius - 2, y - radius + 2),
    ]
    boxes = [_box(anchor, at, line, length) for anchor, at, line in options]
    costs = [sum(_overlap(box, other) for other in taken) + _outside(box) for box in boxes]
    best = costs.index(min(costs))
    taken.append(boxes[best])
    anchor, label_x, label_y = options[best]
    return Placed(
        name=spot.name, slug=spot.slug, count=spot.count, anchor=anchor,
        x=round(x, 1), y=round(y, 1), radius=round(radius, 1), label_x=round(label_x, 1), label_y=round(label_y, 1),
    )  # fmt: skip


def _box(anchor: str, x: float, y: float, length: float) -> Box:
    start = {"start": x, "end": x - length, "middle": x - length / 2}[anchor]
    return (start, y - LINE + 4, start + length, y + 4)


def _overlap(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: Box) -> float:
    """A name that leaves the sheet is worse than one that covers another."""
    return 1000.0 * (max(0.0, -box[0]) + max(0.0, box[2] - WIDTH))
