"""Tells an e-invoice that came in as people read it: who wrote what to whom, each line, the taxes and sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from billing import rule_words
from billing.models import IncomingInvoice
from marketplace.core import money

#: UN/ECE codes of units, as far as farms use them
UNITS = {
    "H87": "Stück",
    "C62": "Stück",
    "EA": "Stück",
    "XPP": "Stück",
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "l",
    "MLT": "ml",
    "MTR": "m",
    "XBO": "Flasche",
    "XJR": "Glas",
    "XPA": "Packung",
    "XPK": "Packung",
    "XBX": "Kiste",
    "XCR": "Kiste",
    "XBG": "Beutel",
    "HUR": "Std.",
    "DAY": "Tag",
    "E48": "Auftrag",
    "LS": "pauschal",
    "KMT": "km",
    "KTM": "km",
    "MON": "Monat",
}
NO_VAT = frozenset({"E", "Z", "O", "AE", "K", "G"})


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """The seller or the buyer, line by line."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the invoice: amounts in euro without VAT, `rate` in percent."""

    position: str
    text: str
    note: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal
    net: Decimal

    @property
    def in_cents(self) -> bool:
        """Whether the price is in whole cents; else it has up to four decimals."""
        return self.price == money.to_cents(self.price)


@dataclass(frozen=True, kw_only=True)
class Tax:
    """One row of the VAT table."""

    rate: Decimal
    free: bool
    reason: str
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole invoice."""

    kind: str
    seller: Somebody
    buyer: Somebody
    period: tuple[date, date] | None
    reference: str
    iban: str
    terms: str
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    adjustments: tuple[tuple[str, Decimal], ...]
    taxes: tuple[Tax, ...]
    prepaid: Decimal
    findings: tuple[rule_words.Told, ...]
    unasked: bool

    @property
    def passes(self) -> bool:
        """Whether the official rules have nothing against it that matters."""
        return not self.unasked and not any(finding.fatal for finding in self.findings)


def of(*, invoice: IncomingInvoice) -> Sheet:
    """The sheet of an invoice with its content and findings at hand."""
    told: Mapping[str, Any] = invoice.content
    days = [date.fromisoformat(told[term]) for term in ("BT-73", "BT-74") if told.get(term)]
    asked = [finding for finding in invoice.findings if finding[0] != "UNASKED"]
    return Sheet(
        kind=_kind(invoice.kind),
        seller=_somebody(told.get("BG-4", {})),
        buyer=_somebody(told.get("BG-7", {})),
        period=(days[0], days[1]) if len(days) == len(("from", "until")) else None,
        reference=str(told.get("BT-10", "") or told.get("BT-13", "")),
        iban=str(told.get("BT-84", "")),
        terms=str(told.get("BT-20", "")),
        notes=tuple(str(note["BT-22"]) for note in told.get("BG-1", ()) if note.get("BT-22")),
        rows=tuple(_row(row) for row in told.get("BG-25", ())),
        adjustments=(
            *((_reason(row, _("Discount")), -_number(row.get("amount"))) for row in told.get("BG-20", ())),
            *((_reason(row, _("Surcharge")), _number(row.get("amount"))) for row in told.get("BG-21", ())),
        ),
        taxes=tuple(_tax(row) for row in told.get("BG-23", ())),
        prepaid=_number(told.get("BT-113")),
        findings=tuple(rule_words.told(rule=rule, severity=severity, original=text) for rule, severity, text in asked),
        unasked=len(asked) < len(invoice.findings),
    )


def _kind(code: str) -> str:
    return {
        "380": _("Invoice"),
        "326": _("Partial invoice"),
        "386": _("Invoice for a prepayment"),
        "381": _("Correction"),
        "384": _("Corrected invoice"),
        "389": _("Credit note by the customer"),
        "875": _("Partial invoice"),
        "876": _("Partial invoice"),
        "877": _("Final invoice"),
    }.get(code, _("Document"))


def _somebody(told: Mapping[str, Any]) -> Somebody:
    place = " ".join(str(told[part]) for part in ("postcode", "city") if told.get(part))
    numbers = (_named(_("VAT id"), told.get("vat_identifier")), _named(_("Tax number"), told.get("tax_identifier")))
    contact: Mapping[str, Any] = next(iter(told.get("contacts", ())), {})
    lines = (
        told.get("addr_l1", ""),
        told.get("addr_l2", ""),
        place,
        *numbers,
        contact.get("phone", ""),
        contact.get("email", ""),
    )
    return Somebody(name=str(told.get("name", "")), lines=tuple(str(line) for line in lines if line))


def _row(told: Mapping[str, Any]) -> Row:
    per = _number(told.get("BT-149")) or Decimal(1)
    notes = [str(note.get("BT-127", "")) for note in told.get("BT-127-00", ())]
    return Row(
        position=str(told.get("BT-126", "")),
        text=str(told.get("BT-153", "")),
        note=" · ".join(part for part in (str(told.get("BT-154", "")), *notes) if part),
        quantity=_number(told.get("BT-129")),
        unit=UNITS.get(str(told.get("BT-130", "")), str(told.get("BT-130", ""))),
        price=money.to_unit_price(_number(told.get("BT-146")) / per),
        rate=_number(told.get("BT-152")),
        net=_number(told.get("BT-131")),
    )


def _tax(told: Mapping[str, Any]) -> Tax:
    return Tax(
        rate=_number(told.get("BT-119")),
        free=str(told.get("BT-118", "")) in NO_VAT,
        reason=str(told.get("BT-120", "")),
        net=_number(told.get("BT-116")),
        tax=_number(told.get("BT-117")),
    )


def _reason(told: Mapping[str, Any], otherwise: str) -> str:
    return str(told.get("reason", "")) or otherwise


def _named(name: str, value: Any) -> str:
    return f"{name} {value}" if value else ""


def _number(told: Any) -> Decimal:
    try:
        found = Decimal(str(told or 0))
    except InvalidOperation:
        return money.ZERO
    return found if found.is_finite() else money.ZERO
