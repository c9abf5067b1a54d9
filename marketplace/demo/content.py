"""Reads the TOML files of the demo into one Market, and refuses them when anything does not hold."""

import dataclasses
import tomllib
import types
import typing
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from marketplace.demo.content_checks import problems
from marketplace.demo.market import Market

DATA = Path(__file__).parent / "data"


class ContentError(ValueError):
    """The market content is not valid; the message lists every problem, one a line."""


def load(*, folder: Path = DATA) -> Market:
    """Every TOML file of the folder as one checked market; raises ContentError with all problems."""
    tables: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            tables[key] = [*tables[key], *value] if key in tables and isinstance(value, list) else value
    market: Market = _read(tables, Market, "market")
    found = problems(market=market)
    if found:
        raise ContentError("\n".join(found))
    return market


def _read(value: Any, kind: Any, where: str) -> Any:
    """The TOML value as the annotated type; raises ContentError naming the place."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _read(value, next(a for a in arguments if a is not type(None)), where)
    if origin is tuple and isinstance(value, list):
        return tuple(_read(item, arguments[0], f"{where}[{_name(item, at)}]") for at, item in enumerate(value))
    if origin is dict and isinstance(value, dict):
        return {key: _read(item, arguments[1], f"{where}.{key}") for key, item in value.items()}
    if origin is Literal and value in arguments:
        return value
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return _read_dataclass(value, kind, where)
    if kind is Decimal and isinstance(value, str):
        return Decimal(value)
    if kind is time and isinstance(value, str):
        return time.fromisoformat(value)
    if type(value) is kind:
        return value.strip() if kind is str else value
    raise ContentError(f"{where}: {value!r} does not fit {kind}")


def _read_dataclass(table: dict[str, Any], kind: Any, where: str) -> Any:
    hints = typing.get_type_hints(kind)
    needed = {f.name for f in dataclasses.fields(kind) if f.default is dataclasses.MISSING}
    if wrong := (set(table) - set(hints)) | (needed - set(table)):
        raise ContentError(f"{where}: unknown or missing {', '.join(sorted(wrong))}")
    return kind(**{key: _read(value, hints[key], f"{where}.{key}") for key, value in table.items()})


def _name(item: Any, at: int) -> str:
    return str(item.get("slug", item.get("name", at))) if isinstance(item, dict) else str(at)
