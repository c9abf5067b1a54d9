"""Builds a region's tree of pages from plain values: home page, text pages, stories, menus."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from django.db import transaction
from wagtail.models import Page, Site

from cms import editors
from cms.models import EventIndexPage, EventPage, HomePage, StandardPage, StoryIndexPage, StoryPage
from marketplace.partner.models import Partner
from marketplace.pictures.models import Picture
from marketplace.regions.models import Municipality, Region


@dataclass(frozen=True, kw_only=True)
class TextContent:
    """A text page. `body`: paragraphs between empty lines, a line that begins with "## " is a heading, with "- " a list item."""

    slug: str
    title: str
    lead: str
    body: str
    picture: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class StoryContent:
    """A story, with its producer if it is about one."""

    slug: str
    title: str
    teaser: str
    body: str
    picture: Picture | None = None
    partner: Partner | None = None


@dataclass(frozen=True, kw_only=True)
class EventContent:
    """An event."""

    slug: str
    title: str
    teaser: str
    starts_at: datetime
    ends_at: datetime
    place: str
    village: Municipality | None = None
    organiser: str = ""
    body: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class LinkContent:
    """A link of a menu: to the text page of that slug (or "geschichten", "termine"), or to an address."""

    slug: str = ""
    address: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class SiteContent:
    """All that a region's site says. `sections` are (name of the block, its values) as in `cms.blocks.home.HomeStream`;

    rows (pictures, articles, producers, villages, shelves) are given as ids, lists of them as lists.
    """

    title: str
    description: str
    sections: Sequence[tuple[str, Mapping[str, Any]]]
    pages: Sequence[TextContent] = ()
    stories: Sequence[StoryContent] = ()
    events: Sequence[EventContent] = ()
    main_menu: Sequence[LinkContent] = ()
    footer_menu: Sequence[LinkContent] = ()
    contact_hours: str = ""
    share_picture: Picture | None = None
    stories_title: str = "Geschichten"
    stories_lead: str = "Wer hier backt, melkt, schmiedet und fährt."
    stories_slug: str = field(default="geschichten")
    events_title: str = "Termine"
    events_lead: str = "Wann Sie die Betriebe besuchen können, und was sonst in der Region geschieht."
    events_slug: str = field(default="termine")


@transaction.atomic
def open_site(*, name: str, hostname: str, port: int, is_default: bool) -> Site:
    """A site with an empty home page, for a region that is to come; again for a host that has one: the same site.

    A default site of Wagtail that belongs to no region yet is taken over and gets the host.
    """
    found = Site.objects.filter(hostname=hostname, port=port).first()
    if found is None and is_default:
        found = Site.objects.filter(is_default_site=True, region__isnull=True).first()
    site = found or Site(hostname=hostname, port=port)
    site.site_name, site.hostname, site.port, site.is_default_site = name, hostname, port, is_default
    if site.root_page_id is None or not isinstance(site.root_page.specific, HomePage):
        site.root_page = _new_home(name)
    site.save()
    return site


def _new_home(name: str) -> Page:
    root = Page.objects.get(depth=1)
    slug = f"start-{root.get_children().count() + 1}"
    home: Page = root.add_child(instance=HomePage(title=name, slug=slug, show_in_menus=False))
    return home


@transaction.atomic
def build_site(*, region: Region, content: SiteContent, at: datetime) -> HomePage:
    """Fill the region's tree and publish it; what stands there with the same slug is written anew, other pages stay.

    Also makes the group of the region's editors. `region.site` comes from `open_site`. Raises `ValidationError` for values
    that no editor could have entered.
    """
    home = _home(region)
    texts = {text.slug: _put(home, StandardPage, text.slug, _text_values(text)) for text in content.pages}
    index = _put(home, StoryIndexPage, content.stories_slug, {"title": content.stories_title, "lead": content.stories_lead})
    for story in reversed(content.stories):
        _put(index, StoryPage, story.slug, _story_values(story))
    dates = _put(home, EventIndexPage, content.events_slug, {"title": content.events_title, "lead": content.events_lead})
    for event in content.events:
        _put(dates, EventPage, event.slug, _event_values(event))
    targets = {**texts, content.stories_slug: index, content.events_slug: dates}
    home.title, home.seo_title, home.search_description = region.name, content.title, content.description
    home.body = _stream(content.sections)
    home.main_menu = _menu(content.main_menu, targets)
    home.footer_menu = _menu(content.footer_menu, targets)
    home.contact_hours, home.share_picture = content.contact_hours, content.share_picture
    _publish(home)
    editors.make_group(region=region)
    return home


def rich_text(*, text: str) -> str:
    """The house's plain mark-up as HTML: paragraphs, "## " headings, "- " lists. Everything else is escaped."""
    parts = []
    for block in (part.strip() for part in text.strip().split("\n\n")):
        lines = block.split("\n")
        if lines and lines[0].startswith("## "):
            parts.append(f"<h2>{escape(lines.pop(0)[3:], quote=False)}</h2>")
        parts += _lists_and_paragraph(lines)
    return "".join(parts)


def _lists_and_paragraph(lines: Iterable[str]) -> list[str]:
    items = [line[2:] for line in lines if line.startswith("- ")]
    words = " ".join(line for line in lines if not line.startswith("- "))
    made = [f"<p>{escape(words, quote=False)}</p>"] if words else []
    listed = "".join(f"<li>{escape(item, quote=False)}</li>" for item in items)
    return [*made, *([f"<ul>{listed}</ul>"] if items else [])]


def _home(region: Region) -> HomePage:
    page = region.site.root_page.specific
    if isinstance(page, HomePage):
        return page
    home = _new_home(region.name).specific
    region.site.root_page = home
    region.site.save()
    return home  # type: ignore[no-any-return]  # just made


def _put(parent: Page, model: type[Page], slug: str, values: Mapping[str, Any]) -> Page:
    """The child with that slug, with these values, live."""
    page = model.objects.child_of(parent).filter(slug=slug).first() or model(slug=slug)
    for name, value in values.items():
        setattr(page, name, value)
    if page.pk is None:
        parent.add_child(instance=page)
    _publish(page)
    return page


def _publish(page: Page) -> None:
    page.save_revision(clean=True).publish()
    page.refresh_from_db()


def _text_values(text: TextContent) -> dict[str, Any]:
    body = [("text", {"text": rich_text(text=text.body)})]
    return {
        "title": text.title, "lead": text.lead, "picture": text.picture,
        "search_description": text.lead, "body": _stream(body),
    }  # fmt: skip


def _story_values(story: StoryContent) -> dict[str, Any]:
    body = [("text", {"text": rich_text(text=story.body)})]
    return {
        "title": story.title, "teaser": story.teaser, "picture": story.picture, "partner": story.partner,
        "search_description": story.teaser, "body": _stream(body),
    }  # fmt: skip


def _event_values(event: EventContent) -> dict[str, Any]:
    return {
        "title": event.title, "teaser": event.teaser, "picture": event.picture, "search_description": event.teaser,
        "starts_at": event.starts_at, "ends_at": event.ends_at, "place": event.place, "municipality": event.village,
        "organiser": event.organiser, "body": _stream([("text", {"text": rich_text(text=event.body)})] if event.body else []),
    }  # fmt: skip


def _stream(sections: Iterable[tuple[str, Mapping[str, Any]]]) -> Any:
    """Blocks as a StreamField stores them."""
    return [{"type": name, "value": dict(values)} for name, values in sections]


def _menu(links: Iterable[LinkContent], targets: Mapping[str, Page]) -> Any:
    return [
        {
            "type": "link",
            "value": {
                "page": targets[link.slug].pk if link.slug in targets else None,
                "address": "" if link.slug in targets else link.address,
                "text": link.text,
            },
        }
        for link in links
        if link.slug in targets or link.address
    ]
