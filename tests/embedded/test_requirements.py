"""The locked sets name no index and no machine, carry hashes, and hold what pyproject.toml asks for."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from embedded.places import CHECKOUT

LOCKED = sorted((CHECKOUT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
ADDRESS = re.compile(r"https?://|file:|--(index|extra-index|find-links)|@ ")
PIN = re.compile(r"^([a-z0-9.-]+)(\[[^]]+\])?==(\S+)", re.MULTILINE)


def _pins(name: str) -> dict[str, str]:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
    return {match[1]: match[3] for match in PIN.finditer(text)}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ;]", line, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-") for line in requirements}


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_locked_set_names_no_index(path: Path) -> None:
    assert [line for line in path.read_text().splitlines() if ADDRESS.search(line)] == []


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_every_locked_package_has_a_hash(path: Path) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", path.read_text())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("app", PROJECT["project"]["dependencies"]), *((group, wanted) for group, wanted in PROJECT["dependency-groups"].items())],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_locked_set_holds_what_the_project_asks_for(name: str, wanted: list[str]) -> None:
    assert _names(wanted) - set(_pins(name)) == set()


def test_tests_run_on_what_the_market_runs_on() -> None:
    app, dev = _pins("app"), _pins("dev")
    assert {name: dev.get(name) for name in app} == app


def test_every_dependency_says_why() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text()
    lists = text[text.index("dependencies = [") : text.index("[tool.ruff]")]
    assert [line for line in lists.splitlines() if line.startswith('  "') and "#" not in line] == []


def test_no_file_of_the_project_names_a_machine_or_an_index() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.fail("git cannot list the files of the checkout")
    forbidden = re.compile(r"pypi\.org/simple|--index-url|extra-index-url\s*=|/work/|/root/\w")
    plumbing = re.compile(r"(Makefile|Dockerfile|\.ya?ml|\.toml|\.cfg|\.conf|\.txt|\.sh|\.ci/[\w-]+)$")
    files = [CHECKOUT / name for name in listed.stdout.splitlines() if plumbing.search(name)]
    assert [path.name for path in files if path.exists() and forbidden.search(path.read_text(errors="ignore"))] == []
