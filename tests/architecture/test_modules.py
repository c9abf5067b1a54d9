"""How modules are named, how long they are, and what only some of them may do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import house

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
NO_NOUN_OF_THE_TRADE = {"services", "utils", "util", "helpers", "helper", "common", "misc", "manager"}
#: what a rule is told (`at=`, `today=`, `by=`) and never asks for itself
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime"}
CLOCK_OWNERS = {"timezone", "datetime", "date", "time"}


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(house.tree(path)) if isinstance(node, ast.Call))


def test_no_module_is_longer_than_a_reader_bears() -> None:
    long = {str(path): len(house.text(path).splitlines()) for path in house.modules(of=house.OURS)}
    assert {path: lines for path, lines in long.items() if lines > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in house.modules()
        if "pictures" not in path.parts  # a drawing is one long list
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_modules_are_named_after_something() -> None:
    named = [path for path in house.modules() if {path.stem, *path.parts[:-1]} & NO_NOUN_OF_THE_TRADE]
    assert [str(path) for path in named if "pictures" not in path.parts] == []  # there it is what the drawing shows


def test_every_module_says_what_it_decides() -> None:
    spoken = house.modules(of=(*house.RULED, "embedded", "tools", "benchmarks"))
    assert [str(path) for path in spoken if house.text(path).strip() and not ast.get_docstring(house.tree(path))] == []


def test_money_is_rounded_in_one_place() -> None:
    rounding = [
        str(path)
        for path in house.modules()
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "quantize"
    ]
    assert rounding == ["marketplace/core/money.py"]


def test_only_rules_change_a_status() -> None:
    changing = [
        f"{path}:{line}"
        for path in house.modules()
        if house.is_shell(path) or path.stem == "models" or "model_parts" in path.parts
        for line in _status_changes(path)
    ]
    assert changing == []


def _status_changes(path: Path) -> Iterator[int]:
    """Lines with `x.status = …` or `.update(status=…)`."""
    for node in ast.walk(house.tree(path)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        if any(isinstance(part, ast.Attribute) and part.attr == "status" for target in targets for part in ast.walk(target)):
            yield node.lineno  # type: ignore[attr-defined]  # assignments have one
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            yield from (node.lineno for word in node.keywords if word.arg == "status")


def test_rules_are_told_the_moment() -> None:
    asking = [
        f"{path}:{call.lineno}"
        for path in house.modules()
        if not house.is_shell(path) and "demo" not in path.parts and not _reads_requests(path)
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in CLOCK_OWNERS
        and not call.args
        and not call.keywords
    ]
    assert asking == []


def _reads_requests(path: Path) -> bool:
    """Middleware, context processors, template tags, blocks and pages stand where a request is answered."""
    return bool(
        {path.stem, *path.parts} & {"middleware", "context_processors", "templatetags", "blocks", "models", "model_parts"}
    )


def test_nothing_is_left_to_do() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    here = Path(__file__).name
    left = [
        f"{path}:{number}"
        for path in house.tracked()
        if path.suffix in {".py", ".html", ".css", ".js", ".toml", ".md", ".yml"} and path.name != here
        for number, line in enumerate(house.text(path).splitlines(), start=1)
        if words.search(line)
    ]
    assert left == []


def test_every_ignored_type_says_why() -> None:
    bare = [
        f"{path}:{number}"
        for path in house.modules(of=(*house.RULED, "embedded", "tools", "benchmarks", "requirements"))
        for number, line in enumerate(house.text(path).splitlines(), start=1)
        if re.search(r"#\s*type:\s*ignore(\[[^\]]*\])?\s*$", line)
    ]
    assert bare == []
