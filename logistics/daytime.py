"""Turns days and times of day into moments and back, the way clocks on the wall do it.

All regions lie in Germany, so there is one zone. "Two hours before midnight" is 22:00 on every night, also on those when the
clocks change.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")


def day_of(moment: datetime) -> date:
    """The day that it is then."""
    return moment.astimezone(ZONE).date()


def on(day: date, clock: time) -> datetime:
    """That time of that day."""
    return datetime.combine(day, clock, tzinfo=ZONE)


def midnight(day: date) -> datetime:
    """The first moment of the day."""
    return on(day, time(0))


def hours_before(day: date, hours: int) -> datetime:
    """So many hours by the clock on the wall before the day begins; 30 is 18:00 two days before."""
    return midnight(day) - timedelta(hours=hours)  # arithmetic within one zone is wall-clock arithmetic


def at_second(day: date, seconds: int) -> datetime:
    """The moment when the wall clock of that day shows so many seconds since midnight; more than a day runs into the next."""
    return midnight(day) + timedelta(seconds=seconds)


def seconds(clock: time) -> int:
    """Seconds since midnight by the wall clock."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def seconds_of(moment: datetime) -> int:
    """Seconds since local midnight by the wall clock."""
    return seconds(moment.astimezone(ZONE).time())
