"""The tables that an auditor gets, each with its columns, what they say, and where its rows come from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from billing import periods
from billing.models import (
    Account,
    BankLine,
    Closing,
    Invoice,
    InvoiceLine,
    JournalEntry,
    LedgerExport,
    ManualEntry,
    NumberSeries,
    Payment,
    PayoutRun,
    PeriodExport,
    Posting,
    Refund,
)
from marketplace.core.models import AuditEntry
from marketplace.partner.models import Partner
from marketplace.regions.models import Region

TEXT, NUMBER, MONEY = "<AlphaNumeric/>", "<Numeric/>", "<Numeric><Accuracy>2</Accuracy></Numeric>"
DAY = "<Date><Format>DD.MM.YYYY</Format></Date>"
Rows = Callable[[Region, date, date], Iterable[Sequence[Any]]]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column as index.xml describes it; `refers` names the table to which its values lead."""

    name: str
    says: str
    kind: str = TEXT
    is_key: bool = False
    refers: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: the file, its German name, what it holds, its columns, and its rows for days of a region."""

    file: str
    name: str
    says: str
    columns: tuple[Column, ...]
    rows: Rows


def _key(says: str) -> Column:
    return Column(name="ID", says=says, kind=NUMBER, is_key=True)


def _at(name: str, says: str) -> Column:
    return Column(name=name, says=says)


def _values(rows: QuerySet[Any], *fields: str) -> Iterable[Sequence[Any]]:
    return rows.order_by("pk").values_list(*fields).iterator(chunk_size=2000)


def _moments(first: date, last: date) -> tuple[Any, Any]:
    return periods.starts(first), periods.starts(last + timedelta(days=1))


def _entries(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = JournalEntry.objects.filter(region=region, day__range=(first, last))
    return _values(rows, "pk", "day", "fact_on", "booked_at", "kind", "key", "text", "invoice__number")


def _postings(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = Posting.objects.filter(entry__region=region, entry__day__range=(first, last))
    return _values(rows, "pk", "entry_id", "ledger", "amount", "vat_rate", "account__number", "order__number", "partner_id")


def _documents(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = Invoice.objects.filter(region=region, issued_on__range=(first, last))
    fields = ("pk", "kind", "number", "issued_on", "due_on", "period_from", "period_until", "account__number", "order__number")
    money = (
        "partner_id",
        "replaces__number",
        "corrects__number",
        "net",
        "tax",
        "gross",
        "finalised_at",
        "previous_sha256",
        "sha256",
    )
    return _values(rows, *fields, *money)


def _lines(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = InvoiceLine.objects.filter(invoice__region=region, invoice__issued_on__range=(first, last))
    fields = ("pk", "invoice__number", "position", "charge", "order_line__title", "quantity", "net", "gross", "vat_rate")
    return _values(rows, *fields)


def _series(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = NumberSeries.objects.filter(region=region, year__range=(first.year, last.year))
    return _values(rows, "pk", "prefix", "year", "last")


def _payments(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    document = Coalesce("invoice__number", "incoming__number")
    rows = Payment.objects.filter(entry__region=region, entry__day__range=(first, last)).annotate(document=document)
    return _values(
        rows,
        "pk",
        "entry_id",
        "received_on",
        "method",
        "amount",
        "document",
        "order__number",
        "reference",
        "bank_line_id",
    )


def _refunds(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = Refund.objects.filter(entry__region=region, entry__day__range=(first, last))
    return _values(rows, "pk", "entry_id", "paid_on", "method", "amount", "account__number", "order__number", "iban", "reference")


def _bank(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = BankLine.objects.filter(region=region, booked_on__range=(first, last))
    return _values(rows, "pk", "booked_on", "amount", "name", "iban", "purpose", "status", "note", "imported_at")


def _manual(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = ManualEntry.objects.filter(region=region, day__range=(first, last))
    fields = ("pk", "kind", "status", "amount", "day", "reason", "proposed_at", "proposed_by_id", "decided_at", "decided_by_id")
    return _values(rows, *fields, "entry_id")


def _closings(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    rows = Closing.objects.filter(region=region, last__range=(first, last))
    fields = (
        "pk",
        "first",
        "last",
        "closed_at",
        "closed_by_id",
        "reason",
        "asked_at",
        "asked_by_id",
        "reopened_at",
        "reopened_by_id",
    )
    return _values(rows, *fields)


def _parties(region: Region, _first: date, last: date) -> Iterable[Sequence[Any]]:
    booked = Posting.objects.filter(entry__region=region, entry__day__lte=last)
    accounts = Account.objects.filter(pk__in=booked.filter(account__isnull=False).values("account"))
    partners = Partner.objects.filter(pk__in=booked.filter(partner__isnull=False).values("partner"))
    for row in accounts.order_by("number"):
        yield row.number, "Kundenkonto", row.name, row.street, row.postal_code, row.city, row.vat_id, ""
    for partner in partners.order_by("pk"):
        told = (partner.name, partner.street, partner.postal_code, partner.city, partner.vat_id, partner.tax_number)
        yield str(partner.pk), "Betrieb", *told


def _trail(region: Region, first: date, last: date) -> Iterable[Sequence[Any]]:
    """What people and the market did to rows of the books in these days."""
    mine = Q()
    for model in (Invoice, Account, BankLine, Closing, ManualEntry, PayoutRun, LedgerExport, PeriodExport):
        ids = model._default_manager.filter(region=region).values("pk")
        mine |= Q(target_type=model._meta.label_lower, target_id__in=ids)
    begin, end = _moments(first, last)
    rows = AuditEntry.objects.filter(mine, at__gte=begin, at__lt=end)
    rows = rows.annotate(before=Cast("old", CharField()), after=Cast("new", CharField()))
    return _values(rows, "pk", "at", "by_id", "action", "target_type", "target_id", "before", "after")


_ENTRY = Column(name="Buchung", says="die Buchung im Journal", kind=NUMBER, refers="Journal")
_AMOUNT = Column(name="Betrag", says="in Euro", kind=MONEY)
_PARTY = (
    Column(name="Kundenkonto", says="Kundennummer"),
    Column(name="Bestellung", says="Bestellnummer"),
    Column(name="Betrieb", says="Nummer des Betriebs", kind=NUMBER),
)

TABLES = (
    Table(
        file="journal.csv",
        name="Journal",
        says="Jede Buchung mit Tag, Art und Text; der Schlüssel macht eine zweite Buchung desselben Vorgangs unmöglich.",
        columns=(
            _key("Nummer der Buchung"),
            Column(name="Tag", says="Buchungstag", kind=DAY),
            Column(name="Vorgang_am", says="Tag des Vorgangs, wenn er nach dem Abschluss seines Monats gemeldet wurde", kind=DAY),
            _at("Gebucht", "Zeitpunkt der Buchung"),
            Column(name="Art", says="Art des Vorgangs"),
            Column(name="Schluessel", says="eindeutiger Schlüssel des Vorgangs"),
            Column(name="Text", says="Buchungstext"),
            Column(name="Beleg", says="Belegnummer"),
        ),
        rows=_entries,
    ),
    Table(
        file="buchungszeilen.csv",
        name="Buchungszeilen",
        says="Die Seiten jeder Buchung: Soll positiv, Haben negativ; je Buchung ist die Summe null.",
        columns=(
            _key("Nummer der Zeile"),
            _ENTRY,
            Column(name="Konto", says="Konto in den Worten des Marktes; die Zuordnung zu SKR03/SKR04 steht im DATEV-Stapel"),
            _AMOUNT,
            Column(name="Steuersatz", says="in Prozent", kind=MONEY),
            *_PARTY,
        ),
        rows=_postings,
    ),
    Table(
        file="belege.csv",
        name="Belege",
        says="Rechnungen (380), Korrekturen (381), Stornos (384) und Gutschriften an Betriebe (389) mit ihrer Hash-Kette.",
        columns=(
            _key("Nummer des Belegs in der Datenbank"),
            Column(name="Art", says="Dokumentart nach UNTDID 1001"),
            Column(name="Nummer", says="Belegnummer"),
            Column(name="Datum", says="Ausstellungsdatum", kind=DAY),
            Column(name="Faellig", says="Fälligkeit", kind=DAY),
            Column(name="Von", says="Leistungszeitraum von", kind=DAY),
            Column(name="Bis", says="Leistungszeitraum bis", kind=DAY),
            *_PARTY,
            Column(name="Storniert", says="Nummer des stornierten Belegs"),
            Column(name="Korrigiert", says="Nummer des korrigierten Belegs"),
            Column(name="Netto", says="in Euro", kind=MONEY),
            Column(name="Steuer", says="in Euro", kind=MONEY),
            Column(name="Brutto", says="in Euro", kind=MONEY),
            _at("Festgeschrieben", "Zeitpunkt der Festschreibung"),
            Column(name="SHA256_davor", says="Prüfsumme des Belegs davor"),
            Column(name="SHA256", says="Prüfsumme über diesen Beleg und die davor"),
        ),
        rows=_documents,
    ),
    Table(
        file="belegzeilen.csv",
        name="Belegzeilen",
        says="Woraus jeder Beleg besteht.",
        columns=(
            _key("Nummer der Zeile"),
            Column(name="Beleg", says="Belegnummer"),
            Column(name="Position", says="Stelle im Beleg", kind=NUMBER),
            Column(name="Art", says="Ware, Pfand, Gebühr, Provision, Nachlass"),
            Column(name="Artikel", says="Bezeichnung"),
            Column(name="Menge", says="in Verkaufseinheiten", kind=MONEY),
            Column(name="Netto", says="in Euro", kind=MONEY),
            Column(name="Brutto", says="in Euro", kind=MONEY),
            Column(name="Steuersatz", says="in Prozent", kind=MONEY),
        ),
        rows=_lines,
    ),
    Table(
        file="nummernkreise.csv",
        name="Nummernkreise",
        says="Jeder Nummernkreis läuft lückenlos von 1 bis zur letzten Nummer.",
        columns=(
            _key("Nummer"),
            Column(name="Kuerzel", says="womit die Nummern beginnen"),
            Column(name="Jahr", says="Jahr", kind=NUMBER),
            Column(name="Letzte", says="letzte vergebene Nummer", kind=NUMBER),
        ),
        rows=_series,
    ),
    Table(
        file="zahlungen.csv",
        name="Zahlungen",
        says="Geld von Kundschaft und Auszahlungen an Betriebe; ausgebuchte Reste sind als solche benannt.",
        columns=(
            _key("Nummer der Zahlung"),
            _ENTRY,
            Column(name="Tag", says="Tag der Zahlung", kind=DAY),
            Column(name="Weg", says="Zahlungsweg"),
            _AMOUNT,
            Column(name="Beleg", says="Belegnummer"),
            Column(name="Bestellung", says="Bestellnummer"),
            Column(name="Zweck", says="Verwendungszweck oder Grund"),
            Column(name="Bankbuchung", says="Zeile des Kontoauszugs", kind=NUMBER, refers="Kontoauszug"),
        ),
        rows=_payments,
    ),
    Table(
        file="rueckzahlungen.csv",
        name="Rueckzahlungen",
        says="Geld, das an Kundschaft zurückging.",
        columns=(
            _key("Nummer der Rückzahlung"),
            _ENTRY,
            Column(name="Tag", says="Tag der Zahlung", kind=DAY),
            Column(name="Weg", says="Zahlungsweg"),
            _AMOUNT,
            Column(name="Kundenkonto", says="Kundennummer"),
            Column(name="Bestellung", says="Bestellnummer"),
            Column(name="IBAN", says="wohin"),
            Column(name="Zweck", says="Verwendungszweck"),
        ),
        rows=_refunds,
    ),
    Table(
        file="kontoauszug.csv",
        name="Kontoauszug",
        says="Was die Bank gemeldet hat und was daraus wurde.",
        columns=(
            _key("Nummer der Zeile"),
            Column(name="Tag", says="Buchungstag der Bank", kind=DAY),
            _AMOUNT,
            Column(name="Name", says="Gegenseite"),
            Column(name="IBAN", says="Konto der Gegenseite"),
            Column(name="Zweck", says="Verwendungszweck"),
            Column(name="Stand", says="zugeordnet, offen oder beiseitegelegt"),
            Column(name="Vermerk", says="warum beiseitegelegt"),
            _at("Eingelesen", "Zeitpunkt des Einlesens"),
        ),
        rows=_bank,
    ),
    Table(
        file="handbuchungen.csv",
        name="Handbuchungen",
        says="Von Hand vorgeschlagene Buchungen: wer vorschlug, wer entschied, warum.",
        columns=(
            _key("Nummer des Vorschlags"),
            Column(name="Art", says="was gebucht wird"),
            Column(name="Stand", says="vorgeschlagen, gebucht, abgelehnt, zurückgenommen"),
            _AMOUNT,
            Column(name="Tag", says="Buchungstag", kind=DAY),
            Column(name="Grund", says="Begründung"),
            _at("Vorgeschlagen", "Zeitpunkt"),
            Column(name="Von", says="Nummer der Person", kind=NUMBER),
            _at("Entschieden", "Zeitpunkt"),
            Column(name="Durch", says="Nummer der anderen Person", kind=NUMBER),
            _ENTRY,
        ),
        rows=_manual,
    ),
    Table(
        file="abschluesse.csv",
        name="Abschluesse",
        says="Abgeschlossene Monate und ihre Wiederöffnungen.",
        columns=(
            _key("Nummer"),
            Column(name="Von", says="erster Tag", kind=DAY),
            Column(name="Bis", says="letzter Tag", kind=DAY),
            _at("Abgeschlossen", "Zeitpunkt"),
            Column(name="Durch", says="Nummer der Person", kind=NUMBER),
            Column(name="Grund", says="warum wieder geöffnet"),
            _at("Erbeten", "Zeitpunkt"),
            Column(name="Erbeten_durch", says="Nummer der Person", kind=NUMBER),
            _at("Geoeffnet", "Zeitpunkt"),
            Column(name="Geoeffnet_durch", says="Nummer der anderen Person", kind=NUMBER),
        ),
        rows=_closings,
    ),
    Table(
        file="stammdaten.csv",
        name="Stammdaten",
        says="Kundenkonten und Betriebe, auf die gebucht wurde.",
        columns=(
            Column(name="Nummer", says="Kundennummer oder Nummer des Betriebs", is_key=True),
            Column(name="Art", says="Kundenkonto oder Betrieb", is_key=True),
            Column(name="Name", says="Name"),
            Column(name="Strasse", says="Straße"),
            Column(name="PLZ", says="Postleitzahl"),
            Column(name="Ort", says="Ort"),
            Column(name="USt_IdNr", says="Umsatzsteuer-Identifikationsnummer"),
            Column(name="Steuernummer", says="Steuernummer"),
        ),
        rows=_parties,
    ),
    Table(
        file="protokoll.csv",
        name="Protokoll",
        says="Wer wann was an den Büchern getan hat; Personen sind durch ihre Nummer genannt.",
        columns=(
            _key("Nummer des Eintrags"),
            _at("Zeitpunkt", "Zeitpunkt"),
            Column(name="Person", says="Nummer der Person; leer: der Markt selbst", kind=NUMBER),
            Column(name="Vorgang", says="was geschah"),
            Column(name="Art", says="Art der Sache"),
            Column(name="Sache", says="ihre Nummer", kind=NUMBER),
            Column(name="Vorher", says="Stand davor"),
            Column(name="Nachher", says="Stand danach"),
        ),
        rows=_trail,
    ),
)
