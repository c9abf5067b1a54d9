"""Writes a small file of vector tiles, as an operator would have one of the region."""

import math
from pathlib import Path
from typing import Any

import mapbox_vector_tile
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

EXTENT = 4096
#: south-west and north-east of what is in the file
BOUNDS = (9.4, 54.3, 10.0, 54.5)


def write(
    path: Path, *, zoom: int = 10, kind: TileType = TileType.MVT, attribution: str = "<a href='x'>© OpenStreetMap</a>"
) -> str:
    """One zoom of the region around the Wittensee: a lake, a wood, a road from west to east, a street, two villages."""
    with path.open("wb") as file:
        writer = Writer(file)
        for tile in _tiles(zoom):
            if layers := _layers(zoom, *tile):
                writer.write_tile(zxy_to_tileid(zoom, *tile), mapbox_vector_tile.encode(layers))
        west, south, east, north = (round(degrees * 1e7) for degrees in BOUNDS)
        header = {
            "tile_type": kind, "tile_compression": Compression.NONE, "min_zoom": zoom, "max_zoom": zoom,
            "min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north,
            "center_zoom": zoom, "center_lon_e7": west, "center_lat_e7": south,
        }  # fmt: skip
        writer.finalize(header, {"attribution": attribution})
    return str(path)


def _tiles(zoom: int) -> list[tuple[int, int]]:
    west, south, east, north = BOUNDS
    (left, bottom), (right, top) = _spot(zoom, west, south), _spot(zoom, east, north)
    return [(x, y) for x in range(int(left), int(right) + 1) for y in range(int(top), int(bottom) + 1)]


def _spot(zoom: int, lon: float, lat: float) -> tuple[float, float]:
    side = 2**zoom
    return (lon + 180) / 360 * side, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side


def _layers(zoom: int, x: int, y: int) -> list[dict[str, Any]]:
    def text(*places: tuple[float, float]) -> str:
        spots = (_spot(zoom, lon, lat) for lon, lat in places)
        return ", ".join(f"{(a - x) * EXTENT:.0f} {EXTENT - (b - y) * EXTENT:.0f}" for a, b in spots)

    def inside(lon: float, lat: float) -> bool:
        return tuple(map(int, _spot(zoom, lon, lat))) == (x, y)

    lake = text((9.72, 54.38), (9.80, 54.38), (9.80, 54.41), (9.72, 54.41), (9.72, 54.38))
    wood = text((9.60, 54.41), (9.68, 54.41), (9.68, 54.45), (9.60, 54.45), (9.60, 54.41))
    road = text((9.4, 54.40), (9.7, 54.42), (10.0, 54.43))
    layers: list[dict[str, Any]] = [
        {"name": "water", "features": [{"geometry": f"POLYGON(({lake}))", "properties": {"kind": "lake"}}]},
        {"name": "landuse", "features": [{"geometry": f"POLYGON(({wood}))", "properties": {"kind": "forest"}}]},
        {
            "name": "roads",
            "features": [
                {"geometry": f"LINESTRING({road})", "properties": {"kind": "major_road"}},
                {"geometry": f"LINESTRING({text((9.7, 54.31), (9.71, 54.49))})", "properties": {"kind": "minor_road"}},
                {"geometry": f"LINESTRING({text((9.7, 54.31), (9.9, 54.49))})", "properties": {"kind": "path"}},
            ],
        },
    ]  # fmt: skip
    named = [("Haby", 9.85, 54.45), ("Klein & Fern", 9.55, 54.36)]
    places = [
        {"geometry": f"POINT({text((lon, lat))})", "properties": {"kind": "locality", "kind_detail": "village", "name": words}}
        for words, lon, lat in named
        if inside(lon, lat)
    ]
    return [*layers, *([{"name": "places", "features": places}] if places else [])]
