"""What a request to the practice bank says: nested form fields, as the real provider reads them."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]
#: the only version of the interface that is spoken here, the one that the library in use is made for
VERSION = "2026-10-28.endive"


class Refused(Exception):
    """An answer that is an error: HTTP status, the provider's kind and code, a sentence, and more fields."""

    def __init__(
        self, status: int, text: str, *, kind: str = "invalid_request_error", code: str | None = None, **more: Any
    ) -> None:
        self.status = status
        self.body: Json = {"error": {"type": kind, "message": text, **({"code": code} if code else {}), **more}}
        super().__init__(text)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question: who asks (the key of the account), what, and under which key of its own."""

    account: str
    method: str
    path: str
    fields: Json
    body: str
    idempotency_key: str


def nested(encoded: str) -> Json:
    """Fields like `line_items[0][quantity]=1` as nested values; what is numbered from zero is a list."""
    tree: Json = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        first, *rest = [part for part in re.split(r"[\[\]]+", name) if part] + ([""] if name.endswith("[]") else [])
        node, key = tree, first
        for part in rest:
            node = node.setdefault(key, {})
            key = part or str(len(node))
        node[key] = value
    return {key: _lists(value) for key, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(item) for key, item in value.items()}


def whole(fields: Json, name: str) -> int:
    """A field that must be a whole number above zero."""
    try:
        number = int(fields[name])
    except (KeyError, ValueError) as error:
        raise Refused(400, f"Missing or invalid: {name}.", code="parameter_missing", param=name) from error
    if number < 1:
        raise Refused(400, f"{name} must be at least 1.", code="parameter_invalid_integer", param=name)
    return number


def only(fields: Json, *known: str) -> None:
    """Refuse what is not known here, as the real one refuses what it does not know."""
    for name in fields:
        if name not in known:
            raise Refused(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
