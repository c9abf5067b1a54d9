"""Writes tables as files that German spreadsheets open by a click: semicolons between cells, commas in numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

CONTENT_TYPE = "text/csv; charset=utf-8"
#: what a spreadsheet would take for a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


def file(*, rows: Iterable[Sequence[object]]) -> bytes:
    """The table as a file. Numbers, days and moments are written as one types them; text is never taken for a formula."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return f"{BYTE_ORDER_MARK}{table.getvalue()}".encode()


def _cell(value: object) -> str:
    if isinstance(value, Decimal | int):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
