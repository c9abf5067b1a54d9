"""How amounts, weights, distances and times are said in German and English."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from marketplace.core import wording


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Decimal("1234.56"), "1.234,56\u00a0€"),
        (Decimal("0"), "0,00\u00a0€"),
        (Decimal("4.9"), "4,90\u00a0€"),
        (Decimal("-0.15"), "\u22120,15\u00a0€"),
        (Decimal("2.675"), "2,68\u00a0€"),
        (7, "7,00\u00a0€"),
    ],
)
def test_euro_has_two_decimals_and_grouping(amount: Decimal | int, said: str) -> None:
    assert wording.euro(amount) == said


def test_euro_follows_the_language() -> None:
    with translation.override("en"):
        assert wording.euro(Decimal("1234.56")) == "1,234.56\u00a0€"


@pytest.mark.parametrize(
    ("grams", "said"),
    [
        (0, "0\u00a0g"),
        (350, "350\u00a0g"),
        (999, "999\u00a0g"),
        (1000, "1\u00a0kg"),
        (1250, "1,25\u00a0kg"),
        (1234, "1,234\u00a0kg"),
        (20000, "20\u00a0kg"),
        (1250500, "1.250,5\u00a0kg"),
        (-200, "\u2212200\u00a0g"),
    ],
)
def test_weight_changes_to_kilograms(grams: int, said: str) -> None:
    assert wording.weight(grams) == said


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0, "0\u00a0m"),
        (950, "950\u00a0m"),
        (1000, "1\u00a0km"),
        (12340, "12,3\u00a0km"),
        (12350, "12,4\u00a0km"),
        (99949, "99,9\u00a0km"),
        (99950, "100\u00a0km"),
        (123456, "123\u00a0km"),
        (-12340, "\u221212,3\u00a0km"),
        (-950, "\u2212950\u00a0m"),
    ],
)
def test_kilometres_says_no_more_than_one_knows(metres: int, said: str) -> None:
    assert wording.kilometres(metres) == said


def test_quantity_leaves_needless_zeros_away() -> None:
    assert wording.quantity(Decimal("2.500"), unit="kg") == "2,5\u00a0kg"


def test_quantity_keeps_zeros_that_count() -> None:
    assert wording.quantity(1200) == "1.200"


def test_quantity_ties_the_unit_to_the_number() -> None:
    assert wording.quantity(3, unit="Stück") == "3\u00a0Stück"


def test_weekday_date_is_german() -> None:
    assert wording.weekday_date(date(2026, 11, 28)) == "Samstag, 28. November"


def test_weekday_date_is_english() -> None:
    with translation.override("en"):
        assert wording.weekday_date(date(2026, 11, 28)) == "Saturday, 28 November"


def test_full_date_names_the_year() -> None:
    assert wording.full_date(date(2026, 11, 28)) == "Samstag, 28. November 2026"


def test_clock_says_uhr() -> None:
    assert wording.clock(time(18)) == "18:00 Uhr"


def test_clock_span_says_uhr_once() -> None:
    assert wording.clock_span(time(9, 30), time(12)) == "09:30–12:00 Uhr"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (187200, "2 Tage, 4 Stunden"),
        (86400, "1 Tag"),
        (90000, "1 Tag, 1 Stunde"),
        (86460, "1 Tag"),
        (3660, "1 Stunde, 1 Minute"),
        (2100, "35 Minuten"),
        (61, "2 Minuten"),
        (0, "0 Minuten"),
        (-5, "0 Minuten"),
    ],
)
def test_duration_names_the_two_largest_units(seconds: int, said: str) -> None:
    assert wording.duration(seconds) == said


def test_filters_say_the_same_in_a_template() -> None:
    text = "{% load market %}{{ price|euro }} {{ grams|weight }} {{ metres|kilometres }} {{ number|quantity:'kg' }}"
    values = {"price": Decimal("4.90"), "grams": 350, "metres": 1500, "number": 2}
    assert Template(text).render(Context(values)) == "4,90\u00a0€ 350\u00a0g 1,5\u00a0km 2\u00a0kg"


def test_filters_turn_aware_datetimes_to_local_time() -> None:
    deadline = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    text = "{% load market %}{{ at|weekday_date }}, {{ at|clock }}"
    assert Template(text).render(Context({"at": deadline})) == "Donnerstag, 26. November, 18:00 Uhr"


def test_filters_leave_a_missing_value_empty() -> None:
    text = "{% load market %}[{{ nothing|euro }}{{ nothing|weight }}{{ nothing|clock }}{{ nothing|weekday_date }}]"
    assert Template(text).render(Context({})) == "[]"
