"""Hands the books of a period to an auditor: tables as CSV, their description (GDPdU standard, index.xml) and a list of hashes.

Section 147(6) AO and the GoBD, number 167. The tables hold all that the books are made of, in the words of the books.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone

from billing import archives, audit_tables
from billing.audit_tables import Column, Table
from marketplace.regions.models import Region

INDEX, HASHES, README = "index.xml", "sha256.txt", "LIESMICH.txt"


@dataclass(frozen=True)
class _Period:
    region: Region
    first: date
    last: date
    made_at: datetime


def build(*, region: Region, first: date, last: date, made_at: datetime) -> bytes:
    """The ZIP for these days."""
    period = _Period(region, first, last, made_at)
    files = [(table.file, _csv(table.columns, table.rows(region, first, last))) for table in audit_tables.TABLES]
    files.append((INDEX, _index(period)))
    files.append((README, _readme(period)))
    hashes = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files)
    return archives.packed(files=[*files, (HASHES, hashes.encode())])


def _csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([column.name for column in columns])
    writer.writerows([_text(value) for value in row] for row in rows)
    return target.getvalue().encode()


def _text(value: Any) -> str:
    ways: tuple[tuple[type, Callable[[Any], str]], ...] = (
        (bool, lambda told: "1" if told else "0"),
        (Decimal, lambda told: f"{told:.2f}".replace(".", ",")),
        (datetime, lambda told: f"{timezone.localtime(told):%d.%m.%Y %H:%M:%S}"),
        (date, lambda told: f"{told:%d.%m.%Y}"),
    )
    if value is None:
        return ""
    return next((write(value) for kind, write in ways if isinstance(value, kind)), " ".join(str(value).split()))


def _index(period: _Period) -> bytes:
    region, place = period.region, f"{period.region.postal_code} {period.region.city}"
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">\n<DataSet>\n'
        "  <Version>1.0</Version>\n"
        f"  <DataSupplier>\n    <Name>{escape(region.legal_name)}</Name>\n    <Location>{escape(place)}</Location>\n"
        f"    <Comment>Marktrunde, {_text(period.first)} bis {_text(period.last)}</Comment>\n  </DataSupplier>\n"
        "  <Media>\n    <Name>Marktrunde</Name>\n"
    )
    tables = "".join(_described(table, period) for table in audit_tables.TABLES)
    return f"{head}{tables}  </Media>\n</DataSet>\n".encode()


def _described(table: Table, period: _Period) -> str:
    keys: list[str] = []
    others: list[str] = []
    for column in table.columns:
        name = "VariablePrimaryKey" if column.is_key else "VariableColumn"
        told = f"<{name}><Name>{escape(column.name)}</Name><Description>{escape(column.says)}</Description>{column.kind}</{name}>"
        (keys if column.is_key else others).append(f"        {told}\n")
    foreign = "".join(
        f"        <ForeignKey><Name>{escape(column.name)}</Name><References>{escape(column.refers)}</References></ForeignKey>\n"
        for column in table.columns
        if column.refers
    )
    return (
        f"    <Table>\n      <URL>{table.file}</URL>\n      <Name>{escape(table.name)}</Name>\n"
        f"      <Description>{escape(table.says)}</Description>\n"
        f"      <Validity><Range><From>{_text(period.first)}</From><To>{_text(period.last)}</To></Range></Validity>\n"
        "      <UTF8/>\n      <DecimalSymbol>,</DecimalSymbol>\n      <DigitGroupingSymbol>.</DigitGroupingSymbol>\n"
        "      <Range><From>2</From></Range>\n      <VariableLength>\n        <ColumnDelimiter>;</ColumnDelimiter>\n"
        "        <RecordDelimiter>&#13;&#10;</RecordDelimiter>\n        <TextEncapsulator>&quot;</TextEncapsulator>\n"
        f"{''.join(keys)}{''.join(others)}{foreign}      </VariableLength>\n    </Table>\n"
    )


def _readme(period: _Period) -> bytes:
    return "\r\n".join(_sentences(period)).encode()


def _sentences(period: _Period) -> Iterator[str]:
    yield f"Bücher von {period.region.legal_name}, {_text(period.first)} bis {_text(period.last)}"
    yield f"Erstellt am {_text(period.made_at)} mit Marktrunde"
    yield ""
    yield "Alle Tabellen sind CSV (UTF-8, Semikolon, Dezimalkomma, Texte in Anführungszeichen, erste Zeile Spaltennamen)."
    yield "index.xml beschreibt sie nach dem Beschreibungsstandard für die Datenträgerüberlassung. Die Datei"
    yield "gdpdu-01-09-2004.dtd, auf die sie verweist, liegt der Prüfsoftware bei und ist hier nicht enthalten."
    yield "sha256.txt nennt die Prüfsumme jeder Datei. Buchungen, Postings und Belege werden nie geändert oder gelöscht;"
    yield "jede Buchung ergibt in der Summe null, Soll steht mit positivem, Haben mit negativem Vorzeichen."
    yield "Die Belege selbst (PDF und XML) stehen im Export „Belege“ desselben Zeitraums; SHA256 bindet sie an die Kette."
    yield ""
    for table in audit_tables.TABLES:
        yield f"{table.file}: {table.says}"
