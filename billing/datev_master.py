"""Writes debtors and creditors in DATEV's format: EXTF 700, category 16, version 5 ("Debitoren/Kreditoren").

The account numbers are those of the booking batch (`billing.chart`), so that the adviser's programme knows the names behind them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.datev import Firm, quoted

_BANK = (
    "Bankleitzahl {0}", "Bankbezeichnung {0}", "Bank-Kontonummer {0}", "Länderkennzeichen {0}", "IBAN-Nr. {0}", "Leerfeld",
    "SWIFT-Code {0}", "Abw. Kontoinhaber {0}", "Kennz. Hauptbankverb. {0}", "Bankverb {0} Gültig von", "Bankverb {0} Gültig bis",
)  # fmt: skip


def _banks(first: int, last: int) -> tuple[str, ...]:
    return tuple(name.format(number) for number in range(first, last + 1) for name in _BANK)


def _numbered(name: str, last: int) -> tuple[str, ...]:
    return tuple(f"{name} {number}" for number in range(1, last + 1))


COLUMNS = (
    "Konto", "Name (Adressattyp Unternehmen)", "Unternehmensgegenstand", "Name (Adressattyp natürl. Person)",
    "Vorname (Adressattyp natürl. Person)", "Name (Adressattyp keine Angabe)", "Adressattyp", "Kurzbezeichnung", "EU-Land",
    "EU-UStID", "Anrede", "Titel/Akad. Grad", "Adelstitel", "Namensvorsatz", "Adressart", "Straße", "Postfach", "Postleitzahl",
    "Ort", "Land", "Versandzusatz", "Adresszusatz", "Abweichende Anrede", "Abw. Zustellbezeichnung 1",
    "Abw. Zustellbezeichnung 2", "Kennz. Korrespondenzadresse", "Adresse Gültig von", "Adresse Gültig bis", "Telefon",
    "Bemerkung (Telefon)", "Telefon GL", "Bemerkung (Telefon GL)", "E-Mail", "Bemerkung (E-Mail)", "Internet",
    "Bemerkung (Internet)", "Fax", "Bemerkung (Fax)", "Sonstige", "Bemerkung (Sonstige)", *_banks(1, 5), "Leerfeld",
    "Briefanrede", "Grußformel", "Kunden-/Lief.-Nr.", "Steuernummer", "Sprache", "Ansprechpartner", "Vertreter",
    "Sachbearbeiter", "Diverse-Konto", "Ausgabeziel", "Währungssteuerung", "Kreditlimit (Debitor)", "Zahlungsbedingung",
    "Fälligkeit in Tagen (Debitor)", "Skonto in Prozent (Debitor)", "Kreditoren-Ziel 1 Tg.", "Kreditoren-Skonto 1 %",
    "Kreditoren-Ziel 2 Tg.", "Kreditoren-Skonto 2 %", "Kreditoren-Ziel 3 Brutto Tg.", "Kreditoren-Ziel 4 Tg.",
    "Kreditoren-Skonto 4 %", "Kreditoren-Ziel 5 Tg.", "Kreditoren-Skonto 5 %", "Mahnung", "Kontoauszug",
    *_numbered("Mahntext", 3), "Kontoauszugstext", "Mahnlimit Betrag", "Mahnlimit %", "Zinsberechnung",
    *_numbered("Mahnzinssatz", 3), "Lastschrift", "Leerfeld", "Mandantenbank", "Zahlungsträger", *_numbered("Indiv. Feld", 15),
    "Abweichende Anrede (Rechnungsadresse)", "Adressart (Rechnungsadresse)", "Straße (Rechnungsadresse)",
    "Postfach (Rechnungsadresse)", "Postleitzahl (Rechnungsadresse)", "Ort (Rechnungsadresse)", "Land (Rechnungsadresse)",
    "Versandzusatz (Rechnungsadresse)", "Adresszusatz (Rechnungsadresse)", "Abw. Zustellbezeichnung 1 (Rechnungsadresse)",
    "Abw. Zustellbezeichnung 2 (Rechnungsadresse)", "Adresse Gültig von (Rechnungsadresse)",
    "Adresse Gültig bis (Rechnungsadresse)", *_banks(6, 10), "Nummer Fremdsystem", "Insolvent",
    *_numbered("SEPA-Mandatsreferenz", 10), "Verknüpftes OPOS-Konto", "Mahnsperre bis", "Lastschriftsperre bis",
    "Zahlungssperre bis", "Gebührenberechnung", *_numbered("Mahngebühr", 3), "Pauschalenberechnung",
    *_numbered("Verzugspauschale", 3), "Alternativer Suchname", "Status",
    "Anschrift manuell geändert (Korrespondenzadresse)", "Anschrift individuell (Korrespondenzadresse)",
    "Anschrift manuell geändert (Rechnungsadresse)", "Anschrift individuell (Rechnungsadresse)", "Fristberechnung bei Debitor",
    *_numbered("Mahnfrist", 3), "Letzte Frist",
)  # fmt: skip
LONGEST_NAME, LONGEST_STREET, LONGEST_CITY, LONGEST_MAIL, LONGEST_SHORT, LONGEST_NUMBER = 50, 36, 30, 60, 15, 15
_PLACES = {name: place for place, name in reversed(list(enumerate(COLUMNS)))}


@dataclass(frozen=True, kw_only=True)
class Party:
    """A debtor or creditor: `account` is its number in the books, `number` what it is known by, `days` its days to pay."""

    account: int
    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    vat_id: str = ""
    tax_number: str = ""
    iban: str = ""
    number: str = ""
    days: int | None = None


def batch(*, firm: Firm, day: date, parties: Sequence[Party], made_at: datetime) -> bytes:
    """The file as of a day. What Windows-1252 lacks is written as a question mark."""
    rows = [_header(firm, day, made_at), ";".join(COLUMNS), *(_line(party) for party in parties)]
    return ("\r\n".join(rows) + "\r\n").encode("cp1252", errors="replace")


def _header(firm: Firm, day: date, made_at: datetime) -> str:
    fields = [
        '"EXTF"', "700", "16", '"Debitoren/Kreditoren"', "5", f"{made_at:%Y%m%d%H%M%S}{made_at.microsecond // 1000:03d}", "",
        '"RE"', '"Marktrunde"', '""', str(firm.adviser), str(firm.client), f"{day:%Y}0101", "4", "", "", '"Stammdaten"', '""',
        "", "", "", '""', "", '""', "", "", f'"{firm.chart}"', "", "", '""', '""',
    ]  # fmt: skip
    return ";".join(fields)


def _line(party: Party) -> str:
    country, vat_id = (party.vat_id[:2], party.vat_id[2:]) if party.vat_id[:2].isalpha() else ("", "")
    fields = [""] * len(COLUMNS)
    for name, value in (
        ("Konto", str(party.account)),
        ("Name (Adressattyp Unternehmen)", quoted(party.name, LONGEST_NAME)),
        ("Adressattyp", '"2"'),
        ("Kurzbezeichnung", quoted(party.name, LONGEST_SHORT)),
        ("EU-Land", quoted(country, 2)),
        ("EU-UStID", quoted(vat_id, 13)),
        ("Adressart", '"STR"'),
        ("Straße", quoted(party.street, LONGEST_STREET)),
        ("Postleitzahl", quoted(party.postal_code, 10)),
        ("Ort", quoted(party.city, LONGEST_CITY)),
        ("Land", '"DE"'),
        ("Telefon", quoted(party.phone, 60)),
        ("E-Mail", quoted(party.email, LONGEST_MAIL)),
        ("IBAN-Nr. 1", quoted(party.iban, 34)),
        ("Kunden-/Lief.-Nr.", quoted(party.number, LONGEST_NUMBER)),
        ("Steuernummer", quoted(party.tax_number, 20)),
        ("Fälligkeit in Tagen (Debitor)", "" if party.days is None else str(party.days)),
    ):
        fields[_PLACES[name]] = value
    return ";".join(fields)
