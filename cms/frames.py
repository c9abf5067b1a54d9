"""Decides which links stand in the frame of every page of a region; read once, then kept until the home page is published."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache

from cms.model_parts.home import HomePage
from marketplace.regions.models import Region

KEY: Final = "cms:frame:{}"
SECONDS: Final = 600


@dataclass(frozen=True, kw_only=True)
class FrameLink:
    """A link of a menu."""

    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the home page says about the frame; empty menus mean that the house's own stand."""

    main: tuple[FrameLink, ...] = ()
    footer: tuple[FrameLink, ...] = ()
    contact_hours: str = ""


def frame_of(*, region: Region) -> Frame:
    """Two queries at most, none while it is kept."""
    key = KEY.format(region.pk)
    known: Frame | None = cache.get(key)
    if known is None:
        known = _read(region)
        cache.set(key, known, SECONDS)
    return known


def forget(*, region_id: int) -> None:
    """Read anew at the next request."""
    cache.delete(KEY.format(region_id))


def _read(region: Region) -> Frame:
    home = HomePage.objects.live().filter(pk=region.site.root_page_id).first()
    if home is None:
        return Frame()
    return Frame(main=_links(home.main_menu), footer=_links(home.footer_menu), contact_hours=home.contact_hours)


def _links(stream: Any) -> tuple[FrameLink, ...]:
    """The links whose page is live or which have an address."""
    return tuple(link for child in stream if (link := _link(child.value)) is not None)


def _link(value: Any) -> FrameLink | None:
    page = value["page"]
    if page is not None and page.live:
        return FrameLink(url=page.get_url() or "", label=value["text"] or page.title)
    if value["address"] and value["text"]:
        return FrameLink(url=value["address"], label=value["text"])
    return None
