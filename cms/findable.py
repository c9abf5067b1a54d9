"""Decides what of the editors' pages a visitor's search goes through: all live pages of the region, with their texts."""

from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from django.db.models import Q
from django.utils.html import strip_tags
from wagtail.models import Page

from cms.model_parts.base import MarketPage
from logistics import daytime
from marketplace.regions.models import Region
from marketplace.shop import finds

STORY, EVENT, PAGE = "story", "event", "page"
#: page types that have a group of their own
KINDS: Final = {"storypage": STORY, "eventpage": EVENT}
#: values of blocks that are no text
SHORTEST: Final = 12


def entries(region: Region) -> list[finds.Entry]:
    """The pages below the home page of a region: one query."""
    home = region.site.root_page
    kinds = [str(kind._meta.model_name) for kind in MarketPage.__subclasses__()]
    pages = Page.objects.live().descendant_of(home).select_related(*kinds).order_by("-first_published_at", "pk")
    return [_entry(page, next((kind for kind in kinds if hasattr(page, kind)), ""), home) for page in pages.filter(~Q(depth=1))]


def _entry(page: Page, kind: str, home: Page) -> finds.Entry:
    own: Any = getattr(page, kind) if kind else page
    body = getattr(own, "body", None)
    return finds.entry(
        kind=KINDS.get(kind, PAGE),
        title=page.title,
        url="/" + page.url_path.removeprefix(home.url_path),
        text=getattr(own, "teaser", "") or getattr(own, "lead", "") or page.search_description,
        body=" ".join([getattr(own, "place", ""), getattr(own, "organiser", ""), *(_texts(list(body.raw_data)) if body else ())]),
        until=daytime.day_of(own.ends_at) if kind == "eventpage" else None,
    )


def _texts(value: Any) -> Iterator[str]:
    """Everything in the raw blocks that is longer than a key, without its tags."""
    if isinstance(value, str):
        yield from [unescape(strip_tags(value.replace("<", " <")))] if len(value) >= SHORTEST else []
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from () if name in {"id", "type"} else _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
