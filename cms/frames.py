"""Decides what the pages of a region say on other pages: the links in the frame, the latest stories, the events.

Read once, then kept until a page of the region is published, taken down or moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.core.cache import cache
from django.db.models import Q
from wagtail.models import Page

from cms.events import Happening
from marketplace.core import forgetting
from marketplace.regions.models import Region

KEY: Final = "cms:frame:{}"
SECONDS: Final = 600
#: no block shows more stories
LATEST: Final = 6
#: those that begin last; a region that plans further ahead shows the nearer ones on its list only
EVENTS: Final = 40


@dataclass(frozen=True, kw_only=True)
class FrameLink:
    """A link of a menu."""

    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Tale:
    """A story that other pages lead to, with the keys of its picture and of the producer it is about."""

    url: str
    title: str
    teaser: str
    picture_id: int | None
    partner_id: int | None


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the home page says about the frame (empty menus mean that the house's own stand), and the latest stories."""

    main: tuple[FrameLink, ...] = ()
    footer: tuple[FrameLink, ...] = ()
    contact_hours: str = ""
    tales: tuple[Tale, ...] = ()
    events: tuple[Happening, ...] = ()


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
    forgetting.forget(KEY.format(region_id))


def tales_below(*, page: Page) -> tuple[Tale, ...]:
    """All live stories below a page, the latest first: one query."""
    return tuple(_tale(row) for row in _stories(page))


def events_below(*, page: Page) -> tuple[Happening, ...]:
    """All live events below a page: one query."""
    return tuple(happening(row=row) for row in _events(page))


def happening(*, row: Any) -> Happening:
    """An event page as lists and calendars show it."""
    return Happening(
        key=row.pk,
        url=row.get_url() or "",
        title=row.title,
        teaser=row.teaser,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        village=row.municipality.name if row.municipality_id else "",
        organiser=row.organiser,
        changed_at=row.last_published_at,
    )


def _read(region: Region) -> Frame:
    """The home page as Wagtail has read it for this request already, or reads it now; all other pages in one query."""
    home: Any = region.site.root_page.specific
    if not (home.live and isinstance(home, apps.get_model("cms", "HomePage"))):
        return Frame()
    menus = [[link["value"] for link in stream.raw_data] for stream in (home.main_menu, home.footer_menu)]
    asked = Q(pk__in={value["page"] for values in menus for value in values if value.get("page")})
    latest = Q(pk__in=_stories(home).values("pk")[:LATEST])
    ahead = Q(pk__in=_events(home).order_by("-starts_at").values("pk")[:EVENTS])
    known = ("storypage", "eventpage__municipality")
    rows = Page.objects.live().filter(asked | latest | ahead).select_related(*known).order_by("-first_published_at", "-pk")
    pages = {row.pk: row for row in rows}
    told = [row.storypage for row in pages.values() if hasattr(row, "storypage") and row.path.startswith(home.path)]
    events = [row.eventpage for row in pages.values() if hasattr(row, "eventpage") and row.path.startswith(home.path)]
    main, footer = (_links(values, pages) for values in menus)
    return Frame(
        main=main,
        footer=footer,
        contact_hours=home.contact_hours,
        tales=tuple(map(_tale, told[:LATEST])),
        events=tuple(happening(row=row) for row in events),
    )


def _stories(above: Page) -> Any:
    """The live stories below a page, the latest first; the model is found by name because pages themselves show these rows."""
    live = apps.get_model("cms", "StoryPage").objects.live()
    return live.descendant_of(above).order_by("-first_published_at", "-pk")


def _events(above: Page) -> Any:
    """The live events below a page."""
    live = apps.get_model("cms", "EventPage").objects.live().select_related("municipality")
    return live.descendant_of(above).order_by("starts_at", "pk")


def _tale(row: Any) -> Tale:
    return Tale(url=row.get_url() or "", title=row.title, teaser=row.teaser, picture_id=row.picture_id, partner_id=row.partner_id)


def _links(values: Iterable[dict[str, Any]], pages: dict[int, Page]) -> tuple[FrameLink, ...]:
    """The links whose page is live or which have an address."""
    return tuple(link for value in values if (link := _link(value, pages)) is not None)


def _link(value: dict[str, Any], pages: dict[int, Page]) -> FrameLink | None:
    page = pages.get(value.get("page") or 0)
    if page is not None:
        return FrameLink(url=page.get_url() or "", label=value.get("text") or page.title)
    if value.get("address") and value.get("text"):
        return FrameLink(url=value["address"], label=value["text"])
    return None
