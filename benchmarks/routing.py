"""Measures the tour planner on public instances: our distance beside the best known one.

    python -m benchmarks.routing FOLDER [--cpu-seconds 15] [--only R101.25 C1_4_6]

FOLDER holds the instances and an `index.json` that names each one's file, size and best known distance, as
`benchmarks/instances` does. Seconds are CPU seconds of this process, so a busy machine does not matter much.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks import pairs
from logistics.routing import solve
from logistics.routing.instances import PlaneProvider, cost_of, problem_of, read_instance

NO_ITERATION_LIMIT = 10**9


@dataclass(frozen=True)
class Entry:
    """One line of the index."""

    name: str
    file: str
    size: int
    best_known: float
    first: int | None
    kind: str


@dataclass(frozen=True)
class Outcome:
    """What the planner made of one instance."""

    entry: Entry
    distance: float
    vehicles: int
    unserved: int
    cpu_seconds: float

    @property
    def gap(self) -> float:
        """How much longer than the best known distance, in per cent."""
        return 100 * (self.distance / self.entry.best_known - 1)


def run(arguments: Sequence[str] | None = None) -> list[Outcome]:
    """Run every instance asked for and print the table."""
    options = _options(arguments)
    print(f"{'instance':<12}{'stops':>6}{'best known':>12}{'ours':>12}{'gap %':>8}{'vehicles':>10}{'unserved':>10}{'CPU s':>8}")
    outcomes = []
    for entry in _entries(options.folder, options.only, options.max_size):
        outcome = _run(entry, options)
        outcomes.append(outcome)
        print(_row(outcome), flush=True)
    for kind in dict.fromkeys(outcome.entry.kind for outcome in outcomes):
        gaps = [outcome.gap for outcome in outcomes if outcome.entry.kind == kind]
        print(f"{kind}: {len(gaps)} instances, mean gap {mean(gaps):.2f} %, worst {max(gaps):.2f} %")
    return outcomes


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder with index.json and the instance files")
    parser.add_argument("--cpu-seconds", type=float, default=15.0, help="budget per instance (default 15)")
    parser.add_argument("--iterations", type=int, default=NO_ITERATION_LIMIT, help="repeatable limit instead of seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-size", type=int, default=NO_ITERATION_LIMIT, help="leave out larger instances")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="only these instances")
    return parser.parse_args(arguments)


def _entries(folder: Path, only: Sequence[str], max_size: int) -> list[Entry]:
    rows = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    entries = [Entry(row["name"], row["file"], row["size"], row["bks_distance"], row.get("n"), row["kind"]) for row in rows]
    wanted = [entry for entry in entries if entry.size <= max_size and (not only or entry.name in only)]
    return sorted(wanted, key=lambda entry: (entry.kind == "pdptw", entry.size, entry.name))


def _run(entry: Entry, options: argparse.Namespace) -> Outcome:
    if entry.kind == "pdptw":
        found = pairs.solve(path=options.folder / entry.file, seconds=options.cpu_seconds, seed=options.seed)
        assert not found.broken, f"{entry.name}: {found.broken} promises are broken"
        return Outcome(entry, found.distance, found.vehicles, found.unserved, found.cpu_seconds)
    instance = read_instance(path=options.folder / entry.file, customers=entry.first)
    problem = problem_of(instance=instance, seed=options.seed, iterations=options.iterations, cpu_seconds=options.cpu_seconds)
    began = time.process_time()
    plan = solve(problem=problem, provider=PlaneProvider())
    return Outcome(entry, cost_of(plan=plan), len(plan.tours), len(plan.unserved), time.process_time() - began)


def _row(outcome: Outcome) -> str:
    entry = outcome.entry
    return (
        f"{entry.name:<12}{entry.size:>6}{entry.best_known:>12.1f}{outcome.distance:>12.1f}{outcome.gap:>8.2f}"
        f"{outcome.vehicles:>10}{outcome.unserved:>10}{outcome.cpu_seconds:>8.1f}"
    )


if __name__ == "__main__":
    run()
