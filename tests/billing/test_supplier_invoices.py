"""Invoices of suppliers are booked once: against what is owed, to the cent, or as an expense; two people, every export, paid."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from billing import (
    bank_lines,
    books,
    einvoice,
    fee_statements,
    files,
    incoming,
    invoicing,
    ledger_lines,
    manual_entries,
    open_items,
    open_items_at,
    payouts,
    settlements,
    supplier_invoices,
    vat_returns,
)
from billing.chart import CHARTS
from billing.documents import Document, TypeCode
from billing.incoming import IncomingRefused
from billing.manual_entries import EntryRefused
from billing.models import BankLine, IncomingInvoice, Invoice, JournalEntry, ManualEntry, Payment, SupplyContract
from billing.payments import pay_out
from marketplace.partner.models import Partner
from marketplace.users.models import User
from tests.billing.deliveries import AT, NOVEMBER, OCTOBER, deliver, item
from tests.billing.test_bank import OWN, take_in
from tests.billing.test_fee_statements import fee_for, payee_of, settle
from tests.factories import documents as made
from tests.factories.market import UserFactory

pytestmark = pytest.mark.django_db
Two = tuple[User, User]


@pytest.fixture
def two() -> Two:
    """Who proposes and who approves."""
    return UserFactory.create(), UserFactory.create()


@pytest.fixture
def sold(farm: Partner) -> Partner:
    """A producer without an agreement on self-billing that sold for 107 euro in October."""
    SupplyContract.objects.filter(partner=farm).update(self_billing_agreed_on=None)
    farm.region.iban = OWN
    farm.region.save(update_fields=["iban"])
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    return farm


def written(document: Document, partner: Partner | None, region: Any, number: str = "R-77") -> IncomingInvoice:
    """The same as an invoice of their own, sent in."""
    own = replace(document, type_code=TypeCode.INVOICE, number=number, notes=())
    return incoming.take_in(
        region=region, data=einvoice.xml(einvoice.terms(own)), file_name="r.xml", at=AT, by=None, partner=partner
    )


def month(partner: Partner) -> Document:
    draft = settlements.of_month(partner=partner, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER).draft
    assert draft is not None
    return draft.document


def booked(told: IncomingInvoice, two: Two, **what: Any) -> ManualEntry:
    usual: dict[str, Any] = {"incoming": told, "reason": "geprüft", "today": NOVEMBER, "at": AT, "by": two[0]}
    if "cost" in what:
        entry = manual_entries.propose_expense(**usual, **what)
    else:
        (owed,) = supplier_invoices.owed(partner=told.partner, today=NOVEMBER)
        entry = manual_entries.propose_settling(**usual, key=owed.key)
    with pytest.raises(EntryRefused):
        manual_entries.approve(entry=entry, at=AT, by=two[0])
    return manual_entries.approve(entry=entry, at=AT, by=two[1])


def in_order(region: Any) -> list[str]:
    return [found for found in books.problems(region=region, today=NOVEMBER) if "no file" not in found]


def lines_of(entry: JournalEntry | None) -> list[tuple[int, int, Decimal, bool]]:
    assert entry is not None
    loaded = JournalEntry.objects.prefetch_related("postings__account").get(pk=entry.pk)
    found = ledger_lines.bookings(entry=loaded, number="1", accounts=CHARTS["03"])
    return [(line.account, line.counter, line.amount, line.is_debit) for line in found]


def test_an_own_invoice_takes_the_place_of_the_credit_note(sold: Partner, two: Two) -> None:
    told = written(month(sold), sold, sold.region)
    entry = booked(told, two)
    settled = Invoice.objects.get(settled_by=told)
    assert entry.entry is not None
    assert (settled.number, settled.gross, entry.entry.text) == (
        "AB-2026-000001",
        Decimal("87.74"),
        f"Eingangsrechnung R-77 {sold.name}",
    )
    told.refresh_from_db()
    assert told.status == IncomingInvoice.Status.ACCEPTED
    assert settled not in files.due()
    assert in_order(sold.region) == []
    assert settlements.settle_due(today=NOVEMBER, at=AT) == []
    assert supplier_invoices.owed(partner=told.partner, today=NOVEMBER) == []
    assert vat_returns.of_period(region=sold.region, first=NOVEMBER, last=NOVEMBER).input_tax == Decimal("5.74")
    (due,) = payouts.due(region=sold.region, today=NOVEMBER)
    run = payouts.draw_up(
        region=sold.region, settlement_ids=[due.settlement_id], execution_on=NOVEMBER, today=NOVEMBER, at=AT, by=None
    )
    assert "R-77 AB-2026-000001" in run.message
    pay_out(settlement=settled, paid_on=NOVEMBER, at=AT)
    assert in_order(sold.region) == []
    with pytest.raises(EntryRefused):
        manual_entries.propose_reversal(entry=entry, reason="doch nicht", day=NOVEMBER, at=AT, by=two[0])


def test_each_invoice_is_booked_once(sold: Partner, two: Two) -> None:
    told = written(month(sold), sold, sold.region)
    document = month(sold)
    booked(told, two)
    with pytest.raises(EntryRefused):
        manual_entries.propose_expense(incoming=told, cost="other", reason="noch einmal", today=NOVEMBER, at=AT, by=two[0])
    with pytest.raises(IncomingRefused):
        written(replace(document, terms="anders"), sold, sold.region)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"net": Decimal("101.00")}, "zu viel"),
        ({"net": Decimal("99.00")}, "zu wenig"),
    ],
)
def test_a_difference_is_told_and_not_booked(sold: Partner, two: Two, change: dict[str, Any], sentence: str) -> None:
    document = month(sold)
    wrong = replace(document, lines=tuple(replace(line, **change) for line in document.lines))
    told = written(wrong, sold, sold.region)
    (owed,) = supplier_invoices.owed(partner=told.partner, today=NOVEMBER)
    assert sentence in supplier_invoices.difference(invoice=told, owed=owed)
    with pytest.raises(EntryRefused, match=sentence):
        manual_entries.propose_settling(incoming=told, key=owed.key, reason="egal", today=NOVEMBER, at=AT, by=two[0])
    assert not ManualEntry.objects.exists()


def test_what_changes_between_two_people_is_not_booked(sold: Partner, two: Two) -> None:
    told = written(month(sold), sold, sold.region)
    (owed,) = supplier_invoices.owed(partner=told.partner, today=NOVEMBER)
    usual: dict[str, Any] = {"reason": "geprüft", "today": NOVEMBER, "at": AT, "by": two[0]}
    entry = manual_entries.propose_settling(incoming=told, key=owed.key, **usual)
    deliver(item(sold, "10.70", 1), region=sold.region)
    with pytest.raises(EntryRefused):
        manual_entries.approve(entry=entry, at=AT, by=two[1])
    assert not Invoice.objects.filter(settled_by__isnull=False).exists()


def test_fees_are_settled_by_an_invoice_of_who_receives_them(farm: Partner, two: Two) -> None:
    payee = payee_of(farm, self_billing_agreed_on=None)
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(farm)
    waits = fee_statements.of_month(payee=payee, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER).draft
    assert waits is not None
    booked(written(waits.document, payee, farm.region), two)
    assert fee_statements.waiting_sums(region=farm.region) == {}
    assert {item.name for item in payouts.due(region=farm.region, today=NOVEMBER)} == {farm.name, payee.name}
    assert in_order(farm.region) == []


def test_an_expense_is_booked_by_its_vat_and_paid_by_the_bank(sold: Partner, two: Two) -> None:
    paper = replace(made.per_order(), seller=made.FARM, buyer=made.OPERATOR, prepaid=Decimal(0))
    told = written(paper, None, sold.region, number="2026-77")
    entry = booked(told, two, cost="packaging")
    assert sorted((account, is_debit) for account, counter, _amount, is_debit in lines_of(entry.entry)) == [
        (1570, True),
        (1570, True),
        (4710, True),
        (4710, True),
    ]
    assert {counter for _account, counter, _amount, _debit in lines_of(entry.entry)} == {1610}
    (waiting,) = [one for one in open_items.to_go_out(region=sold.region) if one.kind == open_items.SUPPLIER]
    assert (waiting.number, waiting.left) == ("2026-77", told.gross)
    (open_yet,) = [one for one in open_items_at.on(region=sold.region, day=NOVEMBER) if one.number == "2026-77"]
    assert open_yet.amount == -told.gross
    assert take_in(sold, (f"-{told.gross}", told.seller_name, "Rechnung 2026-77", "R9")).assigned == 1
    assert Payment.objects.get().incoming == told
    assert BankLine.objects.get().status == BankLine.Status.BOOKED
    assert [found for found in in_order(sold.region) if "settled" not in found] == []
    with pytest.raises(EntryRefused):
        manual_entries.propose_reversal(entry=entry, reason="doch nicht", day=NOVEMBER, at=AT, by=two[0])


def test_an_expense_can_be_taken_back_before_it_is_paid(sold: Partner, two: Two) -> None:
    paper = replace(made.per_order(), seller=made.FARM, buyer=made.OPERATOR, prepaid=Decimal(0))
    told = written(paper, None, sold.region, number="2026-78")
    entry = booked(told, two, cost="office")
    back = manual_entries.propose_reversal(entry=entry, reason="falsches Konto", day=NOVEMBER, at=AT, by=two[0])
    manual_entries.approve(entry=back, at=AT, by=two[1])
    assert supplier_invoices.open_sum(region=sold.region) == 0
    booked(told, two, cost="packaging")
    assert [found for found in in_order(sold.region) if "settled" not in found] == []
    assert bank_lines.expected(region=sold.region, incoming=False) != []


def test_what_is_no_plain_invoice_is_told(sold: Partner) -> None:
    told = written(month(sold), sold, sold.region)
    told.kind = "381"
    assert "Steuerberater" in supplier_invoices.problem(invoice=told)
    told.kind, told.due = "380", Decimal(1)
    assert "bezahlt" in supplier_invoices.problem(invoice=told)
    told.due, told.tax = told.gross, told.tax + 1
    assert "widersprechen" in supplier_invoices.problem(invoice=told)
