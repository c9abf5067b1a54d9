"""The embedded servers start, are found again, survive what kills them and keep to themselves."""

import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis

from embedded import postgres, services
from embedded.places import CHECKOUT, server_folder
from embedded.processes import answers, await_true

pytestmark = pytest.mark.enable_socket


def _postgres_pid(state: Path) -> int:
    return int((server_folder(state=state) / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])


def _remember(found: services.Services, word: str) -> None:
    with psycopg.connect(found.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
        connection.execute("INSERT INTO memory VALUES (%s)", [word])


def _remembered(found: services.Services) -> list[str]:
    with psycopg.connect(found.database_url) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM memory ORDER BY word")]


def _gone(pid: int) -> bool:
    """Dead, or a zombie that nobody collected yet."""
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_ensure_starts_both_servers_from_nothing(running_state: Path) -> None:
    found = services.ensure(state=running_state, durable=False)
    with psycopg.connect(found.database_url) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SELECT upper('äpfel')").fetchone() == ("ÄPFEL",)
    assert redis.Redis.from_url(found.redis_url).ping() is True


def test_search_extensions_know_umlauts(running_state: Path) -> None:
    found = services.ensure(state=running_state, durable=False)
    with psycopg.connect(found.database_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        assert connection.execute("SELECT unaccent('Äpfel'), similarity('Äpfel', 'äpfel')").fetchone() == ("Apfel", 1.0)


def test_second_ensure_finds_the_running_servers(running_state: Path) -> None:
    first = services.ensure(state=running_state, durable=False)
    before, pid = time.monotonic(), _postgres_pid(running_state)
    assert services.ensure(state=running_state, durable=False) == first
    assert _postgres_pid(running_state) == pid
    assert time.monotonic() - before < 1


def test_servers_refuse_a_wrong_password(running_state: Path) -> None:
    found = services.ensure(state=running_state, durable=False)
    scheme, _, rest = found.database_url.partition("://")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"{scheme}://marktrunde:guess@{rest.partition('@')[2]}")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(found.redis_url.replace("://:", "://:x")).ping()


def test_passwords_are_private(running_state: Path) -> None:
    folder = server_folder(state=running_state)
    for name in ("postgres-password", "valkey-password", "services.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "postgres" / "data").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
@pytest.mark.opt_in
def test_servers_of_root_run_unprivileged(running_state: Path) -> None:
    services.ensure(state=running_state, durable=False)
    assert Path(f"/proc/{_postgres_pid(running_state)}").stat().st_uid != 0


def test_concurrent_starts_make_one_server(state: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: services.ensure(state=state, durable=False), range(3)))
    assert len(set(found)) == 1


def test_killed_servers_come_back_with_their_data(running_state: Path) -> None:
    found = services.ensure(state=running_state, durable=True)
    _remember(found, "Möhre")
    pid = _postgres_pid(running_state)
    valkey_pid = redis.Redis.from_url(found.redis_url).info("server")["process_id"]
    os.kill(pid, signal.SIGKILL)
    os.kill(valkey_pid, signal.SIGKILL)
    assert await_true(lambda: _gone(pid) and _gone(valkey_pid), seconds=5)
    again = services.ensure(state=running_state, durable=True)
    assert "Möhre" in _remembered(again)
    assert redis.Redis.from_url(again.redis_url).ping() is True


def test_stale_pid_file_of_a_stranger_is_no_obstacle(running_state: Path) -> None:
    _remember(services.ensure(state=running_state, durable=False), "Lauch")
    services.stop(state=running_state)
    folder = server_folder(state=running_state)
    (folder / "postgres" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n0\n1\n\n127.0.0.1\n0 0\nready   \n")
    (folder / "valkey" / "server.json").write_text(f'{{"pid": {os.getpid()}, "port": 1}}')
    assert services.running(state=running_state) is False
    assert "Lauch" in _remembered(services.ensure(state=running_state, durable=False))


def test_interrupted_first_start_is_done_again(running_state: Path) -> None:
    home = server_folder(state=running_state) / "postgres"
    services.ensure(state=running_state, durable=False)
    services.stop(state=running_state)
    (home / "data" / "PG_VERSION").unlink()
    (home / "data.draft").mkdir()
    _remember(services.ensure(state=running_state, durable=False), "Rübe")


def test_taken_port_is_given_up(running_state: Path) -> None:
    first = services.ensure(state=running_state, durable=False)
    port = int(first.database_url.rpartition(":")[2].partition("/")[0])
    services.stop(state=running_state)
    squatter = subprocess.Popen(
        [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], cwd=running_state, stderr=-3
    )
    try:
        assert await_true(lambda: answers(port=port), seconds=5)
        with psycopg.connect(services.ensure(state=running_state, durable=False).database_url) as connection:
            assert connection.info.port != port
    finally:
        squatter.kill()
        squatter.wait()


def test_two_states_do_not_meet(running_state: Path, state: Path) -> None:
    one = services.ensure(state=running_state, durable=False)
    other = services.ensure(state=state, durable=False)
    _remember(one, "hier")
    _remember(other, "dort")
    assert _remembered(other) == ["dort"]
    services.stop(state=state)
    assert "dort" not in _remembered(one)


def test_session_stops_what_it_started(running_state: Path) -> None:
    with services.session(state=running_state, durable=False):
        assert services.running(state=running_state) is True
    assert services.running(state=running_state) is False


def test_stop_leaves_servers_that_are_used(running_state: Path) -> None:
    found = services.ensure(state=running_state, durable=False)
    with psycopg.connect(found.database_url):
        services.stop(state=running_state, unless_used=True)
        assert services.running(state=running_state) is True
    assert await_true(lambda: not postgres.has_visitors(folder=server_folder(state=running_state)), seconds=5)
    services.stop(state=running_state, unless_used=True)
    assert services.running(state=running_state) is False


def test_durability_follows_the_last_wish(running_state: Path) -> None:
    services.ensure(state=running_state, durable=False)
    with psycopg.connect(services.ensure(state=running_state, durable=True).database_url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_command_line_tells_where_the_servers_are(running_state: Path) -> None:
    room = running_state.parent / "named"
    environment = os.environ | {"MARKTRUNDE_STATE": str(room)}

    def run(command: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "embedded", command, "--for", "tests"]
        return subprocess.run(line, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    try:
        assert run("status").returncode == 3
        assert "export DATABASE_URL=postgresql://marktrunde:" in run("env").stdout
        assert run("status").stdout == "running\n"
    finally:
        run("reset")
    assert run("status").stdout == "stopped\n"
    assert list(room.iterdir()) == []
