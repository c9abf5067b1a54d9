"""`python -m benchmarks.planning`: the tour planner on public instances beside the best known, and on a round of a region.

One process, one thread; seconds are CPU seconds, so a busy machine does not matter much. About six minutes.
"""

import sys
from pathlib import Path
from statistics import mean

from benchmarks import regional, routing

INSTANCES = Path(__file__).with_name("instances")
SECONDS, MOST_GAP = 15.0, 1.0


def main() -> None:
    """Print both tables; the exit status says whether the ceilings hold."""
    found = routing.run([str(INSTANCES), "--cpu-seconds", str(SECONDS)])
    large = [outcome.gap for outcome in found if outcome.entry.kind == "vrptw" and 200 <= outcome.entry.size <= 400]
    small_enough = mean(large) <= MOST_GAP
    print(f"200 to 400 stops in {SECONDS:.0f} s: mean gap {mean(large):.2f} %, at most {MOST_GAP} %: {_word(small_enough)}\n")
    holds = regional.show()
    regional.show(simple=True)
    sys.exit(0 if small_enough and holds else 1)


def _word(holds: bool) -> str:
    return "holds" if holds else "MISSED"


if __name__ == "__main__":
    main()
