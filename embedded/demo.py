"""`python -m embedded.demo`: the whole market on this machine, with nothing to set up.

Starts the servers, fills the tables, plays the market, starts web server and worker and keeps them running until Ctrl-C.
"""

import argparse
import fcntl
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded import services
from embedded.children import Child, Children, end_orphans
from embedded.places import CHECKOUT, prepare_folder, state_root, write_private
from embedded.processes import HOST, await_true, end, free_port, last_lines

READY_SECONDS = 60.0
WATCH_SECONDS = 2.0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PID_FILE = "demo.pid"
CHILDREN_FILE = "children.json"


class DemoFailed(RuntimeError):
    """The demo cannot run; the message says why and what to do."""


class Interrupted(Exception):
    """Somebody pressed Ctrl-C, or the terminal or machine goes away."""


def main() -> int:
    """Run the demo; 0 after a clean end."""
    parser = argparse.ArgumentParser(prog="python -m embedded.demo", description=__doc__)
    parser.add_argument("--until-ready", action="store_true", help="end as soon as the first page answers")
    asked = parser.parse_args()
    for number in ENDING:
        signal.signal(number, _interrupt)
    state = services.default_state(durable=True)
    try:
        with _only_one(prepare_folder(state)):
            _run(state=state, until_ready=asked.until_ready)
    except Interrupted:
        print("\nStopped. Everything is kept; `make demo` goes on where this left off, `make reset` starts over.")
    except (DemoFailed, services.StartFailed, PermissionError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


def _run(*, state: Path, until_ready: bool) -> None:
    began = time.monotonic()
    with services.session(state=state, durable=True) as found:
        end_orphans(state / CHILDREN_FILE)
        port = _port()
        address = f"http://{HOST}:{port}"
        environment = _environment(found=found, state=state, address=address)
        bank = None if "STRIPE_KEY" in os.environ else _bank(state=state, market=address, environment=environment)
        children = Children(environment=environment, notes=state / CHILDREN_FILE)
        logins = state / "logins.txt"
        try:
            if bank is not None:
                children.start(bank)
            _prepare(environment=environment, logins=logins)
            web, worker = _web(state=state, port=port), _worker(state=state)
            children.start(web)
            children.start(worker)
            _await_page(address=address, web=web)
            print(f"\nMarktrunde runs at {address} (ready after {time.monotonic() - began:.1f} s)\n")
            print(logins.read_text())
            if bank is not None:
                print(f"Paying online goes to a practice bank at {environment['STRIPE_ADDRESS']}; no money flows there.\n")
            if not until_ready:
                print(f"Logs: {web.log.parent}. Ctrl-C stops everything.", flush=True)
                _watch(children=children, state=state)
        finally:
            children.stop()


def _environment(*, found: services.Services, state: Path, address: str) -> dict[str, str]:
    """What the demo's processes are told. A database named in our own environment is not theirs: a demo must not fill it."""
    key = state / "secret-key"
    if not key.exists():
        write_private(key, secrets.token_urlsafe(50))
    root = state_root()
    ours = {
        "MARKTRUNDE_ENV": "development",
        "DATABASE_URL": found.database_url,
        "REDIS_URL": found.redis_url,
        "SECRET_KEY": key.read_text(),
        "MARKTRUNDE_DEMO": "1",
        "BASE_URL": address,
        "STATIC_ROOT": str(root / "static"),
        "MEDIA_ROOT": str(root / "media"),
        "TYPESETTING_FONTS": str(root / "fonts"),
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return os.environ | ours


def _bank(*, state: Path, market: str, environment: dict[str, str]) -> Child:
    """The bank for practice, at which customers of the demo pay online; `environment` learns where it is."""
    port, secret = free_port(preferred=8490), "whsec_uebung"
    environment |= {
        "STRIPE_KEY": "sk_test_uebung",
        "STRIPE_ADDRESS": f"http://{HOST}:{port}",
        "STRIPE_WEBHOOK_SECRETS": secret,
    }
    command = [sys.executable, "-m", "embedded.practice_bank", "--port", str(port), "--secret", secret]
    command += ["--reports-to", f"{market}/konto/zahlungen/meldung/", "--state", str(state / "practice-bank.json")]
    return Child(name="practice bank", command=command, log=_log(state=state, name="bank"))


def _port() -> int:
    """`PORT` if set (and then exactly that), else 8000 or the next free one."""
    named = os.environ.get("PORT")
    if named is not None:
        if not named.isdigit() or not 0 < int(named) < 65536:
            raise DemoFailed(f"PORT={named} is no port.")
        if free_port(preferred=int(named)) != int(named):
            raise DemoFailed(f"Port {named} is taken. Choose another: make demo PORT=8080")
        return int(named)
    for port in range(8000, 8100):
        if free_port(preferred=port) == port:
            return port
    return free_port()


def _prepare(*, environment: dict[str, str], logins: Path) -> None:
    """Tables, market, static files, in a process of its own that shows its own progress."""
    print("Preparing the market …", flush=True)
    process = subprocess.Popen([sys.executable, "-m", "embedded.prepare", str(logins)], cwd=CHECKOUT, env=environment)
    try:
        if process.wait() != 0:
            raise DemoFailed("The market could not be prepared; the reason stands above.")
    except Interrupted:
        process.terminate()
        process.wait()
        raise


def _web(*, state: Path, port: int) -> Child:
    """The web server; more threads than cores, since they mostly wait for the database."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "marketplace.wsgi:application"]
    return Child(name="web server", command=command, log=_log(state=state, name="web"))


def _worker(*, state: Path) -> Child:
    """One worker that also keeps the clock; production runs beat on its own."""
    command = [sys.executable, "-m", "celery", "-A", "marketplace", "worker", "-B", "--concurrency", "2"]
    command += ["--loglevel", "INFO", "--schedule", str(state / "beat-schedule"), "--without-gossip", "--without-mingle"]
    return Child(name="worker", command=command, log=_log(state=state, name="worker"))


def _log(*, state: Path, name: str) -> Path:
    return prepare_folder(state / "log") / f"{name}.log"


def _await_page(*, address: str, web: Child) -> None:
    """Wait for the front page; a web server that dies or stays silent ends the demo with its last words."""

    def answered() -> bool:
        if not web.alive:
            raise DemoFailed(f"The web server did not start:\n{last_lines(web.log)}")
        try:
            with urllib.request.urlopen(f"{address}/", timeout=10) as answer:  # noqa: S310  (our own address)
                return bool(answer.status == 200)
        except urllib.error.HTTPError as problem:
            raise DemoFailed(f"The front page answers {problem.code}:\n{last_lines(web.log, count=40)}") from problem
        except OSError:
            return False

    if not await_true(answered, seconds=READY_SECONDS, pause=0.1):
        raise DemoFailed(f"The front page does not answer:\n{last_lines(web.log)}")


def _watch(*, children: Children, state: Path) -> None:
    """Keep servers and children running until a signal ends it."""
    while True:
        time.sleep(WATCH_SECONDS)
        if not services.running(state=state):
            print("A server had stopped and is started again.", flush=True)
            services.ensure(state=state, durable=True)
        for sentence in children.restart_dead(now=time.monotonic()):
            print(sentence, flush=True)


def stop_running(*, state: Path) -> None:
    """End the demo that runs in another terminal, or what a killed one left, and wait until its servers are stopped."""
    try:
        pid = int((state / PID_FILE).read_text())
    except (OSError, ValueError):
        pid = None
    if pid is not None:
        end(pid, marks=("embedded.demo",), signals=(signal.SIGTERM,), patience=30)
    end_orphans(state / CHILDREN_FILE)


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Two demos of one checkout would share their tables and logs: refuse the second."""
    with (state / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise DemoFailed("The demo of this checkout is running already. `make stop` ends it.") from taken
        write_private(state / PID_FILE, str(os.getpid()))
        yield
        (state / PID_FILE).unlink(missing_ok=True)


def _interrupt(number: int, frame: object) -> None:
    """End the demo; a second Ctrl-C must not interrupt the stopping."""
    for one in ENDING:
        signal.signal(one, signal.SIG_IGN)
    raise Interrupted


if __name__ == "__main__":
    sys.exit(main())
