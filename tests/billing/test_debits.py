"""Direct debits: signed once, announced on the invoice, collected once, and what comes back is owed again."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from lxml import etree

from billing import (
    bank_lines,
    books,
    debit_banking,
    debit_news,
    debit_runs,
    invoicing,
    journal,
    ledger_exports,
    mandates,
    open_items,
    payments,
)
from billing.debit_runs import DebitRefused
from billing.mandates import MandateRefused
from billing.models import Account, BankLine, Bookkeeping, DebitRun, DebitTerms, Invoice, Mandate, Surcharge
from billing.snapshots import thawed
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item
from tests.billing.test_bank import OWN, take_in
from tests.factories.market import UserFactory

pytestmark = pytest.mark.django_db
CREDITOR = "DE98ZZZ09999999999"
PAYER = "DE89370400440532013000"
TODAY = NOVEMBER
COLLECT = TODAY + timedelta(days=15)


@pytest.fixture
def mandate(account: Account) -> Mandate:
    """The restaurant's."""
    region = account.region
    region.iban = OWN
    region.save()
    DebitTerms.objects.create(region=region, creditor_id=CREDITOR)
    return sign(account)


def sign(account: Account, **told: object) -> Mandate:
    given = {"holder": account.name, "iban": PAYER, "signed_name": "Jette Petersen", "signed_on": DAY, "at": AT, "by": None}
    return mandates.sign(region=account.region, account=account, **{**given, **told})  # type: ignore[arg-type]  # as told


@pytest.fixture
def invoice(farm: Partner, account: Account, mandate: Mandate) -> Invoice:
    """28,00 € of October."""
    deliver(item(farm, price="7.00", quantity=4), region=farm.region, account=account)
    drawn = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=TODAY, at=AT)
    assert drawn is not None
    return drawn


@pytest.fixture
def run(invoice: Invoice) -> DebitRun:
    """The file with it."""
    return collect(invoice)


def collect(*invoices: Invoice, day: date = COLLECT, today: date = TODAY) -> DebitRun:
    ids = [invoice.pk for invoice in invoices]
    return debit_runs.draw_up(region=invoices[0].region, invoice_ids=ids, collect_on=day, today=today, at=AT, by=None)


def returned(number: str, *, code: str = "AM04", whole: str = "31.00", original: str = "28.00") -> bytes:
    """A statement by which a bank sends a debit back and keeps a fee."""
    return f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
      <Acct><Id><IBAN>{OWN}</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">{whole}</Amt><CdtDbtInd>DBIT</CdtDbtInd>
      <Sts><Cd>BOOK</Cd></Sts>
      <BookgDt><Dt>2026-11-18</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{number}</EndToEndId></Refs>
      <Amt Ccy="EUR">{whole}</Amt><AmtDtls><InstdAmt><Amt Ccy="EUR">{original}</Amt></InstdAmt></AmtDtls>
      <RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>""".encode()


def texts(run: DebitRun, name: str) -> list[str]:
    return [str(element.text) for element in etree.fromstring(run.message.encode()).iter("{*}" + name)]


def in_order(invoice: Invoice) -> list[str]:
    return [text for text in books.problems(region=invoice.region, today=DAY) if "file" not in text]


def test_the_invoice_announces_amount_day_mandate_and_creditor(invoice: Invoice, mandate: Mandate) -> None:
    document = thawed(invoice.content)
    assert (document.payment.code, document.payment.mandate, document.payment.creditor_id) == ("59", mandate.reference, CREDITOR)
    assert invoice.due_on == TODAY + timedelta(days=14)
    assert document.terms == "Wir ziehen 28,00\u00a0€ frühestens am 15.11.2026 per SEPA-Lastschrift vom Konto DE89 •••• 3000 ein."


def test_an_order_of_a_person_with_a_mandate_is_collected_after_the_notice(farm: Partner, mandate: Mandate) -> None:
    person = UserFactory.create()
    given: dict[str, Any] = {"holder": "Jette", "iban": PAYER, "signed_name": "Jette", "signed_on": DAY, "at": AT, "by": person}
    mandates.sign(region=farm.region, user=person, **given)
    delivery = deliver(item(farm), region=farm.region, user=person, method="debit")
    drawn = invoicing.draw_for_order(delivery=delivery, today=TODAY, at=AT)
    assert drawn is not None
    assert (drawn.content["payment"]["code"], drawn.due_on) == ("59", TODAY + timedelta(days=5))


def test_the_file_collects_each_invoice_once_and_adds_up(invoice: Invoice, mandate: Mandate, run: DebitRun) -> None:
    assert (texts(run, "EndToEndId"), texts(run, "InstdAmt"), texts(run, "MndtId")) == (
        [invoice.number], ["28.00"], [mandate.reference],
    )  # fmt: skip
    assert (texts(run, "SeqTp"), texts(run, "ReqdColltnDt")) == (["FRST"], ["2026-11-16"])
    assert CREDITOR in texts(run, "Id")
    assert (journal.balance(account=invoice.account), payments.paid(invoice=invoice)) == (Decimal(0), Decimal("28.00"))
    assert debit_runs.due(region=invoice.region, today=TODAY) == []
    with pytest.raises(DebitRefused):
        collect(invoice)
    assert not in_order(invoice)


def test_the_second_debit_of_a_mandate_is_recurrent(farm: Partner, invoice: Invoice, run: DebitRun, account: Account) -> None:
    deliver(item(farm), region=farm.region, account=account)
    later = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=TODAY, at=AT)
    assert later is not None
    assert texts(collect(later), "SeqTp") == ["RCUR"]


def test_nothing_is_collected_before_the_day_that_was_announced(invoice: Invoice) -> None:
    with pytest.raises(DebitRefused):
        collect(invoice, day=TODAY + timedelta(days=13))
    assert not DebitRun.objects.exists()


@pytest.mark.parametrize("what", ["revoked", "suspended", "expired"])
def test_a_mandate_that_does_not_hold_is_refused(invoice: Invoice, mandate: Mandate, what: str) -> None:
    today = TODAY
    if what == "revoked":
        mandates.revoke(mandate=mandate, at=AT, by=None)
    elif what == "suspended":
        mandates.suspend(mandate=mandate, because="x", at=AT)
    else:
        today = date(2029, 10, 17)
    (due,) = debit_runs.due(region=invoice.region, today=today)
    assert due.hindrance
    with pytest.raises(DebitRefused):
        collect(invoice, day=today + timedelta(days=15), today=today)


def test_one_that_is_used_does_not_expire(mandate: Mandate, run: DebitRun) -> None:
    assert mandates.expires_on(mandate=Mandate.objects.get()) == date(2029, 11, 16)


def test_a_dropped_file_leaves_everything_as_it_was(invoice: Invoice, run: DebitRun) -> None:
    debit_runs.drop(run=run, today=TODAY, at=AT, by=None)
    debit_runs.drop(run=run, today=TODAY, at=AT, by=None)
    assert (journal.balance(account=invoice.account), payments.paid(invoice=invoice)) == (Decimal("28.00"), Decimal(0))
    again = collect(invoice)
    assert (again.number, texts(again, "SeqTp")) == ("EZ-2026-000002", ["FRST"])
    assert not in_order(invoice)


def test_the_bank_credits_the_run_in_one_line(farm: Partner, invoice: Invoice, run: DebitRun) -> None:
    assert take_in(farm, ("28.00", "", f"SEPA Sammler {run.number}", "R1")).assigned == 1
    assert debit_runs.outstanding(run=run) == 0
    assert not debit_banking.awaited(region=farm.region, incoming=True)
    with pytest.raises(DebitRefused):
        debit_runs.drop(run=run, today=TODAY, at=AT, by=None)
    assert not in_order(invoice)


def test_what_comes_back_is_owed_again_with_the_banks_fee(invoice: Invoice, run: DebitRun, mandate: Mandate) -> None:
    told = bank_lines.take_in(region=invoice.region, content=returned(invoice.number), at=AT, by=None)
    again = bank_lines.take_in(region=invoice.region, content=returned(invoice.number), at=AT, by=None)
    assert (told.assigned, again.new) == (1, 0)
    (left,) = open_items.to_come_in(region=invoice.region)
    assert (left.left, journal.balance(account=invoice.account)) == (Decimal("31.00"), Decimal("31.00"))
    assert Surcharge.objects.get().kind == Surcharge.Kind.RETURN
    assert BankLine.objects.get().status == BankLine.Status.BOOKED
    (due,) = debit_runs.due(region=invoice.region, today=TODAY)
    assert due.hindrance
    assert not mandates.hindrance(mandate=Mandate.objects.get(), today=TODAY)
    assert not in_order(invoice)


@pytest.mark.parametrize(("code", "suspended", "charged"), [("AC04", True, 1), ("AM05", False, 0), ("XX99", False, 0)])
def test_the_code_decides_what_follows(invoice: Invoice, run: DebitRun, code: str, suspended: bool, charged: int) -> None:
    bank_lines.take_in(region=invoice.region, content=returned(invoice.number, code=code), at=AT, by=None)
    assert ((Mandate.objects.get().suspended_at is not None), Surcharge.objects.count()) == (suspended, charged)


def test_mt940_tells_the_same(invoice: Invoice, run: DebitRun) -> None:
    content = f""":20:STARTUMS
:25:{OWN}
:28C:1/1
:60F:C261101EUR1000,00
:61:2611181118DR31,00N011NONREF//R1
:86:109?00Lastschrift Rueckgabe?20EREF+{invoice.number}?21OAMT+28,00?22COAM+3,00?23SVWZ+RETURN AC04?32Krug
:62F:C261118EUR969,00
"""
    assert bank_lines.take_in(region=invoice.region, content=content.encode(), at=AT, by=None).assigned == 1
    line = BankLine.objects.get()
    assert (line.return_reason, line.charges, Mandate.objects.get().suspended_because) == (
        "AC04",
        Decimal(3),
        "das Konto ist aufgelöst",
    )


@pytest.mark.parametrize(
    "told",
    [
        {"iban": "DE89370400440532013001"},
        {"iban": "US00"},
        {"holder": " "},
        {"signed_on": TODAY + timedelta(days=9)},
        {"scheme": "B2B"},
    ],
    ids=["digit", "abroad", "nobody", "future", "b2b online"],
)
def test_a_mandate_needs_a_right_iban_a_name_and_a_day(account: Account, mandate: Mandate, told: dict[str, object]) -> None:
    with pytest.raises(MandateRefused):
        sign(account, **told)
    assert Mandate.objects.get().revoked_at is None


def test_a_new_mandate_takes_the_place_of_the_old_one(account: Account, mandate: Mandate) -> None:
    assert sign(account) == mandate
    new = sign(account, iban=OWN)
    mandate.refresh_from_db()
    assert (mandate.revoked_at, new.revoked_at, new.reference) == (AT, None, "LM-2026-000002")
    assert CREDITOR in new.text


def test_the_books_go_to_the_adviser(invoice: Invoice, run: DebitRun) -> None:
    Bookkeeping.objects.create(region=invoice.region, adviser=1001, client=1)
    bank_lines.take_in(region=invoice.region, content=returned(invoice.number), at=AT, by=None)
    made = ledger_exports.make(region=invoice.region, today=date(2026, 12, 1), at=AT, by=None)
    text = bytes(made.content).decode("cp1252")
    assert ";1362;" in text
    assert ";4970;" in text


def test_the_customer_is_told_once_that_it_came_back(invoice: Invoice, run: DebitRun) -> None:
    bank_lines.take_in(region=invoice.region, content=returned(invoice.number), at=AT, by=None)
    assert (debit_news.tell_due(at=AT), debit_news.tell_due(at=AT)) == (1, 0)
    (sent,) = mail.outbox
    assert "31,00" in sent.body
    assert "nicht genug Geld" in sent.body
