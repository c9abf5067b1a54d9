"""Writes a batch of bookings in DATEV's format: EXTF 700, category 21, version 13 (developer.datev.de, "Buchungsstapel").

Windows-1252, semicolons, decimal commas, CR LF; 31 fields in the header, 125 in each line. A line has one debit and one credit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

LONGEST_TEXT, LONGEST_NUMBER = 60, 36
#: of the 125 columns those that are filled, counted from one
AMOUNT, SIDE, CURRENCY, ACCOUNT, COUNTER, DAY, NUMBER, TEXT, LINK, LOCKED = 1, 2, 3, 7, 8, 10, 11, 14, 20, 114
_PAIRS = tuple(name for number in range(1, 9) for name in (f"Beleginfo - Art {number}", f"Beleginfo - Inhalt {number}"))
_MORE = tuple(
    name for number in range(1, 21) for name in (f"Zusatzinformation - Art {number}", f"Zusatzinformation- Inhalt {number}")
)
COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz", "Konto",
    "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext",
    "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre", "Beleglink", *_PAIRS,
    "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge", "EU-Land u. UStID (Bestimmung)",
    "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart", "Sachverhalt L+L", "Funktionsergänzung L+L",
    "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung", *_MORE, "Stück", "Gewicht",
    "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)",
    "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre",
    "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer", "Postensperre bis",
    "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung", "Leistungsdatum",
    "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)", "Steuersatz", "Land", "Abrechnungsreferenz",
    "BVV-Position", "EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Firm:
    """Whose books: the adviser's number, the client's number there, and the chart ("03" or "04")."""

    adviser: int
    client: int
    chart: str


@dataclass(frozen=True, kw_only=True)
class Booking:
    """One line: `amount` euro above zero, in debit of `account` when `is_debit`, else in its credit; `counter` the other way."""

    amount: Decimal
    is_debit: bool
    account: int
    counter: int
    day: date
    number: str
    text: str
    #: the document as the archive of documents names it (`billing.document_archive`), "" for none
    link: str = ""


def batch(*, firm: Firm, first: date, last: date, bookings: Sequence[Booking], name: str, made_at: datetime) -> bytes:
    """The file for one stretch of days within a calendar year. What Windows-1252 lacks is written as a question mark."""
    rows = [_header(firm, first, last, name, made_at), ";".join(COLUMNS), *(_line(booking) for booking in bookings)]
    return ("\r\n".join(rows) + "\r\n").encode("cp1252", errors="replace")


def _header(firm: Firm, first: date, last: date, name: str, made_at: datetime) -> str:
    fields = [
        '"EXTF"', "700", "21", '"Buchungsstapel"', "13", f"{made_at:%Y%m%d%H%M%S}{made_at.microsecond // 1000:03d}", "",
        '"RE"', '"Marktrunde"', '""', str(firm.adviser), str(firm.client), f"{first:%Y}0101", "4", f"{first:%Y%m%d}",
        f"{last:%Y%m%d}", quoted(name, 30), '""', "1", "0", "1", '"EUR"', "", '""', "", "", f'"{firm.chart}"', "", "", '""',
        '""',
    ]  # fmt: skip
    return ";".join(fields)


def _line(booking: Booking) -> str:
    fields = [""] * len(COLUMNS)
    for place, value in (
        (AMOUNT, f"{booking.amount:.2f}".replace(".", ",")),
        (SIDE, '"S"' if booking.is_debit else '"H"'),
        (CURRENCY, '"EUR"'),
        (ACCOUNT, str(booking.account)),
        (COUNTER, str(booking.counter)),
        (DAY, f"{booking.day:%d%m}"),
        (NUMBER, quoted(re.sub(r"[^A-Za-z0-9$&%*+\-/]", "", booking.number), LONGEST_NUMBER)),
        (TEXT, quoted(booking.text, LONGEST_TEXT)),
        (LINK, f'"BEDI ""{booking.link}"""' if booking.link else ""),
        (LOCKED, "1"),
    ):
        fields[place - 1] = value
    return ";".join(fields)


def quoted(text: str, most: int) -> str:
    """A text as a field of the file, on one line and cut off at so many letters."""
    plain = " ".join(text.split())[:most]
    return '"' + plain.replace('"', '""') + '"'
