"""Decides on which days a round plan delivers: the days by its rule, then what holidays and own exceptions make of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

import holidays
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from logistics.models import RoundRule

Frequency = RoundRule.Frequency
OnHoliday = RoundRule.OnHoliday
SUNDAY = 6
ONE_DAY = timedelta(days=1)
#: how far a day is looked for at most: ten years hold a day of every plan that has one
HORIZON = timedelta(days=3660)


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A day by the rule, the day on which goods are really brought (None: not at all), and why it differs."""

    rule_day: date
    delivery_day: date | None
    reason: str = ""


@lru_cache(maxsize=256)
def holiday(*, state: str, day: date) -> str:
    """The German name of the public holiday of a state (`SH`) on that day, empty for none."""
    return str(_of_year(state, day.year).get(day, ""))


def by_rule(*, rule: RoundRule, first: date, last: date) -> list[date]:
    """The days of a plan from `first` to `last`, both included, as the rule has them."""
    return [moment.date() for moment in _series(rule).between(_moment(first), _moment(_end(rule, last)), inc=True)]


def coming(*, rule: RoundRule, after: date, count: int) -> list[date]:
    """The next `count` days by the rule from `after` on, fewer when the plan ends."""
    found = _series(rule).xafter(_moment(after), inc=True)
    last = _end(rule, after + HORIZON)
    return [moment.date() for moment in islice(found, count) if moment.date() <= last]


def before(*, rule: RoundRule, day: date) -> date | None:
    """The last day by the rule before `day`, None when the plan begins with it."""
    found = _series(rule).before(_moment(day))
    return found.date() if found else None


def placed(*, rule: RoundRule, days: Iterable[date], exceptions: Mapping[date, tuple[date | None, str]]) -> list[Placed]:
    """Where the days by the rule really lie. `exceptions`: day by the rule to its new day (None: no round) and the reason.

    What the office has entered wins over holidays.
    """
    found = []
    for day in days:
        if day in exceptions:
            moved_to, reason = exceptions[day]
            found.append(Placed(rule_day=day, delivery_day=moved_to, reason=reason))
            continue
        name = holiday(state=rule.region.state, day=day)
        found.append(Placed(rule_day=day, delivery_day=_around(rule, day) if name else day, reason=name))
    return found


def _around(rule: RoundRule, day: date) -> date | None:
    """What the plan does with a public holiday; another day is a working day, Saturdays included."""
    if rule.on_holiday == OnHoliday.SKIP:
        return None
    step = {OnHoliday.BEFORE: -ONE_DAY, OnHoliday.AFTER: ONE_DAY}.get(OnHoliday(rule.on_holiday))
    while step and (day.weekday() == SUNDAY or holiday(state=rule.region.state, day=day)):
        day += step
    return day


def _series(rule: RoundRule) -> rrule:
    start = _moment(rule.first_day)
    match Frequency(rule.frequency):
        case Frequency.WEEKLY:
            return rrule(WEEKLY, dtstart=start)
        case Frequency.FORTNIGHTLY:
            return rrule(WEEKLY, interval=2, dtstart=start)
        case Frequency.MONTHLY:
            return rrule(MONTHLY, byweekday=weekday(rule.first_day.weekday(), rule.week_of_month), dtstart=start)
        case Frequency.ONCE:
            return rrule(DAILY, count=1, dtstart=start)


def _end(rule: RoundRule, last: date) -> date:
    return min(filter(None, (rule.last_day, last)))


def _moment(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


@lru_cache(maxsize=64)
def _of_year(state: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("DE", subdiv=state, years=year, language="de", expand=False)
