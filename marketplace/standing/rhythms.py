"""Decides on which days of a round plan something comes: every week, every two weeks or every month, counted from a first day."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from logistics.models import RoundRule
from marketplace.standing.models import Rhythm

FORTNIGHT = 14
MONTHS = 12
#: days between two rounds of a plan
STEPS = {RoundRule.Frequency.WEEKLY: 7, RoundRule.Frequency.FORTNIGHTLY: 14}


def falls_on(*, rhythm: str, day: date, first: date, step: int) -> bool:
    """Whether it comes on `day`, a day of a plan with a round every `step` days; `first` is the day from which it is counted.

    It comes with the first round of each period: all rounds, one in fourteen days, or one in each month from the day of `first`.
    """
    if day < first:
        return False
    if rhythm == Rhythm.WEEKLY:
        return True
    begin = (
        _month(day, first) if rhythm == Rhythm.MONTHLY else first + timedelta(days=(day - first).days // FORTNIGHT * FORTNIGHT)
    )
    return day - timedelta(days=step) < begin


def days(*, rule: RoundRule, after: date, count: int) -> list[date]:
    """The next `count` delivery days by a plan from `after` on, fewer when the plan ends."""
    step = STEPS[RoundRule.Frequency(rule.frequency)]
    behind = max(0, -(-(after - rule.first_day).days // step))
    found = [rule.first_day + timedelta(days=(behind + number) * step) for number in range(count)]
    return [day for day in found if rule.last_day is None or day <= rule.last_day]


def step_of(*, rule: RoundRule) -> int:
    """Days between two rounds of a plan."""
    return STEPS[RoundRule.Frequency(rule.frequency)]


def _month(day: date, first: date) -> date:
    """The begin of the period of a month in which the day lies; of a 31st, short months have their last day."""
    whole = (day.year - first.year) * MONTHS + day.month - first.month
    begin = first + relativedelta(months=whole)
    return begin if begin <= day else first + relativedelta(months=whole - 1)
