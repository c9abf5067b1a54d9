"""Rates are dated: the day of supply decides."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.core import rates

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("category", "day", "percent"),
    [
        ("flat_rate", date(2024, 12, 10), "8.40"),
        ("flat_rate", date(2025, 1, 1), "7.80"),
        ("reduced", date(2026, 11, 28), "7.00"),
        ("standard", date(2026, 11, 28), "19.00"),
    ],
)
def test_rate_on_follows_the_day(category: str, day: date, percent: str) -> None:
    assert rates.rate_on(category=category, day=day) == Decimal(percent)


def test_rate_on_refuses_a_day_without_a_rate() -> None:
    with pytest.raises(rates.NoVatRate):
        rates.rate_on(category="flat_rate", day=date(2001, 1, 1))
