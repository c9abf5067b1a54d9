"""Decides where a calendar month begins and ends; no document crosses one (Art. 223 of the VAT directive)."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from django.utils import timezone


class PeriodNotOver(Exception):
    """The period still runs, or it is not within one calendar month."""


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def week_of(day: date) -> tuple[date, date]:
    """First and last day of the week from Monday to Sunday, cut where the month ends or begins."""
    monday = day - timedelta(days=day.weekday())
    first, last = month_of(day)
    return max(first, monday), min(last, monday + timedelta(days=6))


def span_of(day: date, *, weekly: bool) -> tuple[date, date]:
    """The week or the month of a day."""
    return week_of(day) if weekly else month_of(day)


def check(*, first: date, last: date, today: date) -> None:
    """Refuse a period that is not over or crosses a month. Raises `PeriodNotOver`."""
    if not first <= last < today or month_of(first) != month_of(last):
        raise PeriodNotOver(f"{first:%Y-%m-%d} to {last:%Y-%m-%d} is not a past period within one month.")


def starts(day: date) -> datetime:
    """The moment a day begins, by the clock of the region."""
    return timezone.make_aware(datetime.combine(day, time.min))
