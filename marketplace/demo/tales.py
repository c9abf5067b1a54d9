"""What the demo's editors write besides fixed pages: stories, events, home pages. Read from the data as `market.py` says."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, kw_only=True)
class Story:
    slug: str
    title: str
    region: str
    producer: str
    motif: str
    teaser: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """So many weeks from the week of the play, on that weekday (ISO) from `starts` till `ends`."""

    slug: str
    title: str
    region: str
    municipality: str
    place: str
    organiser: str
    weeks: int
    weekday: int
    starts: time
    ends: time
    teaser: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Home:
    """What the home page of a region says; `village` is the village of the month, `picks` are slugs of articles."""

    region: str
    title: str
    text: str
    motif: str
    description: str
    hours: str
    notice: str = ""
    notice_link: str = ""
    round_text: str
    picks_heading: str
    picks: tuple[str, ...]
    village: str
    village_motif: str
    village_text: str
    how_heading: str
    how_motif: str
    how_text: str
    quote: str
    quote_by: str
