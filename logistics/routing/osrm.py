"""Travel times of real roads from an OSRM server's table service, with the built-in estimate when it does not answer."""

import json
import logging
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import product

import numpy as np

from logistics.routing.matrix import UNREACHABLE_METRES, UNREACHABLE_SECONDS, Grid, HaversineProvider, MatrixProvider, Table
from logistics.routing.problem import Place, Profile

logger = logging.getLogger(__name__)

# The road server is a neighbour inside the installation: proxies of the environment are not for it.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NoAnswer(Exception):
    """The road server was not there, too slow, or said something that is not a table."""


def ask(*, url: str, timeout_seconds: float) -> dict[str, object]:
    """What the server answers; raises `NoAnswer` unless it is an "Ok" in time."""
    try:
        with _OPENER.open(url, timeout=timeout_seconds) as response:
            answer = json.load(response)
    except (OSError, HTTPException, ValueError) as error:  # URLError, HTTPError and timeouts are OSErrors; bad JSON a ValueError
        raise NoAnswer(str(error)) from error
    if not isinstance(answer, dict) or answer.get("code") != "Ok":
        raise NoAnswer("the answer is not an Ok")
    return answer


@dataclass(frozen=True, slots=True)
class OsrmHttpProvider:
    """Asks one OSRM server per profile, in blocks that stay below its `--max-table-size`.

    Any failure makes the *whole* table an estimate by `fallback`: real and estimated times are never mixed in one table.
    """

    base_urls: Mapping[Profile, str]
    timeout_seconds: float = 10.0
    max_points: int = 100
    fallback: MatrixProvider = field(default_factory=HaversineProvider)

    def __post_init__(self) -> None:
        if self.max_points < 2:
            raise ValueError("a block needs at least two points")
        for url in self.base_urls.values():
            if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
                raise ValueError("the road server is asked over http or https")

    def table(self, points: Sequence[Place], profile: Profile) -> Table:
        """Seconds and metres by road; pairs without a road get the UNREACHABLE values."""
        try:
            return self._by_road(points, profile)
        except NoAnswer as error:
            logger.warning("Road server gave no table for %s, times are estimated: %s", profile, error)
            return self.fallback.table(points, profile)

    def _by_road(self, points: Sequence[Place], profile: Profile) -> Table:
        if profile not in self.base_urls:
            raise NoAnswer("no server is set for this profile")
        size = len(points)
        seconds, metres = np.zeros((size, size), np.int64), np.zeros((size, size), np.int64)
        for rows, columns in self._blocks(size):
            answer = ask(url=self._url(profile, points, rows, columns), timeout_seconds=self.timeout_seconds)
            shape = (len(rows), len(columns))
            seconds[rows.start : rows.stop, columns.start : columns.stop] = _grid(answer, "durations", shape, UNREACHABLE_SECONDS)
            metres[rows.start : rows.stop, columns.start : columns.stop] = _grid(answer, "distances", shape, UNREACHABLE_METRES)
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(metres, 0)
        return Table(seconds, metres, estimated=False)

    def _blocks(self, size: int) -> list[tuple[range, range]]:
        if size <= self.max_points:
            return [(range(size), range(size))]
        step = self.max_points // 2
        spans = [range(low, min(low + step, size)) for low in range(0, size, step)]
        return list(product(spans, spans))

    def _url(self, profile: Profile, points: Sequence[Place], rows: range, columns: range) -> str:
        numbers = list(dict.fromkeys([*rows, *columns]))
        position = {number: spot for spot, number in enumerate(numbers)}
        path = ";".join(f"{points[number].lon:.5f},{points[number].lat:.5f}" for number in numbers)
        sources = ";".join(str(position[number]) for number in rows)
        destinations = ";".join(str(position[number]) for number in columns)
        query = f"annotations=duration,distance&sources={sources}&destinations={destinations}"
        return f"{self.base_urls[profile].rstrip('/')}/table/v1/driving/{path}?{query}"


def _grid(answer: Mapping[str, object], name: str, shape: tuple[int, int], unreachable: int) -> Grid:
    try:
        values = np.array(answer.get(name), dtype=np.float64)  # null becomes nan
    except (TypeError, ValueError) as error:
        raise NoAnswer(f"{name} is not a table") from error
    if values.shape != shape:
        raise NoAnswer(f"{name} has the wrong shape")
    grid: Grid = np.rint(np.clip(np.nan_to_num(values, nan=unreachable), 0, unreachable)).astype(np.int64)
    return grid
