"""A closed month takes no bookings, whoever writes; late facts get the first open day; opening again needs two people."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing import books, closing, invoicing, journal, payments, settlements
from billing.closing import ClosingRefused
from billing.journal import Ledger, Side
from billing.models import Closing, JournalEntry, Posting
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item
from tests.factories.market import UserFactory

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def region(farm: Partner) -> Region:
    """October, billed; its credit notes are of November."""
    delivery = deliver(item(farm, "10.00"), region=farm.region)
    invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    found: Region = farm.region
    return found


def close(region: Region) -> Closing:
    return closing.close(region=region, first=OCTOBER, today=NOVEMBER, at=AT, by=UserFactory.create())


def test_months_are_closed_in_turn_once_they_are_over_and_everything_is_done(region: Region, farm: Partner) -> None:
    with pytest.raises(ClosingRefused):
        closing.close(region=region, first=OCTOBER, today=date(2026, 10, 31), at=AT, by=UserFactory.create())
    late = deliver(item(farm), region=region)
    with pytest.raises(ClosingRefused, match="1"):
        close(region)
    invoicing.draw_for_order(delivery=late, today=DAY, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    first = close(region)
    assert close(region) == first
    assert closing.next_month(region=region, today=NOVEMBER) is None
    assert closing.next_month(region=region, today=date(2026, 12, 1)) == (NOVEMBER, date(2026, 11, 30))


def test_nothing_is_booked_into_a_closed_month(region: Region) -> None:
    entry = JournalEntry.objects.get(kind="invoice")
    close(region)
    told = {"region": region, "kind": "payment", "day": DAY, "booked_at": AT, "text": "von Hand"}
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        JournalEntry.objects.create(key="x", **told)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Posting.objects.create(entry=entry, ledger="bank", amount=Decimal(1))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Closing.objects.all().delete()


def test_a_late_fact_is_booked_on_the_first_open_day_and_says_when_it_was(region: Region) -> None:
    close(region)
    invoice = JournalEntry.objects.get(kind="invoice").invoice
    assert invoice is not None
    payment = payments.receive(invoice=invoice, amount=Decimal("10.00"), method="transfer", received_on=DAY, at=AT)
    assert (payment.received_on, payment.entry.day, payment.entry.fact_on) == (DAY, NOVEMBER, DAY)
    assert payment.entry.text.endswith("(17.10.2026)")
    assert payments.receive(invoice=invoice, amount=Decimal("10.00"), method="transfer", received_on=DAY, at=AT) == payment
    assert books.problems(region=region, today=NOVEMBER) == []


def test_two_people_open_a_month_again(region: Region) -> None:
    month, one, other = close(region), UserFactory.create(), UserFactory.create()
    with pytest.raises(ClosingRefused):
        closing.reopen(closing=month, at=AT, by=other)
    with pytest.raises(ClosingRefused):
        closing.ask_to_reopen(closing=month, reason=" ", at=AT, by=one)
    closing.ask_to_reopen(closing=month, reason="Kontoauszug fehlte", at=AT, by=one)
    with pytest.raises(ClosingRefused):
        closing.reopen(closing=month, at=AT, by=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=month.pk).update(reopened_at=AT, reopened_by=one)
    closing.reopen(closing=month, at=AT, by=other)
    sides = (Side(ledger=Ledger.BANK, amount=Decimal(1)), Side(ledger=Ledger.CASH, amount=Decimal(-1)))
    entry = journal.post(region=region, kind="cash_to_bank", key="x", day=DAY, at=AT, text="Einzahlung", sides=sides)
    assert (entry.day, entry.fact_on) == (DAY, None)
    with pytest.raises(ClosingRefused):
        closing.ask_to_reopen(closing=month, reason="noch einmal", at=AT, by=one)
    assert close(region) != month
