"""Decides whether an e-invoice obeys the official rules, by asking a worker process that is kept and replaced when it dies.

A plain child process with pipes, not multiprocessing: it works in web threads and inside daemonic job workers alike.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Literal, NamedTuple

Flavour = Literal["en16931", "xrechnung", "en16931_ubl", "xrechnung_ubl"]
TIMEOUT = 60.0  # seconds for one document; the first one compiles the rules (1-3 s)
_ROOT = Path(__file__).resolve().parents[1]


class Finding(NamedTuple):
    """One broken rule: its official number, ``fatal`` or ``warning``, and its text."""

    rule: str
    severity: str
    text: str


class RulesUnavailable(Exception):
    """The rules could not be run, so nothing is known about the document; it must not be sent."""


class RuleChecker:
    """One worker process, started at first use, shared by the threads of this process and never by a forked child."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def check(self, xml: bytes, flavour: Flavour) -> list[Finding]:
        """Every finding of XSD and rules; a worker that died is replaced once. Raises `RulesUnavailable`."""
        with self._lock:
            answer = self._ask(xml, flavour) or self._ask(xml, flavour)
        if not answer:
            raise RulesUnavailable("The rule checker does not answer.")
        reply = json.loads(answer)
        if "error" in reply:
            raise RulesUnavailable(reply["error"])
        return [Finding(*finding) for finding in reply["findings"]]

    def close(self) -> None:
        """End the worker of this process."""
        worker, self._worker = self._worker, None
        if worker and self._owner == os.getpid():
            worker.kill()
            worker.communicate()

    def _ask(self, xml: bytes, flavour: Flavour) -> bytes:
        worker = self._running()
        assert worker.stdin is not None  # noqa: S101 - both are pipes
        assert worker.stdout is not None  # noqa: S101
        alarm = threading.Timer(TIMEOUT, worker.kill)
        alarm.start()
        try:
            worker.stdin.write(json.dumps({"flavour": flavour, "size": len(xml)}).encode() + b"\n" + xml)
            worker.stdin.flush()
            answer = worker.stdout.readline()
        except OSError:
            answer = b""
        finally:
            alarm.cancel()
        if not answer.endswith(b"\n"):
            self.close()
            return b""
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is None or self._owner != os.getpid() or self._worker.poll() is not None:
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "billing.rules_worker"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self._owner = os.getpid()
        return self._worker


_checker = RuleChecker()


@atexit.register
def _close() -> None:
    with contextlib.suppress(OSError):
        _checker.close()


def check(xml: bytes, flavour: Flavour) -> list[Finding]:
    """Everything the official rules say against the XML; empty means it may be sent. Raises `RulesUnavailable`."""
    return _checker.check(xml, flavour)


def errors(findings: list[Finding]) -> list[Finding]:
    """The findings that forbid sending."""
    return [finding for finding in findings if finding.severity == "fatal"]
