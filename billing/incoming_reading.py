"""Decides what an e-invoice that came in says: XML in CII or UBL, or a PDF that carries it (ZUGFeRD, Factur-X).

Nothing in the file is trusted: no entities, no network, sizes limited, a PDF is opened in a process of its own.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from facturx.parse_xml import parse_ubl_cii_xml
from lxml import etree

from billing.models import IncomingInvoice
from billing.rules import Flavour

LARGEST = 5 * 1024 * 1024
MOST_LINES = 2_000
PATIENCE = 20.0  # seconds for taking the data out of a PDF
ROOTS: dict[str, tuple[str, str]] = {
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": ("cii", "factur-x"),
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": ("ubl", "ubl-2.1-invoice"),
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": ("ubl", "ubl-2.1-creditnote"),
}
Syntax = IncomingInvoice.Syntax
Content = dict[str, Any]


class Unreadable(Exception):
    """The file is no e-invoice that can be read; the message is fit for the person who sent it."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A file that could be read: its XML, by which rules it is judged, and its terms by BT and BG of EN 16931."""

    syntax: IncomingInvoice.Syntax
    flavour: Flavour
    xml: bytes
    content: Content

    def text(self, term: str) -> str:
        """A term of the document as text, empty when it is missing."""
        return str(self.content.get(term, "")).strip()

    def day(self, term: str) -> date | None:
        """A term that is a day."""
        told = self.text(term)
        return date.fromisoformat(told) if told else None

    @property
    def issued_on(self) -> date:
        """The day of the invoice. Raises `Unreadable`."""
        found = self.day("BT-2")
        if found is None:
            raise Unreadable(_("The e-invoice names no number, no day or no seller."))
        return found

    def amount(self, term: str) -> Decimal:
        """A term that is an amount in euro; zero when it is missing. Raises `Unreadable`."""
        try:
            found = Decimal(self.text(term) or "0")
        except InvalidOperation as error:
            raise Unreadable(_("An amount in the file is no number.")) from error
        if not found.is_finite() or abs(found) >= Decimal(10) ** 12:
            raise Unreadable(_("An amount in the file is no number."))
        return found

    def seller(self, term: str) -> str:
        """A particular of the seller."""
        return str(self.content.get("BG-4", {}).get(term, "")).strip()

    @property
    def seller_key(self) -> str:
        """By what a seller is known again: VAT id, tax number, or name."""
        return (key_of(self.seller("vat_identifier")) or key_of(self.seller("tax_identifier")) or self.seller("name").lower())[
            :200
        ]


def read(*, data: bytes) -> Read:
    """What a file says. Raises `Unreadable`."""
    if not data or len(data) > LARGEST:
        raise Unreadable(_("The file is empty or larger than 5 MB."))
    hybrid = data[:1024].lstrip().startswith(b"%PDF-")
    xml = _inside(data) if hybrid else data
    root = _tree(xml)
    known = ROOTS.get(str(root.tag))
    if known is None:
        raise Unreadable(
            _("This is no e-invoice. XML in the formats CII and UBL can be read, and PDF files that carry it (ZUGFeRD).")
        )
    syntax, flavour = known
    try:
        terms = parse_ubl_cii_xml(root, flavor=flavour, level="en16931", check_xsd=False)
        content: Content = _plain(terms)
    except Exception as error:  # the library raises whatever a value gives rise to
        raise Unreadable(_("The e-invoice could not be read: what it says contradicts its format.")) from error
    found = Read(
        syntax=Syntax.HYBRID if hybrid else Syntax(syntax), flavour=_judged_by(syntax, content), xml=xml, content=content
    )
    return _complete(found)


def key_of(number: str) -> str:
    """A tax number without blanks and strokes, as numbers are compared."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def _complete(found: Read) -> Read:
    if not found.text("BT-1") or not found.issued_on or not found.seller("name"):
        raise Unreadable(_("The e-invoice names no number, no day or no seller."))
    if found.text("BT-5") not in ("", "EUR"):
        raise Unreadable(_("Only invoices in euro can be taken."))
    if len(found.content.get("BG-25", ())) > MOST_LINES:
        raise Unreadable(_("The e-invoice has too many lines."))
    found.day("BT-9")
    for term in ("BT-109", "BT-110", "BT-112", "BT-115"):
        found.amount(term)
    return found


def _inside(pdf: bytes) -> bytes:
    """The XML in a PDF."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "billing.hybrid_worker"],
            cwd=Path(__file__).resolve().parents[1],
            input=pdf,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(_("The PDF cannot be read.")) from error
    if done.returncode:
        raise Unreadable(_("The PDF cannot be read."))
    if not done.stdout:
        raise Unreadable(_("The PDF carries no e-invoice. It is a picture for people only."))
    return done.stdout


def _tree(xml: bytes) -> Any:
    """The XML without anything that reaches beyond it."""
    if b"<!DOCTYPE" in xml.upper() or b"<!ENTITY" in xml.upper() or b"\x00" in xml:
        raise Unreadable(_("The file holds declarations that an e-invoice must not have."))
    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise Unreadable(_("The file is no readable XML.")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(_("The file holds declarations that an e-invoice must not have."))
    return root


def _judged_by(syntax: str, content: Content) -> Flavour:
    public = "xrechnung" in str(content.get("BT-24", ""))
    if syntax == "ubl":
        return "xrechnung_ubl" if public else "en16931_ubl"
    return "xrechnung" if public else "en16931"


def _plain(value: Any) -> Any:
    """As JSON; attached files stay in the original alone."""
    if isinstance(value, Mapping):
        return {str(key or ""): _plain(item) for key, item in value.items() if not isinstance(item, bytes)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, int | bool) else str(value)
