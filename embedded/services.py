"""The servers of one state folder as a pair: PostgreSQL and Valkey, started when asked for and found again later."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from embedded import postgres, valkey
from embedded.places import prepare_folder, server_folder, state_root, write_private

StartFailed = postgres.StartFailed


@dataclass(frozen=True)
class Services:
    """Where the servers are."""

    database_url: str
    redis_url: str


def default_state(*, durable: bool) -> Path:
    """The demo and the tests of a checkout have servers of their own, so neither disturbs the other."""
    return state_root() / ("demo" if durable else "tests")


def ensure(*, state: Path | None = None, durable: bool) -> Services:
    """Make sure both servers of `state` run; safe to call often, from several processes at once, and after any crash.

    `durable` data survives a power cut; without it PostgreSQL is faster and may be damaged by one. `state` defaults to the
    checkout's own folder. Raises `StartFailed` with the end of the server's log.
    """
    with _locked(state or default_state(durable=durable)) as folder:
        if _durability(folder) not in (None, durable):
            postgres.stop(folder=folder)
        services = Services(
            database_url=postgres.start(folder=folder, durable=durable),
            redis_url=valkey.start(folder=folder),
        )
        if _notes(folder) != asdict(services) | {"durable": durable}:
            write_private(folder / "services.json", json.dumps(asdict(services) | {"durable": durable}))
        return services


def stop(*, state: Path, unless_used: bool = False) -> None:
    """Stop both servers of `state` and wait until they are gone; nothing happens when they do not run.

    With `unless_used` they stay when somebody is connected: another test run of the same checkout, for instance.
    """
    if not server_folder(state=state).exists():
        return
    with _locked(state) as folder:
        if unless_used and postgres.has_visitors(folder=folder):
            return
        valkey.stop(folder=folder)
        postgres.stop(folder=folder)


def running(*, state: Path) -> bool:
    """Do both servers of `state` answer?"""
    folder = server_folder(state=state)
    return postgres.is_running(folder=folder) and valkey.is_running(folder=folder)


@contextmanager
def session(*, state: Path, durable: bool) -> Iterator[Services]:
    """Both servers for the length of a `with` block."""
    try:
        yield ensure(state=state, durable=durable)
    finally:
        stop(state=state)


@contextmanager
def _locked(state: Path) -> Iterator[Path]:
    """The servers' folder of `state`, ours alone for the moment."""
    folder = prepare_folder(server_folder(state=state))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _notes(folder: Path) -> dict[str, object]:
    try:
        notes = json.loads((folder / "services.json").read_text())
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _durability(folder: Path) -> object:
    """How the servers were started last; None when never."""
    return _notes(folder).get("durable")
