"""What is taken off a delivered order: on its invoice while that is not drawn, else by a correction (381) that refers to it."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from billing import (
    books,
    corrections,
    credits,
    deductions,
    files,
    invoicing,
    journal,
    payments,
    refunds,
    settlements,
    states,
    worth,
    zugferd,
)
from billing.models import Account, Credit, DocumentFile, Invoice, InvoiceLine, JournalEntry, Posting
from billing.snapshots import thawed
from logistics.models import Delivery
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory, local

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)


def credit(delivery: Delivery, *, title: str = "Rapshonig 0", pieces: int = 1, bearer: Any = None, **more: Any) -> list[Credit]:
    """Credit so many pieces with their deposit, as a granted complaint does."""
    line = delivery.order.lines.get(title=title)
    value = worth.of(order=delivery.order).lines[line.pk]
    told: dict[str, Any] = {
        "goods": value.goods_of(pieces=pieces),
        "deposit": value.deposit_of(pieces=pieces),
        "key": f"complaint:{line.pk}",
        "at": AT,
        **more,
    }
    return credits.on_line(order_line=line, pieces=pieces, bearer=bearer, cause=Credit.Cause.COMPLAINT, **told)


def hold_together(farm: Partner) -> bool:
    """Whether nothing is found in the books once everything of October is drawn."""
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    return books.problems(region=farm.region, today=NOVEMBER) == []


def correct(delivery: Delivery) -> Invoice | None:
    """Draw what is due for the order."""
    return corrections.draw(order=delivery.order, today=NOVEMBER, at=AT)


def test_a_credit_before_the_invoice_is_a_negative_line_of_it(farm: Partner, press: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3), juice(press), region=farm.region)
    credit(delivery)
    credit(delivery, title="Apfelsaft", pieces=2)
    assert payments.open_amount(delivery=delivery) == Decimal("14.70") - Decimal("4.90") + Decimal("5.88") + Decimal("0.45") - (
        Decimal("3.92") + Decimal("0.30")
    )
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    assert invoice is not None
    printed = [(line.text, line.quantity, line.gross) for line in thawed(invoice.content).lines[3:]]
    assert printed == [
        ("Reklamation: Rapshonig 0, Glas 500 g", Decimal(-1), Decimal("-4.90")),
        ("Reklamation: Apfelsaft, Flasche 1 l", Decimal(-2), Decimal("-3.92")),
        ("Reklamation: Pfand Apfelsaft", Decimal(-2), Decimal("-0.30")),
    ]
    assert correct(delivery) is None
    assert hold_together(farm)


def test_a_credit_after_the_invoice_is_a_correction_that_refers_to_it(farm: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3), region=farm.region)
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    credit(delivery, pieces=2)
    correction = correct(delivery)
    assert invoice is not None
    assert correction is not None
    assert (correction.kind, correction.number, correction.corrects) == ("381", "RK-2026-000001", invoice)
    assert correction.gross == Decimal("9.80")
    document = thawed(correction.content)
    assert document.replaces == (invoice.number, invoice.issued_on)
    assert document.terms == "Der Betrag mindert, was zur Rechnung RE-2026-000001 noch zu zahlen ist."
    assert journal.balance(order=delivery.order) == Decimal("4.90")
    assert correct(delivery) is None
    assert hold_together(farm)


def test_a_correction_is_booked_as_the_sale_with_the_other_sign(farm: Partner, press: Partner) -> None:
    delivery = deliver(juice(press), region=farm.region, fee="1.00")
    invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    credit(delivery, title="Apfelsaft", pieces=3)
    credits.on_fee(order=delivery.order, cause=Credit.Cause.WITHDRAWAL, key="withdrawal:1", at=AT)
    correction = correct(delivery)
    entry = JournalEntry.objects.get(invoice=correction)
    assert entry.kind == JournalEntry.Kind.CORRECTION
    booked = {(p.ledger, p.vat_rate): p.amount for p in Posting.objects.filter(entry=entry)}
    assert booked == {
        ("receivable", None): Decimal("-7.33"),
        ("sales", Decimal("19.00")): Decimal("4.94"),
        ("deposits", Decimal("19.00")): Decimal("0.38"),
        ("fees", Decimal("19.00")): Decimal("0.84"),
        ("vat_out", Decimal("19.00")): Decimal("1.17"),
    }
    assert journal.balance(order=delivery.order) == 0


def test_nobody_gets_back_more_than_was_charged(farm: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3, delivered=2), region=farm.region)
    with pytest.raises(credits.CreditRefused):
        credit(delivery, goods=Decimal("9.81"))
    with pytest.raises(credits.CreditRefused):
        credit(delivery, pieces=3)
    with pytest.raises(credits.CreditRefused):
        credit(delivery, goods=Decimal(0))
    credit(delivery, pieces=2)
    with pytest.raises(credits.CreditRefused):
        credit(delivery, key="again", goods=Decimal("0.01"))
    assert credit(delivery, pieces=2) == list(Credit.objects.all())


def test_pieces_credited_one_after_the_other_sum_to_the_whole(farm: Partner) -> None:
    cheese = item(
        farm, "3.33", 3, catch_weight=True, expected_weight_g=300, price_per_kg=Decimal("11.10"), delivered_weight_g=901
    )
    delivery = deliver(cheese, region=farm.region)
    for number in range(3):
        credit(delivery, key=f"complaint:{number}")
    assert worth.of(order=delivery.order).lines[delivery.order.lines.get().pk].goods_left == 0
    assert sum(row.gross for row in Credit.objects.all()) == Decimal("10.00")


def test_a_paid_order_has_a_credit_balance_that_is_paid_back_once(farm: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3), region=farm.region)
    prepaid = deliver(item(farm), region=farm.region)
    payments.receive(order=prepaid.order, amount=Decimal("4.90"), method="transfer", received_on=DAY, at=AT)
    payments.receive(order=delivery.order, amount=Decimal("14.70"), method="transfer", received_on=DAY, at=AT)
    assert list(refunds.orders(region=farm.region)) == []
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    credit(delivery)
    correction = correct(delivery)
    assert correction is not None
    assert thawed(correction.content).terms == "Wir erstatten Ihnen 4,90\xa0€."
    (owed,) = refunds.orders(region=farm.region)
    assert (owed, owed.credit_balance) == (delivery.order, Decimal("4.90"))
    refund = refunds.pay_back_order(
        order=delivery.order, method="transfer", paid_on=NOVEMBER, at=AT, iban="DE02120300000000202051"
    )
    assert refund is not None
    assert refund.amount == Decimal("4.90")
    assert refunds.pay_back_order(order=delivery.order, method="transfer", paid_on=NOVEMBER, at=AT) is None
    assert list(refunds.orders(region=farm.region)) == []
    assert invoice is not None
    row = states.with_paid(Invoice.objects.select_related("replaced_by")).get(pk=invoice.pk)
    assert states.state_of(invoice=row, today=NOVEMBER).tone == "success"
    assert hold_together(farm)


def test_an_unpaid_invoice_is_paid_with_what_the_correction_leaves(farm: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3), region=farm.region)
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    assert invoice is not None
    credit(delivery)
    correct(delivery)
    payments.receive(invoice=invoice, amount=Decimal("9.80"), method="transfer", received_on=NOVEMBER, at=AT)
    assert payments.paid(invoice=invoice) == invoice.gross
    row = states.with_paid(Invoice.objects.select_related("replaced_by")).get(pk=invoice.pk)
    assert states.state_of(invoice=row, today=NOVEMBER).text == "bezahlt"
    assert hold_together(farm)


def test_on_a_monthly_account_the_correction_lowers_the_account(farm: Partner, account: Account) -> None:
    delivery = deliver(item(farm, "4.90", 3), region=farm.region, account=account)
    other = deliver(item(farm, "10.00"), region=farm.region, account=account)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    payments.receive(invoice=invoice, amount=invoice.gross, method="transfer", received_on=NOVEMBER, at=AT)
    credit(delivery)
    correction = correct(delivery)
    assert correction is not None
    assert (correction.account, correction.order, correction.corrects) == (account, None, invoice)
    assert journal.balance(account=account) == Decimal("-4.90")
    (owed,) = refunds.accounts(region=farm.region)
    assert owed.credit_balance == Decimal("4.90")
    assert correct(other) is None
    assert refunds.pay_back_account(account=account, method="transfer", paid_on=NOVEMBER, at=AT) is not None
    assert refunds.pay_back_account(account=account, method="transfer", paid_on=NOVEMBER, at=AT) is None
    assert hold_together(farm)


def test_a_month_that_is_not_billed_yet_simply_charges_less(farm: Partner, account: Account) -> None:
    delivery = deliver(item(farm, "4.90", 3), region=farm.region, account=account)
    credit(delivery)
    assert correct(delivery) is None
    invoice = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert invoice is not None
    assert invoice.gross == Decimal("9.80")
    assert list(corrections.due()) == []


def test_what_broke_off_before_the_correction_is_drawn_later_and_named_by_the_books(farm: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    credit(delivery)
    assert books.problems(region=farm.region, today=DECEMBER) == [
        f"Order {delivery.order.number} has a credit and no correction.",
        "RE-2026-000001 has no file.",
        "GS-2026-000001 has no file.",
    ]
    (correction,) = corrections.draw_due(today=NOVEMBER, at=AT)
    assert correction.gross == Decimal("4.90")
    assert corrections.draw_due(today=NOVEMBER, at=AT) == []


def test_on_a_cancelled_invoice_nothing_is_credited(farm: Partner) -> None:
    from billing import cancellations

    delivery = deliver(item(farm), region=farm.region)
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    assert invoice is not None
    cancellations.cancel(invoice=invoice, reason="Falsch", today=NOVEMBER, at=AT, by=None)
    with pytest.raises(credits.CreditRefused):
        credit(delivery)


def test_corrections_pass_the_official_rules(farm: Partner, press: Partner, account: Account) -> None:
    """Of a household, of a month, and of a public kitchen; with deposit and a fee at two rates."""
    public: Account = AccountFactory.create(region=farm.region, name="Kita-Küche Beispiel", leitweg_id="04011000-1234512345-06")
    made = [
        deliver(item(farm, "4.90", 3), juice(press), region=farm.region, fee="3.90"),
        deliver(item(farm, "4.90", 3), juice(press), region=farm.region, fee="3.90", account=account),
        deliver(item(farm, "4.90", 3), juice(press), region=farm.region, fee="3.90", account=public),
    ]
    invoicing.draw_due(today=NOVEMBER, at=AT)
    for delivery in made:
        credit(delivery, pieces=2)
        credit(delivery, title="Apfelsaft", pieces=3)
        credits.on_fee(order=delivery.order, cause=Credit.Cause.WITHDRAWAL, key=f"withdrawal:{delivery.pk}", at=AT)
        correction = correct(delivery)
        assert correction is not None
        file = files.make(invoice=correction, at=AT)
        assert zugferd.problems(bytes(file.pdf)) == []
    checked = DocumentFile.objects.order_by("pk").values_list("checked_with", flat=True)
    assert [text.partition(":")[0] for text in checked] == ["en16931", "en16931", "xrechnung"]
    assert InvoiceLine.objects.filter(kind="381", charge="fee").count() == 6
    assert hold_together(farm)


def settled(farm: Partner, month: tuple[date, date] = OCTOBER) -> Invoice:
    """The producer's credit note of the month."""
    found = settlements.settle(partner=farm, first=month[0], last=month[1], today=DECEMBER, at=AT)
    assert found.invoice is not None
    return found.invoice


NOVEMBERS = (date(2026, 11, 1), date(2026, 11, 30))


def test_a_credit_at_the_producers_cost_comes_off_the_next_credit_note(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.70", 3), region=farm.region)
    first = settled(farm)
    credit(delivery, bearer=farm)
    deliver(item(farm, "10.70", 2), region=farm.region, day=date(2026, 11, 7))
    assert deductions.open_amount(partner=farm) == Decimal("10.70")
    second = settled(farm, NOVEMBERS)
    assert (first.net, second.net) == (Decimal("24.60"), Decimal("8.20"))
    lines = [(line.text, line.quantity, line.net, line.delivered_on) for line in thawed(second.content).lines]
    assert lines == [
        ("Reklamation: Rapshonig 0, Glas 500 g", Decimal(-1), Decimal("-10.00"), date(2026, 11, 1)),
        ("Rapshonig 0, Glas 500 g", Decimal(2), Decimal("20.00"), date(2026, 11, 7)),
    ]
    assert deductions.open_amount(partner=farm) == 0
    assert files.make(invoice=second, at=AT).checked_with.startswith("en16931")
    assert journal.balance(partner=farm) == first.gross + second.gross


def test_a_credit_at_the_operators_cost_leaves_the_producer_alone(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.70", 3), region=farm.region)
    credit(delivery)
    assert settled(farm).net == Decimal("24.60")


def test_what_is_more_than_a_month_is_carried_into_the_next(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.70", 3), region=farm.region)
    settled(farm)
    credit(delivery, pieces=3, bearer=farm)
    deliver(item(farm, "10.70"), region=farm.region, day=date(2026, 11, 7))
    assert settled(farm, NOVEMBERS).net == Decimal("8.20")
    assert deductions.open_amount(partner=farm) == Decimal("32.10")
    deliver(item(farm, "10.70", 4), region=farm.region, day=date(2026, 12, 5))
    last = settlements.settle(partner=farm, first=DECEMBER, last=date(2026, 12, 31), today=date(2027, 1, 1), at=AT)
    assert last.invoice is not None
    assert last.invoice.net == Decimal("8.20")


def test_a_credit_in_the_month_of_the_delivery_comes_off_the_same_credit_note(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.70", 3), region=farm.region)
    credit(delivery, pieces=2, bearer=farm, at=local(date(2026, 10, 20), time(12)))
    assert settled(farm).net == Decimal("8.20")


def test_a_month_of_which_everything_came_back_is_worth_nothing(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.70", 3), region=farm.region)
    credit(delivery, pieces=3, bearer=farm, at=local(date(2026, 10, 20), time(12)))
    drawn = settled(farm)
    assert drawn.gross == 0
    assert not settlements.to_pay_out(region=farm.region)
    assert files.make(invoice=drawn, at=AT).checked_with.startswith("en16931")


def test_a_credit_of_a_flat_rate_farmer_is_taxed_as_the_supply_was(farm: Partner) -> None:
    flat: Partner = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=flat, vat_status="flat_rate")
    delivery = deliver(item(flat, "10.70", 3), region=farm.region)
    settled(flat)
    credit(delivery, bearer=flat)
    deliver(item(flat, "10.70", 3), region=farm.region, day=date(2026, 11, 7))
    second = settled(flat, NOVEMBERS)
    assert (second.net, second.tax) == (Decimal("16.40"), Decimal("1.28"))
    assert files.make(invoice=second, at=AT).checked_with.startswith("en16931")


def test_goods_bought_with_the_operators_voucher_come_back_at_the_producers_full_value(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.70", 2), region=farm.region)
    line = delivery.order.lines.get()
    value = worth.Worth(pieces=2, goods=Decimal("19.26"), deposit=Decimal(0), supplied=Decimal("21.40"))
    assert value.goods_of(pieces=1) == Decimal("9.63")
    assert value.supplied_of(goods=Decimal("9.63")) == Decimal("10.70")
    assert worth.of(order=delivery.order).lines[line.pk].supplied == Decimal("21.40")
