"""Hands out grounds: their addresses for maps, and their pictures, which are drawn once and kept."""

import hashlib
import logging
from collections.abc import Collection

from django.core.cache import cache
from django.urls import reverse

from marketplace.regions.ground import archive, picture
from marketplace.regions.ground.archive import Archive, UnusableFile
from marketplace.regions.ground.frame import Frame

logger = logging.getLogger(__name__)
KEPT_SECONDS = 7 * 24 * 3600


def address(*, frame: Frame | None, path: str) -> str:
    """Where the picture under a map of that frame is; empty without a file at `path`, or one that cannot be used."""
    found = _archive(path)
    return reverse("regions:ground", args=[found.mark, frame.told()]) if found and frame else ""


def source(*, path: str) -> str:
    """Whom the licence of the file wants named below each map; empty without one."""
    found = _archive(path)
    return found.source if found else ""


def svg(*, frame: Frame, path: str, known: Collection[str]) -> str | None:
    """The picture, `known` places not named in it; None without a usable file."""
    found = _archive(path)
    if found is None:
        return None
    names = ",".join(sorted(known))
    key = "ground-" + hashlib.sha256(f"{found.mark}|{frame}|{names}".encode()).hexdigest()
    kept: str | None = cache.get(key)
    if kept is None:
        kept = picture.draw(frame=frame, archive=found, known=frozenset(known))
        cache.set(key, kept, timeout=KEPT_SECONDS)
    return kept


def _archive(path: str) -> Archive | None:
    if not path:
        return None
    try:
        return archive.opened(path=path)
    except UnusableFile as error:
        logger.warning("Maps are drawn without ground: %s", error)
        return None
