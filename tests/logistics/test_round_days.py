"""On which days a plan delivers: by rule, around holidays, over changes of the clock, around the office's exceptions."""

from datetime import UTC, date, datetime

import pytest

from logistics import round_days, rounds
from logistics.models import RoundRule
from marketplace.regions.models import Region

D = date.fromisoformat
SATURDAY, FRIDAY, WEDNESDAY, SUNDAY = "2026-11-28", "2026-11-27", "2026-11-25", "2026-11-29"
YEAR = (D("2027-01-01"), D("2027-12-31"))


def plan(
    frequency: str, first: str, *, week: int | None = None, last: str = "", holiday: str = "keep", state: str = "SH"
) -> RoundRule:
    """A plan that is not in the database."""
    return RoundRule(
        region=Region(state=state),
        frequency=frequency,
        first_day=D(first),
        week_of_month=week,
        last_day=D(last) if last else None,
        on_holiday=holiday,
        cutoff_hours=30,
    )


def days(rule: RoundRule, first: str, last: str) -> list[str]:
    """By the rule, as ISO dates."""
    return [day.isoformat() for day in round_days.by_rule(rule=rule, first=D(first), last=D(last))]


def lies(rule: RoundRule, day: str) -> str | None:
    """Where a day by the rule really lies."""
    (found,) = round_days.placed(rule=rule, days=[D(day)], exceptions={})
    return found.delivery_day.isoformat() if found.delivery_day else None


@pytest.mark.parametrize(
    ("rule", "first", "last", "expected"),
    [
        # weekly
        (plan("weekly", SATURDAY), "2026-11-28", "2026-12-12", ["2026-11-28", "2026-12-05", "2026-12-12"]),
        (plan("weekly", SATURDAY), "2026-11-01", "2026-11-27", []),
        (plan("weekly", SATURDAY), "2026-11-29", "2026-12-04", []),
        (plan("weekly", SATURDAY), "2026-12-26", "2027-01-02", ["2026-12-26", "2027-01-02"]),
        (plan("weekly", SATURDAY, last="2026-12-05"), "2026-11-28", "2027-01-31", ["2026-11-28", "2026-12-05"]),
        (plan("weekly", SATURDAY, last="2026-12-04"), "2026-11-28", "2027-01-31", ["2026-11-28"]),
        (plan("weekly", SUNDAY), "2027-03-21", "2027-04-04", ["2027-03-21", "2027-03-28", "2027-04-04"]),  # clocks on 28 March
        (plan("weekly", SUNDAY), "2027-10-24", "2027-11-07", ["2027-10-24", "2027-10-31", "2027-11-07"]),  # clocks on 31 October
        (plan("weekly", WEDNESDAY), "2028-02-23", "2028-03-08", ["2028-02-23", "2028-03-01", "2028-03-08"]),  # a leap year
        # every two weeks
        (plan("fortnightly", WEDNESDAY), "2026-11-25", "2026-12-31", ["2026-11-25", "2026-12-09", "2026-12-23"]),
        (plan("fortnightly", WEDNESDAY), "2026-12-01", "2026-12-08", []),
        (plan("fortnightly", WEDNESDAY), "2026-12-23", "2027-01-20", ["2026-12-23", "2027-01-06", "2027-01-20"]),
        (plan("fortnightly", SUNDAY), "2027-03-20", "2027-04-10", ["2027-03-21", "2027-04-04"]),
        (plan("fortnightly", WEDNESDAY, last="2026-12-09"), "2026-11-01", "2027-06-01", ["2026-11-25", "2026-12-09"]),
        # once a month
        (
            plan("monthly", "2026-12-05", week=1),
            "2026-12-01",
            "2027-03-31",
            ["2026-12-05", "2027-01-02", "2027-02-06", "2027-03-06"],
        ),
        (plan("monthly", "2026-12-12", week=2), "2026-12-01", "2027-02-28", ["2026-12-12", "2027-01-09", "2027-02-13"]),
        (plan("monthly", "2026-12-19", week=3), "2026-12-01", "2027-02-28", ["2026-12-19", "2027-01-16", "2027-02-20"]),
        (
            plan("monthly", "2026-11-28", week=4),
            "2026-11-01",
            "2027-02-28",
            ["2026-11-28", "2026-12-26", "2027-01-23", "2027-02-27"],
        ),
        (plan("monthly", FRIDAY, week=-1), "2026-11-01", "2027-02-28", ["2026-11-27", "2026-12-25", "2027-01-29", "2027-02-26"]),
        (
            plan("monthly", "2027-01-30", week=-1),
            "2027-01-01",
            "2027-05-31",
            ["2027-01-30", "2027-02-27", "2027-03-27", "2027-04-24", "2027-05-29"],
        ),
        (plan("monthly", "2026-11-28", week=1), "2026-11-01", "2026-12-31", ["2026-12-05"]),  # begins with the next first one
        (plan("monthly", "2026-12-05", week=1, last="2027-01-31"), "2026-12-01", "2027-06-30", ["2026-12-05", "2027-01-02"]),
        (
            plan("monthly", "2028-02-01", week=-1),
            "2028-02-01",
            "2028-03-31",
            ["2028-02-29", "2028-03-28"],
        ),  # Tuesdays of a leap year
        # only once
        (plan("once", SATURDAY), "2026-11-01", "2027-12-31", ["2026-11-28"]),
        (plan("once", SATURDAY), "2026-11-29", "2027-12-31", []),
    ],
)
def test_days_by_the_rule(rule: RoundRule, first: str, last: str, expected: list[str]) -> None:
    assert days(rule, first, last) == expected


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (plan("weekly", "2027-01-02"), 52),
        (plan("fortnightly", "2027-01-02"), 26),
        (plan("monthly", "2027-01-02", week=1), 12),
        (plan("monthly", "2027-01-02", week=-1), 12),
        (plan("once", "2027-01-02"), 1),
    ],
)
def test_a_year_has_as_many_days_as_the_plan_promises(rule: RoundRule, number: int) -> None:
    assert len(round_days.by_rule(rule=rule, first=YEAR[0], last=YEAR[1])) == number


@pytest.mark.parametrize(
    ("day", "state", "name"),
    [
        ("2026-12-25", "SH", "Erster Weihnachtstag"),
        ("2026-12-26", "SH", "Zweiter Weihnachtstag"),
        ("2027-01-01", "SH", "Neujahr"),
        ("2027-03-26", "SH", "Karfreitag"),
        ("2027-03-29", "SH", "Ostermontag"),
        ("2027-05-01", "SH", "Erster Mai"),
        ("2027-05-06", "SH", "Christi Himmelfahrt"),
        ("2027-05-17", "SH", "Pfingstmontag"),
        ("2027-10-03", "SH", "Tag der Deutschen Einheit"),
        ("2026-10-31", "SH", "Reformationstag"),  # of Schleswig-Holstein since 2018
        ("2026-12-24", "SH", ""),
        ("2027-05-27", "SH", ""),  # Corpus Christi is one elsewhere
        ("2027-05-27", "NW", "Fronleichnam"),
        ("2026-10-31", "NW", ""),
        ("2026-11-01", "NW", "Allerheiligen"),
    ],
)
def test_holidays_are_those_of_the_state(day: str, state: str, name: str) -> None:
    assert round_days.holiday(state=state, day=D(day)) == name


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        (plan("weekly", SATURDAY), "2026-12-26", "2026-12-26"),
        (plan("weekly", SATURDAY, holiday="skip"), "2026-12-26", None),
        (plan("weekly", SATURDAY, holiday="before"), "2026-12-26", "2026-12-24"),  # the day before is a holiday too
        (plan("weekly", SATURDAY, holiday="after"), "2026-12-26", "2026-12-28"),  # the day after is a Sunday
        (plan("weekly", FRIDAY, holiday="before"), "2027-01-01", "2026-12-31"),  # into the old year
        (plan("weekly", FRIDAY, holiday="after"), "2027-01-01", "2027-01-02"),
        (plan("weekly", FRIDAY, holiday="before"), "2027-03-26", "2027-03-25"),
        (plan("weekly", FRIDAY, holiday="after"), "2027-03-26", "2027-03-27"),  # Saturdays are working days
        (plan("weekly", "2026-11-30", holiday="before"), "2027-03-29", "2027-03-27"),  # Easter Monday, over Sunday
        (plan("weekly", "2026-11-30", holiday="after"), "2027-03-29", "2027-03-30"),
        (plan("weekly", SATURDAY, holiday="before"), "2026-12-19", "2026-12-19"),  # no holiday, no move
        (plan("weekly", SATURDAY, holiday="skip"), "2026-10-31", None),
        (plan("weekly", SATURDAY, holiday="skip", state="HE"), "2026-10-31", "2026-10-31"),
        (plan("monthly", "2026-12-25", week=-1, holiday="after"), "2026-12-25", "2026-12-28"),
    ],
)
def test_what_holidays_make_of_a_day(rule: RoundRule, day: str, expected: str | None) -> None:
    assert lies(rule, day) == expected


def test_what_the_office_entered_wins_over_a_holiday() -> None:
    rule = plan("weekly", SATURDAY, holiday="skip")
    (found,) = round_days.placed(
        rule=rule, days=[D("2026-12-26")], exceptions={D("2026-12-26"): (D("2026-12-23"), "Weihnachten")}
    )
    assert (found.delivery_day, found.reason) == (D("2026-12-23"), "Weihnachten")


def test_a_moved_day_says_the_holiday() -> None:
    (found,) = round_days.placed(rule=plan("weekly", SATURDAY, holiday="before"), days=[D("2026-12-26")], exceptions={})
    assert found.reason == "Zweiter Weihnachtstag"


@pytest.mark.parametrize(
    ("rule", "after", "count", "expected"),
    [
        (plan("weekly", SATURDAY), "2026-11-28", 2, ["2026-11-28", "2026-12-05"]),
        (plan("monthly", SATURDAY, week=-1), "2026-12-27", 2, ["2027-01-30", "2027-02-27"]),
        (plan("weekly", SATURDAY, last="2026-11-28"), "2026-11-01", 5, ["2026-11-28"]),
        (plan("once", SATURDAY), "2026-11-29", 3, []),
    ],
)
def test_the_next_days(rule: RoundRule, after: str, count: int, expected: list[str]) -> None:
    assert [day.isoformat() for day in round_days.coming(rule=rule, after=D(after), count=count)] == expected


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        (plan("weekly", SATURDAY), "2026-12-05", "2026-11-28"),
        (plan("weekly", SATURDAY), SATURDAY, None),
        (plan("monthly", SATURDAY, week=-1), "2026-12-26", SATURDAY),
    ],
)
def test_the_day_before(rule: RoundRule, day: str, expected: str | None) -> None:
    assert round_days.before(rule=rule, day=D(day)) == (D(expected) if expected else None)


@pytest.mark.parametrize(
    ("day", "cutoff"),
    [
        ("2027-03-28", datetime(2027, 3, 26, 17, tzinfo=UTC)),  # clocks go forward in the night to the delivery day
        ("2027-03-29", datetime(2027, 3, 27, 17, tzinfo=UTC)),  # between cut-off and delivery
        ("2027-03-30", datetime(2027, 3, 28, 16, tzinfo=UTC)),  # before the cut-off
        ("2027-10-31", datetime(2027, 10, 29, 16, tzinfo=UTC)),  # clocks go back
        ("2027-11-02", datetime(2027, 10, 31, 17, tzinfo=UTC)),
    ],
)
def test_the_cut_off_is_at_18_o_clock_whatever_the_clocks_do(day: str, cutoff: datetime) -> None:
    assert rounds.cutoff_of(rule=plan("weekly", day), delivery_day=D(day)) == cutoff
