"""What is taken of producers for others is owed to them, credited once, and stands in the books to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing import (
    agency,
    books,
    fee_statements,
    files,
    invoicing,
    ledger_lines,
    open_items_at,
    payouts,
    reissues,
    seller_reports,
    settlements,
    vat_returns,
)
from billing.chart import CHARTS
from billing.models import Invoice, JournalEntry, PassedFee, Posting, ProducerFee, SupplyContract
from billing.payments import pay_out
from billing.settlements import Hindrance, Settled
from billing.snapshots import thawed
from marketplace.core import money
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER, OCTOBER, deliver, item
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db


def payee_of(farm: Partner, **contract: Any) -> Partner:
    """A transport cooperative that sells nothing."""
    made: Partner = PartnerFactory.create(
        municipality=farm.municipality, name="Fuhrgenossenschaft Beispiel", status=Partner.Status.PAYEE
    )
    SupplyContractFactory.create(partner=made, **{"mode": SupplyContract.Mode.FEES, "commission_percent": Decimal(0), **contract})
    return made


def fee_for(payee: Partner, amount: str = "5", basis: str = "percent", **more: Any) -> ProducerFee:
    made: ProducerFee = ProducerFee.objects.create(
        region=payee.region,
        name="Fuhrgeld",
        basis=basis,
        amount=Decimal(amount),
        recipient=payee.name,
        payee=payee,
        valid_from=date(2026, 1, 1),
        **more,
    )
    return made


def settle(partner: Partner) -> Invoice:
    made = settlements.settle(partner=partner, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
    assert made is not None
    return made


def credit(payee: Partner) -> Settled:
    return fee_statements.settle(partner=payee, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)


def owed(payee: Partner, ledger: str = "fees_due") -> Decimal:
    rows = Posting.objects.filter(partner=payee, ledger=ledger).values_list("amount", flat=True)
    return -sum(rows, money.ZERO)


def in_order(region: Any) -> list[str]:
    return [found for found in books.problems(region=region, today=NOVEMBER) if "no file" not in found]


def test_what_is_taken_for_somebody_is_owed_to_them_and_credited_once(farm: Partner, press: Partner) -> None:
    payee = payee_of(farm)
    fee_for(payee)
    fee_for(payee, "0.50", "order", partner=press)
    deliver(item(farm, "10.70", 10), item(press, "10.70", 1), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(farm), settle(press)
    assert owed(payee) == Decimal("6.00")  # 5 % of 100, 5 % of 10 and half a euro
    assert in_order(farm.region) == []
    found = fee_statements.settle_due(today=NOVEMBER, at=AT)
    (made,) = [one.invoice for one in found]
    assert made is not None
    assert (made.number, made.net, made.tax, made.gross) == (
        "GS-2026-000003",
        Decimal("6.00"),
        Decimal("1.14"),
        Decimal("7.14"),
    )
    assert [line.text for line in thawed(made.content).lines] == [
        "Fuhrgeld (5 % der Waren), aus 2 Abrechnungen mit Betrieben",
        "Fuhrgeld (0,50 Euro je Bestellung), aus 1 Abrechnung mit Betrieben",
    ]
    assert (owed(payee), owed(payee, "payable")) == (Decimal("0.00"), Decimal("7.14"))
    assert fee_statements.settle_due(today=NOVEMBER, at=AT) == []
    assert credit(payee).invoice == made
    assert in_order(farm.region) == []
    assert vat_returns.of_period(region=farm.region, first=NOVEMBER, last=NOVEMBER).input_tax > Decimal("1.14")
    assert seller_reports.of_year(region=farm.region, year=2026)[0].seller.partner in (farm, press)
    assert payee not in [row.seller.partner for row in seller_reports.of_year(region=farm.region, year=2026)]


def test_it_is_paid_out_with_the_producers_in_one_file(farm: Partner) -> None:
    payee = payee_of(farm)
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(farm)
    made = credit(payee).invoice
    assert made is not None
    due = payouts.due(region=farm.region, today=NOVEMBER)
    assert {item.name: item.amount for item in due}[payee.name] == Decimal("5.95")
    run = payouts.draw_up(
        region=farm.region,
        settlement_ids=[item.settlement_id for item in due],
        execution_on=NOVEMBER,
        today=NOVEMBER,
        at=AT,
        by=None,
    )
    assert payee.name in run.message
    pay_out(settlement=made, paid_on=NOVEMBER, at=AT)
    assert owed(payee, "payable") == 0
    assert in_order(farm.region) == []


def test_without_an_agreement_it_waits_for_their_own_invoice(farm: Partner) -> None:
    payee = payee_of(farm, self_billing_agreed_on=None)
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(farm)
    assert credit(payee) == Settled(
        partner=payee, first=OCTOBER[0], last=OCTOBER[1], invoice=None, hindrance=Hindrance.NO_AGREEMENT
    )
    waits = fee_statements.of_month(payee=payee, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER)
    assert waits.sums is not None
    assert (waits.net, waits.sums.gross) == (Decimal("5.00"), Decimal("5.95"))
    (open_item,) = [row for row in open_items_at.on(region=farm.region, day=NOVEMBER) if row.whom == payee.name]
    assert (open_item.number, open_item.amount) == ("", Decimal("-5.00"))
    assert in_order(farm.region) == []


def test_a_small_business_shows_no_vat(farm: Partner) -> None:
    payee = payee_of(farm, vat_status=SupplyContract.VatStatus.SMALL)
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    settle(farm)
    made = credit(payee).invoice
    assert made is not None
    assert (made.net, made.tax) == (Decimal("5.00"), Decimal("0.00"))


def test_a_credit_note_taken_back_takes_the_fee_back_and_drawn_anew_owes_it_again(farm: Partner) -> None:
    payee, office = payee_of(farm), UserFactory.create()
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    first = settle(farm)
    settlements.objection(settlement=first, at=AT, by=office, text="falsch")
    assert credit(payee).invoice is not None
    reissues.resettle(settlement=first, reason="berichtigt", today=NOVEMBER, at=AT, by=office)
    assert owed(payee) == 0
    assert credit(payee).hindrance == Hindrance.NONE
    assert PassedFee.objects.count() == 1  # the two new lines come to nothing and wait
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(farm)
    assert credit(payee).invoice is not None
    assert sorted(PassedFee.objects.values_list("amount", flat=True)) == [Decimal("-5.00"), *[Decimal("5.00")] * 3]
    assert in_order(farm.region) == []


def test_their_own_statement_can_be_taken_back_and_drawn_anew(farm: Partner) -> None:
    payee, office = payee_of(farm), UserFactory.create()
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(farm)
    first = credit(payee).invoice
    assert first is not None
    settlements.objection(settlement=first, at=AT, by=office, text="falsche Anschrift")
    Partner.objects.filter(pk=payee.pk).update(street="Neuer Weg 1")
    second = reissues.resettle(settlement=first, reason="Anschrift", today=NOVEMBER, at=AT, by=office)
    assert (second.gross, second.part, thawed(second.content).seller.street) == (first.gross, 2, "Neuer Weg 1")
    assert list(PassedFee.objects.order_by("edition").values_list("edition", flat=True)) == [1, 2]
    assert owed(payee, "payable") == second.gross
    assert in_order(farm.region) == []


def test_fees_of_who_sells_in_its_own_name_are_owed_too(farm: Partner) -> None:
    seller: Partner = PartnerFactory.create(municipality=farm.municipality, name="Käserei Beispiel")
    SupplyContractFactory.create(partner=seller, mode=SupplyContract.Mode.AGENCY, commission_percent=Decimal("10.00"))
    payee = payee_of(farm)
    fee_for(payee)
    deliver(item(seller, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    statement = agency.settle(partner=seller, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert statement is not None
    assert (statement.commission.net, owed(payee)) == (Decimal("15.00"), Decimal("5.00"))
    made = credit(payee).invoice
    assert made is not None
    assert made.net == Decimal("5.00")
    assert in_order(farm.region) == []


def test_every_entry_goes_to_datev_and_the_costs_stand_against_what_is_owed(farm: Partner) -> None:
    payee = payee_of(farm)
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    settled, credited = settle(farm), credit(payee).invoice
    assert credited is not None
    lines = {
        invoice: ledger_lines.bookings(
            entry=JournalEntry.objects.prefetch_related("postings__account").get(invoice=invoice),
            number=invoice.number,
            accounts=CHARTS["03"],
        )
        for invoice in (settled, credited)
    }
    assert [(line.account, line.counter, line.amount, line.is_debit) for line in lines[settled]][-1] == (
        3100,
        1700,
        Decimal("5.00"),
        True,
    )
    assert sorted((line.account, line.amount) for line in lines[credited]) == [(1570, Decimal("0.95")), (1700, Decimal("5.00"))]


def test_the_document_passes_the_official_rules(farm: Partner) -> None:
    payee = payee_of(farm)
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    settle(farm)
    made = credit(payee).invoice
    assert made is not None
    assert files.make(invoice=made, at=AT).xml
