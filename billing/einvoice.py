"""Decides how a document becomes an e-invoice: business terms of EN 16931 as plain data, and the XML written from them.

Two syntaxes carry the same terms: CII, which is also what a ZUGFeRD file holds, and UBL (an Invoice, or for a 381 a CreditNote).

``terms`` is the snapshot worth storing (JSON): the XML can be written from it again at any time, byte for byte.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lxml import etree

from billing import cii
from billing.documents import DocLine, Document, Party
from billing.totals import AdjustmentTotal, LineTotal, Totals, VatGroup, totals

EN16931 = "urn:cen.eu:en16931:2017"
XRECHNUNG = EN16931 + "#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PEPPOL_BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

PARTIES = {"BG-4", "BG-7", "BG-10", "BG-13"}

Terms = dict[str, Any]  # keys are BT-n and BG-n of EN 16931; values are strings, lists and dicts of the same

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def terms(document: Document) -> Terms:
    """Every business term of the document as JSON-able data; amounts are strings, dates ISO."""
    sums = totals(document)
    found: Terms = {
        "BT-1": document.number,
        "BT-2": document.issued_on.isoformat(),
        "BT-3": document.type_code.value,
        "BT-5": "EUR",
        "BT-23": PEPPOL_BILLING,
        "BT-24": XRECHNUNG if document.is_xrechnung else EN16931,
        "BT-10": document.leitweg_id or document.buyer_reference or document.buyer.identifier,
        "BT-9": document.due_on.isoformat() if document.due_on else "",
        "BT-20": document.terms,
        "BG-1": [{"BT-21": "AAI", "BT-22": note} for note in (document.intro, *document.notes) if note],
        "BG-3": [{"BT-25": document.replaces[0], "BT-26": document.replaces[1].isoformat()}] if document.replaces else [],
        "BG-4": _party(document.seller, selling=True),
        "BG-7": _party(document.buyer, selling=False),
        "BG-10": _payee(document.payee) if document.payee else {},
        "BG-20": [_adjustment(item) for item in sums.allowances],
        "BG-21": [_adjustment(item) for item in sums.charges],
        "BG-23": [_vat_group(group, document.exemption_reason) for group in sums.vat],
        "BG-24": [{"BT-122": number} for number in _delivery_notes(document.lines)],
        "BG-25": [_line(line) for line in sums.lines],
        **_delivery(document),
        **_payment(document),
        **_sums(sums),
    }
    clean: Terms = _clean(found)
    return clean


def xml(snapshot: Terms) -> bytes:
    """Write the CII XML of a snapshot. Whether it fits is judged by the XSD and the official rules (`rules.check`)."""
    return cii.write(snapshot)


def ubl(snapshot: Terms) -> bytes:
    """Write the UBL 2.1 XML of the same snapshot.

    The library knows no names of number schemes that are our own, and no XRechnung level, whose syntax is the same under another
    specification name (BT-24).
    """
    from facturx.generate_xml import generate_xml  # 25 MB that most documents do without

    data = json.loads(json.dumps(snapshot)) | {"BT-24": EN16931}
    for party in PARTIES & data.keys():
        numbers = data[party].get("identifiers", {})
        data[party]["identifiers"] = dict(zip([None], numbers.values(), strict=False))
    root = etree.fromstring(generate_xml(data, flavor="ubl-2.1", level="en16931", check_xsd=False, check_schematron=False))
    specification = root.find("{*}CustomizationID")
    assert specification is not None  # noqa: S101 - the library always writes it
    specification.text = snapshot["BT-24"]
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def is_xrechnung(snapshot: Terms) -> bool:
    """Whether the snapshot is for a public buyer."""
    return bool(snapshot["BT-24"] == XRECHNUNG)


def _party(party: Party, *, selling: bool) -> Terms:
    """A buyer may carry only its VAT id: Factur-X refuses tax number and legal text there."""
    return {
        "identifiers": _own_number(party),
        "name": party.name,
        "addr_l1": party.street,
        "postcode": party.postal_code,
        "city": party.city,
        "country_code": party.country,
        "vat_identifier": party.vat_id,
        "tax_identifier": party.tax_number if selling else "",
        "legal_info": party.legal_note if selling else "",
        "contacts": [{"name": party.contact, "phone": party.phone, "email": party.email}] if party.contact else [],
        "einvoicing_addr": party.email,
        "einvoicing_addr_schemeid": "EM" if party.email else "",
    }


def _payee(party: Party) -> Terms:
    return {"name": party.name, "identifiers": _own_number(party)}


def _own_number(party: Party) -> Terms:
    """The customer's or producer's number: an identifier of no official scheme."""
    return {"own": party.identifier} if party.identifier else {}


def _place(party: Party) -> Terms:
    address = {"addr_l1": party.street, "postcode": party.postal_code, "city": party.city, "country_code": party.country}
    return {"name": party.name} | address


def _delivery(document: Document) -> Terms:
    """The day when there was only one, else the place; each line says its own day anyway (BG-26)."""
    days = {line.delivered_on for line in document.lines}
    only = days.pop() if len(days) == 1 else None
    place = document.delivered_to or (None if only else document.buyer)
    return {
        "BG-13": _place(place) if place else {},
        "BT-72": only.isoformat() if only else "",
        "BT-73": document.period[0].isoformat() if document.period else "",
        "BT-74": document.period[1].isoformat() if document.period else "",
    }


def _payment(document: Document) -> Terms:
    payment = document.payment
    found: Terms = {"BT-81": payment.code, "BT-83": document.purpose}
    if payment.code == "59":
        return found | {"BT-89": payment.mandate, "BT-90": payment.creditor_id, "BT-91": payment.iban}
    if payment.code == "58":
        return found | {"BT-84": payment.iban, "BT-85": payment.account_holder}
    return found


def _sums(sums: Totals) -> Terms:
    return {
        "BT-106": str(sums.line_net),
        "BT-107": str(sums.allowance_net),
        "BT-108": str(sums.charge_net),
        "BT-109": str(sums.net),
        "BT-110": str(sums.tax),
        "BT-112": str(sums.gross),
        "BT-113": str(sums.prepaid),
        "BT-115": str(sums.due),
    }


def _adjustment(total: AdjustmentTotal) -> Terms:
    item = total.adjustment
    explained = item.percent is not None and total.base is not None
    return {
        "amount": str(total.net),
        "reason": item.reason,
        "reason_code": item.reason_code,
        "vat_category_code": item.vat_category,
        "vat_rate": _percent(item.vat_rate),
        "rate": _percent(item.percent) if explained and item.percent is not None else "",
        "base_amount": str(total.base) if explained else "",
    }


def _vat_group(group: VatGroup, exemption_reason: str) -> Terms:
    return {
        "BT-116": str(group.net),
        "BT-117": str(group.tax),
        "BT-118": group.category,
        "BT-119": _percent(group.rate),
        "BT-120": exemption_reason if group.category == "E" else "",
    }


def _line(total: LineTotal) -> Terms:
    line = total.line
    day = line.delivered_on.isoformat() if line.delivered_on else ""
    attributes = {"Erzeuger": line.producer, "Öko-Kontrollstelle": line.organic_code, "Charge": line.batch}
    return {
        "BT-126": str(line.position),
        "BT-127-00": [{"BT-127": line.note}] if line.note else [],
        "BT-128": {"DQ": line.delivery_note} if line.delivery_note else {},
        "BT-129": str(line.quantity),
        "BT-130": line.unit_code,
        "BT-131": str(total.net),
        "BT-134": day,
        "BT-135": day,
        "BT-146": str(total.price),
        "BT-149": str(total.per) if total.per > 1 else "",
        "BT-151": line.vat_category,
        "BT-152": _percent(line.vat_rate),
        "BT-153": line.text,
        "BT-155": line.sku,
        "BG-32": [{"BT-160": name, "BT-161": value} for name, value in attributes.items() if value],
    }


def _delivery_notes(lines: Iterable[DocLine]) -> list[str]:
    return sorted({line.delivery_note for line in lines if line.delivery_note})


def _percent(rate: Decimal) -> str:
    return f"{rate:.2f}"


def _clean(value: Any) -> Any:
    """Drop empty terms and the characters that XML 1.0 cannot hold."""
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := _clean(item)) not in ("", [], {}, None)}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return _NOT_XML.sub("", value).strip()
