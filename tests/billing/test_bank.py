"""Bank statements: each booking once, whatever file tells it; what names a number and brings the right sum books itself."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from billing import bank_files, bank_lines, bank_matches, books, invoicing, journal, open_items, settlements
from billing.bank_files import StatementRefused
from billing.bank_lines import LineRefused
from billing.models import BankLine, Invoice, Payment
from billing.open_items import OpenItem
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item

OWN = "DE02120300000000202051"
Row = tuple[str, str, str, str]  # amount with sign, name, purpose, bank's reference

pytestmark = pytest.mark.django_db


def camt(rows: Iterable[Row], *, version: str = "08", iban: str = OWN, status: str = "BOOK", currency: str = "EUR") -> bytes:
    """A statement as banks write it: in version 2 names and amounts lie elsewhere than in version 8."""
    new = version == "08"
    entries = ""
    for amount, name, purpose, reference in rows:
        coming = not amount.startswith("-")
        side, plain = "Dbtr" if coming else "Cdtr", amount.lstrip("-")
        person = f"<Pty><Nm>{name}</Nm></Pty>" if new else f"<Nm>{name}</Nm>"
        detail = (
            f'<Amt Ccy="{currency}">{plain}</Amt>'
            if new
            else (
                f'<AmtDtls><InstdAmt><Amt Ccy="CHF">99999.00</Amt></InstdAmt>'
                f'<TxAmt><Amt Ccy="{currency}">{plain}</Amt></TxAmt></AmtDtls>'
            )
        )
        entries += f"""<Ntry><Amt Ccy="{currency}">{plain}</Amt><CdtDbtInd>{"CRDT" if coming else "DBIT"}</CdtDbtInd>
          <Sts>{f"<Cd>{status}</Cd>" if new else status}</Sts><BookgDt><Dt>2026-11-02</Dt></BookgDt>
          <AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls>{detail}<RltdPties><{side}>{person}</{side}>
          <{side}Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></{side}Acct></RltdPties>
          <RmtInf><Ustrd>{purpose[:20]}</Ustrd><Ustrd>{purpose[20:]}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
      <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt>
      <Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>""".encode()


MT940 = """:20:STARTUMSE
:25:12030000/0000202051
:28C:00047/001
:60F:C261101EUR1234,56
:61:2611021102C45,80NTRFNONREF//2026110200001
:86:166?00GUTSCHRIFT?20SVWZ+RE-2026-000001?22 vielen Dank?30NOLADE21ECK?31DE89370400440532013000?32Jette Petersen
:61:2611021102D312,07NTRFNONREF
:86:177?00SEPA-UEBERWEISUNG?20SVWZ+GS-2026-000003?31DE02120300000000202051?32Beispielhof
:62F:C261102EUR968,29
-"""


@pytest.fixture
def invoice(farm: Partner) -> Invoice:
    """28,00 € for Jette Petersen."""
    farm.region.iban = OWN
    farm.region.save()
    delivery = deliver(item(farm, price="7.00", quantity=4), region=farm.region)
    drawn = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert drawn is not None
    assert drawn.gross == Decimal("28.00")
    return drawn


def take_in(farm: Partner, *rows: Row, version: str = "08") -> bank_lines.TakenIn:
    return bank_lines.take_in(region=farm.region, content=camt(rows, version=version), at=AT, by=None)


@pytest.mark.parametrize("version", ["02", "08"])
def test_both_versions_of_camt_tell_the_same(version: str) -> None:
    (row,) = bank_files.read(camt([("28.00", "Jette Petersen", "Rechnung RE-2026-000001 danke", "R1")], version=version))
    assert (row.amount, row.name, row.iban, row.booked_on, row.account) == (
        Decimal("28.00"), "Jette Petersen", "DE89370400440532013000", date(2026, 11, 2), OWN,
    )  # fmt: skip
    assert row.purpose.replace(" ", "") == "RechnungRE-2026-000001danke"


def test_mt940_tells_name_iban_purpose_and_which_way_the_money_went() -> None:
    came, went = bank_files.read(MT940.encode("cp1252"))
    assert (came.amount, came.name, came.iban) == (Decimal("45.80"), "Jette Petersen", "DE89370400440532013000")
    assert "RE-2026-000001" in came.purpose
    assert (went.amount, went.name) == (Decimal("-312.07"), "Beispielhof")


@pytest.mark.parametrize("spelt", ["RE-2026-000001", "re 2026 000001 danke", "Rechnung RE2026-1", "Rg.Nr.RE/2026/000001"])
def test_a_number_and_the_right_sum_leave_no_doubt(farm: Partner, invoice: Invoice, spelt: str) -> None:
    assert invoice.number == "RE-2026-000001"
    taken = take_in(farm, ("28.00", "Irgendwer", spelt, "R1"))
    assert (taken.new, taken.known, taken.assigned) == (1, 0, 1)
    payment = Payment.objects.get()
    assert (payment.invoice, payment.amount, payment.received_on) == (invoice, Decimal("28.00"), date(2026, 11, 2))
    assert journal.balance(order=invoice.order) == 0
    assert books.problems(region=farm.region, today=DAY) == []


@pytest.mark.parametrize("spelt", ["RE-2026-0000012", "RE-2025-000001", "Danke"])
def test_another_number_is_not_taken_for_this_one(farm: Partner, invoice: Invoice, spelt: str) -> None:
    assert take_in(farm, ("28.00", "Irgendwer", spelt, "R1")).assigned == 0
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("number", "purpose", "named"),
    [
        ("SR-2026-000001", "Danke SR-2026-1", True),
        ("SR-2026-000001", "Danke B0028-SR-2026- 000001", False),
        ("B0028-SR-2026-000001", "Danke B0028-SR-2026- 000001", True),
        ("B0028-SR-2026-000001", "Danke SR-2026-000001", False),
        ("B0028-SR-2026-000001", "Danke B0029-SR-2026-000001", False),
    ],
)
def test_a_number_of_a_producers_own_is_not_taken_for_the_operators(number: str, purpose: str, *, named: bool) -> None:
    item_ = OpenItem(kind="invoice", pk=1, number=number, whom="", left=Decimal(5), day=DAY)
    line = BankLine(amount=Decimal(5), purpose=purpose, booked_on=DAY)
    found = bank_matches.certain(line=line, items=bank_matches.Index([item_]))
    assert (found == [item_]) is named


def test_a_statement_twice_or_overlapping_books_once_and_twins_of_one_day_are_two(farm: Partner, invoice: Invoice) -> None:
    first = ("28.00", "Jette Petersen", "RE-2026-000001", "R1")
    twin = ("5.00", "Spende", "ohne Nummer", "")
    assert take_in(farm, first, twin, twin).new == 3
    again = take_in(farm, first, twin, twin, twin)
    assert (again.new, again.known) == (1, 3)
    assert (BankLine.objects.count(), Payment.objects.count()) == (4, 1)


def test_what_the_office_opened_again_is_not_assigned_by_the_next_overlapping_statement(farm: Partner, invoice: Invoice) -> None:
    wrong = ("28.00", "Jette Petersen", invoice.number, "R1")
    line = BankLine.objects.create(region=farm.region, key="x", booked_on=DAY, amount=Decimal("28.00"), imported_at=AT)
    BankLine.objects.filter(pk=line.pk).update(key=bank_files.read(camt([wrong]))[0].key, purpose=invoice.number)
    bank_lines.set_aside(line=line, note="gehört nicht hierher", at=AT, by=None)
    bank_lines.take_back(line=line, at=AT, by=None)
    assert take_in(farm, wrong).assigned == 0
    assert not Payment.objects.exists()


def test_what_is_only_announced_is_left_out(farm: Partner) -> None:
    assert bank_files.read(camt([("28.00", "X", "Y", "R")], status="PDNG")) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "leer"),
        (b"<html><body>Bitte anmelden</body></html>", "kein Kontoauszug"),
        (b"<Document><BkToCstmrStmt>", "beschädigt"),
        (b"Datum;Betrag\n1.1.2026;5,00\n", "kein Kontoauszug"),
        (camt([("28.00", "X", "Y", "R")], currency="CHF"), "CHF"),
        (camt([("28.00", "X", "Y", "R")], iban="DE89370400440532013000"), "DE89370400440532013000"),
        (camt([("abc", "X", "Y", "R")]), "ergibt keinen Sinn"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>', "kein Kontoauszug"),
        (b":20:X\n:61:quatsch\n", "beschädigt"),
    ],
)
def test_what_is_no_statement_is_refused_with_a_sentence_and_leaves_no_trace(
    farm: Partner, invoice: Invoice, content: bytes, says: str
) -> None:
    with pytest.raises(StatementRefused, match=says):
        bank_lines.take_in(region=farm.region, content=content, at=AT, by=None)
    assert not BankLine.objects.exists()


def test_a_sum_for_two_invoices_is_assigned_in_two_steps_and_never_twice(farm: Partner, invoice: Invoice) -> None:
    other = deliver(item(farm, price="6.00", quantity=2), region=farm.region)
    second = invoicing.draw_for_order(delivery=other, today=DAY, at=AT)
    assert second is not None
    take_in(farm, ("40.00", "Jette Petersen", "beide Rechnungen", "R1"))
    line = BankLine.objects.get()
    bank_lines.assign(line=line, item_key=f"invoice:{invoice.pk}", at=AT, by=None)
    assert bank_lines.left(line=line) == Decimal("12.00")
    with pytest.raises(LineRefused):
        bank_lines.assign(line=line, item_key=f"invoice:{invoice.pk}", at=AT, by=None)
    bank_lines.assign(line=line, item_key=f"invoice:{second.pk}", at=AT, by=None)
    line.refresh_from_db()
    assert (line.status, Payment.objects.count()) == (BankLine.Status.BOOKED, 2)
    with pytest.raises(LineRefused):
        bank_lines.set_aside(line=line, note="doch nicht", at=AT, by=None)


def test_a_transfer_in_advance_is_known_by_the_orders_number(farm: Partner) -> None:
    farm.region.iban = OWN
    farm.region.save()
    delivery = deliver(item(farm, price="7.00", quantity=2), region=farm.region)
    (waiting,) = open_items.to_come_in(region=farm.region)
    assert (waiting.kind, waiting.left) == (open_items.ORDER, Decimal("14.00"))
    assert take_in(farm, ("14.00", "Jette", f"Bestellung {delivery.order.number}", "R1")).assigned == 1
    assert open_items.to_come_in(region=farm.region) == []


def test_a_payout_is_known_by_its_credit_note_and_only_in_full(farm: Partner, invoice: Invoice) -> None:
    (settled,) = settlements.settle_due(today=NOVEMBER, at=AT)
    assert settled.invoice is not None
    number, gross = settled.invoice.number, settled.invoice.gross
    assert take_in(farm, (f"-{gross - 1}", "Beispielhof", number, "R1")).assigned == 0
    with pytest.raises(LineRefused):
        bank_lines.assign(line=BankLine.objects.get(), item_key=f"credit_note:{settled.invoice.pk}", at=AT, by=None)
    assert take_in(farm, (f"-{gross}", "Beispielhof", number, "R2")).assigned == 1
    assert journal.balance(partner=farm) == 0
    assert open_items.to_go_out(region=farm.region) == []


def test_what_is_none_of_the_markets_is_set_aside_with_a_word_and_can_be_opened_again(farm: Partner) -> None:
    farm.region.iban = OWN
    farm.region.save()
    take_in(farm, ("-4.90", "Förde-Bank", "Kontoführung", "R1"))
    line = BankLine.objects.get()
    with pytest.raises(LineRefused):
        bank_lines.set_aside(line=line, note="  ", at=AT, by=None)
    bank_lines.set_aside(line=line, note="Gebühr der Bank", at=AT, by=None)
    bank_lines.take_back(line=line, at=AT, by=None)
    line.refresh_from_db()
    assert (line.status, line.note, line.decided_at) == (BankLine.Status.OPEN, "", None)
