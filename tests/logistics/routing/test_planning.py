"""What a plan keeps: goods, hours, hub times, reasons, and the same answer every time."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.routing import (
    HaversineProvider,
    Hub,
    InvalidProblem,
    Job,
    Place,
    Problem,
    Reason,
    Unserved,
    VehicleSpec,
    Wave,
    solve,
)
from tests.logistics.routing.region import region_round
from tests.logistics.routing.rounds import HOUR, HUB, collect, deliver, matrices_of, plan_of, round_of, van


def test_solve_delivers_a_region_within_the_budget() -> None:
    plan = solve(problem=region_round(producers=25, drops=150, iterations=1500), provider=HaversineProvider())

    assert plan.unserved == ()
    assert sum(tour.distance_m + tour.empty_m for tour in plan.tours_of(Wave.DELIVER)) <= 165_000
    assert plan.estimated_times is True
    assert plan.cut_short is False


def test_solve_gives_the_same_plan_for_the_same_seed() -> None:
    problem = region_round(producers=8, drops=40, iterations=200)

    assert solve(problem=problem, provider=HaversineProvider()) == solve(problem=problem, provider=HaversineProvider())


def test_plan_says_what_is_needed_to_draw_it_again() -> None:
    problem = round_of(deliver("a", 30), seed=7, iterations=50)
    plan = plan_of(problem)

    assert (plan.engine, plan.engine_version, plan.seed, plan.iterations) == ("pyvrp", "0.14.1", 7, 50)
    assert plan.matrix_hash == matrices_of(problem).fingerprint()
    assert plan.matrix_hash != matrices_of(round_of(deliver("a", 31))).fingerprint()
    assert plan.estimated_times is False


def test_plan_says_when_the_cpu_safety_stop_cut_the_search() -> None:
    plan = solve(
        problem=replace(region_round(producers=3, drops=30, iterations=10**9), cpu_seconds=0.05), provider=HaversineProvider()
    )

    assert plan.cut_short is True
    assert plan.unserved == ()


def test_plan_without_any_iteration_still_keeps_every_limit() -> None:
    windows = ((4 * HOUR, 4 * HOUR + 900), (4 * HOUR + 600, 4 * HOUR + 1500))
    jobs = [deliver(f"d{number}", 10 * number, load_crates=4, window=windows[number % 2]) for number in range(12)]

    plan = plan_of(round_of(*jobs, vehicles=(van("a"), van("b")), iterations=0))

    assert len(plan.unserved) + sum(len(tour.stops) for tour in plan.tours) == 12


def test_plan_of_an_empty_round_has_no_tours() -> None:
    plan = plan_of(round_of())

    assert (plan.tours, plan.unserved) == ((), ())


def test_one_van_collects_then_delivers_after_handling_at_the_hub() -> None:
    late_in = round_of(
        collect("farm", 100, window=(3 * HOUR, 10 * HOUR)),
        deliver("door", 0, 100),
        hub=Hub(HUB, collected_by=4 * HOUR, ready_at=4 * HOUR, handling_seconds=7200),
    )
    first, second = plan_of(late_in).tours

    assert (first.wave, second.wave) == (Wave.COLLECT, Wave.DELIVER)
    assert (first.vehicle_key, second.vehicle_key) == ("van", "van")
    assert first.end == 3 * HOUR + 60 + 1000
    assert second.start == first.end + 7200
    assert (first.distance_m, second.distance_m) == (2000, 2000)


def test_collect_tour_starts_empty_at_the_vehicle_and_ends_at_the_hub() -> None:
    away = Place(0, 200)
    plan = plan_of(round_of(collect("farm", 100), vehicles=(van(start=away, end=away),)))

    (tour,) = plan.tours
    assert tour.distance_m == 2000
    assert (tour.empty_m, tour.empty_s) == (2000, 2000)
    assert plan.distance_m == 4000


def test_deliver_tour_starts_at_the_hub_and_ends_at_the_vehicles_end() -> None:
    away = Place(0, 200)
    plan = plan_of(round_of(deliver("door", 100), vehicles=(van(start=away, end=away),)))

    (tour,) = plan.tours
    assert tour.start >= 4 * HOUR
    assert tour.distance_m == 2000
    assert (tour.empty_m, tour.empty_s) == (2000, 2000)


def test_van_that_drives_both_waves_pays_no_empty_way_between() -> None:
    away = Place(0, 200)
    plan = plan_of(round_of(collect("farm", 100), deliver("door", 100), vehicles=(van(start=away, end=away),)))

    assert [tour.empty_m for tour in plan.tours] == [0, 0]
    assert plan.distance_m == 4000


def test_collect_tour_leaves_time_to_get_home_before_the_shift_ends() -> None:
    away = Place(0, 100)
    tight = round_of(collect("farm", 50), vehicles=(van(start=away, end=away, shift=(HOUR, HOUR + 2059)),))

    assert plan_of(tight).unserved == (Unserved("farm", Reason.BACK_AFTER_SHIFT),)


def test_frozen_goods_ride_only_in_a_freezer() -> None:
    fleet = (van("plain"), van("freezer", skills=frozenset({"frozen"}), fixed_cost_m=50_000))
    plan = plan_of(round_of(deliver("ice", 30, needs=frozenset({"frozen"})), deliver("bread", 31), vehicles=fleet))

    (tour,) = (tour for tour in plan.tours if tour.vehicle_key == "freezer")
    assert "ice" in {stop.job_key for stop in tour.stops}
    assert plan.unserved == ()


def test_cold_boxes_fill_a_van_as_crates_do() -> None:
    jobs = [deliver(f"d{number}", 30 + number, load_cold=2) for number in range(4)]
    plan = plan_of(round_of(*jobs, vehicles=(van("a"), van("b"))))

    assert [len(tour.stops) for tour in plan.tours] == [2, 2]


@pytest.mark.parametrize("job", [collect, deliver])
def test_a_full_van_leaves_jobs_and_says_the_round_is_full(job: Callable[..., Job]) -> None:
    jobs = [job(f"j{number}", 30 + number, load_crates=4) for number in range(3)]
    plan = plan_of(round_of(*jobs))

    assert [len(tour.stops) for tour in plan.tours] == [2]
    assert [entry.reason for entry in plan.unserved] == [Reason.ROUND_FULL]


def test_a_long_way_is_driven_rather_than_left_out() -> None:
    plan = plan_of(round_of(deliver("far", 9000, window=(0, 80 * HOUR)), vehicles=(van(shift=(0, 80 * HOUR)),)))

    assert plan.unserved == ()
    assert plan.distance_m == 180_000


def test_households_at_one_place_pay_the_setup_once() -> None:
    problem = round_of(deliver("a", 30), deliver("b", 30), deliver("c", 60), setup_seconds=120)
    (tour,) = plan_of(problem).tours

    assert tour.duration_s == 2 * 600 + 3 * 60 + 2 * 120


def test_equal_vehicles_get_different_tours() -> None:
    window = (4 * HOUR, 4 * HOUR + 400)
    jobs = [deliver(f"d{number}", 30 * (-1) ** number, window=window) for number in range(2)]
    plan = plan_of(round_of(*jobs, vehicles=(van("a"), van("b"))))

    assert {tour.vehicle_key for tour in plan.tours} == {"a", "b"}


@pytest.mark.parametrize(
    ("job", "fleet", "reason"),
    [
        (deliver("j", 30), (), Reason.NO_VEHICLE),
        (deliver("j", 30, needs=frozenset({"frozen"})), (van(),), Reason.NO_SKILL),
        (deliver("j", 30, load_crates=11), (van(),), Reason.TOO_LARGE),
        (deliver("j", 30, load_cold=6), (van(),), Reason.TOO_LARGE),
        (deliver("j", 600, window=(0, HOUR)), (van(),), Reason.WINDOW_UNREACHABLE),
        (deliver("j", 30, window=(10 * HOUR, 11 * HOUR)), (van(),), Reason.BACK_AFTER_SHIFT),
        (deliver("j", 30, window=(0, 4 * HOUR)), (van(),), Reason.HUB_TIMES),
        (collect("j", 30, window=(3 * HOUR, 4 * HOUR)), (van(),), Reason.HUB_TIMES),
        (deliver("j", 30), (van(max_distance_m=599),), Reason.TOO_FAR),
        (deliver("j", 600, needs=frozenset({"frozen"}), window=(0, HOUR)), (van(),), Reason.NO_SKILL),
        (deliver("j", 30, load_crates=11), (van(), van("big", capacity_crates=20, max_distance_m=1)), Reason.TOO_FAR),
    ],
)
def test_impossible_job_is_told_its_first_reason(job: Job, fleet: tuple[VehicleSpec, ...], reason: Reason) -> None:
    plan = plan_of(round_of(job, deliver("fine", 10), vehicles=fleet))

    assert Unserved("j", reason) in plan.unserved


def test_impossible_job_does_not_disturb_the_others() -> None:
    plan = plan_of(round_of(deliver("huge", 30, load_crates=99), deliver("fine", 30)))

    assert [stop.job_key for tour in plan.tours for stop in tour.stops] == ["fine"]
    assert plan.unserved == (Unserved("huge", Reason.TOO_LARGE),)


def test_metres_driven_for_collecting_are_missing_for_delivering() -> None:
    fleet = (van(max_distance_m=3000),)
    plan = plan_of(round_of(collect("farm", 100), deliver("door", 100), vehicles=fleet))

    assert plan.unserved == (Unserved("door", Reason.ROUND_FULL),)


@given(seed=st.integers(0, 10**6), drops=st.integers(0, 12), producers=st.integers(0, 5), setup=st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_every_random_round_passes_the_checker(seed: int, drops: int, producers: int, setup: int) -> None:
    problem = replace(region_round(producers=producers, drops=drops, iterations=20, seed=seed), setup_seconds=setup)

    plan = solve(problem=problem, provider=HaversineProvider())  # raises PlanRefused on any violation

    assert len(plan.unserved) + sum(len(tour.stops) for tour in plan.tours) == drops + producers


def test_problem_refuses_what_cannot_be_meant() -> None:
    with pytest.raises(InvalidProblem, match="share a key"):
        round_of(deliver("a", 1), deliver("a", 2))
    with pytest.raises(InvalidProblem, match="ends before"):
        deliver("a", 1, window=(5, 4))
    with pytest.raises(InvalidProblem, match="negative"):
        deliver("a", 1, load_crates=-1)
    with pytest.raises(InvalidProblem, match="negative"):
        van(capacity_cold=-1)
    with pytest.raises(InvalidProblem, match="before the goods are in"):
        round_of(collect("a", 1), deliver("b", 2), hub=Hub(HUB, collected_by=20, ready_at=10))
    with pytest.raises(InvalidProblem, match="budget"):
        Problem(hub=Hub(HUB, 0, 0), jobs=(), vehicles=(), cpu_seconds=0)
