"""Reads a producer's year: what each of its documents credited, what was taken of it, and when it was paid out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, Sum

from billing.models import Invoice, InvoiceLine
from marketplace.core import money

Charge = InvoiceLine.Charge


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Euro without VAT, the VAT, and what is left; commission and fees are not positive."""

    goods: Decimal = money.ZERO
    deposits: Decimal = money.ZERO
    commission: Decimal = money.ZERO
    fees: Decimal = money.ZERO
    tax: Decimal = money.ZERO
    gross: Decimal = money.ZERO


@dataclass(frozen=True, kw_only=True)
class Month:
    """One document of the year."""

    settlement: Invoice
    sums: Sums
    paid_on: date | None


@dataclass(frozen=True, kw_only=True)
class Year:
    """All of them, the oldest first."""

    year: int
    months: tuple[Month, ...]

    @property
    def sums(self) -> Sums:
        """The whole year."""
        return Sums(**{name: sum((getattr(month.sums, name) for month in self.months), money.ZERO) for name in _NAMES})


_NAMES = ("goods", "deposits", "commission", "fees", "tax", "gross")
_CHARGES: dict[str, Collection[str]] = {
    "goods": (Charge.GOODS, Charge.DISCOUNT, Charge.SERVICE),
    "deposits": (Charge.DEPOSIT, Charge.RETURN),
    "commission": (Charge.COMMISSION,),
    "fees": (Charge.FEE,),
}


def years(*, partner: Any) -> list[int]:
    """The years with documents, the latest first. One query."""
    days = Invoice.objects.filter(partner=partner).dates("period_from", "year", order="DESC")
    return [day.year for day in days]


def read(*, partner: Any, year: int) -> Year:
    """The credit notes and their cancellations for what was supplied in a year. Two queries."""
    rows = Invoice.objects.filter(partner=partner, period_from__year=year, agency_statement__isnull=True).defer("content")
    sums = {name: Sum("lines__net", filter=Q(lines__charge__in=charges)) for name, charges in _CHARGES.items()}
    found = rows.annotate(paid_on=Min("payments__received_on")).order_by("period_from", "issued_on", "pk")
    told = {row.pk: row for row in rows.annotate(**{f"sum_{name}": one for name, one in sums.items()})}
    return Year(year=year, months=tuple(_month(row, told[row.pk]) for row in found))


def _month(row: Any, told: Any) -> Month:
    parts = {name: getattr(told, f"sum_{name}") or money.ZERO for name in _CHARGES}
    return Month(settlement=row, sums=Sums(**parts, tax=row.tax, gross=row.gross), paid_on=row.paid_on)
