"""Draws the surroundings of a door that the office puts on the map with a click: distances, villages, doors already known.

The picture is square and `SIDE` wide wherever it is shown, so that a click is a position without any script.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from logistics.doors import KM_A_DEGREE
from logistics.routing import Place
from marketplace.regions.ground.frame import Frame

SIDE = 280
#: kilometres from the middle to the edge
SPANS = (0.5, 1.5, 4.0)


@dataclass(frozen=True)
class Mark:
    """Something on the picture, in its units."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True)
class Sheet:
    """What the template draws. `rings`: radius and kilometres as text."""

    side: int
    middle: int
    rings: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    frame: Frame


def sheet(*, middle: Place, span: float, marks: Iterable[tuple[Place, str, str]]) -> Sheet:
    """The picture around `middle`, `span` kilometres to each side; marks (place, words, kind) that lie on it."""
    rings = tuple((SIDE / 2 * part, f"{span * part:g}".replace(".", ",")) for part in (0.5, 1.0))
    drawn = (Mark(*at(middle=middle, span=span, place=place), text, kind) for place, text, kind in marks)
    inside = tuple(mark for mark in drawn if 0 <= mark.x <= SIDE and 0 <= mark.y <= SIDE)
    return Sheet(side=SIDE, middle=SIDE // 2, rings=rings, marks=inside, frame=_frame(middle, span))


def _frame(middle: Place, span: float) -> Frame:
    north = SIDE / 2 / span * KM_A_DEGREE
    east = north * math.cos(math.radians(middle.lat))
    return Frame(SIDE, SIDE, middle.lon - SIDE / 2 / east, middle.lat + SIDE / 2 / north, east, north)


def at(*, middle: Place, span: float, place: Place) -> tuple[float, float]:
    """Where on the picture a place is."""
    scale = SIDE / 2 / span * KM_A_DEGREE
    x = SIDE / 2 + (place.lon - middle.lon) * math.cos(math.radians(middle.lat)) * scale
    return round(x, 1), round(SIDE / 2 - (place.lat - middle.lat) * scale, 1)


def clicked(*, middle: Place, span: float, x: int, y: int) -> Place:
    """Which place that was."""
    scale = SIDE / 2 / span * KM_A_DEGREE
    lon = middle.lon + (x - SIDE / 2) / scale / math.cos(math.radians(middle.lat))
    return Place(round(middle.lat - (y - SIDE / 2) / scale, 6), round(lon, 6))
