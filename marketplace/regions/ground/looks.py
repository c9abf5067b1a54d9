"""Says what of a vector tile is drawn, and as what. Knows the layers of Protomaps, OpenMapTiles and Shortbread."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Look(StrEnum):
    """How something is drawn; in the order in which it is, the lowest first."""

    WOOD = "wood"
    WATER = "water"
    STREAM = "stream"
    RAIL = "rail"
    STREET = "street"
    ROAD = "road"
    MAIN_ROAD = "main_road"


WATER = frozenset({"water", "ocean", "water_polygons"})
STREAMS = frozenset({"water", "waterway", "water_lines"})
LAND = frozenset({"landuse", "landcover", "land", "natural"})
ROADS = frozenset({"roads", "transportation", "streets"})
PLACES = frozenset({"places", "place", "place_labels"})
WOODS = frozenset({"forest", "wood"})
WAYS: Mapping[str, Look] = {
    "highway": Look.MAIN_ROAD,
    "motorway": Look.MAIN_ROAD,
    "trunk": Look.MAIN_ROAD,
    "primary": Look.MAIN_ROAD,
    "major_road": Look.ROAD,
    "secondary": Look.ROAD,
    "tertiary": Look.ROAD,
    "minor_road": Look.STREET,
    "minor": Look.STREET,
    "residential": Look.STREET,
    "unclassified": Look.STREET,
    "living_street": Look.STREET,
    "service": Look.STREET,
    "rail": Look.RAIL,
}
#: the larger a place, the sooner it is named
SIZES = ("city", "town", "village", "locality", "suburb", "hamlet")


def look(*, layer: str, shape: str, told: Mapping[str, Any]) -> Look | None:
    """What a feature of a layer is drawn as; `shape` as GeoJSON names it, `told` its properties. None is left out."""
    kind = _kind(told)
    if shape.endswith("Polygon"):
        return Look.WATER if layer in WATER else Look.WOOD if layer in LAND and kind in WOODS else None
    if shape.endswith("LineString"):
        return Look.STREAM if layer in STREAMS else WAYS.get(kind) if layer in ROADS else None
    return None


def name(*, layer: str, shape: str, told: Mapping[str, Any]) -> tuple[int, str] | None:
    """What a place is called, in German where it can be, and how soon it is named (0 first); None for what is no place."""
    words = str(told.get("name:de") or told.get("name_de") or told.get("name") or "")
    sizes = [SIZES.index(kind) for kind in (str(told.get("kind_detail", "")), _kind(told)) if kind in SIZES]
    if layer not in PLACES or shape != "Point" or not words or not sizes:
        return None
    return sizes[0], words[:40]


def _kind(told: Mapping[str, Any]) -> str:
    return str(told.get("kind") or told.get("class") or "")
