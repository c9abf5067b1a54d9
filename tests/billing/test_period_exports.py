"""What is handed out for a period: each once, the same byte for byte, and it agrees with the books."""

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from billing import (
    audit_tables,
    closing,
    datev_master,
    document_archive,
    invoicing,
    journal,
    ledger_exports,
    open_items_at,
    payments,
    period_exports,
    settlements,
    vat_returns,
)
from billing.models import Account, Bookkeeping, DocumentFile, Invoice, JournalEntry, PeriodExport, Posting
from billing.period_exports import ChangedSince, PeriodRefused
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice
from tests.factories.market import UserFactory

pytestmark = pytest.mark.django_db
Kind = PeriodExport.Kind


@pytest.fixture
def region(farm: Partner, press: Partner, account: Account) -> Region:
    """October with both rates, a deposit, a fee, a payment, an account that is billed in November; closed."""
    found: Region = farm.region
    Bookkeeping.objects.create(region=found, adviser=1001, client=42)
    Account.objects.update(number="K-10001")
    delivery = deliver(item(farm, "10.70"), juice(press), region=found, fee="3.90")
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoice is not None
    payments.receive(invoice=invoice, amount=Decimal("5.00"), method="transfer", received_on=date(2026, 10, 20), at=AT)
    deliver(item(farm, "7.00"), region=found, account=account)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    closing.close(region=found, first=OCTOBER[0], today=NOVEMBER, at=AT, by=UserFactory.create())
    return found


def make(region: Region, kind: str, **more: Any) -> PeriodExport:
    told: dict[str, Any] = {"first": OCTOBER[0], "last": OCTOBER[1], "today": NOVEMBER, "at": AT, "by": None, **more}
    return period_exports.make(region=region, kind=kind, **told)


def table(content: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline=""), delimiter=";"))


def euro(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def test_each_period_is_exported_once_and_stays_the_same(region: Region) -> None:
    first = make(region, Kind.AUDIT)
    again = make(region, Kind.AUDIT, at=datetime.fromisoformat("2027-01-01T10:00+00:00"))
    assert again == first
    assert hashlib.sha256(period_exports.content(export=again)).hexdigest() == first.sha256
    with pytest.raises(PeriodRefused):
        make(region, Kind.AUDIT, first=NOVEMBER, last=date(2026, 11, 30))
    with pytest.raises(PeriodRefused, match="schließen"):
        make(region, Kind.VAT, first=NOVEMBER, last=date(2026, 11, 30), today=date(2026, 12, 5))


def test_an_auditor_gets_the_whole_books_with_their_description_and_hashes(region: Region) -> None:
    content = period_exports.content(export=make(region, Kind.AUDIT))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for line in archive.read("sha256.txt").decode().splitlines():
            told, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == told
        described = etree.fromstring(archive.read("index.xml"))
        for one in described.iter("Table"):
            header = archive.read(one.findtext("URL") or "").decode().splitlines()[0]
            columns = [column.findtext("Name") for column in one.findall("VariableLength/*") if column.tag.startswith("Variable")]
            assert [f'"{name}"' for name in columns] == header.split(";")
    assert len(described.findall("Media/Table")) == len(audit_tables.TABLES)
    sides = table(content, "buchungszeilen.csv")
    assert len(sides) == Posting.objects.filter(entry__day__lte=OCTOBER[1]).count()
    assert sum(euro(row["Betrag"]) for row in sides) == 0
    assert {row["Buchung"] for row in sides} == {row["ID"] for row in table(content, "journal.csv")}
    assert [row["SHA256"] for row in table(content, "belege.csv")] == list(
        Invoice.objects.filter(issued_on__lte=OCTOBER[1]).values_list("sha256", flat=True)
    )
    assert any(row["Vorgang"] == "books.closed" for row in table(content, "protokoll.csv")) is False  # closed in November


def test_documents_are_found_by_their_bookings(region: Region) -> None:
    with pytest.raises(PeriodRefused, match="RE-2026-000001"):
        make(region, Kind.DOCUMENTS)
    invoice = Invoice.objects.get(number="RE-2026-000001")
    invoice_file(invoice)
    made = make(region, Kind.DOCUMENTS)
    assert made.content is None
    content = period_exports.content(export=made)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["document.xml", "RE-2026-000001.pdf", "RE-2026-000001.xml"]
        found = etree.fromstring(archive.read("document.xml")).find(".//{*}document")
    guid = str(document_archive.guid_of(invoice=invoice))
    assert found is not None
    assert (found.get("guid"), found.get("type")) == (guid, "2")
    batch = bytes(ledger_exports.make(region=region, today=NOVEMBER, at=AT, by=None).content).decode("cp1252")
    assert f'"BEDI ""{guid}"""' in batch
    made.sha256 = "0" * 64
    with pytest.raises(ChangedSince):
        period_exports.content(export=made)


def invoice_file(invoice: Invoice) -> None:
    """Its file as it would be made."""
    DocumentFile.objects.create(
        invoice=invoice, xml=b"<x/>", pdf=b"%PDF", xml_sha256="a", pdf_sha256="b", checked_with="", made_at=AT
    )


def test_debtors_and_creditors_have_the_numbers_of_the_batch(region: Region, farm: Partner, press: Partner) -> None:
    content = period_exports.content(export=make(region, Kind.MASTER)).decode("cp1252")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert rows[0][:5] == ["EXTF", "700", "16", "Debitoren/Kreditoren", "5"]
    assert {len(row) for row in rows[1:]} == {len(datev_master.COLUMNS)} == {254}
    batch = bytes(ledger_exports.make(region=region, today=NOVEMBER, at=AT, by=None).content).decode("cp1252")
    used = {row[place] for row in csv.reader(io.StringIO(batch, newline=""), delimiter=";") for place in (6, 7) if len(row) > 7}
    persons = {number for number in used if number.isdigit() and len(number) == 5}
    assert persons <= {row[0] for row in rows[2:]}


def test_the_return_names_the_numbers_of_the_form(region: Region) -> None:
    figures = vat_returns.of_period(region=region, first=OCTOBER[0], last=OCTOBER[1])
    by_number = {row.number: row for row in figures.rows}
    invoice = Invoice.objects.get(number="RE-2026-000001")
    assert by_number["81"].net + by_number["86"].net == invoice.net
    assert figures.owed == invoice.tax == figures.left
    assert by_number["86"].base == int(by_number["86"].net)
    text = period_exports.content(export=make(region, Kind.VAT)).decode("utf-8-sig")
    assert f"83;Verbleibender Betrag;;;{str(invoice.tax).replace('.', ',')}" in text
    november = vat_returns.of_period(region=region, first=NOVEMBER, last=date(2026, 11, 30))
    bought = Invoice.objects.filter(kind="389")
    assert november.input_tax == sum((row.tax for row in bought), Decimal(0))


def test_what_was_open_on_a_past_day_stays_what_it_was(region: Region, account: Account) -> None:
    invoice = Invoice.objects.get(number="RE-2026-000001")
    before = open_items_at.on(region=region, day=date(2026, 10, 19))
    after = open_items_at.on(region=region, day=OCTOBER[1])
    assert [item.amount for item in before] == [invoice.gross]
    assert [item.amount for item in after] == [invoice.gross - 5]
    told: dict[str, Any] = {"method": "transfer", "at": AT}
    payments.receive(invoice=invoice, amount=invoice.gross - 5, received_on=NOVEMBER, **told)
    assert open_items_at.on(region=region, day=OCTOBER[1]) == after
    november = open_items_at.on(region=region, day=NOVEMBER)
    consolidated = Invoice.objects.get(account=account)
    assert {item.number: item.amount for item in november if item.amount > 0} == {consolidated.number: consolidated.gross}
    partners = Partner.objects.filter(region=region)
    owed = sum((journal.balance(partner=partner) for partner in partners), Decimal(0))
    assert sum(item.amount for item in november if item.amount < 0) == -owed
    assert open_items_at.total(items=november) == consolidated.gross - owed
    assert JournalEntry.objects.exists()
