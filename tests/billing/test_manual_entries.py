"""What the office books by hand: proposed by one, approved by another, taken back by a counter entry; the books stay in order."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing import bank_lines, books, invoicing, journal, manual_entries, open_items, payments
from billing.manual_entries import EntryRefused
from billing.models import BankLine, Invoice, ManualEntry, Payment, Posting
from logistics.models import CashCount, Tour
from marketplace.partner.models import Partner
from marketplace.users.models import User
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice, round_of
from tests.factories.market import UserFactory, VehicleFactory

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 20)


@pytest.fixture
def one(db: None) -> User:
    made: User = UserFactory.create()
    return made


@pytest.fixture
def other(db: None) -> User:
    made: User = UserFactory.create()
    return made


@pytest.fixture
def invoice(farm: Partner) -> Invoice:
    """10.70 at 7 %, three bottles at 19 % with deposit: 17.03 in all."""
    delivery = deliver(item(farm, "10.70"), juice(farm), region=farm.region)
    made = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert made is not None
    return made


def sums(entry: Any) -> dict[tuple[str, Decimal | None], Decimal]:
    return {(row.ledger, row.vat_rate): row.amount for row in Posting.objects.filter(entry=entry)}


def findings(invoice: Invoice) -> list[str]:
    """Without the producer that nobody has settled."""
    return [text for text in books.problems(region=invoice.region, today=DAY) if "settled" not in text]


def test_a_write_off_needs_two_people_and_corrects_the_vat(invoice: Invoice, one: User, other: User) -> None:
    told: dict[str, Any] = {"invoice": invoice, "day": OCTOBER, "at": AT, "by": one}
    with pytest.raises(EntryRefused):
        manual_entries.propose_write_off(reason=" ", **told)
    proposed = manual_entries.propose_write_off(reason="insolvent", **told)
    with pytest.raises(EntryRefused):
        manual_entries.propose_write_off(reason="noch einmal", **told)
    with pytest.raises(EntryRefused, match="Jemand anderes"):
        manual_entries.approve(entry=proposed, at=AT, by=one)
    assert journal.balance(order=invoice.order) == Decimal("17.03")
    booked = manual_entries.approve(entry=proposed, at=AT, by=other)
    assert sums(booked.entry) == {
        ("receivable", None): Decimal("-17.03"),
        ("write_off", Decimal("7.00")): Decimal("10.00"),
        ("vat_out", Decimal("7.00")): Decimal("0.70"),
        ("write_off", Decimal("19.00")): Decimal("5.32"),
        ("vat_out", Decimal("19.00")): Decimal("1.01"),
    }
    assert journal.balance(order=invoice.order) == 0
    assert open_items.to_come_in(region=invoice.region) == []
    assert findings(invoice) == []


def test_what_changed_meanwhile_is_not_booked(invoice: Invoice, one: User, other: User) -> None:
    proposed = manual_entries.propose_write_off(invoice=invoice, reason="insolvent", day=OCTOBER, at=AT, by=one)
    payments.receive(invoice=invoice, amount=Decimal("16.50"), method="transfer", received_on=OCTOBER, at=AT)
    with pytest.raises(EntryRefused):
        manual_entries.approve(entry=proposed, at=AT, by=other)
    manual_entries.refuse(entry=proposed, answer="", at=AT, by=one)
    small = manual_entries.propose_write_off(invoice=invoice, reason="Rest", day=OCTOBER, at=AT, by=one)
    assert small.kind == ManualEntry.Kind.SMALL
    booked = manual_entries.approve(entry=small, at=AT, by=other)
    assert sums(booked.entry) == {("receivable", None): Decimal("-0.53"), ("rounding", None): Decimal("0.53")}
    assert findings(invoice) == []


def test_a_write_off_is_taken_back_by_a_counter_entry(invoice: Invoice, one: User, other: User) -> None:
    proposed = manual_entries.propose_write_off(invoice=invoice, reason="insolvent", day=OCTOBER, at=AT, by=one)
    booked = manual_entries.approve(entry=proposed, at=AT, by=other)
    back = manual_entries.propose_reversal(entry=booked, reason="hat doch bezahlt", day=OCTOBER, at=AT, by=other)
    manual_entries.approve(entry=back, at=AT, by=one)
    booked.refresh_from_db()
    assert booked.status == ManualEntry.Status.REVERSED
    assert journal.balance(order=invoice.order) == Decimal("17.03")
    assert [found.left for found in open_items.to_come_in(region=invoice.region)] == [Decimal("17.03")]
    payments.receive(invoice=invoice, amount=Decimal("17.03"), method="transfer", received_on=OCTOBER, at=AT)
    assert open_items.to_come_in(region=invoice.region) == []
    assert findings(invoice) == []


def test_a_payment_assigned_wrongly_is_assigned_anew(invoice: Invoice, farm: Partner, one: User, other: User) -> None:
    delivery = deliver(item(farm, "17.03"), region=farm.region)
    right = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert right is not None
    line = BankLine.objects.create(region=farm.region, key="a1", booked_on=DAY, amount=Decimal("17.03"), imported_at=AT)
    bank_lines.assign(line=line, item_key=f"invoice:{invoice.pk}", at=AT, by=one)
    proposed = manual_entries.propose_take_back(
        payment=Payment.objects.get(), reason="andere Rechnung", day=OCTOBER, at=AT, by=one
    )
    manual_entries.approve(entry=proposed, at=AT, by=other)
    line.refresh_from_db()
    assert (line.status, bank_lines.left(line=line)) == (BankLine.Status.OPEN, Decimal("17.03"))
    bank_lines.assign(line=line, item_key=f"invoice:{right.pk}", at=AT, by=one)
    assert journal.balance(order=invoice.order) == Decimal("17.03")
    assert journal.balance(order=right.order) == 0
    line.refresh_from_db()
    assert line.status == BankLine.Status.BOOKED
    with pytest.raises(EntryRefused):
        manual_entries.propose_take_back(payment=Payment.objects.earliest("pk"), reason="noch einmal", day=OCTOBER, at=AT, by=one)
    assert findings(invoice) == []


def test_a_difference_of_counted_cash_is_booked_once(invoice: Invoice, one: User, other: User) -> None:
    round_ = round_of(invoice.region, DAY)
    tour = Tour.objects.create(
        round=round_,
        vehicle=VehicleFactory.create(region=invoice.region),
        wave=Tour.Wave.DELIVER,
        starts_at=AT,
        ends_at=AT,
        distance_m=1,
    )
    count = CashCount.objects.create(tour=tour, expected=Decimal("50.00"), counted=Decimal("48.50"), counted_at=AT)
    assert manual_entries.cash_differences(region=invoice.region) == [count]
    told: dict[str, Any] = {"count": count, "reason": "Wechselgeld", "day": DAY, "at": AT, "by": one}
    proposed = manual_entries.propose_cash_count(**told)
    with pytest.raises(EntryRefused):
        manual_entries.propose_cash_count(**told)
    booked = manual_entries.approve(entry=proposed, at=AT, by=other)
    assert sums(booked.entry) == {("cash", None): Decimal("-1.50"), ("cash_diff", None): Decimal("1.50")}
    assert manual_entries.cash_differences(region=invoice.region) == []


def test_cash_paid_in_at_the_bank_moves_from_one_to_the_other(invoice: Invoice, one: User, other: User) -> None:
    line = BankLine.objects.create(region=invoice.region, key="b1", booked_on=DAY, amount=Decimal("48.50"), imported_at=AT)
    told: dict[str, Any] = {"line": line, "reason": "Einzahlung der Tour", "at": AT, "by": one}
    with pytest.raises(EntryRefused):
        manual_entries.propose_bank_line(ledger="sales", **told)
    proposed = manual_entries.propose_bank_line(ledger="cash", **told)
    booked = manual_entries.approve(entry=proposed, at=AT, by=other)
    assert sums(booked.entry) == {("bank", None): Decimal("48.50"), ("cash", None): Decimal("-48.50")}
    line.refresh_from_db()
    assert line.status == BankLine.Status.BOOKED
    back = manual_entries.propose_reversal(entry=booked, reason="falsch", day=NOVEMBER, at=AT, by=one)
    manual_entries.approve(entry=back, at=AT, by=other)
    line.refresh_from_db()
    assert line.status == BankLine.Status.OPEN
    manual_entries.propose_bank_line(ledger="bank_fees", **told)
