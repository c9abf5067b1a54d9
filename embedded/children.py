"""Processes the demo keeps alive while it runs and takes with it when it goes."""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from embedded.places import CHECKOUT, write_private
from embedded.processes import await_true, end

QUIET_AFTER = 60.0  # a child that lived this long starts again without delay
LONGEST_PAUSE = 30.0


def end_orphans(notes: Path) -> None:
    """End what an earlier demo, killed in its sleep, noted in `notes` and left behind."""
    with contextlib.suppress(OSError, ValueError):
        for pid, command in json.loads(notes.read_text()):
            end(int(pid), marks=(str(command),), signals=(signal.SIGTERM, signal.SIGKILL))
    notes.unlink(missing_ok=True)


@dataclass
class Child:
    """One process: how to start it, where it writes, and how it fares."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Children:
    """The demo's processes; what runs is noted in `notes`, so that a killed demo's orphans are found by the next one."""

    environment: dict[str, str]
    notes: Path
    members: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        """Start a process of our own session, so that Ctrl-C reaches only us and we end it in order."""
        with child.log.open("ab") as output:
            child.process = subprocess.Popen(
                child.command,
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child.started = time.monotonic()
        if child not in self.members:
            self.members.append(child)
        alive = [(one.process.pid, " ".join(one.command)) for one in self.members if one.process is not None]
        write_private(self.notes, json.dumps(alive))

    def restart_dead(self, *, now: float) -> list[str]:
        """Start dead members again, each failure after a longer pause; returns a sentence for each."""
        told = []
        for child in self.members:
            if child.alive:
                continue
            if now - child.started > QUIET_AFTER:
                child.failures = 0
            if now - child.started < min(2.0**child.failures - 1, LONGEST_PAUSE):
                continue
            child.failures += 1
            _end_group(child.process)
            self.start(child)
            told.append(f"The {child.name} had stopped and was started again; its log is {child.log}")
        return told

    def stop(self, *, patience: float = 10.0) -> None:
        """Ask all members to end, wait, and kill what does not."""
        running = [child.process for child in self.members if child.process is not None and child.alive]
        for process in running:
            process.terminate()
        await_true(lambda: all(process.poll() is not None for process in running), seconds=patience)
        for process in running:
            _end_group(process)
            process.wait()
        self.notes.unlink(missing_ok=True)


def _end_group(process: subprocess.Popen[bytes] | None) -> None:
    """Kill a process that would not end, or the workers that a dead one left behind (they would keep its port)."""
    if process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
