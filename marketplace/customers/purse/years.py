"""Reckons what a customer was billed in a year, month by month and by VAT rate: from the lines of the documents, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, QuerySet, Sum, When
from django.db.models.functions import ExtractMonth, ExtractYear

from billing import access
from billing.models import Invoice, InvoiceLine
from marketplace.core import money
from marketplace.regions.models import Region

Charge = InvoiceLine.Charge
DEPOSITS = (Charge.DEPOSIT, Charge.RETURN)
#: a correction says in positive amounts what was given back; a cancellation says the same with the other sign by itself
_SIGN = {name: Case(When(kind=Invoice.Kind.CREDIT, then=-F(name)), default=F(name)) for name in ("net", "gross")}


@dataclass(frozen=True)
class Month:
    """What one month came to, in gross euro."""

    first: date
    gross: Decimal


@dataclass(frozen=True)
class Rate:
    """What was bought at one VAT rate, in euro."""

    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Year:
    """One calendar year: the months with documents, the VAT, and the deposits paid less those given back."""

    year: int
    months: tuple[Month, ...]
    rates: tuple[Rate, ...]
    deposits: Decimal

    @property
    def gross(self) -> Decimal:
        """All of it."""
        return sum((month.gross for month in self.months), money.ZERO)

    @property
    def tax(self) -> Decimal:
        """The VAT in it."""
        return sum((rate.tax for rate in self.rates), money.ZERO)


def known(*, user: Any, region: Region) -> list[int]:
    """The years with a document, the last one first."""
    rows = _documents(user, region).annotate(year=ExtractYear("issued_on")).order_by().values_list("year", flat=True)
    return sorted(set(rows.distinct()), reverse=True)


def of(*, user: Any, region: Region, year: int) -> Year:
    """One year of a customer in a region. One query."""
    lines = InvoiceLine.objects.filter(invoice__in=_documents(user, region).filter(issued_on__year=year))
    rows = (
        lines.annotate(month=ExtractMonth("invoice__issued_on"))
        .values("month", "vat_rate", "charge")
        .annotate(net_sum=Sum(_SIGN["net"]), gross_sum=Sum(_SIGN["gross"]))
        .order_by("month", "vat_rate", "charge")
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    months = sorted({row["month"] for row in found})
    rates = sorted({row["vat_rate"] for row in found})
    return Year(
        year=year,
        months=tuple(Month(date(year, month, 1), _sum(found, "gross_sum", month=month)) for month in months),
        rates=tuple(_rate(found, rate) for rate in rates),
        deposits=sum((row["gross_sum"] for row in found if row["charge"] in DEPOSITS), money.ZERO),
    )


def _rate(rows: Sequence[dict[str, Any]], rate: Decimal) -> Rate:
    net, gross = _sum(rows, "net_sum", vat_rate=rate), _sum(rows, "gross_sum", vat_rate=rate)
    return Rate(rate, net, gross - net)


def _sum(rows: Sequence[dict[str, Any]], of: str, **which: Any) -> Decimal:
    return sum((row[of] for row in rows if all(row[name] == value for name, value in which.items())), money.ZERO)


def _documents(user: Any, region: Region) -> QuerySet[Invoice]:
    return access.of_customer(user=user, region=region)
