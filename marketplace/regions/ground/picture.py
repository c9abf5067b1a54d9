"""Draws the ground of a map: everything out of the tiles that lie under its frame, as one SVG without style or script."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from marketplace.regions.ground.archive import Archive
from marketplace.regions.ground.frame import Frame
from marketplace.regions.ground.looks import Look, look, name

#: a tile is drawn about so many units wide
TILE_UNITS = 320
MOST_TILES = 64
#: points of a line that lie closer together are one
FINEST = 0.8
MOST_NAMES = 40
LETTER, LINE = 6.0, 12
#: colours that can be told from light and from dark paper
STYLES = {
    Look.WOOD: 'fill="#5f9a5a" fill-opacity=".28"',
    Look.WATER: 'fill="#4f94c4" fill-opacity=".45"',
    Look.STREAM: 'fill="none" stroke="#4f94c4" stroke-opacity=".6"',
    Look.RAIL: 'fill="none" stroke="#8a8377" stroke-opacity=".6" stroke-dasharray="4 3"',
    Look.STREET: 'fill="none" stroke="#9b9486" stroke-opacity=".45" stroke-width=".8"',
    Look.ROAD: 'fill="none" stroke="#9b9486" stroke-opacity=".75" stroke-width="1.6"',
    Look.MAIN_ROAD: 'fill="none" stroke="#b98a3d" stroke-opacity=".75" stroke-width="2.4"',
}
Point = tuple[float, float]


@dataclass
class _Sheet:
    """What has been drawn so far: pieces of paths by their look, and names with their places."""

    paths: dict[Look, list[str]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, tuple[int, Point]] = field(default_factory=dict)


def draw(*, frame: Frame, archive: Archive, known: Collection[str] = ()) -> str:
    """The picture; places in `known` are named by the map itself, and left out here."""
    sheet = _Sheet()
    for zoom, x, y in _tiles(frame, archive):
        for layer, found in archive.layers(zoom=zoom, x=x, y=y).items():
            _draw(sheet, frame, layer, found, (zoom, x, y))
    paths = "".join(f'<path {STYLES[kind]} d="{"".join(sheet.paths[kind])}"/>' for kind in Look if kind in sheet.paths)
    names = "".join(_names(sheet, frame, known))
    size = f'viewBox="0 0 {frame.width} {frame.height}" width="{frame.width}" height="{frame.height}"'
    look_of_names = f'font-family="sans-serif" font-size="{LINE - 1}" text-anchor="middle" fill="#7d7768"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paths}<g {look_of_names}>{names}</g></svg>'


def _tiles(frame: Frame, archive: Archive) -> Iterator[tuple[int, int, int]]:
    """The tiles under the frame, of the zoom that fits it best among those in the file."""
    wanted = round(math.log2(max(1.0, 360 * frame.to_the_degree_east / TILE_UNITS)))
    zoom = min(max(wanted, archive.zooms[0]), archive.zooms[1])
    left, top = _tile_of(frame.west, frame.north, zoom)
    right, bottom = _tile_of(frame.east, frame.south, zoom)
    found = [(zoom, x, y) for y in range(top, bottom + 1) for x in range(left, right + 1)]
    yield from found if len(found) <= MOST_TILES else ()


def _tile_of(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    side, rad = 2**zoom, math.radians(latitude)
    x = int((longitude + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(rad)) / math.pi) / 2 * side)
    return min(max(x, 0), side - 1), min(max(y, 0), side - 1)


def _draw(sheet: _Sheet, frame: Frame, layer: str, found: dict[str, Any], tile: tuple[int, int, int]) -> None:
    for feature in found["features"]:
        shape, told = feature["geometry"]["type"], feature["properties"]
        if kind := look(layer=layer, shape=shape, told=told):
            for line in _lines(feature["geometry"]):
                sheet.paths[kind] += _path(frame, _placed(frame, line, tile, found["extent"]), closed=shape.endswith("Polygon"))
        elif called := name(layer=layer, shape=shape, told=told):
            (place,) = _placed(frame, [feature["geometry"]["coordinates"]], tile, found["extent"])
            sheet.names.setdefault(called[1], (called[0], place))


def _lines(geometry: dict[str, Any]) -> Iterable[Sequence[Sequence[float]]]:
    """The lines and rings of a GeoJSON geometry, one after the other."""
    deep = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}[geometry["type"]]
    lines: Any = [geometry["coordinates"]]
    for _level in range(deep):
        lines = [line for part in lines for line in part]
    found: Iterable[Sequence[Sequence[float]]] = lines
    return found


def _placed(frame: Frame, line: Sequence[Sequence[float]], tile: tuple[int, int, int], extent: int) -> list[Point]:
    zoom, x, y = tile
    side = 2**zoom * extent
    found = []
    for across, down, *_rest in line:
        longitude = (x * extent + across) / side * 360 - 180
        latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y * extent + down) / side))))
        found.append(frame.place(longitude=longitude, latitude=latitude))
    return found


def _path(frame: Frame, line: Sequence[Point], *, closed: bool) -> list[str]:
    """A piece of a path, without points that nobody could tell apart; nothing for what lies beside the frame."""
    xs, ys = [x for x, _y in line], [y for _x, y in line]
    if not line or max(xs) < 0 or min(xs) > frame.width or max(ys) < 0 or min(ys) > frame.height:
        return []
    kept = [line[0]]
    for point in line[1:]:
        if math.dist(point, kept[-1]) >= FINEST:
            kept.append(point)
    if len(kept) < (3 if closed else 2):
        return []
    return [f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in kept)}", *(("Z",) if closed else ())]


def _names(sheet: _Sheet, frame: Frame, known: Collection[str]) -> Iterator[str]:
    """Names that cover no other, the larger places first."""
    taken: list[tuple[float, float, float]] = []
    for words, (_size, (x, y)) in sorted(sheet.names.items(), key=lambda item: (item[1][0], item[0])):
        half = len(words) * LETTER / 2
        inside = half < x < frame.width - half and LINE < y < frame.height - LINE
        free = all(abs(y - other_y) > LINE or abs(x - other_x) > half + other for other_x, other_y, other in taken)
        if inside and free and words not in known and len(taken) < MOST_NAMES:
            taken.append((x, y, half))
            yield f'<text x="{x:.0f}" y="{y:.0f}">{escape(words)}</text>'
