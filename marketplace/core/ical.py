"""Writes calendars that every calendar program can read and subscribe to (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import icalendar

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: how often programs that subscribe ask again
REFRESH = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something in a calendar. `key` stays the same when it is moved; moments are aware; `url` is whole."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    text: str = ""
    url: str = ""
    changed_at: datetime | None = None


def calendar(*, name: str, entries: Iterable[Entry], host: str, at: datetime) -> bytes:
    """The file. `host` makes the keys unique; `at` stands for the change of entries that know none."""
    found = icalendar.Calendar()
    found.add("prodid", f"-//Marktrunde//{host}//DE")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("name", name)
    found.add("x-wr-calname", name)
    found.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for entry in entries:
        found.add_component(_event(entry, host, at))
    file: bytes = found.to_ical()
    return file


def _event(entry: Entry, host: str, at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{entry.key}@{host}")
    event.add("dtstamp", _utc(entry.changed_at or at))
    event.add("dtstart", _utc(entry.starts_at))
    event.add("dtend", _utc(entry.ends_at))
    event.add("summary", entry.title)
    for name, value in (("location", entry.place), ("description", entry.text), ("url", entry.url)):
        if value:
            event.add(name, value)
    return event


def _utc(moment: datetime) -> datetime:
    """In UTC, so that no table of zones has to come along."""
    return moment.astimezone(UTC)
