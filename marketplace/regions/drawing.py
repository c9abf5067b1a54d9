"""Draws where the villages of a region lie: from positions on the globe to places on a sheet, dots and names kept apart.

The sheet is as narrow as a phone, so that its names can be read there without scrolling; wider screens show it larger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from math import cos, hypot, radians, sqrt
from typing import Final, Protocol

from marketplace.regions.ground.frame import Frame

WIDTH: Final = 400
#: room for names at the edges
MARGIN: Final = 32
ASIDE: Final = 36
LETTER: Final = 7.4
LINE: Final = 17
#: smallest and largest dot, and one of a village that sells nothing
DOTS: Final = (11.0, 15.0)
EMPTY: Final = 5.0
GAP: Final = 3.0
#: half the side of the square of a further place
SQUARE: Final = 5.0
#: how often dots are pushed and names are put anew
ROUNDS: Final = 4
#: a name that covers a dot is worse than one that covers another name
OVER_A_DOT: Final = 4

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Circle = tuple[float, float, float]
Name = tuple[str, float, float]


class Located(Protocol):
    """Something with a position in WGS 84 degrees."""

    @property
    def latitude(self) -> float:
        """To the north."""

    @property
    def longitude(self) -> float:
        """To the east."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A village, and how much there is."""

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
    x: int
    y: int
    radius: int
    label_x: int
    label_y: int
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole map, places from north to south; `marks` are the corners of the squares of further places, as they were told."""

    width: int
    height: int
    places: tuple[Placed, ...]
    marks: tuple[tuple[int, int], ...] = ()
    #: which piece of the earth it is, as far as dots are not pushed aside
    frame: Frame | None = None


def draw(*, spots: Sequence[Spot], marks: Sequence[Located] = ()) -> Sheet:
    """Place the villages, and squares for further places, on a sheet; its height follows from where they lie. North is up.

    The same villages give the same sheet, so it is drawn once.
    """
    return _drawn(tuple(spots), tuple((mark.latitude, mark.longitude) for mark in marks))


@lru_cache(maxsize=64)
def _drawn(spots: tuple[Spot, ...], marks: tuple[Point, ...]) -> Sheet:
    if not spots:
        return Sheet(width=WIDTH, height=WIDTH // 2, places=())
    flat, earth = _flat([*((spot.latitude, spot.longitude) for spot in spots), *marks])
    top = max(spot.count for spot in spots) or 1
    dots = _apart([(x, y, _radius(spot.count, top)) for spot, (x, y) in zip(spots, flat, strict=False)])
    squares = [_aside(x, y, dots) for x, y in flat[len(spots) :]]
    heights = [y for _x, y, *_radius in (*dots, *squares)]
    up, height = min(heights) - MARGIN, round(max(heights) - min(heights)) + 2 * MARGIN
    dots, squares = [(x, y - up, radius) for x, y, radius in dots], [(x, y - up) for x, y in squares]
    names = _names([spot.name for spot in spots], dots, squares, height)
    places = [_placed(*drawn) for drawn in zip(spots, dots, names, strict=True)]
    return Sheet(
        width=WIDTH,
        height=height,
        places=tuple(sorted(places, key=lambda place: (place.y, place.x))),
        marks=tuple((round(x - SQUARE), round(y - SQUARE)) for x, y in squares),
        frame=replace(earth, height=height, north=earth.north - up / earth.to_the_degree_north),
    )


def _flat(places: Sequence[Point]) -> tuple[list[Point], Frame]:
    """Units of the sheet; a degree of longitude is shortened as it is at this latitude. The width decides, if it can."""
    narrow = cos(radians(sum(latitude for latitude, _longitude in places) / len(places)))
    xs, ys = [longitude * narrow for _latitude, longitude in places], [-latitude for latitude, _longitude in places]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((WIDTH - 2 * ASIDE) / (wide or 1), WIDTH / (high or 1))
    left = (WIDTH - wide * scale) / 2
    earth = Frame(WIDTH, 1, (min(xs) - left / scale) / narrow, -min(ys), narrow * scale, scale)
    return [(left + (x - min(xs)) * scale, (y - min(ys)) * scale) for x, y in zip(xs, ys, strict=True)], earth


def _radius(count: int, top: int) -> float:
    """The area of a dot grows with the number."""
    return DOTS[0] + (DOTS[1] - DOTS[0]) * sqrt(count / top) if count else EMPTY


def _apart(dots: list[Circle]) -> list[Circle]:
    """Push dots that cover each other away from each other, as far as they need it and the sheet is wide."""
    for one, other in [pair for _ in range(ROUNDS) for pair in combinations(range(len(dots)), 2)]:
        (x, y, radius), (u, v, reach) = dots[one], dots[other]
        far, wanted = hypot(u - x, v - y), radius + reach + GAP
        if far < wanted:
            push = (wanted - far) / 2
            east, south = ((u - x) / far, (v - y) / far) if far else (1.0, 0.0)
            dots[one] = (_inside(x - east * push, radius), y - south * push, radius)
            dots[other] = (_inside(u + east * push, reach), v + south * push, reach)
    return dots


def _inside(x: float, radius: float) -> float:
    return min(max(x, radius), WIDTH - radius)


def _aside(x: float, y: float, dots: Sequence[Circle]) -> Point:
    """Where a square stands: at its place, or on the rim of the dot that it would cover, north-east of one in its middle."""
    for dot_x, dot_y, radius in dots:
        far, away = hypot(x - dot_x, y - dot_y), radius + SQUARE
        if far < away:
            east, south = ((x - dot_x) / far, (y - dot_y) / far) if far > 1 else (sqrt(0.5), -sqrt(0.5))
            return dot_x + east * away, dot_y + south * away
    return x, y


def _names(names: Sequence[str], dots: Sequence[Circle], squares: Sequence[Point], height: int) -> list[Name]:
    """Put each name around its dot where it covers least, several times over, because the others move too."""
    fixed: list[Box] = [(x - r, y - r, x + r, y + r) for x, y, r in dots]
    fixed += [(x - SQUARE, y - SQUARE, x + SQUARE, y + SQUARE) for x, y in squares]
    choices = [[(option, _box(name, option)) for option in _options(*dot)] for name, dot in zip(names, dots, strict=True)]
    alone = [
        [
            OVER_A_DOT * sum(_overlap(box, other) for other in fixed) + _outside(box, height) + place
            for place, (_o, box) in enumerate(mine)
        ]
        for mine in choices
    ]
    best = [costs.index(min(costs)) for costs in alone]
    order = sorted(range(len(names)), key=lambda index: -len(names[index]))
    for index in order * ROUNDS:
        others = [choices[other][best[other]][1] for other in order if other != index]
        costs = [
            cost + sum(_overlap(box, other) for other in others)
            for cost, (_option, box) in zip(alone[index], choices[index], strict=True)
        ]
        best[index] = costs.index(min(costs))
    return [mine[place][0] for mine, place in zip(choices, best, strict=True)]


def _options(x: float, y: float, radius: float) -> list[Name]:
    """Where a name can stand, the most usual first: below, above, beside, aslant."""
    return [
        ("middle", x, y + radius + 14),
        ("middle", x, y - radius - 4),
        ("start", x + radius + 4, y + 5),
        ("end", x - radius - 4, y + 5),
        ("start", x + radius - 2, y + radius + 8),
        ("start", x + radius - 2, y - radius + 2),
        ("end", x - radius + 2, y + radius + 8),
        ("end", x - radius + 2, y - radius + 2),
        ("start", x - radius, y + radius + 14),
        ("end", x + radius, y + radius + 14),
        ("start", x - radius, y - radius - 4),
        ("end", x + radius, y - radius - 4),
        ("start", x, y - radius - 4),
        ("end", x, y - radius - 4),
        ("start", x, y + radius + 14),
        ("end", x, y + radius + 14),
    ]


def _box(name: str, option: Name) -> Box:
    anchor, x, y = option
    length = len(name) * LETTER
    start = {"start": x, "end": x - length, "middle": x - length / 2}[anchor]
    return (start, y - LINE + 4, start + length, y + 4)


def _overlap(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _outside(box: Box, height: int) -> float:
    """A name that leaves the sheet is worse than one that covers another."""
    aside = max(0.0, 4 - box[0]) + max(0.0, box[2] - WIDTH + 4)
    return 1000.0 * (aside + max(0.0, -box[1]) + max(0.0, box[3] - height))


def _placed(spot: Spot, dot: Circle, name: Name) -> Placed:
    anchor, label_x, label_y = name
    x, y, radius = (round(part) for part in dot)
    return Placed(
        name=spot.name, slug=spot.slug, count=spot.count, anchor=anchor,
        x=x, y=y, radius=radius, label_x=round(label_x), label_y=round(label_y),
    )  # fmt: skip
