"""Decides what is told of an event: when it is in words, whether it still comes, and how calendars and machines read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from logistics import daytime
from marketplace.core import ical, wording
from marketplace.core.ical import Entry


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An event as lists and calendars show it."""

    key: int
    url: str
    title: str
    teaser: str
    starts_at: datetime
    ends_at: datetime
    place: str
    village: str
    organiser: str
    changed_at: datetime | None = None

    @property
    def where(self) -> str:
        """`Dorfplatz, Haby`; the village is not said twice."""
        parts = [self.place] if self.village in self.place else [self.place, self.village]
        return ", ".join(part for part in parts if part)

    @property
    def list_url(self) -> str:
        """The page that lists all of them."""
        return self.url.rstrip("/").rpartition("/")[0] + "/"

    @property
    def day(self) -> date:
        """The day on which it begins."""
        return daytime.day_of(self.starts_at)

    @property
    def last_day(self) -> date:
        """The day on which it ends."""
        return daytime.day_of(self.ends_at)

    @property
    def when(self) -> str:
        """`Samstag, 5. Dezember, 14:00–17:00 Uhr`, over several days from when till when."""
        starts, ends = self.starts_at.astimezone(daytime.ZONE), self.ends_at.astimezone(daytime.ZONE)
        if self.day == self.last_day:
            return f"{wording.weekday_date(self.day)}, {wording.clock_span(starts, ends)}"
        return _("%(start)s, %(from)s to %(end)s, %(until)s") % {
            "start": wording.weekday_date(self.day),
            "from": wording.clock(starts),
            "end": wording.weekday_date(self.last_day),
            "until": wording.clock(ends),
        }


def coming(*, happenings: Iterable[Happening], today: date) -> list[Happening]:
    """Those that are not over on that day, the next first."""
    return sorted((one for one in happenings if one.last_day >= today), key=lambda one: (one.starts_at, one.key))


def over(*, happenings: Iterable[Happening], today: date) -> list[Happening]:
    """Those that are over, the latest first."""
    return sorted((one for one in happenings if one.last_day < today), key=lambda one: (one.starts_at, one.key), reverse=True)


def structured(*, happening: Happening, url: str, picture_url: str) -> dict[str, Any]:
    """The event in the words of schema.org; `url` is whole."""
    return {
        "@type": "Event",
        "name": happening.title,
        "description": happening.teaser,
        "startDate": happening.starts_at.astimezone(daytime.ZONE).isoformat(),
        "endDate": happening.ends_at.astimezone(daytime.ZONE).isoformat(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {
            "@type": "Place",
            "name": happening.place or happening.village,
            "address": {"@type": "PostalAddress", "addressLocality": happening.village, "addressCountry": "DE"},
        },
        "organizer": {"@type": "Organization", "name": happening.organiser} if happening.organiser else "",
        "image": picture_url,
        "url": url,
    }


def calendar(*, happenings: Sequence[Happening], host: str, root: str, at: datetime) -> bytes:
    """A calendar file. `root` makes the addresses whole, without the last slash."""
    entries = [
        Entry(
            key=f"event-{one.key}",
            title=one.title,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=one.where,
            text=one.teaser,
            url=f"{root}{one.url}",
            changed_at=one.changed_at,
        )
        for one in happenings
    ]
    return ical.calendar(name=_("Events"), entries=entries, host=host, at=at)
