"""Travel times: the estimate, and the road server with everything that can go wrong with it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from logistics.routing import HaversineProvider, Matrices, OsrmHttpProvider, Place, solve
from logistics.routing.matrix import UNREACHABLE_METRES, UNREACHABLE_SECONDS
from tests.logistics.routing.region import region_round

ASCHEFFEL, OWSCHLAG, HABY = Place(54.43042, 9.69982), Place(54.39336, 9.59243), Place(54.39518, 9.82137)


def test_haversine_table_is_the_great_circle_with_detour() -> None:
    table = HaversineProvider().table([ASCHEFFEL, OWSCHLAG], "van")

    # 8.09 km as the crow flies, times 1.35; 20 s and then 52 km/h
    assert table.metres[0, 1] == pytest.approx(10_925, abs=60)
    assert table.seconds[0, 1] == pytest.approx(20 + table.metres[0, 1] * 3.6 / 52, abs=1)
    assert table.metres[0, 1] == table.metres[1, 0]
    assert (table.metres[0, 0], table.seconds[0, 0]) == (0, 0)
    assert (str(table.seconds.dtype), str(table.metres.dtype), table.estimated) == ("int64", "int64", True)


def test_haversine_bike_is_slower_on_the_same_way() -> None:
    van, bike = (HaversineProvider().table([ASCHEFFEL, OWSCHLAG], profile) for profile in ("van", "bike"))

    assert bike.metres[0, 1] == van.metres[0, 1]
    assert bike.seconds[0, 1] == pytest.approx(10 + bike.metres[0, 1] * 3.6 / 18, abs=1)


@dataclass
class RoadServer:
    """A stand-in that answers in OSRM's format: ten metres and one second per thousandth of a degree, rows before columns."""

    requests: list[str] = field(default_factory=list)
    body: bytes | None = None
    status: int = 200
    delay: float = 0
    most_points: int = 100
    cut_off: str = ""
    url: str = ""

    def answer(self, path: str) -> tuple[int, bytes]:
        self.requests.append(path)
        time.sleep(self.delay)
        if self.body is not None:
            return self.status, self.body
        parts = urlsplit(path)
        if parts.path.startswith("/route/v1/driving/"):
            return self._route(parts.path.removeprefix("/route/v1/driving/").split(";"))
        points = parts.path.removeprefix("/table/v1/driving/").split(";")
        if len(points) > self.most_points:
            return 400, json.dumps({"code": "TooBig"}).encode()
        query = parse_qs(parts.query)
        rows, columns = ([points[int(spot)] for spot in query[name][0].split(";")] for name in ("sources", "destinations"))
        steps = [[self._steps(here, there) for there in columns] for here in rows]
        reply = {
            "code": "Ok",
            "durations": [[None if step is None else step + 0.4 for step in row] for row in steps],
            "distances": [[None if step is None else step * 10.0 for step in row] for row in steps],
        }
        return 200, json.dumps(reply).encode()

    def _route(self, points: list[str]) -> tuple[int, bytes]:
        """First along the parallel, then along the meridian, in every leg."""
        if self.cut_off in points:
            return 400, json.dumps({"code": "NoRoute"}).encode()
        spots = [[float(part) for part in point.split(",")] for point in points]
        line = [spots[0]]
        for lon, lat in spots[1:]:
            line += [[lon, line[-1][1]], [lon, lat]]
        return 200, json.dumps({"code": "Ok", "routes": [{"geometry": {"type": "LineString", "coordinates": line}}]}).encode()

    def _steps(self, here: str, there: str) -> int | None:
        if self.cut_off in (here, there) and here != there:
            return None
        (lon, lat), (to_lon, to_lat) = (map(float, point.split(",")) for point in (here, there))
        north = round(1000 * (to_lat - lat))
        return abs(round(1000 * (to_lon - lon))) + (north if north > 0 else -2 * north)  # downhill counts double


@contextmanager
def serving(server: RoadServer) -> Iterator[RoadServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = server.answer(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def test_osrm_table_asks_for_both_tables_and_rounds_to_whole_units() -> None:
    with serving(RoadServer()) as server:
        table = OsrmHttpProvider({"van": f"{server.url}/"}).table([ASCHEFFEL, OWSCHLAG], "van")

    assert table.seconds.tolist() == [[0, 181], [144, 0]]
    assert table.metres.tolist() == [[0, 1810], [1440, 0]]
    assert (str(table.seconds.dtype), table.estimated) == ("int64", False)
    (asked,) = server.requests
    assert asked.startswith("/table/v1/driving/9.69982,54.43042;9.59243,54.39336?")
    assert parse_qs(urlsplit(asked).query)["annotations"] == ["duration,distance"]


def test_osrm_table_without_a_road_is_far_but_finite() -> None:
    with serving(RoadServer(cut_off="9.82137,54.39518")) as server:
        table = OsrmHttpProvider({"van": server.url}).table([ASCHEFFEL, HABY], "van")

    assert table.seconds.tolist() == [[0, UNREACHABLE_SECONDS], [UNREACHABLE_SECONDS, 0]]
    assert table.metres.tolist() == [[0, UNREACHABLE_METRES], [UNREACHABLE_METRES, 0]]
    assert table.estimated is False


def test_osrm_table_in_blocks_equals_the_table_at_once() -> None:
    points = [Place(54.3 + 0.011 * number, 9.6 + 0.007 * (number**2 % 11)) for number in range(11)]
    with serving(RoadServer()) as server:
        at_once = OsrmHttpProvider({"van": server.url}).table(points, "van")
    with serving(RoadServer(most_points=4)) as server:
        in_blocks = OsrmHttpProvider({"van": server.url}, max_points=4).table(points, "van")

    assert in_blocks.seconds.tolist() == at_once.seconds.tolist()
    assert in_blocks.metres.tolist() == at_once.metres.tolist()
    assert in_blocks.estimated is False
    assert len(server.requests) == 36


@pytest.mark.parametrize(
    "broken",
    [
        RoadServer(body=b"no json"),
        RoadServer(body=b"[]"),
        RoadServer(body=b'{"code": "NoTable"}'),
        RoadServer(body=b'{"code": "Ok"}'),
        RoadServer(body=b'{"code": "Ok", "durations": [[0]], "distances": [[0]]}'),
        RoadServer(body=b'{"code": "Ok", "durations": [[0, "far"], [1, 0]], "distances": [[0, 1], [1, 0]]}'),
        RoadServer(body=b"{}", status=500),
        RoadServer(delay=0.5),
        RoadServer(most_points=1),
    ],
    ids=["garbage", "list", "refusal", "without tables", "wrong shape", "no number", "500", "too slow", "too big"],
)
def test_osrm_table_falls_back_to_the_estimate(broken: RoadServer) -> None:
    with serving(broken) as server:
        table = OsrmHttpProvider({"van": server.url}, timeout_seconds=0.2).table([ASCHEFFEL, OWSCHLAG], "van")

    assert table.estimated is True
    assert table.metres.tolist() == HaversineProvider().table([ASCHEFFEL, OWSCHLAG], "van").metres.tolist()


def test_osrm_table_of_a_dead_server_or_unknown_profile_is_the_estimate() -> None:
    with serving(RoadServer()) as server:
        pass
    provider = OsrmHttpProvider({"van": server.url}, timeout_seconds=0.5)

    assert provider.table([ASCHEFFEL, OWSCHLAG], "van").estimated is True
    assert provider.table([ASCHEFFEL, OWSCHLAG], "bike").estimated is True


def test_osrm_provider_refuses_settings_that_cannot_work() -> None:
    with pytest.raises(ValueError, match="http"):
        OsrmHttpProvider({"van": "file:///etc/passwd"})
    with pytest.raises(ValueError, match="two points"):
        OsrmHttpProvider({}, max_points=1)


def test_plan_carries_a_flag_when_one_profile_had_to_be_estimated() -> None:
    problem = region_round(producers=2, drops=5, iterations=20)
    with serving(RoadServer()) as server:
        by_road = solve(problem=problem, provider=OsrmHttpProvider(dict.fromkeys(("van", "car", "bike"), server.url)))
        partly = solve(problem=problem, provider=OsrmHttpProvider({"van": server.url, "car": server.url}))

    assert (by_road.estimated_times, partly.estimated_times) == (False, True)
    assert by_road.matrix_hash != partly.matrix_hash


def test_a_place_without_a_road_is_left_out_of_the_plan() -> None:
    problem = region_round(producers=0, drops=6, iterations=50)
    island = problem.jobs[3]
    spot = f"{island.place.lon:.5f},{island.place.lat:.5f}"
    with serving(RoadServer(cut_off=spot)) as server:
        plan = solve(problem=problem, provider=OsrmHttpProvider(dict.fromkeys(("van", "car", "bike"), server.url)))

    assert [(entry.job_key, entry.reason) for entry in plan.unserved] == [(island.key, "window_unreachable")]


def test_matrices_hold_each_place_once() -> None:
    problem = region_round(producers=0, drops=3, iterations=1)
    matrices = Matrices.of(problem=problem, provider=HaversineProvider())

    assert len(matrices.points) == len(set(matrices.points)) == 6
    assert [roads.profile for roads in matrices.tables] == ["bike", "car", "van"]
