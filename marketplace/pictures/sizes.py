"""Decides in which few sizes the house shows its pictures, and makes them ahead, so that no visitor waits for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from wagtail.images.models import Filter

from marketplace.pictures.models import Picture, Rendition


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """One size in two formats: WebP for nearly all, JPEG for the rest and for other sites' previews. Wagtail's filter specs."""

    webp: str
    jpeg: str

    @property
    def specs(self) -> tuple[str, str]:
        """Both specs."""
        return (self.webp, self.jpeg)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPicture:
    """What a template needs of a picture: addresses, size in pixels, and the words for those who cannot see it."""

    url: str
    webp_url: str
    width: int
    height: int
    alt: str = ""
    credit: str = ""


def _size(shape: str) -> Size:
    return Size(webp=f"{shape}|format-webp", jpeg=f"{shape}|format-jpeg")


TILE = _size("fill-144x144")
CARD = _size("fill-480x360")
DETAIL = _size("fill-960x720")
HERO = _size("fill-1600x900")
#: what Open Graph asks for
SHARE = _size("fill-1200x630")
HOUSE = (TILE, CARD, DETAIL)


def prepare(*, pictures: Iterable[Picture], sizes: Sequence[Size] = HOUSE) -> int:
    """Make what is missing of these sizes and say how many renditions there are now; safe to run twice."""
    specs = [spec for size in sizes for spec in size.specs]
    return sum(len(picture.get_renditions(*specs)) for picture in pictures)


def look_up(*, pictures: Iterable[Picture | None], sizes: Sequence[Size]) -> None:
    """Find the renditions of many pictures in one query, so that `shown` needs none for what is made already."""
    known = [picture for picture in pictures if picture is not None and not hasattr(picture, "prefetched_renditions")]
    if not known:
        return
    specs = [spec for size in sizes for spec in size.specs]
    found: dict[int, list[Rendition]] = {picture.pk: [] for picture in known}
    for row in Rendition.objects.filter(image_id__in=found, filter_spec__in=specs):
        found[row.image_id].append(row)
    for picture in known:
        picture.prefetched_renditions = found[picture.pk]


def shown(*, picture: Picture | None, size: Size) -> ShownPicture | None:
    """A picture in one size; a rendition that is missing is made. None for no picture, or when its file cannot be read."""
    if picture is None:
        return None
    files = {spec: _looked_up(picture, spec) for spec in size.specs}
    try:
        found = files if all(files.values()) else picture.get_renditions(*size.specs)
    except (OSError, ValueError):
        return None
    jpeg, webp = found[size.jpeg], found[size.webp]
    return ShownPicture(
        url=jpeg.url, webp_url=webp.url, width=jpeg.width, height=jpeg.height, alt=picture.description, credit=picture.credit
    )


def _looked_up(picture: Picture, spec: str) -> Any:
    """The rendition for the picture's focal point, if `look_up` found it: Wagtail's own way is slow for a list of many."""
    rows = [row for row in getattr(picture, "prefetched_renditions", ()) if row.filter_spec == spec]
    key = _filter(spec).get_cache_key(picture) if rows else ""
    return next((row for row in rows if row.focal_point_key == key), None)


@cache
def _filter(spec: str) -> Filter:
    """Wagtail's filter of one of the few sizes."""
    return Filter(spec)
