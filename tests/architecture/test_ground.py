"""What the repository must not hold, and what must fit together for it to run at all."""

import inspect
import re
from pathlib import Path
from typing import Any

import wagtail
from django.conf import settings

from marketplace.celery import app
from tests.architecture import house

#: where packages come from is the machine's matter: no index by its path, its kind of host or an installer's option
INDEX = re.compile(r"(?:https?://\S*/simple\b|https?://(?:registry|files|deb)\.|--(?:extra-)?index-url[ =]\S)")
MACHINE = re.compile(r"(?<![\w.$}-])/(?:work|root|home)/[a-z]\w*")
READABLE = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".html", ".css", ".js", ".typ", ".po", ".json", ".example", ".sh", ""}
#: a reason why a line may name one
EXCEPTED = {"tests/architecture/test_ground.py"}


def test_wagtail_is_the_one_we_tried() -> None:
    assert wagtail.__version__ == "8.0.1"


def test_no_file_names_an_index() -> None:
    assert _naming(INDEX) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert _naming(MACHINE) == []


def _naming(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}"
        for path in house.tracked()
        if path.suffix in READABLE and str(path) not in EXCEPTED
        for number, line in enumerate(_lines(path), start=1)
        if pattern.search(line)
    ]


def _lines(path: Path) -> list[str]:
    try:
        return house.text(path).splitlines()
    except UnicodeDecodeError:
        return []


def test_every_locked_set_has_hashes() -> None:
    locked = [path for path in house.tracked() if path.parts[0] == "requirements" and path.suffix == ".txt"]
    assert {path.stem for path in locked} >= {"app", "dev", "rules"}
    bare = [
        f"{path}: {pin.splitlines()[0]}"
        for path in locked
        for pin in re.split(r"\n(?=[a-z0-9])", house.text(path))
        if "==" in pin and "--hash=sha256:" not in pin
    ]
    assert bare == []


def test_every_scheduled_task_exists() -> None:
    assert _scheduled() - _tasks().keys() == set()


def test_every_job_that_is_found_by_a_query_is_looked_for() -> None:
    """A task that is told nothing finds its own work; it is of no use if nobody ever starts it."""
    alone = {name for name, task in _tasks().items() if not inspect.signature(task.run).parameters}
    assert alone == _scheduled()


def _tasks() -> dict[str, Any]:
    """Every task of ours by its name."""
    app.autodiscover_tasks(force=True)
    return {name: task for name, task in app.tasks.items() if name.startswith(house.RULED)}


def _scheduled() -> set[str]:
    return {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
