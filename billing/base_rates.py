"""Says which base rate (section 247 BGB) held on a day: dated rows, as the Bundesbank announces them each half-year.

A half-year of which nothing is known is a hole: no interest is reckoned for it until the office has entered its rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing.models import BaseRate

SOURCE = "Deutsche Bundesbank, Bekanntgabe des Basiszinssatzes nach § 247 Absatz 2 BGB"
#: from 1 January 2017 to 31 December 2022 it stood at -0.88 percent
KNOWN: Mapping[date, Decimal] = {
    **{date(year, month, 1): Decimal("-0.88") for year in range(2017, 2023) for month in (1, 7)},
    date(2023, 1, 1): Decimal("1.62"),
    date(2023, 7, 1): Decimal("3.12"),
    date(2024, 1, 1): Decimal("3.62"),
    date(2024, 7, 1): Decimal("3.37"),
    date(2025, 1, 1): Decimal("2.27"),
    date(2025, 7, 1): Decimal("1.27"),
    date(2026, 1, 1): Decimal("1.27"),
}


@dataclass(frozen=True)
class BaseRates:
    """The rates by the first day of their half-year, in percent."""

    rows: Mapping[date, Decimal]

    def on(self, day: date) -> Decimal | None:
        """The rate of a day; None in a hole."""
        return self.rows.get(half_year(day))

    def known_until(self, *, first: date, last: date) -> date | None:
        """The last day from `first` to `last` up to which there is no hole; None when the first day is in one."""
        day, found = first, None
        while day <= last and self.on(day) is not None:
            found = min(ends(day), last)
            day = ends(day) + timedelta(days=1)
        return found


def load() -> BaseRates:
    """What is known and what the office entered, which counts before it. One query."""
    return BaseRates({**KNOWN, **dict(BaseRate.objects.values_list("valid_from", "percent"))})


def half_year(day: date) -> date:
    """The first day of the half-year."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def ends(day: date) -> date:
    """The last day of the half-year."""
    return date(day.year, 6, 30) if day.month < 7 else date(day.year, 12, 31)
