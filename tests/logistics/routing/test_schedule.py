"""What vehicles can do besides driving once: come back to load again, have a break, carry so many kilograms, cost something."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.routing import (
    Arranged,
    Fault,
    HaversineProvider,
    Job,
    Matrices,
    Place,
    Problem,
    Reason,
    Wave,
    arrange,
    plan,
    violations,
)
from tests.logistics.routing.region import region_round
from tests.logistics.routing.rounds import HOUR, collect, deliver, matrices_of, plan_of, round_of, van


def by_hand(problem: Problem, *tours: Arranged) -> set[tuple[Fault, str | None]]:
    matrices = matrices_of(problem)
    drawn = arrange(problem=problem, matrices=matrices, tours=tours)
    return {(found.fault, found.job_key) for found in violations(problem=problem, plan=drawn, matrices=matrices)}


def test_plan_lets_a_vehicle_come_back_to_load_again() -> None:
    jobs = [deliver(f"d{number}", 30 + number, load_crates=4) for number in range(4)]
    problem = round_of(*jobs, vehicles=(van(max_trips=2),), iterations=500)

    first, second = plan_of(problem).tours

    assert (first.trip, first.to_hub, second.trip, second.to_hub) == (1, True, 2, False)
    assert second.start >= first.end + problem.hub.handling_seconds
    assert plan_of(replace(problem, vehicles=(van(max_trips=1),))).unserved


def test_plan_lets_a_vehicle_bring_goods_to_the_hub_and_set_out_again() -> None:
    jobs = [collect(f"c{number}", 30 + number, load_crates=6) for number in range(2)]
    elsewhere = van(max_trips=2, start=Place(0, -50))
    problem = round_of(*jobs, deliver("d", 40), vehicles=(elsewhere,), iterations=500)

    first, second, out = plan_of(problem).tours

    assert [(tour.wave, tour.trip) for tour in (first, second, out)] == [("collect", 1), ("collect", 2), ("deliver", 1)]
    assert second.start >= first.end + problem.hub.handling_seconds
    assert max(first.end, second.end) <= problem.hub.collected_by
    assert second.distance_m < first.distance_m  # it sets off at the hub, no longer where it spends the night
    assert plan_of(replace(problem, vehicles=(replace(elsewhere, max_trips=1),))).unserved


def test_plan_keeps_the_load_of_a_vehicle_in_kilograms() -> None:
    jobs = [deliver(f"d{number}", 30, load_g=40_000) for number in range(3)]

    plan = plan_of(round_of(*jobs, vehicles=(van("light", capacity_g=100_000), van("lorry"))))

    assert plan.unserved == ()
    assert {len(tour.stops) for tour in plan.tours if tour.vehicle_key == "light"} <= {1, 2}
    assert plan_of(round_of(*jobs, vehicles=(van(capacity_g=39_999),))).unserved[0].reason == Reason.TOO_LARGE


def test_plan_of_a_long_day_has_a_break_that_makes_nobody_late() -> None:
    jobs = [deliver(f"d{number}", 20 * number, window=((4 + number) * HOUR, (5 + number) * HOUR)) for number in range(1, 9)]
    far = van(break_s=1800, shift=(3 * HOUR, 16 * HOUR))

    (tour,) = plan_of(round_of(*jobs, vehicles=(far,))).tours_of(Wave.DELIVER)

    assert (tour.break_after, tour.break_s) != (None, 0)


def test_plan_leaves_out_what_the_break_would_make_late() -> None:
    window = (6 * HOUR, 6 * HOUR + 1300)
    jobs = [
        deliver("early", 0, 10, window=(4 * HOUR, 4 * HOUR + 300), service_seconds=2 * HOUR - 500),
        *(deliver(key, 60, window=window, service_seconds=600) for key in ("a", "b")),
        deliver("late", 60, window=(10 * HOUR, 11 * HOUR), service_seconds=1800),
    ]
    tight = van(break_s=3600, shift=(0, 11 * HOUR + 3600))

    plan = plan_of(round_of(*jobs, vehicles=(tight,)))

    assert len(plan.unserved) + sum(len(tour.stops) for tour in plan.tours) == 4


def test_violations_asks_for_the_break_and_for_the_load() -> None:
    jobs = [deliver("a", 30, service_seconds=4 * HOUR, load_g=60), deliver("b", 30, service_seconds=4 * HOUR, load_g=60)]
    problem = round_of(*jobs, vehicles=(van(shift=(0, 30 * HOUR)),))
    matrices = matrices_of(problem)
    drawn = arrange(problem=problem, matrices=matrices, tours=[Arranged("van", Wave.DELIVER, ("a", "b"))])

    stricter = replace(problem, vehicles=(van(shift=(0, 30 * HOUR), break_s=1800, capacity_g=100),))

    assert violations(problem=problem, plan=drawn, matrices=matrices) == []
    assert {found.fault for found in violations(problem=stricter, plan=drawn, matrices=matrices)} == {Fault.BREAK, Fault.WEIGHT}


def test_arrange_says_what_is_not_kept() -> None:
    problem = round_of(
        deliver("morning", 50, window=(4 * HOUR, 5 * HOUR)),
        deliver("noon", 10, window=(7 * HOUR, 8 * HOUR)),
        deliver("ice", 0, 10, needs=frozenset({"frozen"})),
        deliver("heavy", 0, 20, load_crates=9),
    )

    assert by_hand(problem, Arranged("van", Wave.DELIVER, ("noon", "morning"))) >= {(Fault.WINDOW, "morning")}
    assert (Fault.SKILL, "ice") in by_hand(problem, Arranged("van", Wave.DELIVER, ("ice",)))
    assert (Fault.CRATES, None) in by_hand(problem, Arranged("van", Wave.DELIVER, ("heavy", "morning", "noon")))
    assert (Fault.TRIPS, None) in by_hand(
        problem, Arranged("van", Wave.DELIVER, ("morning",)), Arranged("van", Wave.DELIVER, ("noon",), trip=2)
    )


def test_plan_keeps_fixed_tours_and_plans_the_rest_around_them() -> None:
    jobs = [deliver(f"d{number}", 30 + 5 * number) for number in range(6)]
    problem = round_of(*jobs, vehicles=(van("a"), van("b")))
    backwards = Arranged("a", Wave.DELIVER, ("d5", "d0"))

    plan_around = plan(problem=problem, matrices=matrices_of(problem), fixed=[backwards])

    first, second = plan_around.tours
    assert [stop.job_key for stop in first.stops] == ["d5", "d0"]
    assert {stop.job_key for stop in second.stops} == {"d1", "d2", "d3", "d4"}


def test_plan_collects_in_time_for_a_fixed_tour() -> None:
    problem = round_of(collect("farm", 100, window=(0, 3 * HOUR)), deliver("door", 30, window=(4 * HOUR, 5 * HOUR)))

    first, second = plan(problem=problem, matrices=matrices_of(problem), fixed=[Arranged("van", Wave.DELIVER, ("door",))]).tours

    assert (first.wave, second.wave) == (Wave.COLLECT, Wave.DELIVER)
    assert first.end + problem.hub.handling_seconds <= second.start


def test_slow_vehicle_takes_longer_and_longer_ways_are_longer() -> None:
    usual = plan_of(round_of(deliver("door", 100))).tours[0]
    slow = plan_of(round_of(deliver("door", 100), vehicles=(van(speed_percent=50),))).tours[0]
    winding = plan_of(round_of(deliver("door", 100), vehicles=(van(detour_percent=120),))).tours[0]

    assert (slow.distance_m, slow.duration_s) == (usual.distance_m, 2 * 2000 + 60)
    assert winding.distance_m == 1.2 * usual.distance_m


def test_cheaper_vehicle_drives() -> None:
    fleet = (van("dear", metre_cost=5), van("cheap", metre_cost=1))

    assert [tour.vehicle_key for tour in plan_of(round_of(deliver("door", 100), vehicles=fleet)).tours] == ["cheap"]


@given(seed=st.integers(0, 10**6), drops=st.integers(0, 40), producers=st.integers(0, 6), setup=st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_simple_way_keeps_every_limit(seed: int, drops: int, producers: int, setup: int) -> None:
    problem = replace(region_round(producers=producers, drops=drops, iterations=1, seed=seed, vans=2), setup_seconds=setup)
    matrices = Matrices.of(problem=problem, provider=HaversineProvider())

    first = plan(problem=problem, matrices=matrices, simple=True)  # raises PlanRefused on any violation

    assert first == plan(problem=problem, matrices=matrices, simple=True)
    assert len(first.unserved) + sum(len(tour.stops) for tour in first.tours) == drops + producers


def trips_and_breaks(seed: int) -> Problem:
    problem = region_round(producers=4, drops=30, iterations=15, seed=seed, vans=2)
    able = {"max_trips": 1 + seed % 3, "break_s": 1800, "capacity_crates": 30, "capacity_g": 90_000, "second_cost": seed % 2}
    vehicles = tuple(replace(vehicle, **able) for vehicle in problem.vehicles)  # type: ignore[arg-type]  # told by name
    jobs: tuple[Job, ...] = tuple(replace(job, load_g=4000, place=Place(*(job.place.lat, job.place.lon))) for job in problem.jobs)
    return replace(problem, vehicles=vehicles, jobs=jobs)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_every_random_round_with_breaks_and_several_trips_passes_the_checker(seed: int) -> None:
    problem = trips_and_breaks(seed)
    matrices = Matrices.of(problem=problem, provider=HaversineProvider())

    drawn = plan(problem=problem, matrices=matrices)  # raises PlanRefused on any violation

    assert len(drawn.unserved) + sum(len(tour.stops) for tour in drawn.tours) == 34
