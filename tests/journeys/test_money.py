"""One order's money, from the basket to the producers' accounts: every amount recomputed by hand, and all of them one chain."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db.models import Sum
from lxml import etree

from billing import chain, files, invoicing, journal, payments, rules, settlements
from billing.models import Posting
from billing.snapshots import thawed
from billing.totals import totals
from marketplace.basket import baskets
from marketplace.order.models import Order
from tests.factories.orders import filled_basket
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db

GOODS = {"goat_cheese": 3, "yoghurt": 4, "honey": 2, "candle": 1, "apple_juice": 6, "apples": 2}
#: three cheeses of 500 g each are expected; they weigh 63 g more, within the tolerance
WEIGHED = {"Ziegenkäse vom Laib": 1563}
SPOKEN = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def net(gross: Decimal, percent: str) -> Decimal:
    """A sum without the tax in it; the tax is what is rounded."""
    return gross - cents(gross * Decimal(percent) / (100 + Decimal(percent)))


def test_basket_says_what_is_ordered_and_what_is_to_be_paid(town: Town) -> None:
    wanted = {town.products[key]: quantity for key, quantity in GOODS.items()}
    contents = baskets.contents(basket=filled_basket(region=town.region, wanted=wanted))
    assert contents.goods_total == Decimal("88.68")  # 3×11.45 + 4×2.35 + 2×6.49 + 7.95 + 6×2.89 + 2×3.33
    assert contents.deposit_total == Decimal("1.50")  # 10 × 0.15
    placed = way.order(town, GOODS)
    assert (placed.goods_total, placed.deposit_total) == (contents.goods_total, contents.deposit_total)
    assert placed.total_incl_tax == Decimal("94.08")  # with 3.90 for the way
    assert placed.total_incl_tax == contents.goods_total + contents.deposit_total + sum(fee.gross for fee in placed.fees.all())


def delivered_order(town: Town) -> Order:
    """Weighed, one yoghurt short at the producer's, one bottle broken at the door."""
    placed = way.order(town, GOODS)
    way.close(town.round)
    way.pack(town.round, weights=WEIGHED, missing={"Joghurt im Pfandglas": 1})
    assert way.plan(town.round) == []
    way.drive(town.round, by=town.people["driver"], outcomes={"Apfelsaft naturtrüb": (5, "damaged")})
    placed.refresh_from_db()
    return placed


#: what arrived, gross, by producer and rate of the operator's sale
CHEESE = Decimal("35.79")  # 22.90 × 1.563 kg = 35.7927
DAIRY_7 = CHEESE + 3 * Decimal("2.35") + 3 * Decimal("0.15")
BEES_7, BEES_19 = 2 * Decimal("6.49"), Decimal("7.95")
ORCHARD_7, ORCHARD_19 = 2 * Decimal("3.33"), 5 * Decimal("2.89") + 5 * Decimal("0.15")
FEE = Decimal("3.90")
GROSS = DAIRY_7 + BEES_7 + BEES_19 + ORCHARD_7 + ORCHARD_19 + FEE


def test_invoice_charges_what_arrived_and_nothing_else(town: Town) -> None:
    placed = delivered_order(town)
    assert placed.status == Order.Status.COMPLETED
    at = town.noon + timedelta(days=5)
    (invoice,) = invoicing.draw_due(today=at.date(), at=at)
    assert invoice.order == placed
    assert invoice.gross == GROSS == Decimal("89.98")
    assert sum(line.gross for line in invoice.lines.all()) == invoice.gross
    assert invoice.net + invoice.tax == invoice.gross
    assert sum(line.net for line in invoice.lines.all()) == invoice.net
    document = totals(thawed(invoice.content))
    assert (document.net, document.tax, document.gross) == (invoice.net, invoice.tax, invoice.gross)
    assert invoicing.draw_due(today=at.date(), at=at) == []


def test_e_invoice_says_the_same_and_passes_the_official_rules(town: Town) -> None:
    delivered_order(town)
    at = town.noon + timedelta(days=5)
    (invoice,) = invoicing.draw_due(today=at.date(), at=at)
    file = files.make(invoice=invoice, at=at)
    xml = bytes(file.xml)
    assert rules.errors(rules.check(xml, "en16931")) == []
    assert bytes(file.pdf).startswith(b"%PDF-")
    root = etree.fromstring(xml)
    said = {name: Decimal(root.findtext(f".//{SPOKEN}{name}") or "nan") for name in ("GrandTotalAmount", "DuePayableAmount")}
    assert said == {"GrandTotalAmount": invoice.gross, "DuePayableAmount": invoice.gross}
    taxes = root.findall(f".//{SPOKEN}TaxTotalAmount")
    assert [Decimal(tax.text or "nan") for tax in taxes] == [invoice.tax]


def test_producers_get_what_was_sold_less_commission_and_the_books_close(town: Town) -> None:
    placed = delivered_order(town)
    day, next_month = town.noon + timedelta(days=5), town.noon + timedelta(days=30)
    (invoice,) = invoicing.draw_due(today=day.date(), at=day)
    notes = [item.invoice for item in settlements.settle_due(today=next_month.date(), at=next_month) if item.invoice]
    assert {str(note.partner): note.gross for note in notes} == expected_payouts()
    assert journal.balance(order=placed) == invoice.gross
    assert {str(note.partner): journal.balance(partner=note.partner) for note in notes} == expected_payouts()
    assert where_the_money_goes() == {
        "customer": invoice.gross,
        "producers": sum(expected_payouts().values()),
        "tax office": Decimal("8.16") - Decimal("4.89"),
        # commissions 7.21 + 2.82 + 0.78 + 1.52, the fee without tax 3.55, a cent between one rounding of all and one of each
        "operator": Decimal("15.89"),
    }
    payments.settle_handover(delivery=way.delivery_of(placed), method="cash", at=day)
    for note in notes:
        payments.pay_out(settlement=note, paid_on=next_month.date(), at=next_month)
    assert journal.balance(order=placed) == 0
    assert {journal.balance(partner=note.partner) for note in notes} == {Decimal(0)}
    assert chain.verify_chain(region=town.region) == []
    assert settlements.settle_due(today=next_month.date(), at=next_month) == []


def expected_payouts() -> dict[str, Decimal]:
    """By hand: the customers' price without the operator's tax, less commission on the goods, with the producer's own tax."""
    dairy_net, dairy_deposit = net(DAIRY_7, "7"), cents(3 * Decimal("0.15") / Decimal("1.07"))
    dairy = dairy_net - cents((dairy_net - dairy_deposit) * Decimal("0.18"))
    bees_net = net(BEES_7, "7") + net(BEES_19, "19")
    bees = bees_net - cents(bees_net * Decimal("0.15"))
    juice_net, juice_deposit = net(ORCHARD_19, "19"), cents(5 * Decimal("0.15") / Decimal("1.19"))
    juice = juice_net - cents((juice_net - juice_deposit) * Decimal("0.125"))
    apples = net(ORCHARD_7, "7") - cents(net(ORCHARD_7, "7") * Decimal("0.125"))
    return {
        "Hofkäserei Möhl": dairy + cents(dairy * Decimal("0.07")),  # regular taxation
        "Imkerei Lührs": bees,  # a small business shows no tax (section 19 UStG)
        "Obsthof Dreyer": juice + cents(juice * Decimal("0.19")) + apples + cents(apples * Decimal("0.078")),  # section 24 UStG
    }


def where_the_money_goes() -> dict[str, Decimal]:
    """What the books say of it before anybody has paid; what comes in is what goes out."""
    rows = Posting.objects.values_list("ledger").annotate(sum=Sum("amount"))
    sums = {str(ledger): amount for ledger, amount in rows}
    assert sum(sums.values()) == 0
    shares = {
        "producers": -sums["payable"],
        "tax office": -sums["vat_out"] - sums["vat_in"],
        "operator": -sums["sales"] - sums["fees"] - sums["deposits"] - sums["purchases"],
    }
    assert sums["receivable"] == sum(shares.values())
    return {"customer": sums["receivable"], **shares}
