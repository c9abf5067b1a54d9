"""Decides what a billing document says: its parties, lines, taxes and totals, as plain frozen values.

Two ways of pricing exist. On customers' documents every amount contains VAT (shelf prices): tax is taken out of the sum of each
rate, and the document's gross is exactly the sum the customer was told. On self-billed credit notes (389) amounts are net and tax
is put on top of the sum of each rate. Amounts are euros in whole cents, quantities have up to three decimals, rates are percent.
Legal wording is German whatever the reader's language: these are German tax documents (§ 14 (4) UStG).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeVar

from marketplace.core import money

SMALL_BUSINESS_REASON = "Steuerbefreit als Kleinunternehmer nach § 19 UStG"
FLAT_RATE_NOTE = "Durchschnittssatzbesteuerung nach § 24 UStG."
SELF_BILLING_NOTE = "Gutschrift: Abrechnung durch den Leistungsempfänger (§ 14 Abs. 2 UStG)."

VatCategory = Literal["S", "E"]
Syntax = Literal["zugferd", "xrechnung_cii", "xrechnung_ubl"]
Item = TypeVar("Item", bound="Adjustment")


class DocumentError(ValueError):
    """The document contradicts itself; the message names the line or field."""


class TypeCode(StrEnum):
    """UNTDID 1001 codes of the documents in use."""

    INVOICE = "380"
    CORRECTION = "381"
    CANCELLATION = "384"
    SELF_BILLED = "389"


@dataclass(frozen=True, kw_only=True)
class Party:
    """A seller, buyer or payee as printed; copied, never looked up again. ``identifier`` is the customer or producer number."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str = "DE"
    vat_id: str = ""
    tax_number: str = ""
    email: str = ""
    phone: str = ""
    contact: str = ""
    legal_note: str = ""
    identifier: str = ""


@dataclass(frozen=True, kw_only=True)
class DocLine:
    """One supply. Exactly one of ``gross`` and ``net`` is given: the whole line's amount; returns have both negative."""

    position: int
    text: str
    quantity: Decimal
    unit_code: str
    unit_label: str
    vat_rate: Decimal
    gross: Decimal | None = None
    net: Decimal | None = None
    vat_category: VatCategory = "S"
    kind: Literal["goods", "deposit", "fee", "allowance"] = "goods"
    sku: str = ""
    note: str = ""
    base_price: str = ""
    producer: str = ""
    organic_code: str = ""
    batch: str = ""
    delivery_note: str = ""
    delivered_on: date | None = None

    def __post_init__(self) -> None:
        if (self.gross is None) == (self.net is None):
            raise DocumentError(f"Line {self.position}: give either gross or net.")
        if self.quantity == 0 or self.amount * self.quantity < 0:
            raise DocumentError(f"Line {self.position}: the quantity must not be zero and carries the sign of the amount.")

    @property
    def amount(self) -> Decimal:
        """The line's amount as priced: gross on customers' documents, net on self-billed ones."""
        return self.gross if self.gross is not None else self.net or money.ZERO


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """An amount on the whole document for one VAT rate, priced like the lines; ``percent`` of ``base`` explains it."""

    reason: str
    amount: Decimal
    vat_rate: Decimal
    vat_category: VatCategory = "S"
    reason_code: str = ""
    percent: Decimal | None = None
    base: Decimal | None = None


class Allowance(Adjustment):
    """Taken off the sum of the lines: a discount, or the commission on a 389."""


class Charge(Adjustment):
    """Added to the sum of the lines: a delivery fee."""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """How it is paid: UNTDID 4461 code 58 transfer, 59 direct debit, 48 card, 10 cash, 1 not defined."""

    code: Literal["58", "59", "48", "10", "1"] = "1"
    iban: str = ""
    account_holder: str = ""
    mandate: str = ""
    creditor_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Everything one document says. ``replaces`` is number and day of the document it corrects or cancels.

    ``delivered_to`` matters only where it is not the buyer's own address; ``shows_net`` prints a net column for traders;
    ``syntax`` is what the buyer asked for; ``missing`` is what was ordered and did not come, and why, for the reader only.
    ``together`` is of an order with invoices of several sellers: its number, and what one transfer pays them all with.
    """

    type_code: TypeCode
    number: str
    issued_on: date
    seller: Party
    buyer: Party
    lines: tuple[DocLine, ...]
    payment: Payment = Payment()
    due_on: date | None = None
    payee: Party | None = None
    delivered_to: Party | None = None
    period: tuple[date, date] | None = None
    allowances: tuple[Allowance, ...] = ()
    charges: tuple[Charge, ...] = ()
    prepaid: Decimal = money.ZERO
    buyer_reference: str = ""
    leitweg_id: str = ""
    notes: tuple[str, ...] = ()
    replaces: tuple[str, date] | None = None
    intro: str = ""
    terms: str = ""
    exemption_reason: str = SMALL_BUSINESS_REASON
    shows_net: bool = False
    syntax: Syntax = "zugferd"
    missing: tuple[str, ...] = ()
    together: tuple[str, Decimal] | None = None

    def __post_init__(self) -> None:
        if not self.lines:
            raise DocumentError("A document needs at least one line.")
        if len({line.net is None for line in self.lines}) > 1:
            raise DocumentError("All lines are priced gross, or all net.")
        if len({line.position for line in self.lines}) < len(self.lines):
            raise DocumentError("Two lines have the same position.")
        if self.period and not _within_a_month(*self.period):
            raise DocumentError("A period runs forward and stays within one calendar month.")
        if self.type_code in (TypeCode.CORRECTION, TypeCode.CANCELLATION) and not self.replaces:
            raise DocumentError("A correction names the document it corrects.")

    @property
    def purpose(self) -> str:
        """What the payer writes on a transfer."""
        return self.together[0] if self.together else self.number

    @property
    def priced_gross(self) -> bool:
        """Whether amounts contain VAT."""
        return self.lines[0].net is None

    @property
    def is_xrechnung(self) -> bool:
        """Whether it keeps the rules of public buyers: by a Leitweg-ID, or because the buyer asked for it."""
        return bool(self.leitweg_id) or self.syntax != "zugferd"

    @property
    def title(self) -> str:
        """The German word at the top; "Gutschrift" is kept for self-billing alone."""
        if self.type_code == TypeCode.INVOICE:
            return "Sammelrechnung" if self.period else "Rechnung"
        return {TypeCode.CORRECTION: "Rechnungskorrektur", TypeCode.CANCELLATION: "Stornorechnung"}.get(
            self.type_code, "Gutschrift"
        )


def percent_text(rate: Decimal) -> str:
    """A rate as German documents write it: 7, 7,8."""
    return f"{rate:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def numbered(lines: Iterable[DocLine]) -> tuple[DocLine, ...]:
    """Lines by day of supply, producer and delivery note, else as given, with positions 1 to n: so they are printed."""
    ordered = sorted(lines, key=lambda line: (line.delivered_on or date.min, line.producer, line.delivery_note))
    return tuple(replace(line, position=position) for position, line in enumerate(ordered, 1))


def cancelled(
    document: Document, *, number: str, issued_on: date, terms: str = "Stornierung, keine Zahlung erforderlich."
) -> Document:
    """The 384 that takes a document back: same lines, every quantity and amount negated, prices still positive."""
    return replace(
        document,
        type_code=TypeCode.CANCELLATION,
        number=number,
        issued_on=issued_on,
        due_on=None,
        replaces=(document.number, document.issued_on),
        lines=tuple(
            replace(
                line,
                quantity=-line.quantity,
                gross=None if line.gross is None else money.to_cents(-line.gross),
                net=None if line.net is None else money.to_cents(-line.net),
            )
            for line in document.lines
        ),
        allowances=tuple(_negated(item) for item in document.allowances),
        charges=tuple(_negated(item) for item in document.charges),
        prepaid=money.to_cents(-document.prepaid),
        payment=Payment(),
        intro="",
        terms=terms,
        missing=(),
        together=None,
    )


def _within_a_month(first: date, last: date) -> bool:
    return first <= last and (first.year, first.month) == (last.year, last.month)


def _negated(item: Item) -> Item:
    base = None if item.base is None else money.to_cents(-item.base)
    return replace(item, amount=money.to_cents(-item.amount), base=base)
