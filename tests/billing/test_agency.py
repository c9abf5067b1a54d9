"""Producers that sell in their own names: their invoices, one payment, the commission, what they are paid, and the books."""

import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import (
    access,
    agency,
    books,
    cancellations,
    chart,
    corrections,
    credits,
    files,
    invoicing,
    journal,
    ledger_lines,
    manual_entries,
    open_items,
    order_money,
    payments,
    payouts,
    reductions,
    settlements,
    zugferd,
)
from billing.models import (
    Account,
    AgencyStatement,
    Credit,
    DocumentFile,
    Invoice,
    JournalEntry,
    OrderTerms,
    Posting,
    SupplyContract,
)
from billing.snapshots import thawed
from marketplace.core import money
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice
from tests.billing.test_bank import OWN, take_in
from tests.billing.test_properties import deliveries, few, played, three
from tests.billing.vouchers import grant
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def cheese(farm: Partner) -> Partner:
    """A dairy that sells itself, 10 % commission, regular taxation."""
    made: Partner = PartnerFactory.create(municipality=farm.municipality, name="Käserei Beispiel", iban="DE89370400440532013000")
    SupplyContractFactory.create(partner=made, mode=SupplyContract.Mode.AGENCY, commission_percent=Decimal(10))
    return made


def invoice_of(partner: Partner | None, **more: Any) -> Invoice:
    return Invoice.objects.get(kind="380", seller=partner, partner__isnull=True, **more)


def in_order(farm: Partner) -> None:
    """Once everything is settled, nothing is amiss, and a second run changes nothing."""
    counts = []
    for _run in range(2):
        invoicing.draw_due(today=NOVEMBER, at=AT)
        corrections.draw_due(today=NOVEMBER, at=AT)
        settlements.settle_due(today=NOVEMBER, at=AT)
        agency.settle_due(today=NOVEMBER, at=AT)
        counts.append((Invoice.objects.count(), Posting.objects.count()))
    assert counts[0] == counts[1]
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_each_seller_has_an_invoice_in_its_own_numbers(farm: Partner, cheese: Partner) -> None:
    deliver(item(farm, "10.70"), item(cheese, "10.70", 10), juice(cheese), region=farm.region, fee="3.90")
    own = invoicing.draw_due(today=NOVEMBER, at=AT)[0]
    theirs = invoice_of(cheese)
    assert (own.number, own.gross) == ("RE-2026-000001", Decimal("14.60"))
    assert (theirs.number, theirs.gross) == (f"B{cheese.pk:04d}-RE-2026-000001", Decimal("113.33"))
    document = thawed(theirs.content)
    assert document.payee is not None
    assert (document.seller.name, document.payee.name) == ("Käserei Beispiel", farm.region.legal_name)
    assert {line.kind for line in document.lines} == {"goods", "deposit"}
    assert invoicing.draw_due(today=NOVEMBER, at=AT) == []
    assert Posting.objects.filter(ledger="sales", entry__invoice=theirs).count() == 0
    in_order(farm)


@pytest.mark.parametrize(("status", "rate", "category"), [("small", "0.00", "E"), ("flat_rate", "7.80", "S")])
def test_the_invoice_shows_the_vat_of_the_producer(farm: Partner, cheese: Partner, status: str, rate: str, category: str) -> None:
    SupplyContract.objects.filter(partner=cheese).update(vat_status=status)
    deliver(item(cheese, "10.78"), region=farm.region, fee="3.90")
    invoicing.draw_due(today=NOVEMBER, at=AT)
    (line,) = thawed(invoice_of(cheese).content).lines
    assert (line.vat_rate, line.vat_category, line.gross) == (Decimal(rate), category, Decimal("10.78"))
    (fee,) = thawed(invoice_of(None).content).lines
    assert (fee.kind, fee.vat_rate) == ("fee", Decimal("19.00"))


def test_one_payment_for_the_order_pays_all_its_invoices(farm: Partner, cheese: Partner) -> None:
    delivery = deliver(item(farm, "10.00"), item(cheese, "20.00"), region=farm.region)
    payments.receive(order=delivery.order, amount=Decimal("25.00"), method="transfer", received_on=DAY, at=AT)
    own = invoicing.draw_due(today=NOVEMBER, at=AT)[0]
    theirs = invoice_of(cheese)
    assert (thawed(own.content).prepaid, thawed(theirs.content).prepaid) == (Decimal("10.00"), Decimal("15.00"))
    assert [(row.number, row.left) for row in open_items.to_come_in(region=farm.region)] == [(theirs.number, Decimal("5.00"))]
    assert (payments.paid(invoice=own), payments.paid(invoice=theirs)) == (Decimal("10.00"), Decimal("15.00"))
    assert [(item.number, item.left) for item in open_items.together(region=farm.region)] == [
        (delivery.order.number, Decimal("5.00"))
    ]
    payments.receive(order=delivery.order, amount=Decimal("5.00"), method="transfer", received_on=DAY, at=AT, reference="Rest")
    assert open_items.to_come_in(region=farm.region) == []
    assert journal.balance(order=delivery.order) == 0
    in_order(farm)


def test_a_transfer_that_names_the_order_pays_both_and_the_customer_reads_one_sum(farm: Partner, cheese: Partner) -> None:
    order = deliver(item(farm, "10.00"), item(cheese, "20.00"), region=farm.region).order
    invoicing.draw_due(today=NOVEMBER, at=AT)
    told = order_money.overview(order=order, invoices=access.listed(access.of_order(order=order)))
    assert told is not None
    assert [(seller, gross) for _number, seller, gross in told.rows] == [
        (farm.region.legal_name, Decimal("10.00")), ("Käserei Beispiel", Decimal("20.00")),
    ]  # fmt: skip
    assert (told.gross, told.left) == (Decimal("30.00"), Decimal("30.00"))
    farm.region.iban = OWN
    farm.region.save()
    take_in(farm, ("30.00", "Jette Petersen", f"Bestellung {order.number}", "T1"))
    assert open_items.to_come_in(region=farm.region) == []
    assert open_items.together(region=farm.region) == []


def test_the_month_is_settled_by_a_commission_invoice_and_paid_out(farm: Partner, cheese: Partner) -> None:
    deliver(item(cheese, "10.70", 10), juice(cheese), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    assert settlements.settle_due(today=NOVEMBER, at=AT) == []
    (statement,) = agency.settle_due(today=NOVEMBER, at=AT)
    commission = statement.commission
    # 10 % of 100.00 and of 4.94 net, and 19 % on it
    assert (commission.number, commission.net, commission.tax) == ("PR-2026-000001", Decimal("10.49"), Decimal("1.99"))
    assert (statement.entrusted, statement.amount) == (Decimal("113.33"), Decimal("100.85"))
    assert journal.balance(partner=cheese) == statement.amount
    assert agency.settle_due(today=NOVEMBER, at=AT) == []
    (due,) = payouts.due(region=farm.region, today=NOVEMBER)
    assert (due.number, due.amount) == ("PR-2026-000001", Decimal("100.85"))
    paid = payments.pay_out(settlement=commission, paid_on=NOVEMBER, at=AT)
    assert paid.amount == Decimal("100.85")
    for accounts in chart.CHARTS.values():
        for entry in JournalEntry.objects.prefetch_related("postings__account"):
            assert ledger_lines.bookings(entry=entry, number="", accounts=accounts)
    assert journal.balance(partner=cheese) == 0
    assert books.problems(region=farm.region, today=DECEMBER) == [
        f"{number} has no file." for number in Invoice.objects.order_by("pk").values_list("number", flat=True)
    ]


def test_a_credit_corrects_the_producers_invoice_and_comes_off_the_next_statement(farm: Partner, cheese: Partner) -> None:
    delivery = deliver(item(farm, "10.70"), item(cheese, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    agency.settle_due(today=NOVEMBER, at=AT)
    line = delivery.order.lines.get(partner=cheese)
    told: dict[str, Any] = {"bearer": cheese, "cause": Credit.Cause.COMPLAINT, "at": AT, "key": "probe"}
    credits.on_line(order_line=line, pieces=5, goods=Decimal("53.50"), deposit=Decimal(0), **told)
    (correction,) = corrections.draw_due(today=NOVEMBER, at=AT)
    assert (correction.number, correction.seller, correction.corrects) == (
        f"B{cheese.pk:04d}-RK-2026-000001", cheese, invoice_of(cheese),
    )  # fmt: skip
    (statement,) = agency.settle_due(today=DECEMBER, at=AT)
    assert (statement.part, statement.entrusted, statement.commission.net) == (2, Decimal("-53.50"), Decimal("-5.00"))
    assert AgencyStatement.objects.count() == 2
    (due,) = payouts.due(region=farm.region, today=DECEMBER)
    assert (due.amount, due.offset) == (Decimal("47.55"), Decimal("47.55"))
    in_order(farm)


def test_a_month_on_account_is_one_invoice_of_each_seller(farm: Partner, cheese: Partner, account: Account) -> None:
    for day in (3, 10):
        deliver(
            item(farm, "10.70"), item(cheese, "5.35", 2), region=farm.region, day=date(2026, 10, day), account=account, fee="3.90"
        )
    invoicing.draw_due(today=NOVEMBER, at=AT)
    assert [(row.number[:3], row.gross) for row in Invoice.objects.order_by("pk")] == [
        ("SR-", Decimal("29.20")), (f"B{cheese.pk:04d}"[:3], Decimal("21.40")),
    ]  # fmt: skip
    assert journal.balance(account=account) == Decimal("50.60")
    in_order(farm)
    assert OrderTerms.objects.filter(account=account).count() == 2


def test_the_markets_voucher_pays_the_producers_invoice(farm: Partner, cheese: Partner) -> None:
    """The customer pays what was told; the producer's price and payout stay whole, the market bears the difference."""
    delivery = deliver(item(cheese, "10.00"), item(farm, "10.00"), region=farm.region, fee="3.90")
    grant(delivery, percent="10")
    free = deliver(item(cheese, "10.00"), region=farm.region, fee="3.90")
    grant(free, free_delivery=True)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    theirs = invoice_of(cheese, order=delivery.order)
    assert (theirs.gross, thawed(theirs.content).prepaid) == (Decimal("10.00"), Decimal("1.00"))
    assert journal.balance(order=delivery.order) == Decimal("21.90")
    assert journal.balance(order=free.order) == Decimal("10.00")
    (statement,) = agency.settle_due(today=NOVEMBER, at=AT)
    assert statement.entrusted == Decimal("20.00")
    in_order(farm)


def test_who_sold_when_the_order_was_placed_stays_the_seller(farm: Partner, cheese: Partner) -> None:
    SupplyContract.objects.filter(partner=cheese).update(valid_until=DAY - timedelta(days=1))
    SupplyContractFactory.create(partner=cheese, valid_from=DAY)
    deliver(item(cheese, "10.70"), region=farm.region, date_placed=AT - timedelta(days=20))
    invoicing.draw_due(today=NOVEMBER, at=AT)
    assert invoice_of(cheese).gross == Decimal("10.70")
    assert settlements.settle_due(today=NOVEMBER, at=AT) == []


@few
@given(month=deliveries, own_name=st.sets(st.integers(0, 2), min_size=1), invoices_first=st.booleans())
def test_what_customers_pay_is_shared_to_the_cent(
    farm: Partner, month: list[Any], own_name: set[int], invoices_first: bool
) -> None:
    """Any basket, weights, deposits and fees; some producers sell in their own names; whatever is drawn first."""
    partners = three(farm.municipality)
    for number in own_name:
        SupplyContract.objects.filter(partner=partners[number]).update(mode=SupplyContract.Mode.AGENCY)
    made = played(month, partners)
    owed = sum((reductions.owed(delivery=delivery) for delivery in made), money.ZERO)
    if not invoices_first:
        settlements.settle_due(today=NOVEMBER, at=AT)
    before = set(Invoice.objects.values_list("pk", flat=True))
    in_order(farm)
    orders = {delivery.order_id for delivery in made}
    mine = Invoice.objects.exclude(pk__in=before).filter(partner__isnull=True)
    sold = [row for row in mine if row.order_id in orders or row.account_id]
    assert sum((row.gross for row in sold), money.ZERO) == owed
    for number in own_name:
        named = sum((row.gross for row in sold if row.seller_id == partners[number].pk), money.ZERO)
        statements = AgencyStatement.objects.filter(partner=partners[number])
        assert sum((one.entrusted for one in statements), money.ZERO) == named
        assert sum((one.amount + one.commission.gross for one in statements), money.ZERO) == named
        assert journal.balance(partner=partners[number]) == sum((one.amount for one in statements), money.ZERO)
    _operator_keeps_its_part(partners, [row for row in sold if row.seller_id is None])


def _operator_keeps_its_part(partners: list[Partner], sold: list[Invoice]) -> None:
    """What the operator took is what producers get, commission, fees and the VAT between; a cent a rate may be rounded."""
    credited = list(Invoice.objects.filter(partner__in=partners, kind="389").prefetch_related("lines"))
    lines = [line for row in credited for line in row.lines.all()]
    commission = -sum((line.net for line in lines if line.charge == "commission"), money.ZERO)
    fees = sum((line.net for row in sold for line in row.lines.filter(charge="fee")), money.ZERO)
    taken = sum((row.gross for row in sold), money.ZERO)
    vat = sum((row.tax for row in sold), money.ZERO) - sum((row.tax for row in credited), money.ZERO)
    given = sum((row.gross for row in credited), money.ZERO)
    assert abs(taken - given - commission - fees - vat) <= Decimal("0.02") * (len(sold) + len(credited))


def test_every_document_of_agency_passes_the_official_rules(farm: Partner, cheese: Partner, account: Account) -> None:
    """Invoices of all taxations for an order and a month, with a deposit, a correction, a cancellation, and the commission's."""
    small: Partner = PartnerFactory.create(municipality=farm.municipality, name="Imkerei Beispiel")
    SupplyContractFactory.create(partner=small, mode="agency", vat_status="small")
    flat: Partner = PartnerFactory.create(municipality=farm.municipality, name="Gemüsehof Beispiel")
    SupplyContractFactory.create(partner=flat, mode="agency", vat_status="flat_rate")
    goods = (item(cheese, "10.70", 3), juice(cheese), item(small, "6.50", 2), item(flat, "3.33", 3))
    delivery = deliver(*goods, region=farm.region, fee="3.90")
    deliver(*goods, item(farm, "4.90"), region=farm.region, account=account)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    told: dict[str, Any] = {"bearer": cheese, "cause": Credit.Cause.COMPLAINT, "at": AT, "key": "probe"}
    line = delivery.order.lines.filter(partner=cheese).earliest("pk")
    credits.on_line(order_line=line, pieces=1, goods=Decimal("10.70"), deposit=Decimal(0), **told)
    corrections.draw_due(today=NOVEMBER, at=AT)
    cancellations.cancel(invoice=invoice_of(small, order__isnull=False), reason="Probe", today=NOVEMBER, at=AT, by=None)
    agency.settle_due(today=NOVEMBER, at=AT)
    documents = Invoice.objects.count()
    assert files.make_due(at=AT) == documents == 13
    for file in DocumentFile.objects.all():
        assert zugferd.problems(bytes(file.pdf)) == []
        if folder := os.environ.get("KEEP_PAPERS"):
            Path(folder, f"{file.invoice_id}.pdf").write_bytes(bytes(file.pdf))


def test_writing_off_a_producers_invoice_leaves_the_operators_vat_alone(farm: Partner, cheese: Partner) -> None:
    deliver(item(cheese, "107.00"), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    proposer, other = UserFactory.create_batch(2)
    told: dict[str, Any] = {"reason": "Verzogen", "day": NOVEMBER, "at": AT}
    entry = manual_entries.propose_write_off(invoice=invoice_of(cheese), by=proposer, **told)
    manual_entries.approve(entry=entry, at=AT, by=other)
    assert not Posting.objects.filter(ledger="vat_out", entry__kind="write_off").exists()
    assert open_items.to_come_in(region=farm.region) == []
    in_order(farm)
