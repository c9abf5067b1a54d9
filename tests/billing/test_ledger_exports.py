"""The file for the tax adviser: every entry once, debit equals credit equals the documents, and the same whenever it is read."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from billing import chart, datev, invoicing, ledger_exports, payments, settlements
from billing.ledger_exports import ExportRefused
from billing.models import Account, Bookkeeping, ExportedEntry, Invoice, JournalEntry, LedgerExport, Payment, Posting
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice

pytestmark = pytest.mark.django_db
FIRM = datev.Firm(adviser=1001, client=42, chart="03")


@pytest.fixture
def region(farm: Partner, press: Partner, account: Account) -> Region:
    """October with an invoice at both rates, a deposit and a fee, one of an account, a payment and two credit notes."""
    region: Region = farm.region
    Bookkeeping.objects.create(region=region, adviser=1001, client=42)
    Account.objects.update(number="K-10001")
    single = deliver(
        item(farm, price="7.00", quantity=4),
        juice(press, 6),
        region=region,
        fee="4.90",
    )
    invoice = invoicing.draw_for_order(delivery=single, today=DAY, at=AT)
    assert invoice is not None
    payments.receive(invoice=invoice, amount=invoice.gross, method=Payment.Method.TRANSFER, received_on=DAY, at=AT)
    deliver(item(farm, price="7.00", quantity=40), region=region, account=account)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    return region


def make(region: Region, today: date = NOVEMBER) -> LedgerExport:
    return ledger_exports.make(region=region, today=today, at=AT, by=None)


def rows(export: LedgerExport) -> list[dict[str, str]]:
    text = bytes(export.content).decode("cp1252")
    assert text.endswith("\r\n")
    table = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(table[0]) == 31
    assert all(len(row) == len(datev.COLUMNS) == 125 for row in table[1:])
    return [dict(zip(table[1], row, strict=True)) for row in table[2:]]


def money(row: dict[str, str]) -> Decimal:
    return Decimal(row["Umsatz (ohne Soll/Haben-Kz)"].replace(",", "."))


def sums(lines: list[dict[str, str]]) -> dict[int, Decimal]:
    """What each account holds, debit above zero."""
    found: dict[int, Decimal] = {}
    for row in lines:
        amount = money(row) if row["Soll/Haben-Kennzeichen"] == "S" else -money(row)
        for account, part in ((row["Konto"], amount), (row["Gegenkonto (ohne BU-Schlüssel)"], -amount)):
            found[int(account)] = found.get(int(account), Decimal(0)) + part
    return found


def test_file_holds_every_entry_once_and_adds_up_to_the_documents(region: Region, farm: Partner, account: Account) -> None:
    export = make(region)
    lines = rows(export)
    held = sums(lines)
    entries = JournalEntry.objects.filter(region=region, day__month=10)
    assert ExportedEntry.objects.filter(export=export).count() == entries.count()
    assert sum(held.values()) == 0
    mine = Posting.objects.filter(entry__in=entries)
    bank = mine.filter(ledger="bank").aggregate(sum=Sum("amount"))["sum"]
    assert held[1200] == bank
    assert held.get(10_000, Decimal(0)) == 0  # billed and paid
    owed = mine.filter(ledger="receivable", account=account).aggregate(sum=Sum("amount"))["sum"]
    assert held.get(10_001, Decimal(0)) == (owed or 0)
    sold = Invoice.objects.get(order__isnull=False)
    assert -(held[8300] + held[8400]) == sum(invoice.gross for invoice in Invoice.objects.filter(kind="380", issued_on__month=10))
    assert {row["Belegfeld 1"] for row in lines} >= {sold.number}


def test_credit_notes_stand_at_their_producers(region: Region, farm: Partner, press: Partner) -> None:
    make(region)
    november = make(region, today=date(2026, 12, 1))
    held = sums(rows(november))
    for partner in (farm, press):
        assert -held[chart.creditor(partner_id=partner.pk)] == Invoice.objects.get(kind="389", partner=partner).gross


def test_a_second_run_finds_nothing_and_what_came_late_goes_with_a_file_of_its_own(region: Region) -> None:
    first = make(region)
    again = bytes(LedgerExport.objects.get(pk=first.pk).content)
    assert again == bytes(first.content)
    with pytest.raises(ExportRefused):
        make(region)
    account_invoice = Invoice.objects.get(account__isnull=False, kind="380")
    payments.receive(
        invoice=account_invoice, amount=Decimal(5), method=Payment.Method.TRANSFER, received_on=date(2026, 10, 30), at=AT
    )
    late = make(region)
    assert (late.number, late.first, late.lines, late.total) == (2, date(2026, 10, 1), 1, Decimal("5.00"))


def test_an_account_that_the_chart_lacks_stops_the_export_and_leaves_no_trace(region: Region) -> None:
    Account.objects.update(number="ohne")
    make(region)  # the account's invoice is of November
    with pytest.raises(ExportRefused, match="ohne"):
        make(region, today=date(2026, 12, 1))
    assert LedgerExport.objects.count() == 1
    Account.objects.update(number="K-10007")
    assert 10_007 in sums(rows(make(region, today=date(2026, 12, 1))))


def test_without_the_advisers_numbers_and_within_a_month_nothing_is_made(region: Region) -> None:
    with pytest.raises(ExportRefused):
        make(region, today=date(2026, 10, 31))
    Bookkeeping.objects.all().delete()
    with pytest.raises(ExportRefused):
        make(region)


def test_skr04_has_accounts_of_its_own(region: Region) -> None:
    Bookkeeping.objects.update(chart="04")
    export = make(region)
    assert {1800, 4300, 4400} <= set(sums(rows(export)))
    assert '"04"' in bytes(export.content).decode("cp1252").splitlines()[0]


@given(st.text(max_size=90), st.text(max_size=60), st.decimals("0.01", "99999999.99", places=2))
def test_no_text_breaks_the_file(text: str, number: str, amount: Decimal) -> None:
    booking = datev.Booking(amount=amount, is_debit=True, account=8300, counter=10_000, day=DAY, number=number, text=text)
    content = datev.batch(firm=FIRM, first=DAY, last=DAY, bookings=[booking], name=text, made_at=AT)
    table = list(csv.reader(io.StringIO(content.decode("cp1252"), newline=""), delimiter=";"))
    assert [len(row) for row in table] == [31, 125, 125]
    assert Decimal(table[2][0].replace(",", ".")) == amount
    assert len(table[2][datev.TEXT - 1]) <= datev.LONGEST_TEXT


@pytest.mark.parametrize("code", ["03", "04"])
def test_every_ledger_of_the_balance_has_an_account(code: str) -> None:
    """Deposits go with what they are paid with, receivables and payables to persons; held amounts stand beside the balance."""
    elsewhere = {"deposits", "receivable", "payable", "held", "held_against"}
    accounts = chart.CHARTS[code]
    assert {str(ledger) for ledger in Posting.Ledger} - elsewhere - {str(ledger) for ledger in accounts.plain} == set()
