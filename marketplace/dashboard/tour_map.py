"""Draws the tours of a round as a plain map: hub, ways on the roads or as straight lines, numbered stops, the villages around.

Everything is in the units of an SVG that is `WIDTH` wide; north is up.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.regions.ground.frame import Frame

WIDTH = 800
MARGIN = 48
LOWEST, HIGHEST = 360, 900
#: a map of one single place still shows about so many degrees around it
SMALLEST = 0.02
#: a stop is about so big
COVERED = 20
#: points of a way that lie closer together are one
FINEST = 1.5
#: from here on a name would run out of the map
EDGE = WIDTH - 160


@dataclass(frozen=True)
class Spot:
    """A place on the earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Label:
    """A place with its name; `aside` is how far right the name begins, farther where a stop covers the place;
    negative where it ends left of it, at the right edge."""

    x: float
    y: float
    text: str
    aside: int = 7


@dataclass(frozen=True)
class Halt:
    """A numbered stop of a tour."""

    x: float
    y: float
    number: int
    done: bool


@dataclass(frozen=True)
class Way:
    """One tour: its line as points of a polyline, on the roads or straight, and its stops. `tour` tells tours apart."""

    tour: int
    points: str
    halts: tuple[Halt, ...]
    by_road: bool


@dataclass(frozen=True)
class Drawing:
    """What the template draws."""

    width: int
    height: int
    hub: Label
    ways: tuple[Way, ...]
    villages: tuple[Label, ...]
    frame: Frame

    @property
    def straight(self) -> str:
        """How many of the ways are straight lines: "all", "some" or "none"."""
        roads = {way.by_road for way in self.ways}
        return "some" if len(roads) > 1 else "none" if True in roads else "all"


@dataclass(frozen=True)
class Route:
    """A tour to draw: stops in their order, each with whether it is over; without `begin` and `end` it is from the hub and back.

    `way` is its line on the roads, empty where that is not known.
    """

    tour: int
    stops: Sequence[tuple[Spot, bool]]
    begin: Spot | None = None
    end: Spot | None = None
    way: Sequence[Spot] = ()


def draw(*, hub: Spot, routes: Iterable[Route], villages: Iterable[tuple[str, Spot]]) -> Drawing:
    """The map of some tours; only villages within the frame of hub and stops are named."""
    found = tuple(routes)
    frame = _Frame([hub, *(spot for route in found for spot in _line(hub, route))])
    ways = tuple(_way(frame, hub, route) for route in found)
    x, y = frame.place(hub)
    taken = [(x, y), *((halt.x, halt.y) for way in ways for halt in way.halts)]
    names = tuple(_named(name, frame.place(spot), taken) for name, spot in villages if frame.holds(spot))
    return Drawing(width=WIDTH, height=frame.height, hub=Label(x, y, "H"), ways=ways, villages=names, frame=frame.on_the_earth())


def _named(name: str, place: tuple[float, float], taken: Sequence[tuple[float, float]]) -> Label:
    aside = 22 if any(math.dist(place, other) < COVERED for other in taken) else 7
    return Label(*place, name, aside if place[0] < EDGE else -aside)


def _way(frame: "_Frame", hub: Spot, route: Route) -> Way:
    places = [frame.place(spot) for spot, _done in route.stops]
    line = _coarse([frame.place(spot) for spot in _line(hub, route)])
    halts = tuple(Halt(x, y, number, route.stops[number - 1][1]) for number, (x, y) in enumerate(places, start=1))
    points = " ".join(f"{x},{y}" for x, y in line)
    return Way(tour=route.tour, points=points, halts=halts, by_road=bool(route.way))


def _line(hub: Spot, route: Route) -> Sequence[Spot]:
    return route.way or [route.begin or hub, *(spot for spot, _done in route.stops), route.end or hub]


def _coarse(line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The line without points that nobody could tell from the one before; the last one stays."""
    kept = [line[0]]
    for point in line[1:-1]:
        if math.dist(point, kept[-1]) >= FINEST:
            kept.append(point)
    return [*kept, line[-1]]


class _Frame:
    """Turns degrees into units of the drawing; a degree of longitude is shorter than one of latitude."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        north, south = max(spot.latitude for spot in spots), min(spot.latitude for spot in spots)
        east, west = max(spot.longitude for spot in spots), min(spot.longitude for spot in spots)
        self._squeeze = math.cos(math.radians((north + south) / 2))
        self._middle = Spot((north + south) / 2, (east + west) / 2)
        high, wide = max(north - south, SMALLEST), max((east - west) * self._squeeze, SMALLEST)
        inner = WIDTH - 2 * MARGIN
        self.height = round(min(HIGHEST, max(LOWEST, inner * high / wide + 2 * MARGIN)))
        self._scale = min(inner / wide, (self.height - 2 * MARGIN) / high)

    def place(self, spot: Spot) -> tuple[float, float]:
        """Where a place is drawn."""
        x = WIDTH / 2 + (spot.longitude - self._middle.longitude) * self._squeeze * self._scale
        y = self.height / 2 - (spot.latitude - self._middle.latitude) * self._scale
        return round(x, 1), round(y, 1)

    def on_the_earth(self) -> Frame:
        """The same for whoever draws the ground."""
        east = self._squeeze * self._scale
        west, north = self._middle.longitude - WIDTH / 2 / east, self._middle.latitude + self.height / 2 / self._scale
        return Frame(WIDTH, self.height, west, north, east, self._scale)

    def holds(self, spot: Spot) -> bool:
        """Whether a place lies on the drawing, with room for its name."""
        x, y = self.place(spot)
        return MARGIN <= x <= WIDTH - MARGIN and MARGIN / 2 <= y <= self.height - MARGIN / 2
