"""Template filters over ``marketplace.core.wording``; an empty or missing value stays empty.

Aware datetimes are turned to local time before they reach a filter.
"""

from datetime import date, datetime, time
from decimal import Decimal

from django import template

from marketplace.core import wording

register = template.Library()

Missing = str | None


@register.filter
def euro(amount: Decimal | int | Missing) -> str:
    """``{{ price|euro }}``: 1.234,56 €."""
    return wording.euro(amount) if isinstance(amount, Decimal | int) else ""


@register.filter
def weight(grams: int | Missing) -> str:
    """``{{ grams|weight }}``: 350 g, 1,25 kg."""
    return wording.weight(grams) if isinstance(grams, int) else ""


@register.filter
def kilometres(metres: int | Missing) -> str:
    """``{{ metres|kilometres }}``: 350 m, 12,3 km."""
    return wording.kilometres(metres) if isinstance(metres, int) else ""


@register.filter
def degrees(tenths: int | Missing) -> str:
    """``{{ tenths|degrees }}``: 7,5 °C."""
    return wording.degrees(tenths) if isinstance(tenths, int) else ""


@register.filter
def quantity(number: Decimal | int | Missing, unit: str = "") -> str:
    """``{{ number|quantity:"kg" }}``: 2,5 kg; without unit the number alone."""
    return wording.quantity(number, unit=unit) if isinstance(number, Decimal | int) else ""


@register.filter(expects_localtime=True)
def weekday_date(day: date | datetime | Missing) -> str:
    """``{{ day|weekday_date }}``: Samstag, 28. November."""
    return wording.weekday_date(day) if isinstance(day, date) else ""


@register.filter(expects_localtime=True)
def full_date(day: date | datetime | Missing) -> str:
    """``{{ day|full_date }}``: Samstag, 28. November 2026."""
    return wording.full_date(day) if isinstance(day, date) else ""


@register.filter(expects_localtime=True)
def clock(moment: time | datetime | Missing) -> str:
    """``{{ moment|clock }}``: 18:00 Uhr."""
    return wording.clock(moment) if isinstance(moment, time | datetime) else ""


@register.filter
def duration(seconds: int | Missing) -> str:
    """``{{ seconds|duration }}``: 2 Tage, 4 Stunden."""
    return wording.duration(seconds) if isinstance(seconds, int) else ""
