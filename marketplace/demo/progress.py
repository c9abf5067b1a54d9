"""Shows on standard error how far the demo is, and remembers how long each stage took."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tqdm import tqdm


@dataclass
class Progress:
    """A bar for each stage; `quiet` shows none. `seconds` by stage."""

    quiet: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, *, name: str, total: int) -> Iterator[Callable[[], object]]:
        """One stage of `total` steps; yields what is called after each step."""
        began = time.monotonic()
        with tqdm(
            total=total,
            desc=f"{name:<28}",
            disable=self.quiet,
            file=sys.stderr,
            bar_format="{desc} {percentage:3.0f} % |{bar:24}| {elapsed}",
            mininterval=0.3,
        ) as bar:
            yield lambda: bar.update(1)
        self.seconds[name] = time.monotonic() - began
