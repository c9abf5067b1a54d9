"""The planner beside proven optima."""

import json
from pathlib import Path
from typing import Any

import pytest

from logistics.routing import solve
from logistics.routing.instances import PlaneProvider, cost_of, problem_of, read_instance

INSTANCES = Path(__file__).parent / "instances"
INDEX: list[dict[str, Any]] = json.loads((INSTANCES / "index.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: str(entry["name"]))
def test_solve_comes_close_to_the_proven_optimum(entry: dict[str, Any]) -> None:
    instance = read_instance(path=INSTANCES / entry["file"], customers=entry["n"])

    drawn = solve(problem=problem_of(instance=instance, seed=1, iterations=800, cpu_seconds=30), provider=PlaneProvider())

    assert drawn.unserved == ()
    assert entry["bks_distance"] <= cost_of(plan=drawn) <= entry["bks_distance"] * 1.012


def test_read_instance_reads_fleet_depot_and_customers() -> None:
    instance = read_instance(path=INSTANCES / "R101.txt")

    assert (instance.name, instance.vehicles, instance.capacity, len(instance.customers)) == ("R101", 25, 200, 100)
    assert (instance.depot.x, instance.depot.y, instance.depot.due) == (35, 35, 230)
    first = instance.customers[0]
    assert (first.x, first.y, first.demand, first.ready, first.due, first.service) == (41, 49, 10, 161, 171, 10)


def test_read_instance_refuses_another_file(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("R101\n\n25 200\n1 2 3\n", encoding="utf-8")

    with pytest.raises(ValueError, match="not a Solomon"):
        read_instance(path=other)
