"""Payouts: each credit note in one file that stands, the file passes the official schema, and the bank's word makes it paid."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from billing import bank_lines, books, journal, payouts, settlements
from billing.models import BankLine, Invoice, PayoutItem, PayoutRun
from billing.payouts import PayoutRefused
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item
from tests.billing.test_bank import OWN, take_in

pytestmark = pytest.mark.django_db
LATER = NOVEMBER + timedelta(days=9)


@pytest.fixture
def settled(farm: Partner, press: Partner) -> list[Invoice]:
    """What two producers are credited for October."""
    farm.region.iban = OWN
    farm.region.save()
    for partner, iban in ((farm, "DE89370400440532013000"), (press, "DE02500105170137075030")):
        partner.iban = iban
        partner.save()
        deliver(item(partner, price="7.00", quantity=4), region=farm.region)
    made = [one.invoice for one in settlements.settle_due(today=NOVEMBER, at=AT)]
    return [invoice for invoice in made if invoice is not None]


def draw_up(farm: Partner, settled: list[Invoice]) -> PayoutRun:
    ids = [invoice.pk for invoice in settled]
    return payouts.draw_up(region=farm.region, settlement_ids=ids, execution_on=LATER, today=NOVEMBER, at=AT, by=None)


def texts(run: PayoutRun, name: str) -> list[str]:
    root = etree.fromstring(run.message.encode())
    return [str(element.text) for element in root.iter("{*}" + name)]


def test_the_file_orders_each_credit_note_once_and_adds_up(farm: Partner, settled: list[Invoice]) -> None:
    run = draw_up(farm, settled)
    assert run.total == sum(invoice.gross for invoice in settled)
    assert texts(run, "EndToEndId") == [invoice.number for invoice in settled]
    assert [Decimal(text) for text in texts(run, "InstdAmt")] == [invoice.gross for invoice in settled]
    assert {Decimal(text) for text in texts(run, "CtrlSum")} == {run.total}
    assert OWN in texts(run, "IBAN")
    assert payouts.due(region=farm.region, today=NOVEMBER) == []


def test_a_credit_note_is_in_one_file_until_that_is_dropped(farm: Partner, settled: list[Invoice]) -> None:
    run = draw_up(farm, settled[:1])
    with pytest.raises(PayoutRefused):
        draw_up(farm, settled)
    assert PayoutRun.objects.count() == 1
    payouts.drop(run=run, at=AT, by=None)
    payouts.drop(run=run, at=AT, by=None)
    assert draw_up(farm, settled).number == "AZ-2026-000002"


def test_the_database_keeps_the_promise_too(farm: Partner, settled: list[Invoice]) -> None:
    run = draw_up(farm, settled)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutItem.objects.create(run=run, settlement=settled[0], name="noch einmal", iban=OWN, amount=1)


@pytest.mark.parametrize(("amount", "days"), [("all", 9), ("all", -1), ("none", 9)])
def test_what_cannot_be_paid_is_refused_with_a_sentence(farm: Partner, settled: list[Invoice], amount: str, days: int) -> None:
    if (amount, days) == ("all", 9):
        Partner.objects.filter(pk=farm.pk).update(iban="DE00123")
    ids = [invoice.pk for invoice in settled] if amount == "all" else []
    day = NOVEMBER + timedelta(days=days)
    with pytest.raises(PayoutRefused):
        payouts.draw_up(region=farm.region, settlement_ids=ids, execution_on=day, today=NOVEMBER, at=AT, by=None)
    assert not PayoutRun.objects.exists()


def test_one_line_of_the_bank_pays_the_whole_file(farm: Partner, press: Partner, settled: list[Invoice]) -> None:
    run = draw_up(farm, settled)
    assert take_in(farm, (f"-{run.total}", "", f"SEPA Sammler {run.number}", "R1")).assigned == 1
    assert [journal.balance(partner=partner) for partner in (farm, press)] == [0, 0]
    assert BankLine.objects.get().payments.count() == 2
    assert payouts.unpaid(run=run) == []
    with pytest.raises(PayoutRefused):
        payouts.drop(run=run, at=AT, by=None)
    assert not [text for text in books.problems(region=farm.region, today=DAY) if "file" not in text]


def test_single_lines_of_the_bank_pay_one_credit_note_each(farm: Partner, settled: list[Invoice]) -> None:
    run = draw_up(farm, settled)
    first, second = settled
    assert take_in(farm, (f"-{first.gross}", "Hof", first.number, "R1")).assigned == 1
    assert [one.settlement for one in payouts.unpaid(run=run)] == [second]
    take_in(farm, (f"-{second.gross}", "Hof", "ohne Nummer", "R2"))
    line = BankLine.objects.get(status=BankLine.Status.OPEN)
    bank_lines.assign(line=line, item_key=f"payout_run:{run.pk}", at=AT, by=None)
    assert payouts.unpaid(run=run) == []


def test_too_little_waits_for_the_next_month_and_perishable_food_does_not(farm: Partner, press: Partner) -> None:
    payouts.set_minimum(region=farm.region, partner=None, amount=Decimal("20.00"), at=AT, by=None)
    payouts.set_minimum(region=farm.region, partner=press, amount=Decimal("0.00"), at=AT, by=None)
    deliver(item(farm, "10.70", storage="cool"), item(press, "10.70"), region=farm.region)
    settlements.settle_due(today=NOVEMBER, at=AT)

    def hindered(day: date) -> list[bool]:
        return [bool(one.hindrance) for one in sorted(payouts.due(region=farm.region, today=day), key=lambda one: one.number)]

    assert hindered(NOVEMBER) == [True, False]
    deliver(item(farm, "21.40"), region=farm.region, day=date(2026, 11, 7))
    settlements.settle_due(today=date(2026, 12, 1), at=AT)
    assert hindered(date(2026, 12, 1)) == [False, False, False]
    late = [one.late for one in payouts.due(region=farm.region, today=date(2026, 11, 23))]
    assert late[0] == date(2026, 11, 30)
