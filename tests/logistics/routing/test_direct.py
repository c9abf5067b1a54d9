"""Rounds without a hub: who fetches goods brings them, fetched before brought, and everything is kept or told."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.routing import Arranged, Fault, Job, Plan, Problem, Reason, Wave, arrange, plan, violations
from tests.logistics.routing.rounds import HOUR, collect, deliver, matrices_of, plan_of, round_of, van


def direct(*jobs: Job, **changes: Any) -> Problem:
    return round_of(*jobs, direct=True, **changes)


def orders(drawn: Plan) -> list[list[str]]:
    return [[stop.job_key for stop in tour.stops] for tour in drawn.tours]


def brings(key: str, east: float, *farms: str, **changes: Any) -> Job:
    return deliver(key, east, after=frozenset(farms), **changes)


def test_plan_fetches_before_it_brings_in_one_tour_from_start_to_end() -> None:
    problem = direct(brings("near", 10, "farm"), collect("farm", 20), brings("far", 40, "farm", "other"), collect("other", 30))
    drawn = plan_of(problem)
    (tour,) = drawn.tours
    assert (tour.wave, drawn.unserved) == (Wave.DIRECT, ())
    assert orders(drawn) == [["farm", "other", "far", "near"]]
    assert tour.distance_m == 800


def test_plan_keeps_windows_on_the_way() -> None:
    warm = brings("lunch", 40, "kitchen", window=(5 * HOUR, 5 * HOUR + 600))
    drawn = plan_of(direct(collect("kitchen", 20, window=(4 * HOUR, 6 * HOUR)), warm))
    (tour,) = drawn.tours
    assert drawn.unserved == ()
    assert 4 * HOUR <= tour.stops[0].departure <= tour.stops[1].arrival <= 5 * HOUR + 600


def test_plan_gives_what_hangs_together_to_one_vehicle_and_the_rest_to_another() -> None:
    jobs = [collect(f"farm{side}", 10 * side, load_crates=6) for side in (-1, 1)]
    jobs += [brings(f"door{side}", 20 * side, f"farm{side}", load_crates=6) for side in (-1, 1)]
    drawn = plan_of(direct(*jobs, vehicles=(van("one"), van("two"))))
    assert sorted(orders(drawn)) == [["farm-1", "door-1"], ["farm1", "door1"]]


def test_plan_says_why_something_is_left() -> None:
    jobs = (
        collect("farm", 10, load_crates=6),
        brings("late", 300, "farm", window=(0, 600)),
        brings("large", 20, "farm", load_crates=11),
        brings("frozen", 20, "farm", needs=frozenset({"frozen"})),
        brings("fits", 30, "farm"),
    )
    drawn = plan_of(direct(*jobs))
    assert orders(drawn) == [["farm", "fits"]]
    assert {entry.job_key: entry.reason for entry in drawn.unserved} == {
        "late": Reason.WINDOW_UNREACHABLE,
        "large": Reason.TOO_LARGE,
        "frozen": Reason.NO_SKILL,
    }
    assert {entry.reason for entry in plan_of(direct(*jobs, vehicles=())).unserved} == {Reason.NO_VEHICLE}


def test_checker_finds_what_is_brought_before_it_is_fetched() -> None:
    problem = direct(collect("farm", 10), brings("door", 20, "farm"))
    matrices = matrices_of(problem)
    turned = arrange(problem=problem, matrices=matrices, tours=[Arranged("van", Wave.DIRECT, ("door", "farm"))])
    found = violations(problem=problem, plan=turned, matrices=matrices)
    assert [(one.fault, one.job_key) for one in found] == [(Fault.WRONG_WAVE, "door")]


def test_plan_leaves_fixed_tours_alone() -> None:
    problem = direct(
        collect("farm", 10), brings("door", 20, "farm"), brings("new", 30, "farm"), vehicles=(van("one"), van("two"))
    )
    drawn = plan(problem=problem, matrices=matrices_of(problem), fixed=[Arranged("one", Wave.DIRECT, ("farm", "door"))])
    assert orders(drawn) == [["farm", "door"]]
    assert [entry.job_key for entry in drawn.unserved] == ["new"]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_random_round_passes_the_checker_and_moving_never_makes_it_longer(data: st.DataObject) -> None:
    farms = data.draw(st.integers(1, 4))
    spots = st.integers(-40, 40)
    jobs = [collect(f"f{number}", data.draw(spots), data.draw(spots), load_crates=2) for number in range(farms)]
    for number in range(data.draw(st.integers(1, 6))):
        wanted = data.draw(st.sets(st.integers(0, farms - 1), min_size=1, max_size=2))
        begin = data.draw(st.integers(0, 6)) * HOUR
        jobs.append(brings(f"d{number}", data.draw(spots), *(f"f{one}" for one in wanted), window=(begin, begin + 2 * HOUR)))
    able = van("one", break_s=data.draw(st.sampled_from((0, 1800))))
    problem = direct(*jobs, vehicles=(able, replace(able, key="two", capacity_crates=4)))
    matrices = matrices_of(problem)
    quick, better = (plan(problem=problem, matrices=matrices, simple=simple) for simple in (True, False))
    assert better.distance_m <= quick.distance_m
    assert plan(problem=problem, matrices=matrices) == better
