"""Says at the start of every command what is wrong with the settings of the maps."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from marketplace.regions.ground.archive import UnusableFile, opened


def map_file(app_configs: Sequence[Any] | None, **_told: object) -> list[CheckMessage]:
    """The file under the maps, if one is set, can be drawn from."""
    if not settings.MAP_TILES:
        return []
    try:
        opened(path=settings.MAP_TILES)
    except UnusableFile as error:
        hint = "MAP_TILES holds the path of a .pmtiles file with vector tiles; empty, maps are drawn without roads and water."
        return [Error(f"MAP_TILES: {error}", hint=hint, id="regions.E001")]
    return []
