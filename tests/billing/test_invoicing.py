"""Invoices: everything delivered is billed once, to the cent."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from billing import invoicing, periods
from billing.documents import Document
from billing.models import Account, Invoice, InvoiceLine
from billing.payments import receive
from billing.snapshots import frozen, thawed
from billing.totals import totals
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice
from tests.factories.market import AccountFactory, local

pytestmark = pytest.mark.django_db


def document(invoice: Invoice) -> Document:
    return thawed(invoice.content)


def test_draw_for_order_bills_what_was_delivered_with_deposit_and_fee_by_rate(farm: Partner, press: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 3, delivered=2), juice(press), region=farm.region, fee="3.90")
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoice is not None
    lines = [(line.text, line.quantity, line.gross, line.vat_rate, line.kind) for line in document(invoice).lines]
    assert lines == [
        ("Rapshonig 0, Glas 500 g", Decimal(2), Decimal("9.80"), Decimal("7.00"), "goods"),
        ("Apfelsaft, Flasche 1 l", Decimal(3), Decimal("5.88"), Decimal("19.00"), "goods"),
        ("Pfand Apfelsaft", Decimal(3), Decimal("0.45"), Decimal("19.00"), "deposit"),
        ("Lieferung (Anteil zu 7 % USt)", Decimal(1), Decimal("2.44"), Decimal("7.00"), "fee"),
        ("Lieferung (Anteil zu 19 % USt)", Decimal(1), Decimal("1.46"), Decimal("19.00"), "fee"),
    ]
    assert (invoice.number, invoice.gross) == ("RE-2026-000001", Decimal("20.03"))
    assert invoice.gross == Decimal("9.80") + Decimal("5.88") + Decimal("0.45") + Decimal("3.90")


def test_draw_for_order_bills_the_weight_that_was_handed_over(farm: Partner) -> None:
    cheese = item(
        farm,
        "6.00",
        2,
        title="Ziegenkäse",
        unit_text="",
        sales_unit="piece",
        catch_weight=True,
        expected_weight_g=300,
        price_per_kg=Decimal("19.90"),
        delivered_weight_g=613,
    )
    invoice = invoicing.draw_for_order(delivery=deliver(cheese, region=farm.region), today=DAY, at=AT)
    assert invoice is not None
    (line,) = document(invoice).lines
    assert (line.quantity, line.unit_code, line.gross) == (Decimal("0.613"), "KGM", Decimal("12.20"))


def test_every_line_names_producer_delivery_note_and_day(farm: Partner, press: Partner) -> None:
    delivery = deliver(item(farm), juice(press), region=farm.region)
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoice is not None
    named = {(line.producer, line.delivery_note, line.delivered_on) for line in document(invoice).lines}
    assert named == {
        (f"{farm.name}, Haby", delivery.order.number, DAY),
        ("Mosterei Beispiel, Haby", delivery.order.number, DAY),
    }


def test_draw_for_order_a_second_time_gives_the_same_invoice(farm: Partner) -> None:
    delivery = deliver(item(farm), region=farm.region)
    first = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT) == first
    assert Invoice.objects.count() == 1


def test_nothing_delivered_makes_no_invoice(farm: Partner) -> None:
    delivery = deliver(item(farm, delivered=0), region=farm.region, fee="3.90")
    assert invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT) is None
    assert list(invoicing.due_deliveries()) == []


def test_what_was_paid_in_advance_stands_on_the_invoice(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.00"), region=farm.region)
    receive(order=delivery.order, amount=Decimal("4.00"), method="transfer", received_on=DAY, at=AT)
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoice is not None
    sums = totals(document(invoice))
    assert (sums.gross, sums.prepaid, sums.due) == (Decimal("10.00"), Decimal("4.00"), Decimal("6.00"))


def test_vat_is_that_of_the_day_of_supply(farm: Partner) -> None:
    """What was ordered at another rate is taxed by the rate of the day on which it was handed over."""
    delivery = deliver(item(farm, "1.07", vat_rate=Decimal("5.00")), region=farm.region)
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoice is not None
    assert (invoice.net, invoice.tax) == (Decimal("1.00"), Decimal("0.07"))


def test_draw_consolidated_bills_all_producers_of_the_month_on_one_document(
    farm: Partner, press: Partner, account: Account
) -> None:
    region = farm.region
    deliver(item(farm, "4.90", 2), juice(press), region=region, day=date(2026, 10, 3), account=account, fee="3.90")
    deliver(juice(press, 6), region=region, day=date(2026, 10, 31), account=account)
    deliver(item(farm), region=region, day=NOVEMBER, account=account)
    invoice = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert invoice is not None
    assert (invoice.number, invoice.gross) == (
        "SR-2026-000001",
        Decimal("9.80") + Decimal("6.33") + Decimal("3.90") + Decimal("12.66"),
    )
    told = document(invoice)
    assert (told.title, told.period) == ("Sammelrechnung", OCTOBER)
    assert {line.delivered_on for line in told.lines} == {date(2026, 10, 3), date(2026, 10, 31)}


def test_month_ends_at_midnight_by_the_regions_clock(farm: Partner, account: Account) -> None:
    """Half past midnight in Berlin is still the day before in Greenwich."""
    deliver(item(farm, "1.00"), region=farm.region, day=OCTOBER[1], at=local(OCTOBER[1], time(23, 59)), account=account)
    deliver(item(farm, "2.00"), region=farm.region, day=NOVEMBER, at=local(NOVEMBER, time(0, 30)), account=account)
    drawn = invoicing.draw_due(today=date(2026, 12, 1), at=AT)
    assert [(i.period_from.month, i.gross) for i in drawn] == [(10, Decimal("1.00")), (11, Decimal("2.00"))]


def test_draw_consolidated_refuses_a_month_that_is_not_over_and_two_months_at_once(account: Account) -> None:
    with pytest.raises(periods.PeriodNotOver):
        invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=OCTOBER[1], at=AT)
    with pytest.raises(periods.PeriodNotOver):
        invoicing.draw_consolidated(account=account, first=date(2026, 9, 1), last=OCTOBER[1], today=NOVEMBER, at=AT)


def test_draw_due_catches_up_on_several_months_and_draws_nothing_twice(farm: Partner, account: Account) -> None:
    for month in (8, 9, 10):
        deliver(item(farm), region=farm.region, day=date(2026, month, 8), account=account)
    single = deliver(item(farm), region=farm.region, day=date(2026, 9, 8))
    drawn = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert [(i.order_id, i.period_from.month) for i in drawn] == [(single.order_id, 9), (None, 8), (None, 9), (None, 10)]
    assert invoicing.draw_due(today=NOVEMBER, at=AT) == []


def test_goods_reported_late_make_a_further_part_of_the_month(farm: Partner, account: Account) -> None:
    deliver(item(farm, "1.00"), region=farm.region, account=account)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    deliver(item(farm, "2.00"), region=farm.region, account=account)
    (late,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert (late.part, late.gross) == (2, Decimal("2.00"))


def test_a_document_that_cannot_be_drawn_does_not_keep_up_the_others(farm: Partner) -> None:
    deliver(item(farm, vat_category="unknown"), region=farm.region)
    deliver(item(farm), region=farm.region)
    assert len(invoicing.draw_due(today=DAY, at=AT)) == 1


def test_account_that_pays_per_order_gets_an_invoice_an_order(farm: Partner) -> None:
    account = AccountFactory.create(region=farm.region, terms="per_order", name="Kita Beispiel")
    delivery = deliver(item(farm), region=farm.region, account=account)
    (invoice,) = invoicing.draw_due(today=DAY, at=AT)
    assert (invoice.order_id, document(invoice).buyer.name) == (delivery.order_id, "Kita Beispiel")


def test_drawing_needs_the_same_number_of_queries_for_few_and_many_lines(
    farm: Partner, press: Partner, account: Account, django_assert_max_num_queries: Any
) -> None:
    deliver(item(farm), juice(press), region=farm.region, account=account, day=date(2026, 9, 5), fee="3.90")
    for day in range(1, 6):
        lines = [item(farm) for _ in range(4)] + [juice(press)]
        deliver(*lines, region=farm.region, account=account, day=date(2026, 10, day), fee="3.90")
    with django_assert_max_num_queries(50) as few:
        invoicing.draw_consolidated(account=account, first=date(2026, 9, 1), last=date(2026, 9, 30), today=NOVEMBER, at=AT)
    with django_assert_max_num_queries(50) as many:
        invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert InvoiceLine.objects.filter(charge="goods").count() == 27
    assert len(few) == len(many) <= 28


def test_a_document_survives_its_snapshot(farm: Partner, press: Partner, account: Account) -> None:
    deliver(item(farm), juice(press), region=farm.region, account=account)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    stored = Invoice.objects.get(pk=invoice.pk).content
    assert frozen(thawed(stored)) == stored
