"""Vouchers on documents: at the rate of their goods, on the invoice and in the producer's credit, with books that close."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import books, files, invoicing, journal, settlements
from billing.cancellations import cancel
from billing.documents import DocLine
from billing.models import Account, Invoice, InvoiceLine, Posting
from billing.snapshots import thawed
from billing.totals import totals
from logistics.models import Delivery
from marketplace.core import money
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER, OCTOBER, deliver, item, juice
from tests.billing.vouchers import grant
from tests.factories.market import PartnerFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db
Charge = InvoiceLine.Charge


def invoiced(delivery: Delivery) -> Invoice:
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    assert invoice is not None
    return invoice


def lines_of(invoice: Invoice, kind: str = "allowance") -> list[DocLine]:
    return [line for line in thawed(invoice.content).lines if line.kind == kind]


def credited(partner: Partner) -> Invoice:
    found = settlements.settle(partner=partner, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
    assert found is not None
    return found


def test_a_voucher_stands_at_the_rates_of_its_goods_and_names_its_code(farm: Partner, press: Partner) -> None:
    """10.00 at 7 % and 5.88 at 19 %, deposit 0.45: 10 % is 1.59, of it 1.00 and 0.59; the deposit stays whole."""
    delivery = deliver(item(farm, "10.00"), juice(press, 3), region=farm.region, fee="3.90")
    grant(delivery, percent="10")
    invoice = invoiced(delivery)
    assert [(line.text, line.vat_rate, line.amount, line.producer) for line in lines_of(invoice)] == [
        ("Gutschein SOMMER10, 10 % (Anteil zu 7 % USt)", Decimal("7.00"), Decimal("-1.00"), ""),
        ("Gutschein SOMMER10, 10 % (Anteil zu 19 % USt)", Decimal("19.00"), Decimal("-0.59"), ""),
    ]
    assert [line.amount for line in lines_of(invoice, "deposit")] == [Decimal("0.45")]
    assert invoice.gross == Decimal("10.00") + Decimal("5.88") + Decimal("0.45") + Decimal("3.90") - Decimal("1.59")
    assert invoice.gross == statement.read(order=delivery.order).current.total


def test_a_voucher_on_one_producer_stands_with_the_goods_of_that_producer(farm: Partner, press: Partner) -> None:
    delivery = deliver(item(farm, "10.00"), juice(press, 3), region=farm.region)
    grant(delivery, code="KAESE2", amount="2.00", goods_of=farm, bearer=farm)
    (line,) = lines_of(invoiced(delivery))
    assert (line.text, line.producer.startswith(farm.name), line.amount) == ("Gutschein KAESE2", True, Decimal("-2.00"))


def test_free_delivery_takes_the_fee_off_at_its_rates(farm: Partner, press: Partner) -> None:
    delivery = deliver(item(farm, "10.00"), juice(press, 3), region=farm.region, fee="3.90")
    grant(delivery, code="FREI", free_delivery=True)
    invoice = invoiced(delivery)
    fees = lines_of(invoice, "fee")
    assert sum(line.amount for line in fees) == 0
    assert fees[-1].text == "Gutschein FREI: Lieferung frei (Anteil zu 19 % USt)"
    assert not Posting.objects.filter(ledger=Posting.Ledger.FEES).exists()


def test_less_delivered_is_less_off(farm: Partner) -> None:
    """5.00 off 20.00; half of the goods came, so 2.50 is off."""
    delivery = deliver(item(farm, "10.00", 2, delivered=1), region=farm.region, fee="3.90")
    grant(delivery, amount="5.00")
    assert invoiced(delivery).gross == Decimal("10.00") - Decimal("2.50") + Decimal("3.90")


def test_a_line_that_never_came_counts_for_what_was_ordered(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.00"), item(farm, "10.00", delivered=0), region=farm.region)
    grant(delivery, amount="5.00")
    invoice = invoiced(delivery)
    assert [line.amount for line in lines_of(invoice)] == [Decimal("-2.50")]
    assert invoice.gross == statement.read(order=delivery.order).current.total


def test_everything_free_costs_only_deposit_and_delivery(farm: Partner) -> None:
    delivery = deliver(juice(farm, 2), region=farm.region, fee="3.90")
    grant(delivery, percent="100")
    assert invoiced(delivery).gross == Decimal("0.30") + Decimal("3.90")


def test_operator_bears_it_and_the_producer_gets_the_whole_price(farm: Partner) -> None:
    plain, less = PartnerFactory.create_batch(2, municipality=farm.municipality)
    for partner in (plain, less):
        SupplyContractFactory.create(partner=partner)
    deliver(item(plain, "10.70", 10), region=farm.region)
    grant(deliver(item(less, "10.70", 10), region=farm.region), percent="50")
    assert (credited(plain).gross, credited(less).gross) == (Decimal("87.74"), Decimal("87.74"))


def test_producer_bears_it_and_commission_is_on_the_reduced_price(farm: Partner) -> None:
    """107.00 less 10.70 is 96.30, net 90.00; 18 % commission 16.20; 73.80 net, 78.97 with 7 %."""
    grant(deliver(item(farm, "10.70", 10), region=farm.region), percent="10", goods_of=farm, bearer=farm)
    invoice = credited(farm)
    document = thawed(invoice.content)
    (commission,) = document.allowances
    assert (commission.base, commission.amount) == (Decimal("90.00"), Decimal("16.20"))
    assert (invoice.net, invoice.gross) == (Decimal("73.80"), Decimal("78.97"))
    assert [(line.text, line.quantity, line.net) for line in document.lines if line.kind == "allowance"] == [
        ("Gutschein SOMMER10, 10 %, von Ihnen getragen", Decimal(-1), Decimal("-10.00"))
    ]


def test_a_month_counts_on_how_many_orders_a_voucher_was(farm: Partner) -> None:
    for _order in range(3):
        delivery = deliver(item(farm, "10.70", 2), juice(farm, 3), region=farm.region)
        grant(delivery, percent="10", goods_of=farm, bearer=farm)
    lines = [line for line in thawed(credited(farm).content).lines if line.kind == "allowance"]
    assert [(line.vat_rate, line.quantity) for line in lines] == [(Decimal(7), Decimal(-3)), (Decimal(19), Decimal(-3))]


def test_cancelling_the_invoice_mirrors_its_vouchers(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.00"), region=farm.region, fee="3.90")
    grant(delivery, percent="10")
    mirrored = cancel(invoice=invoiced(delivery), reason="", today=NOVEMBER, at=AT, by=None)
    assert [line.amount for line in lines_of(mirrored)] == [Decimal("1.00")]
    assert journal.balance(order=delivery.order) == 0


def test_documents_with_vouchers_keep_the_official_rules(farm: Partner, press: Partner, account: Account) -> None:
    """Consolidated, at two rates, with a producer's and an operator's voucher and free delivery; checked by EN 16931."""
    for day in (10, 17):
        delivery = deliver(
            item(farm, "10.70", 3, delivered=2),
            juice(press, 6),
            region=farm.region,
            day=OCTOBER[0].replace(day=day),
            fee="3.90",
            account=account,
        )
        grant(delivery, code="KAESE2", amount="2.00", goods_of=farm, bearer=farm)
        grant(delivery, percent="10")
        grant(delivery, code="FREI", free_delivery=True)
    drawn = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert drawn is not None
    for invoice in (drawn, credited(farm), credited(press)):
        files.make(invoice=invoice, at=AT)
    assert books.problems(region=farm.region, today=NOVEMBER) == []


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """Up to four articles of two producers, at two rates, some not delivered, and up to three vouchers."""
    lines = draw(
        st.lists(
            st.tuples(st.integers(0, 1), st.integers(1, 3000), st.integers(1, 6), st.integers(0, 6), st.booleans()),
            min_size=1,
            max_size=4,
        )
    )
    vouchers = draw(
        st.lists(st.tuples(st.sampled_from(["percent", "amount", "free"]), st.integers(1, 100), st.integers(-1, 1)), max_size=3)
    )
    return {"lines": lines, "vouchers": vouchers, "fee": draw(st.sampled_from(["", "0.01", "3.90"]))}


def played(told: dict[str, Any], producers: list[Partner]) -> Delivery:
    lines = [
        item(
            producers[producer],
            str(Decimal(cents) / 100),
            quantity,
            delivered=min(delivered, quantity),
            vat_category="standard" if high else "reduced",
            vat_rate=Decimal(19 if high else 7),
            deposit_each=Decimal("0.15") if high else Decimal(0),
        )
        for producer, cents, quantity, delivered, high in told["lines"]
    ]
    delivery = deliver(*lines, region=producers[0].region, fee=told["fee"])
    for number, (kind, value, bearer) in enumerate(told["vouchers"]):
        own = producers[bearer] if bearer >= 0 and kind != "free" else None
        given = {"percent": str(value)} if kind == "percent" else {"amount": str(Decimal(value) / 10)} if kind == "amount" else {}
        grant(delivery, code=f"C{number}", free_delivery=kind == "free", goods_of=own, bearer=own, **given)
    return delivery


@given(orders())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_statement_invoice_and_credits_agree_whatever_comes(farm: Partner, told: dict[str, Any]) -> None:
    producers = PartnerFactory.create_batch(2, municipality=farm.municipality)
    for partner in producers:
        SupplyContractFactory.create(partner=partner)
    delivery = played(told, producers)
    read = statement.read(order=Order.objects.get(pk=delivery.order_id))
    assert read.final is not None
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    if invoice is None:
        assert read.final.total == 0
        return
    assert (invoice.gross, invoice.net) == (read.final.total, read.final.net)
    rows = list(invoice.lines.all())
    assert -sum(row.gross for row in rows if row.discount_id) == read.final.discount
    assert (sum(row.net for row in rows), sum(row.gross for row in rows)) == (invoice.net, invoice.gross)
    for charge in (Charge.GOODS, Charge.DEPOSIT):
        assert all(row.gross >= 0 for row in rows if row.charge == charge)
    off = {row.order_line_id: money.ZERO for row in rows}
    for row in rows:
        if row.charge in (Charge.GOODS, Charge.DISCOUNT):
            off[row.order_line_id] += row.gross
    assert min(off.values()) >= 0
    for partner in producers:
        settled = settlements.settle(partner=partner, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
        if settled is not None:
            assert sum(line.gross for line in settled.lines.all()) == totals(thawed(settled.content)).gross
            assert {row.discount_id for row in settled.lines.filter(charge=Charge.DISCOUNT)} == {
                one.granted.discount_id for one in read.vouchers if one.granted.bearer_id == partner.pk
            }


def test_the_printed_invoice_shows_the_voucher(farm: Partner, press: Partner, tmp_path: Path) -> None:
    delivery = deliver(item(farm, "10.00"), juice(press, 3), region=farm.region, fee="3.90")
    grant(delivery, percent="10")
    made = files.make(invoice=invoiced(delivery), at=AT)
    assert b"Gutschein SOMMER10" in bytes(made.xml)
