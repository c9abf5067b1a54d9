"""Reads vector tiles out of one PMTiles file (version 3) on this machine."""

import gzip
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import mapbox_vector_tile
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType

#: a tile that unpacks to more is none of ours
LARGEST_TILE = 8_000_000


class UnusableFile(Exception):
    """The file cannot be drawn from; the message is for the operator."""


@dataclass(frozen=True)
class Archive:
    """An open file. `mark` tells one file from the next; `source` is whom its licence wants named."""

    reader: Any
    mark: str
    source: str
    zooms: tuple[int, int]
    #: west, south, east, north
    bounds: tuple[float, float, float, float]
    packed: bool

    def layers(self, *, zoom: int, x: int, y: int) -> dict[str, Any]:
        """The layers of a tile, decoded: coordinates down and to the right within "extent"; nothing where there is no tile."""
        found = self.reader.get(zoom, x, y)
        if not found:
            return {}
        raw = gzip.decompress(found) if self.packed else found
        if len(raw) > LARGEST_TILE:
            return {}
        layers: dict[str, Any] = mapbox_vector_tile.decode(raw, default_options={"y_coord_down": True})
        return layers


def opened(*, path: str) -> Archive:
    """The file at that path, opened once and again when it was replaced. Raises `UnusableFile`."""
    try:
        known = os.stat(path)
    except OSError as error:
        raise UnusableFile(_("There is no file “%(path)s”, or it may not be read.") % {"path": path}) from error
    return _opened(path, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=2)
def _opened(path: str, written: int, size: int) -> Archive:
    try:
        with Path(path).open("rb") as file:
            reader = Reader(MmapSource(file))
        header = reader.header()
        told = reader.metadata()
    except Exception as error:  # whatever a damaged file makes of its reader
        raise UnusableFile(_("“%(path)s” is not a PMTiles file of version 3.") % {"path": path}) from error
    if header["tile_type"] != TileType.MVT:
        raise UnusableFile(_("“%(path)s” holds pictures; vector tiles (MVT) are needed.") % {"path": path})
    if header["tile_compression"] not in (Compression.GZIP, Compression.NONE):
        raise UnusableFile(_("“%(path)s” is packed in a way that cannot be read here; gzip can.") % {"path": path})
    degrees = (header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7"))
    west, south, east, north = degrees
    return Archive(
        reader=reader,
        mark=f"{written:x}-{size:x}",
        source=_source(told),
        zooms=(header["min_zoom"], header["max_zoom"]),
        bounds=(west, south, east, north),
        packed=header["tile_compression"] == Compression.GZIP,
    )


def _source(told: Any) -> str:
    """In words alone, as it is shown below the map; most such files hold OpenStreetMap's data."""
    words = told.get("attribution") if isinstance(told, dict) else None
    plain = re.sub(r"\s+", " ", strip_tags(words)).strip() if isinstance(words, str) else ""
    return plain[:200] or "© OpenStreetMap"
