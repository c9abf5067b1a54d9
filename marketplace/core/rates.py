"""Decides which VAT rate a category has on a day."""

from datetime import date
from decimal import Decimal

from marketplace.core.models import VatCategory, VatRate

#: Germany's rates in percent with their first and last day (section 12 UStG; section 24 UStG for the flat rate)
KNOWN_RATES = (
    ("reduced", "7.00", date(2021, 1, 1), None),
    ("standard", "19.00", date(2021, 1, 1), None),
    ("flat_rate", "8.40", date(2024, 1, 1), date(2024, 12, 31)),
    ("flat_rate", "7.80", date(2025, 1, 1), None),
    ("exempt", "0.00", date(2021, 1, 1), None),
)


class NoVatRate(Exception):
    """No rate is stored for that category and day."""


def rate_on(*, category: str, day: date) -> Decimal:
    """The VAT rate in percent of `category` on `day`, e.g. Decimal("7.00"). Raises `NoVatRate`."""
    return rates_on(day=day, categories=(category,))[category]


def rates_on(*, day: date, categories: tuple[str, ...] = tuple(VatCategory.values)) -> dict[str, Decimal]:
    """The VAT rates in percent of several categories on `day`, in one query. Raises `NoVatRate` if one is missing."""
    found = dict(VatRate.objects.filter(category__in=categories, valid__contains=day).values_list("category", "percent"))
    missing = set(categories) - found.keys()
    if missing:
        raise NoVatRate(f"No VAT rate for {', '.join(sorted(missing))} on {day:%Y-%m-%d}.")
    return found
