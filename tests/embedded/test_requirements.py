"""The locked sets name no index and no machine, carry hashes, and hold what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from embedded.places import CHECKOUT

LOCKED = sorted((CHECKOUT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
ADDRESS = re.compile(r"https?://|file:|--(index|extra-index|find-links)|@ ")
PIN = re.compile(r"^([a-z0-9.-]+)(\[[^]]+\])?==(\S+)", re.MULTILINE)


def _pins(name: str) -> dict[str, str]:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
    return {match[1]: match[3] for match in PIN.finditer(text)}


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
    pins = _pins(name)
    asked = [Requirement(line) for line in wanted]
    assert [str(one) for one in asked if not one.specifier.contains(pins.get(canonicalize_name(one.name), "0"))] == []


def test_tests_run_on_what_the_market_runs_on() -> None:
    app, dev = _pins("app"), _pins("dev")
    assert {name: dev.get(name) for name in app} == app


def test_every_dependency_says_why() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text()
    lists = text[text.index("dependencies = [") : text.index("[tool.ruff]")]
    assert [line for line in lists.splitlines() if line.startswith('  "') and "#" not in line] == []
