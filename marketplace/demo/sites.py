"""Gives each region its site: a home page of live blocks, the fixed pages, the stories, the menus and its editors."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from cms import editors, goods, setup
from cms.setup import EventContent, LinkContent, SiteContent, StoryContent, TextContent
from logistics import daytime
from marketplace.catalogue.models import Product
from marketplace.demo import market as plan
from marketplace.demo import people
from marketplace.demo.gallery import Key
from marketplace.demo.market import Market
from marketplace.demo.tales import Event, Home, Story
from marketplace.partner.models import Partner
from marketplace.pictures.models import Picture
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

MAIN_MENU = ("so-funktioniert-es", "geschichten")
Section = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows that pages name: articles and producers by slug, villages by region and name, pictures by motif and variant."""

    regions: Mapping[str, Region]
    villages: Mapping[tuple[str, str], Municipality]
    partners: Mapping[str, Partner]
    products: Mapping[str, Product]
    pictures: Mapping[Key, Picture]
    users: Mapping[str, User]


def build(*, market: Market, rows: Rows, at: datetime, today: date) -> None:
    """Publish the pages of every region and appoint its editor; events lie around `today`."""
    homes = {home.region: home for home in market.homes}
    for region in market.regions:
        row = rows.regions[region.slug]
        setup.build_site(region=row, content=_site(market, region, homes[region.slug], rows, today), at=at)
        editors.appoint(user=rows.users[people.EDITORS[region.slug]], region=row, at=at, by=None)


def _site(market: Market, region: plan.Region, home: Home, rows: Rows, today: date) -> SiteContent:
    stories = [story for story in market.stories if story.region == region.slug]
    return SiteContent(
        title=home.title,
        description=home.description,
        sections=list(_sections(home, rows, has_stories=bool(stories))),
        pages=[_page(page, region.operator, rows) for page in market.pages],
        stories=[_story(story, rows) for story in stories],
        events=[_event(event, rows, today) for event in market.events if event.region == region.slug],
        main_menu=_links(slug for slug in MAIN_MENU if stories or slug != "geschichten"),
        footer_menu=_links(["termine", *(page.slug for page in market.pages)]),
        contact_hours=home.hours,
        share_picture=rows.pictures[home.motif, 0],
    )


def _sections(home: Home, rows: Rows, *, has_stories: bool) -> Iterator[Section]:
    yield "hero", {"title": home.title, "text": home.text, "picture": rows.pictures[home.motif, 0].pk, "search": True}
    if home.notice:
        yield "notice", {"text": home.notice, "tone": "leaf", "link_text": "Ansehen", "link": home.notice_link}
    yield "round", {"heading": "Die nächste Lieferrunde", "text": home.round_text, "count": 1}
    yield "categories", {"heading": "Stöbern"}
    yield (
        "ruled_goods",
        {"heading": "Jetzt in der Saison", "text": "", "rule": goods.SEASON, "category": None, "count": 8},
    )
    if home.picks:
        picked = [rows.products[slug].pk for slug in home.picks]
        yield "picked_goods", {"heading": home.picks_heading, "text": "", "products": picked}
    yield "season", {"heading": "Das hat gerade Saison", "text": ""}
    yield "ruled_producers", {"heading": "Wer dahintersteht", "text": "", "rule": "new", "village": None, "count": 6}
    yield (
        "text_picture",
        {
            "heading": home.how_heading,
            "text": f"<p>{escape(home.how_text)}</p>",
            "picture": rows.pictures[home.how_motif, 0].pk,
            "side": "right",
        },
    )
    yield "villages", {"heading": "Aus diesen Dörfern" if has_stories else "Aus diesen Stadtteilen", "text": ""}
    yield (
        "village",
        {
            "heading": "Dorf des Monats" if has_stories else "Stadtteil des Monats",
            "village": rows.villages[home.region, home.village].pk,
            "picture": rows.pictures[home.village_motif, 0].pk,
            "text": f"<p>{escape(home.village_text)}</p>",
        },
    )
    yield "events", {"heading": "Termine", "count": 3}
    yield "quote", {"text": home.quote, "who": home.quote_by}
    if has_stories:
        yield "stories", {"heading": "Geschichten", "count": 3}
    yield "numbers", {"heading": "Der Markt in Zahlen"}


def _page(page: plan.Page, operator: plan.Operator, rows: Rows) -> TextContent:
    return TextContent(
        slug=page.slug,
        title=page.title,
        lead=page.lead,
        body=page.body_for(operator=operator),
        picture=rows.pictures[page.motif, 0] if page.motif else None,
    )


def _story(story: Story, rows: Rows) -> StoryContent:
    return StoryContent(
        slug=story.slug,
        title=story.title,
        teaser=story.teaser,
        body=story.body,
        picture=rows.pictures[story.motif, 0],
        partner=rows.partners[story.producer],
    )


def _event(event: Event, rows: Rows, today: date) -> EventContent:
    day = today + timedelta(days=7 * event.weeks + event.weekday - today.isoweekday())
    return EventContent(
        slug=event.slug,
        title=event.title,
        teaser=event.teaser,
        starts_at=daytime.on(day, event.starts),
        ends_at=daytime.on(day, event.ends),
        place=event.place,
        village=rows.villages[event.region, event.municipality],
        organiser=event.organiser,
        body=event.body,
    )


def _links(slugs: Iterable[str]) -> list[LinkContent]:
    return [LinkContent(slug=slug) for slug in slugs]
