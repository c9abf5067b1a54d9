"""Finding, judging and ending the processes that we started, and nobody else's."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from embedded.places import Account

HOST = "127.0.0.1"

# Started here and meant to outlive us; kept so that the dead among them can be collected.
_DAEMONS: dict[int, subprocess.Popen[bytes]] = {}


def start_daemon(command: list[str], *, folder: Path, log: Path, account: Account, settings: bytes = b"") -> int:
    """Start a server in its own session, fed `settings` on its standard input; returns its pid."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
        )
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(settings)
    _DAEMONS[process.pid] = process
    return process.pid


def free_port(*, preferred: int | None = None) -> int:
    """A TCP port nobody listens on: the preferred one if it is free, else any other."""
    if preferred is not None and _is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(*, port: int, timeout: float = 1.0) -> bool:
    """Does something accept connections on `port`?"""
    try:
        with socket.create_connection((HOST, port), timeout=timeout):
            return True
    except OSError:
        return False


def is_ours(pid: int, *, marks: tuple[str, ...]) -> bool:
    """Is `pid` a living process whose command line contains all `marks`? (A pid may have been reused by a stranger.)"""
    command = _command_line(pid)
    return command is not None and all(mark in command for mark in marks)


def await_true(condition: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Poll `condition` until it holds; False when it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def await_started(pid: int, *, marks: tuple[str, ...], ready: Callable[[], bool], seconds: float) -> bool:
    """Wait until the server `pid` is ready; False as soon as it died, or when it was not ready in time."""
    await_true(lambda: ready() or not is_ours(pid, marks=marks), seconds=seconds)
    return ready()


def end(pid: int, *, marks: tuple[str, ...], signals: tuple[signal.Signals, ...], patience: float = 10.0) -> bool:
    """Send the signals one after the other until the process is gone; True if it is. A stranger's process is left alone."""
    for number in signals:
        if not is_ours(pid, marks=marks):
            return True
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        if await_true(lambda: not is_ours(pid, marks=marks), seconds=patience):
            return True
    return not is_ours(pid, marks=marks)


def last_lines(path: Path, *, count: int = 15) -> str:
    """The end of a log, for the message of a failed start."""
    if not path.exists():
        return "(no log)"
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _command_line(pid: int) -> str | None:
    """The command line of a living process; None for a dead one or a zombie."""
    _reap(pid)
    proc = Path("/proc")
    if (proc / "self" / "cmdline").exists():
        try:
            raw = (proc / str(pid) / "cmdline").read_bytes()
        except OSError:
            return None
        return raw.replace(b"\0", b" ").decode(errors="replace").strip() or None
    answer = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    state, _, command = answer.strip().partition(" ")
    return command.strip() or None if state and not state.startswith("Z") else None


def _reap(pid: int) -> None:
    """Collect a dead daemon of ours, so that it does not look alive."""
    if pid in _DAEMONS and _DAEMONS[pid].poll() is not None:
        del _DAEMONS[pid]
