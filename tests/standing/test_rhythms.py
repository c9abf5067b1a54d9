"""Weekly, fortnightly and monthly, counted from a first day, on the days of a round plan."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marketplace.standing.models import Rhythm
from marketplace.standing.rhythms import falls_on

FIRST = date(2026, 11, 28)


def days(rhythm: str, *, step: int = 7, first: date = FIRST, weeks: int = 14) -> list[date]:
    """The plan's days on which something comes."""
    plan = [FIRST + timedelta(days=step * number) for number in range(-2, weeks)]
    return [day for day in plan if falls_on(rhythm=rhythm, day=day, first=first, before=day - timedelta(days=step))]


def test_weekly_comes_each_time_from_the_first_day_on() -> None:
    assert days(Rhythm.WEEKLY, weeks=3) == [FIRST, FIRST + timedelta(days=7), FIRST + timedelta(days=14)]


def test_fortnightly_leaves_one_week_out() -> None:
    assert days(Rhythm.FORTNIGHTLY, weeks=4) == [FIRST, FIRST + timedelta(days=14)]


def test_monthly_comes_with_the_first_round_of_each_month_from_that_day() -> None:
    assert days(Rhythm.MONTHLY) == [FIRST, date(2027, 1, 2), date(2027, 1, 30)]


def test_a_first_day_between_two_rounds_waits_for_the_next() -> None:
    assert days(Rhythm.FORTNIGHTLY, first=FIRST + timedelta(days=2), weeks=3)[0] == FIRST + timedelta(days=7)


@given(first=st.dates(date(2026, 1, 1), date(2028, 12, 31)), step=st.sampled_from([7, 14]))
def test_monthly_comes_exactly_once_a_month(first: date, step: int) -> None:
    plan = [date(2026, 1, 3) + timedelta(days=step * number) for number in range(200)]
    found = [day for day in plan if falls_on(rhythm=Rhythm.MONTHLY, day=day, first=first, before=day - timedelta(days=step))]
    assert all(15 <= (after - before).days <= 46 for before, after in pairwise(found))
    assert all(day >= first for day in found)


@given(first=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_fortnightly_is_fourteen_days_apart(first: date) -> None:
    plan = [date(2026, 1, 3) + timedelta(days=7 * number) for number in range(150)]
    week = timedelta(days=7)
    found = [day for day in plan if falls_on(rhythm=Rhythm.FORTNIGHTLY, day=day, first=first, before=day - week)]
    assert {(after - before).days for before, after in pairwise(found)} == {14}
