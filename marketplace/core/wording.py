"""Says amounts, weights, distances and times the way people of the active language write them.

Numbers and units are tied together by a no-break space. Nothing here rounds money: amounts come in whole cents, else they are
rounded by ``money.to_cents`` first.
"""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import dateformat
from django.utils.formats import number_format
from django.utils.translation import ngettext, pgettext

from marketplace.core import money

NO_BREAK = "\u00a0"
MINUS = "\u2212"
GRAMS_PER_KILOGRAM = 1000
METRES_PER_KILOMETRE = 1000


def euro(amount: Decimal | int) -> str:
    """Euros with two decimals: ``1.234,56 €``."""
    cents = money.to_cents(amount)
    return _signed(cents, number_format(abs(cents), decimal_pos=2, force_grouping=True)) + NO_BREAK + "€"


def weight(grams: int) -> str:
    """Whole grams: ``350 g`` below a kilogram, ``1,25 kg`` from there, without needless zeros."""
    if abs(grams) < GRAMS_PER_KILOGRAM:
        return f"{_signed(grams, str(abs(grams)))}{NO_BREAK}g"
    return quantity(Decimal(grams) / GRAMS_PER_KILOGRAM, unit="kg")


def kilometres(metres: int) -> str:
    """Whole metres: ``350 m`` below a kilometre, ``12,3 km`` below a hundred, ``123 km`` beyond; with a sign below zero."""
    long = abs(metres)
    if long < METRES_PER_KILOMETRE:
        return f"{_signed(metres, str(long))}{NO_BREAK}m"
    # Adding half a step and cutting it off rounds up at the half, without a rounding mode of its own.
    sign = 1 if metres > 0 else -1
    if long < 100 * METRES_PER_KILOMETRE - 50:
        return quantity(sign * Decimal((long + 50) // 100) / 10, unit="km")
    return quantity(sign * ((long + METRES_PER_KILOMETRE // 2) // METRES_PER_KILOMETRE), unit="km")


def quantity(number: Decimal | int, *, unit: str = "") -> str:
    """A number with its unit: ``3 Stück``, ``2,5 kg``, ``1.200``; needless zeros are left away."""
    plain = format(abs(Decimal(number)).normalize(), "f")
    text = _signed(number, number_format(Decimal(plain), force_grouping=True))
    return f"{text}{NO_BREAK}{unit}" if unit else text


def weekday_date(day: date) -> str:
    """A day with its weekday: ``Samstag, 28. November``; the year is added by ``full_date``."""
    return dateformat.format(day, pgettext("date format", "l, j F"))


def full_date(day: date) -> str:
    """A day with its weekday and year: ``Samstag, 28. November 2026``."""
    return dateformat.format(day, pgettext("date format", "l, j F Y"))


def degrees(tenths: int) -> str:
    """Tenths of a degree Celsius: ``7 °C``, ``−18,5 °C``."""
    return quantity(Decimal(tenths) / 10, unit="°C")


def clock(moment: time | datetime) -> str:
    """A time of day in the zone it carries: ``18:00 Uhr``."""
    return pgettext("time of day", "%(clock)s") % {"clock": f"{moment:%H:%M}"}


def clock_span(start: time | datetime, end: time | datetime) -> str:
    """From when until when on one day: ``10:00–12:00 Uhr``."""
    return pgettext("time of day", "%(clock)s") % {"clock": f"{start:%H:%M}–{end:%H:%M}"}


def duration(seconds: int) -> str:
    """How long, in its two largest units, begun minutes count whole: ``2 Tage, 4 Stunden``, ``35 Minuten``."""
    minutes = max(0, -(-seconds // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [
        (days, ngettext("%(number)s day", "%(number)s days", days)),
        (hours, ngettext("%(number)s hour", "%(number)s hours", hours)),
        (minutes, ngettext("%(number)s minute", "%(number)s minutes", minutes)),
    ]
    first = next((index for index, (number, _) in enumerate(parts) if number), 2)
    shown = [text % {"number": number} for number, text in parts[first : first + 2] if number]
    return ", ".join(shown or [parts[2][1] % {"number": 0}])


def _signed(number: Decimal | int, text: str) -> str:
    return f"{MINUS}{text}" if number < 0 else text
