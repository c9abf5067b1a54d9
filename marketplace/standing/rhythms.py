"""Decides on which days of a round plan something comes: every week, every two weeks or every month, counted from a first day."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from marketplace.standing.models import Rhythm

FORTNIGHT = 14
MONTHS = 12


def falls_on(*, rhythm: str, day: date, first: date, before: date | None) -> bool:
    """Whether it comes on `day`, a day of a plan whose day before that was `before`; `first` is the day from which it is counted.

    It comes with the first round of each period: all rounds, one in fourteen days, or one in each month from the day of `first`.
    """
    if day < first:
        return False
    if rhythm == Rhythm.WEEKLY:
        return True
    begin = (
        _month(day, first) if rhythm == Rhythm.MONTHLY else first + timedelta(days=(day - first).days // FORTNIGHT * FORTNIGHT)
    )
    return before is None or before < begin


def _month(day: date, first: date) -> date:
    """The begin of the period of a month in which the day lies; of a 31st, short months have their last day."""
    whole = (day.year - first.year) * MONTHS + day.month - first.month
    begin = first + relativedelta(months=whole)
    return begin if begin <= day else first + relativedelta(months=whole - 1)
