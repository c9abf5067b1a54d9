"""Deposits of empties: off the own invoice or the customer's next document, and off the credit note of whose they are."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from billing import books, corrections, files, invoicing, journal, payments, settlements
from billing.models import Account, Invoice, InvoiceLine, Posting
from billing.snapshots import thawed
from logistics import empties
from logistics.models import Delivery
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice

pytestmark = pytest.mark.django_db
LATER = DAY.replace(day=24)
DECEMBER = date(2026, 12, 1)
NOVEMBERS = (date(2026, 11, 1), date(2026, 11, 30))


def give_back(delivery: Delivery, quantity: int, *, known: bool = True, at: Any = AT) -> None:
    """So many bottles come back at a delivery; `known` says whose they are."""
    customer = empties.customer_of(delivery.order)
    kind = (
        empties.held(customer=customer, region=delivery.order.region_id)[0]
        if known
        else empties.Kind(text="Leergut Getränke", deposit_each=Decimal("0.15"), vat_category="standard")
    )
    empties.record(delivery=delivery, uuid=uuid4(), kind=kind, quantity=quantity, at=at, by=None)


def draw(delivery: Delivery) -> Invoice:
    """The delivery's invoice."""
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    assert invoice is not None
    return invoice


def test_empties_given_at_the_door_are_on_the_deliverys_own_invoice(farm: Partner, press: Partner) -> None:
    draw(deliver(juice(press, 6), region=farm.region))
    now = deliver(item(farm, "10.70"), region=farm.region, day=LATER, method="handover")
    give_back(now, 4)
    assert payments.open_amount(delivery=now) == Decimal("10.10")
    payment = payments.settle_handover(delivery=now, method="cash", at=AT)
    invoice = draw(now)
    assert payment is not None
    assert (payment.amount, invoice.gross) == (Decimal("10.10"), Decimal("10.10"))
    last = thawed(invoice.content).lines[-1]
    assert (last.text, last.quantity, last.gross, last.vat_rate) == (
        "Pfandrückgabe Apfelsaft",
        Decimal(-4),
        Decimal("-0.60"),
        Decimal("19.00"),
    )
    booked = {(p.ledger, p.vat_rate): p.amount for p in Posting.objects.filter(entry__invoice=invoice)}
    assert booked[("deposits", Decimal("19.00"))] == Decimal("0.50")
    assert journal.balance(order=now.order) == 0
    assert files.make(invoice=invoice, at=AT).checked_with.startswith("en16931")


def test_empties_noted_after_the_invoice_come_off_the_next_document_of_the_same_customer(farm: Partner, press: Partner) -> None:
    first = deliver(juice(press, 6), region=farm.region)
    draw(first)
    give_back(first, 6)
    stranger = deliver(item(farm), region=farm.region, day=LATER, guest_email="andere@haus.example")
    assert draw(stranger).gross == Decimal("4.90")
    second = draw(deliver(item(farm), region=farm.region, day=LATER))
    assert second.gross == Decimal("4.00")
    third = draw(deliver(item(farm), region=farm.region, day=LATER))
    assert third.gross == Decimal("4.90")


def test_more_empties_than_goods_leave_a_credit_balance(farm: Partner, press: Partner) -> None:
    draw(deliver(juice(press, 40), region=farm.region))
    now = deliver(item(farm, "2.00"), region=farm.region, day=LATER, method="handover")
    give_back(now, 40)
    assert payments.settle_handover(delivery=now, method="cash", at=AT) is None
    invoice = draw(now)
    assert invoice.gross == Decimal("-4.00")
    assert files.make(invoice=invoice, at=AT).checked_with.startswith("en16931")
    assert not payments.open_handovers(region=farm.region)


def test_a_month_of_an_account_holds_its_empties(farm: Partner, press: Partner, account: Account) -> None:
    delivery = deliver(juice(press, 6), region=farm.region, account=account)
    give_back(delivery, 2, at=delivery.completed_at)
    give_back(delivery, 1)  # in November
    invoice = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert invoice is not None
    assert invoice.gross == Decimal("12.66") - Decimal("0.30")
    assert files.make(invoice=invoice, at=AT).checked_with.startswith("en16931")
    settlements.settle_due(today=NOVEMBER, at=AT)
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_the_producer_of_a_bottle_gives_its_deposit_back_without_commission(farm: Partner, press: Partner) -> None:
    first = deliver(juice(press, 6), region=farm.region)
    settlements.settle_due(today=NOVEMBER, at=AT)
    give_back(first, 6)
    deliver(juice(press, 10), region=farm.region, day=date(2026, 11, 7))
    found = settlements.settle(partner=press, first=NOVEMBERS[0], last=NOVEMBERS[1], today=DECEMBER, at=AT)
    assert found.invoice is not None
    lines = {line.text: line.net for line in thawed(found.invoice.content).lines}
    assert lines == {
        "Pfandrückgabe Apfelsaft": Decimal("-0.76"),
        "Apfelsaft, Flasche 1 l": Decimal("16.47"),
        "Pfand Apfelsaft": Decimal("1.26"),
    }
    assert found.invoice.net == Decimal("16.97") - Decimal("2.96")
    assert InvoiceLine.objects.filter(kind="389", deposit_return__isnull=False).count() == 1
    assert files.make(invoice=found.invoice, at=AT).checked_with.startswith("en16931")


def test_who_never_orders_again_gets_the_deposit_by_a_correction(farm: Partner, press: Partner) -> None:
    delivery = deliver(juice(press, 6), region=farm.region)
    invoice = draw(delivery)
    payments.receive(invoice=invoice, amount=invoice.gross, method="transfer", received_on=NOVEMBER, at=AT)
    give_back(delivery, 6)
    assert corrections.draw_due(today=NOVEMBER, at=AT) == []
    (correction,) = corrections.draw_due(today=date(2026, 12, 3), at=AT)
    assert (correction.kind, correction.gross, correction.corrects) == ("381", Decimal("0.90"), invoice)
    assert corrections.draw_due(today=date(2026, 12, 3), at=AT) == []
    assert files.make(invoice=correction, at=AT).checked_with == "en16931: 0 warnings"
    assert journal.balance(order=delivery.order) == Decimal("-0.90")
    assert draw(deliver(item(farm), region=farm.region, day=LATER)).gross == Decimal("4.90")


def test_empties_of_nobody_are_borne_by_the_operator(farm: Partner, press: Partner) -> None:
    now = deliver(juice(press, 6), region=farm.region)
    give_back(now, 20, known=False)
    draw(now)
    found = settlements.settle(partner=press, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert found.invoice is not None
    assert "Pfandrückgabe" not in str(found.invoice.content)
    assert books.problems(region=farm.region, today=NOVEMBER) == []
