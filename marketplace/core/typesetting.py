"""Decides how a printed document comes into being: a typst template, plain data, and files to attach, give one tagged PDF/A-3.

Templates read the data as JSON (Decimals as strings, dates as ISO) and format it in German themselves; see ``typst/base.typ``.
"""

import functools
import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from marketplace.core import fonts

STANDARDS: list[Any] = ["a-3a", "ua-1"]
ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = Path(__file__).parent / "typst"
_lock = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A text file carried inside the PDF; ``relationship`` as in PDF/A-3: source, data, alternative or supplement."""

    name: str
    text: str
    mime: str
    description: str
    relationship: str = "alternative"


def render(template: Path, data: Any, *, folder: Path, made_at: datetime, attachments: Sequence[Attachment] = ()) -> bytes:
    """Typeset ``data`` (dataclass or mapping) with ``template`` into PDF/A-3a and PDF/UA-1.

    ``folder`` holds the font cuts (`fonts.prepare`), ``made_at`` (aware) is the creation time written into the file, so that the
    same data give the same bytes. Raises `typst.TypstError` when the template does not fit the data.
    """
    inputs = {
        "data": json.dumps(_plain(data, _missing(folder)), ensure_ascii=False),
        "attachments": json.dumps([asdict(item) for item in attachments], ensure_ascii=False),
    }
    with _lock:
        made = _compiler(folder).compile(
            input=str(template),
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=made_at.replace(microsecond=0),
        )
    assert isinstance(made, bytes)  # noqa: S101 - the compiler gives a list only for pictures
    return made


@functools.cache
def _compiler(folder: Path) -> typst.Compiler:
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    return typst.Compiler(root=str(ROOT), font_paths=faces, ignore_system_fonts=True)


@functools.cache
def _missing(folder: Path) -> re.Pattern[str]:
    """The letters that the faces lack become a question mark: PDF/A forbids missing glyphs, and a bill must not fail for one."""
    kept = "".join(map(re.escape, map(chr, sorted(fonts.coverage(folder)))))
    return re.compile(f"[^\\n{kept}]")


def _plain(value: Any, missing: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else missing.sub("?", value)
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(item, missing) for key, item in vars(value).items()}
    if isinstance(value, Mapping):
        return {key: _plain(item, missing) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, missing) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
