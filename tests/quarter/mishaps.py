"""Kills workers in the middle of their work: between any two statements, as when a machine goes out."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction

Result = TypeVar("Result")
#: nobody is killed more often at one piece of work
MOST_DEATHS = 3


class Killed(BaseException):
    """The worker is dead. Nothing that catches errors catches this."""


class Mishaps:
    """Dice that kill workers, and how often they did; a killed one's work is begun again by another."""

    def __init__(self, *, dice: Random, share: float) -> None:
        self.dice, self.share = dice, share
        self.deaths: Counter[str] = Counter()

    def work(self, name: str, job: Callable[[], Result]) -> Result:
        """Do the work, by as many workers as it takes."""
        for _turn in range(MOST_DEATHS):
            try:
                with ExitStack() as stack:
                    if self.dice.random() < self.share:
                        stack.enter_context(connection.execute_wrapper(_Bomb(self.dice.randint(1, 60))))
                    return job()
            except Killed:
                self.deaths[name] += 1
                _bury()
        return job()


@contextmanager
def overheard() -> Iterator[list[str]]:
    """What jobs that go on with the next one write into the log when something fails."""
    heard: list[str] = []

    class Ear(logging.Handler):
        """Listens."""

        def emit(self, record: logging.LogRecord) -> None:
            """Keep it."""
            heard.append(f"{record.getMessage()} {record.exc_info[1]!r}" if record.exc_info else record.getMessage())

    ear = Ear(level=logging.ERROR)
    logging.getLogger().addHandler(ear)
    try:
        yield heard
    finally:
        logging.getLogger().removeHandler(ear)


class _Bomb:
    """Goes off at a statement."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(sql, params, many, context)


def _bury() -> None:
    """A dead worker's connection is gone, and with it what it had not committed."""
    assert not transaction.get_connection().in_atomic_block
    connection.run_on_commit = []
    connection.close()
