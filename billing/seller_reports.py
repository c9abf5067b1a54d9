"""Decides what the tax office is told of each seller for a year (DAC7, section 14 PStTG): sums by quarter, and who is left out.

What a seller got is what its credit notes say, deposits left out: they are passed on. Credits to customers have lowered it there.
Fees that it received for a service are no sale through the market.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from billing import sellers
from billing.models import AgencyStatement, Invoice, InvoiceLine
from billing.sellers import Seller
from marketplace.core import money
from marketplace.partner.models import Partner
from marketplace.regions.models import Region

Charge = InvoiceLine.Charge
QUARTERS = (1, 2, 3, 4)
#: goods: fewer sales than this and not more than that in a year are not reported (section 4(5) number 4 PStTG)
FEW_SALES, SMALL_SUM = 30, Decimal("2000.00")
SERVICES = (Partner.Kind.CRAFT, Partner.Kind.SERVICE)


@dataclass
class Quarter:
    """What a seller got in a quarter after fees, what was withheld as fees (both euro, VAT included), and how many sales."""

    got: Decimal = money.ZERO
    fees: Decimal = money.ZERO
    sales: int = 0


@dataclass(frozen=True, kw_only=True)
class Report:
    """A seller's year."""

    seller: Seller
    year: int
    quarters: dict[int, Quarter] = field(default_factory=lambda: {quarter: Quarter() for quarter in QUARTERS})

    @property
    def is_service(self) -> bool:
        """Personal services are told from goods; for them there is no threshold."""
        return self.seller.partner.kind in SERVICES

    @property
    def got(self) -> Decimal:
        """What it got in the year, in euro."""
        return sum((quarter.got for quarter in self.quarters.values()), money.ZERO)

    @property
    def fees(self) -> Decimal:
        """What was withheld in the year, in euro."""
        return sum((quarter.fees for quarter in self.quarters.values()), money.ZERO)

    @property
    def sales(self) -> int:
        """How many sales it had in the year."""
        return sum(quarter.sales for quarter in self.quarters.values())

    @property
    def is_reported(self) -> bool:
        """Whether the law wants it reported."""
        return self.is_service or self.sales >= FEW_SALES or self.got > SMALL_SUM


def of_year(*, region: Region, year: int) -> list[Report]:
    """The year of every seller, by name. Six queries for any number."""
    reports = {seller.partner.pk: Report(seller=seller, year=year) for seller in sellers.of_region(region=region, year=year)}
    _add(reports, Q(invoice__region=region), year)
    return list(reports.values())


def of_seller(*, partner: Partner, year: int) -> Report:
    """One seller's year."""
    report = Report(seller=sellers.of(partner=partner), year=year)
    _add({partner.pk: report}, Q(invoice__partner=partner), year)
    return report


def table(*, reports: list[Report]) -> bytes:
    """The figures as CSV, German, a line for each seller."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    per_quarter = [f"{name} Q{quarter}" for quarter in QUARTERS for name in ("Vergütung", "Gebühren", "Verkäufe")]
    writer.writerow(["Betrieb", "Jahr", "gemeldet", "Art", "fehlende Angaben", *per_quarter])
    for report in reports:
        sums = [
            text
            for quarter in QUARTERS
            for text in (
                _euro(report.quarters[quarter].got),
                _euro(report.quarters[quarter].fees),
                str(report.quarters[quarter].sales),
            )
        ]
        kind = "Leistungen" if report.is_service else "Waren"
        told = "ja" if report.is_reported else "nein (unter der Schwelle)"
        writer.writerow([report.seller.partner.name, report.year, told, kind, ", ".join(report.seller.missing), *sums])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def why_not(*, report: Report) -> str:
    """Why a seller is left out, as a sentence; "" when it is reported."""
    if report.is_reported:
        return ""
    return _("fewer than 30 sales and not more than €2,000: not reported")


def _add(reports: dict[int, Report], mine: Q, year: int) -> None:
    """Read the lines of the credit notes that stand, and of what producers sold in their own name."""
    lines = InvoiceLine.objects.filter(
        mine, kind=Invoice.Kind.SELF_BILLED, invoice__period_from__year=year, invoice__replaced_by__isnull=True
    )
    sold: Any = lines.exclude(charge__in=(Charge.DEPOSIT, Charge.RETURN, Charge.SERVICE))
    rows = sold.values_list("invoice__partner", "invoice__period_from")
    withheld = Q(charge__in=(Charge.COMMISSION, Charge.FEE))
    sums = rows.annotate(
        sum=Sum("gross"),
        fees=Sum("gross", filter=withheld),
        sales=Count("order_line__order", filter=Q(charge=Charge.GOODS, credit__isnull=True), distinct=True),
    )
    for partner, first, got, fees, sales in sums.order_by():
        if partner in reports:
            _count(reports[partner], first, got, -(fees or money.ZERO), sales)
    statements = AgencyStatement.objects.filter(partner__in=reports, period_from__year=year)
    own = statements.values_list("partner", "period_from", "entrusted", "amount").annotate(
        sales=Count("items__invoice__order", distinct=True)
    )
    for partner, first, entrusted, amount, sales in own.order_by():
        _count(reports[partner], first, amount, entrusted - amount, sales)


def _count(report: Report, first: date, got: Decimal, fees: Decimal, sales: int) -> None:
    quarter = report.quarters[(first.month - 1) // 3 + 1]
    quarter.got += got
    quarter.fees += fees
    quarter.sales += sales


def _euro(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
