"""Decides how a document is kept as plain JSON, and reads it back exactly as it was."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from billing.documents import Document

Plain = Any  # what JSON can hold: str, int, bool, None, lists and dicts of the same


def frozen(document: Document) -> dict[str, Plain]:
    """The document as JSON-able data: decimals and dates as strings, tuples as lists."""
    plain: dict[str, Plain] = _plain(document)
    return plain


def thawed(content: Mapping[str, Plain]) -> Document:
    """The document that `frozen` was given."""
    document: Document = _read(Document, content)
    return document


def canonical(value: Plain) -> bytes:
    """The one spelling of plain data over which a hash is taken: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Plain:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: Any, value: Plain) -> Any:
    if value is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        return _read(next(option for option in get_args(kind) if option is not type(None)), value)
    if get_origin(kind) is tuple:
        return tuple(_read(option, item) for option, item in zip(_members(kind, len(value)), value, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], item) for name, item in value.items()})
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if isinstance(kind, type) else value


def _members(kind: Any, length: int) -> tuple[Any, ...]:
    options = get_args(kind)
    return (options[0],) * length if options[-1] is Ellipsis else options


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
