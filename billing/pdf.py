"""Decides what a billing document looks like on paper and makes the hybrid file: PDF/A-3 with the e-invoice's XML inside.

The printed figures come from the same `totals` as the XML. The wording is German, as the document's is.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from billing import epc, zugferd
from billing.documents import Adjustment, Document, Party, TypeCode
from billing.totals import LineTotal, Totals, totals
from marketplace.core import money, typesetting
from marketplace.core.typesetting import Attachment

TEMPLATE = Path(__file__).parent / "typst" / "invoice.typ"
#: units with another word for many
MANY = {"Packung": "Packungen", "Kiste": "Kisten", "Flasche": "Flaschen", "Glas": "Gläser", "Auftrag": "Aufträge"}
_GERMAN = str.maketrans({",": ".", ".": ",", "-": "−"})
FILE_NAMES = {False: "factur-x.xml", True: "xrechnung.xml"}
Printed = dict[str, Any]


def render(document: Document, xml: bytes, *, folder: Path) -> bytes:
    """The finished file; the same document and XML give the same bytes. ``folder`` holds the fonts (`fonts.prepare`)."""
    public = document.is_xrechnung
    attached = Attachment(name=FILE_NAMES[public], text=xml.decode(), mime="text/xml", description="Rechnungsdaten nach EN 16931")
    made_at = datetime.combine(document.issued_on, time(12), tzinfo=UTC)
    made = typesetting.render(TEMPLATE, printed(document), folder=folder, made_at=made_at, attachments=[attached])
    return zugferd.marked(made, file_name=FILE_NAMES[public], xrechnung=public)


def printed(document: Document) -> Printed:
    """What the template prints, as plain data; the operator is the issuer, also of a 389, where it is the buyer."""
    sums = totals(document)
    self_billed = document.type_code == TypeCode.SELF_BILLED
    issuer, recipient = (document.buyer, document.seller) if self_billed else (document.seller, document.buyer)
    return {
        "title": document.title,
        "number": document.number,
        "issued_on": document.issued_on,
        "issuer": {"name": issuer.name, "line": _one_line(issuer)},
        "sender": " · ".join((issuer.name, _one_line(issuer))),
        "recipient": [recipient.name, recipient.street, f"{recipient.postal_code} {recipient.city}"],
        "info": _info(document, recipient),
        "reference": _reference(document),
        "intro": document.intro,
        "shows_net": document.shows_net and document.priced_gross,
        "price_name": "Einzelpreis",
        "amount_name": "Brutto" if document.priced_gross else "Netto",
        "groups": _groups(document, sums),
        "missing": list(document.missing),
        "sums": _sums(document, sums),
        "vat": _vat(document, sums),
        "payment": _payment(document, sums),
        "notes": list(document.notes),
        "qr": _qr(document, sums),
        "footer": _footer(issuer),
    }


def _one_line(party: Party) -> str:
    return f"{party.street} · {party.postal_code} {party.city}"


def _info(document: Document, recipient: Party) -> list[tuple[str, str]]:
    number = {TypeCode.INVOICE: "Rechnungsnummer", TypeCode.SELF_BILLED: "Gutschriftnummer"}.get(
        document.type_code, "Belegnummer"
    )
    days = sorted({line.delivered_on for line in document.lines if line.delivered_on})
    first, last = document.period or ((days[0], days[-1]) if days else (None, None))
    supply = "" if not first or not last else _day(first) if first == last else f"{_day(first)} – {_day(last)}"
    role = "Betriebsnummer" if document.type_code == TypeCode.SELF_BILLED else "Kundennummer"
    found = [
        (number, document.number),
        ("Datum", _day(document.issued_on)),
        ("Leistungsdatum" if first == last else "Leistungszeitraum", supply),
        (role, recipient.identifier),
        ("Ihre Referenz", document.buyer_reference),
        ("Leitweg-ID", document.leitweg_id),
        ("USt-IdNr." if recipient.vat_id else "Steuernummer", recipient.vat_id or recipient.tax_number),
        ("Auszahlung bis" if document.type_code == TypeCode.SELF_BILLED else "Fällig am", _day(document.due_on)),
    ]
    return [(name, value) for name, value in found if value]


def _reference(document: Document) -> str:
    if not document.replaces:
        return ""
    number, day = document.replaces
    if document.type_code == TypeCode.INVOICE:  # drawn anew: its first sentence says so
        return "" if number in document.intro else f"ersetzt die Rechnung {number} vom {_day(day)}"
    return f"zur Rechnung {number} vom {_day(day)}"


def _groups(document: Document, sums: Totals) -> list[Printed]:
    """Neighbouring lines of one day, producer and delivery note (see `documents.numbered`); a heading says what they share."""

    def key(total: LineTotal) -> tuple[date, str, str]:
        return total.line.delivered_on or document.issued_on, total.line.producer, total.line.delivery_note

    several_days = len({total.line.delivered_on for total in sums.lines}) > 1
    found = []
    for (_, producer, _note), members in groupby(sums.lines, key):
        totals_here = list(members)
        first = totals_here[0].line
        codes = {total.line.organic_code for total in totals_here}
        words = [
            f"Lieferung {_day(first.delivered_on)}" if several_days and first.delivered_on else "",
            producer,
            codes.pop() if len(codes) == 1 else "",
            f"Lieferschein {first.delivery_note}" if first.delivery_note else "",
        ]
        found.append(
            {"name": "  ·  ".join(word for word in words if word), "lines": [_line(total, document) for total in totals_here]}
        )
    return found


def _line(total: LineTotal, document: Document) -> Printed:
    line = total.line
    unit = money.to_cents(line.amount / line.quantity)
    exact = money.to_cents(unit * line.quantity) == line.amount
    price = _euro(unit) if exact else f"{_figure(money.to_unit_price(line.amount / line.quantity), 4)}\u00a0€"
    counted = MANY.get(line.unit_label, line.unit_label) if abs(line.quantity) != 1 else line.unit_label
    net = [_euro(total.net)] if document.shows_net and document.priced_gross else []
    remarks = [line.base_price, f"Charge {line.batch}" if line.batch else "", line.note]
    return {
        "position": str(line.position),
        "text": line.text,
        "remarks": " · ".join(word for word in remarks if word),
        "figures": [
            f"{_short(line.quantity)}\u00a0{counted}",
            price,
            f"{_short(line.vat_rate)}\u00a0%",
            *net,
            _euro(line.amount),
        ],
    }


def _sums(document: Document, sums: Totals) -> list[Printed]:
    """From the sum of the lines, priced like them, to what is due."""
    rows = [("Summe der Positionen", sum((line.amount for line in document.lines), money.ZERO), False)]
    rows += [(_reason(item, document), -item.amount, False) for item in document.allowances]
    rows += [(_reason(item, document), item.amount, False) for item in document.charges]
    if not document.priced_gross:
        rows += [("Summe netto", sums.net, False), ("Umsatzsteuer", sums.tax, False)]
    final = "Gutschriftbetrag" if document.type_code == TypeCode.SELF_BILLED else "Gesamtbetrag"
    rows += [(final, sums.gross, True)]
    if document.priced_gross:
        rows += [("darin Umsatzsteuer", sums.tax, False)]
    if sums.prepaid:
        back = document.type_code == TypeCode.CANCELLATION
        rows += [("Zahlung zurückgerechnet" if back else "Bereits gezahlt", -sums.prepaid, False)]
        rows += [("Saldo" if back else "Noch zu zahlen", sums.due, True)]
    return [{"name": name, "amount": amount, "strong": strong} for name, amount, strong in rows]


def _reason(item: Adjustment, document: Document) -> str:
    """An adjustment split over several rates says which part it is."""
    same = [other for other in (*document.allowances, *document.charges) if other.reason == item.reason]
    return f"{item.reason} ({_german(item.vat_rate)} % USt)" if len(same) > 1 else item.reason


def _vat(document: Document, sums: Totals) -> list[Printed]:
    rows = [
        (
            document.exemption_reason if group.category == "E" else f"{_german(group.rate)} %",
            group.net,
            group.tax,
            group.gross,
        )
        for group in sums.vat
    ]
    if len(rows) > 1:
        rows.append(("Summe", sums.net, sums.tax, sums.gross))
    return [{"name": name, "net": net, "tax": tax, "gross": gross} for name, net, tax, gross in rows]


def _payment(document: Document, sums: Totals) -> list[str]:
    found = [document.terms] if document.terms else []
    payment = document.payment
    if payment.code == "58" and sums.due > 0:
        grouped = "\u00a0".join(payment.iban[start : start + 4] for start in range(0, len(payment.iban), 4))
        found += [f"Überweisung an {payment.account_holder}", f"IBAN\u00a0{grouped}", f"Verwendungszweck\u00a0{document.purpose}"]
    if payment.code == "59":
        found.append(f"Einzug per SEPA-Lastschrift, Mandat {payment.mandate}, Gläubiger-ID {payment.creditor_id}.")
    return found


def _qr(document: Document, sums: Totals) -> Printed | None:
    """The transfer as EPC-QR for the customer's banking app; only where the reader of the letter is the one who pays.

    Of an order with invoices of several sellers it is one transfer over all of them, the same on each.

    One grey value (0 or 255) per module, row by row: a tiny picture that typesets faster than a drawing.
    """
    payment = document.payment
    if document.type_code != TypeCode.INVOICE or payment.code != "58" or sums.due <= 0:
        return None
    amount = document.together[1] if document.together else sums.due
    code = epc.code(name=payment.account_holder, iban=payment.iban, amount=amount, text=document.purpose)
    if code is None:
        return None
    return {"dots": [0 if dark else 255 for row in code.matrix for dark in row], "side": len(code.matrix)}


def _footer(issuer: Party) -> list[list[str]]:
    tax = [
        f"USt-IdNr. {issuer.vat_id}" if issuer.vat_id else "",
        f"Steuernummer {issuer.tax_number}" if issuer.tax_number else "",
    ]
    columns = [
        [issuer.name, issuer.street, f"{issuer.postal_code} {issuer.city}"],
        [issuer.contact, issuer.phone, issuer.email],
        [*issuer.legal_note.split("; "), *tax],
    ]
    return [[word for word in column if word] for column in columns]


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _german(rate: Any) -> str:
    return f"{rate:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _figure(amount: Decimal, places: int) -> str:
    """1234.5 as 1.234,50; the template would need longer for it than for setting the line."""
    return f"{amount:,.{places}f}".translate(_GERMAN)


def _short(amount: Decimal) -> str:
    """Up to three decimals, none that is zero at the end."""
    return f"{amount:,.3f}".rstrip("0").rstrip(".").translate(_GERMAN)


def _euro(amount: Decimal) -> str:
    return f"{_figure(amount, 2)}\u00a0€"
