"""Sums up the VAT of a period from the journal, under the numbers of the German return (Umsatzsteuer-Voranmeldung).

The return wants whole euros of a taxable amount and reckons the tax from them; what was really charged stands beside it. Which
number fits is the tax adviser's decision in the end; numbers are those of the form of 2026.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q, Sum

from billing.models import Posting
from marketplace.core import money
from marketplace.regions.models import Region

Ledger = Posting.Ledger
NINETEEN, SEVEN, NOTHING = Decimal("19.00"), Decimal("7.00"), Decimal("0.00")
#: net sales; what was written off lowers them
SOLD = (Ledger.SALES, Ledger.FEES, Ledger.DEPOSITS, Ledger.COMMISSION)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the return: the number of the taxable amount and, where it has one of its own, that of the tax."""

    number: str
    tax_number: str
    text: str
    rate: Decimal | None
    net: Decimal
    tax: Decimal

    @property
    def base(self) -> int:
        """The taxable amount as the form takes it: whole euros, cents cut off."""
        return int(self.net.to_integral_value(ROUND_DOWN))


@dataclass(frozen=True, kw_only=True)
class Return:
    """The figures of a period in euro. `left` is what is to be paid by what was charged; below zero it comes back."""

    first: date
    last: date
    rows: list[Row]
    input_tax: Decimal
    written_off: Decimal

    @property
    def owed(self) -> Decimal:
        """The VAT charged."""
        return sum((row.tax for row in self.rows), money.ZERO)

    @property
    def left(self) -> Decimal:
        """Number 83."""
        return self.owed - self.input_tax


def of_period(*, region: Region, first: date, last: date) -> Return:
    """The figures of these days by the day of each booking. One query."""
    rows = Posting.objects.filter(entry__region=region, entry__day__range=(first, last))
    sums: dict[tuple[str, Decimal | None, bool], Decimal] = {}
    told = (
        rows.annotate(own=Q(partner__isnull=True))
        .values_list("ledger", "vat_rate", "own")
        .annotate(sum=Sum("amount"))
        .order_by("ledger", "vat_rate")
    )
    for ledger, rate, own, amount in told:
        sums[ledger, rate, own] = amount
    rates = sorted({rate for (ledger, rate, own) in sums if rate is not None and _is_sale(ledger, own)}, reverse=True)
    return Return(
        first=first,
        last=last,
        rows=[_row(rate, sums) for rate in rates],
        input_tax=sum((amount for (ledger, _rate, _own), amount in sums.items() if ledger == Ledger.VAT_IN), money.ZERO),
        written_off=sum((amount for (ledger, _rate, _own), amount in sums.items() if ledger == Ledger.WRITE_OFF), money.ZERO),
    )


def table(*, figures: Return) -> bytes:
    """The figures as CSV for a spreadsheet, German."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Kennzahl", "Bezeichnung", "Steuersatz", "Bemessungsgrundlage", "Betrag in Euro"])
    writer.writerow(["", f"Zeitraum {figures.first:%d.%m.%Y} bis {figures.last:%d.%m.%Y}", "", "", ""])
    for row in figures.rows:
        rate = "" if row.rate is None else f"{row.rate.normalize():f} %".replace(".", ",")
        writer.writerow([row.number, row.text, rate, row.base, _euro(row.net)])
        writer.writerow([row.tax_number, f"Steuer zu {row.number or row.text}", rate, "", _euro(row.tax)])
    writer.writerow(["50", "darin: Minderung wegen Uneinbringlichkeit (§ 17 UStG)", "", "", _euro(figures.written_off)])
    writer.writerow(["66", "Vorsteuer aus Rechnungen und Gutschriften", "", "", _euro(figures.input_tax)])
    writer.writerow(["83", "Verbleibender Betrag", "", "", _euro(figures.left)])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _is_sale(ledger: str, own: bool) -> bool:
    """Deposits that name a producer were bought with its goods, the others were sold."""
    return ledger in (Ledger.VAT_OUT, Ledger.WRITE_OFF) or (ledger in SOLD and (own or ledger == Ledger.COMMISSION))


def _row(rate: Decimal, sums: dict[tuple[str, Decimal | None, bool], Decimal]) -> Row:
    number, tax_number, text = {
        NINETEEN: ("81", "", "Steuerpflichtige Umsätze zu 19 %"),
        SEVEN: ("86", "", "Steuerpflichtige Umsätze zu 7 %"),
        NOTHING: ("", "", "Umsätze ohne Steuer"),
    }.get(rate, ("35", "36", "Umsätze zu anderen Steuersätzen"))
    mine = {key: amount for key, amount in sums.items() if key[1] == rate and _is_sale(key[0], key[2])}
    tax = -sum((amount for key, amount in mine.items() if key[0] == Ledger.VAT_OUT), money.ZERO)
    net = -sum((amount for key, amount in mine.items() if key[0] != Ledger.VAT_OUT), money.ZERO)
    return Row(number=number, tax_number=tax_number, text=text, rate=rate, net=net, tax=tax)


def _euro(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
