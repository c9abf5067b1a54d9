"""Tables for spreadsheets."""

from datetime import date, datetime
from decimal import Decimal

from marketplace.core import spreadsheets


def test_file_is_what_german_spreadsheets_open() -> None:
    rows = [("Hof", Decimal("2.50"), 3, date(2026, 11, 28)), (datetime(2026, 11, 28, 9, 5), "a;b")]  # noqa: DTZ001 - as told
    assert spreadsheets.file(rows=rows).decode() == '\ufeffHof;2,50;3;28.11.2026\r\n28.11.2026 09:05;"a;b"\r\n'


def test_text_is_never_a_formula() -> None:
    assert spreadsheets.file(rows=[("=1+1", "@x", -3)]).decode() == "\ufeff'=1+1;'@x;-3\r\n"
