"""Writes a producer's credit note, and its year, as tables for a spreadsheet: semicolons and decimal commas, UTF-8 with mark."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.producer_years import Sums, Year
from billing.settlement_lines import Lines


def of_lines(*, settlement: Invoice, lines: Lines) -> bytes:
    """Every line, then the sums of the document."""
    head = [
        _("Day"), _("Order"), _("What"), _("Quantity"), _("Customers paid"), _("Net"), _("Commission in percent"),
        _("Commission"), _("Left"), _("VAT in percent"),
    ]  # fmt: skip
    body = [
        [
            _day(row.day), row.code, row.text, _number(row.quantity), _number(row.customers), _number(row.net),
            _number(row.percent), _number(row.commission), _number(row.left), _number(row.vat_rate),
        ]
        for row in lines.rows
    ]  # fmt: skip
    fees = [["", "", f"{fee.text}, {fee.recipient}", "", "", _number(fee.net)] for fee in lines.fees]
    taxes = [["", "", _("VAT"), "", "", _number(tax.tax), "", "", "", _number(tax.rate)] for tax in lines.taxes]
    end = [["", settlement.number, _("Sum"), "", "", _number(lines.gross)]]
    return _written([head, *body, *fees, *taxes, end[0]])


def of_year(*, year: Year) -> bytes:
    """A row for each document, then the sums."""
    head = [
        _("Month"), _("Number"), _("Goods"), _("Deposits"), _("Commission"), _("Fees"), _("VAT"), _("Payout"), _("Paid out on"),
    ]  # fmt: skip
    body = [
        [f"{month.settlement.period_from:%m.%Y}", month.settlement.number, *_sums(month.sums), _day(month.paid_on)]
        for month in year.months
    ]
    return _written([head, *body, [str(year.year), _("Sum"), *_sums(year.sums), ""]])


def _sums(sums: Sums) -> list[str]:
    return [_number(value) for value in (sums.goods, sums.deposits, sums.commission, sums.fees, sums.tax, sums.gross)]


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value}".replace(".", ",")


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day is not None else ""


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows([_safe(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    """A cell that a spreadsheet could take for a formula is marked as text; amounts below zero are none."""
    plain = cell.replace(",", "").lstrip("-")
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "-") and not plain.replace(".", "").isdigit() else cell
