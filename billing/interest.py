"""Reckons interest on arrears (section 288 BGB): to the day and the cent, on plain values.

Nine points above the base rate between businesses, five where a consumer owes. Days count as they are, by 365 or, in leap
years, 366. Only the sum is rounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from billing.base_rates import BaseRates, ends
from marketplace.core import money

#: section 288 (1) and (2) BGB
POINTS_CONSUMER, POINTS_BUSINESS = Decimal(5), Decimal(9)
#: section 288 (5) BGB: between businesses only
LUMP_SUM = Decimal("40.00")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """From that day on so much more (or less) is owed, euro."""

    day: date
    amount: Decimal


def percent(*, base: Decimal, business: bool) -> Decimal:
    """The yearly rate."""
    return base + (POINTS_BUSINESS if business else POINTS_CONSUMER)


def accrued(*, changes: Iterable[Change], first: date, last: date, business: bool, rates: BaseRates) -> Decimal:
    """The interest of all days from `first` to `last`, both counted, in whole cents; days in a hole of the table bear none.

    `changes` make up what is owed: what came on a day counts from that day on, so the day of a payment bears no interest on it.
    """
    rows = sorted(changes, key=lambda change: change.day)
    total = Fraction(0)
    for start, end in _spans(rows, first, last):
        base, owed = rates.on(start), sum((row.amount for row in rows if row.day <= start), money.ZERO)
        if base is not None and owed > 0:
            days_of_year = 366 if _is_leap(start.year) else 365
            rate = Fraction(percent(base=base, business=business)) / 100
            total += Fraction(owed) * max(rate, Fraction(0)) * ((end - start).days + 1) / days_of_year
    return money.to_cents(total)


def _spans(rows: Sequence[Change], first: date, last: date) -> list[tuple[date, date]]:
    """The days cut wherever the debt or the rate changes."""
    cuts = {row.day for row in rows if first < row.day <= last}
    day = first
    while (day := ends(day) + DAY) <= last:
        cuts.add(day)
    starts = [first, *sorted(cuts)] if first <= last else []
    return [(start, (starts[index + 1] - DAY) if index + 1 < len(starts) else last) for index, start in enumerate(starts)]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
