"""Decides in which sizes pictures are shown, and finds the files of many pictures in one query."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.images.models import Filter

from marketplace.pictures.models import Picture, Rendition

CARD = "fill-480x360"
PAGE = "fill-960x720"
LINE = "fill-144x144"
FORMATS = ("format-webp", "format-jpeg")


@dataclass(frozen=True)
class ShownPicture:
    """A picture in one size: JPEG for everyone, WebP for those who know it. Width and height are pixels."""

    url: str
    width: int
    height: int
    webp_url: str
    alt: str


def shown(*, pictures: Iterable[Picture | None], size: str) -> dict[int, ShownPicture]:
    """The pictures in that size, by id; see `in_sizes`."""
    return {pk: picture for (pk, _), picture in in_sizes(wanted=[(picture, size) for picture in pictures]).items()}


def in_sizes(*, wanted: Iterable[tuple[Picture | None, str]]) -> dict[tuple[int, str], ShownPicture]:
    """Pictures, each in the size it is wanted in, by id and size: one query when the files are there.

    A missing file is made on the way; a picture whose original cannot be read is left out, so that no page fails for a picture.
    """
    known = {(picture.pk, size): picture for picture, size in wanted if picture is not None}
    if not known:
        return {}
    specs = {spec for _, size in known for spec in specs_for(size)}
    rows = Rendition.objects.filter(image_id__in={pk for pk, _ in known}, filter_spec__in=specs)
    there = {(row.image_id, row.filter_spec, row.focal_point_key): row for row in rows}
    found = {}
    for (pk, size), picture in known.items():
        files = [there.get((pk, spec, Filter(spec).get_cache_key(picture))) for spec in specs_for(size)]
        made = files if all(files) else _made(picture, specs_for(size))
        if len(made) == len(FORMATS) and made[0] and made[1]:
            found[pk, size] = _shown(picture, webp=made[0], jpeg=made[1])
    return found


def specs_for(size: str) -> tuple[str, str]:
    """The two filters of Wagtail that make a size: WebP and JPEG. The demo makes them ahead."""
    return f"{size}|{FORMATS[0]}", f"{size}|{FORMATS[1]}"


def _made(picture: Picture, specs: tuple[str, str]) -> list[Rendition | None]:
    try:
        made = picture.get_renditions(*specs)
    except (OSError, ValueError):
        return []
    return [made[spec] for spec in specs]


def _shown(picture: Picture, *, webp: Rendition, jpeg: Rendition) -> ShownPicture:
    return ShownPicture(
        url=jpeg.url, width=jpeg.width, height=jpeg.height, webp_url=webp.url, alt=str(picture.default_alt_text or "")
    )
