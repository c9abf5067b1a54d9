"""Credit notes to producers: net, commission, tax by status, once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing import invoicing, journal, payouts, reissues, settlements
from billing.documents import FLAT_RATE_NOTE
from billing.models import Invoice, InvoiceLine, SupplyContract
from billing.payments import PaymentRefused, pay_out
from billing.settlements import Hindrance, Settled
from billing.snapshots import thawed
from billing.totals import totals
from marketplace.core.models import AuditEntry
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db


def settle(partner: Partner, **more: Any) -> Settled:
    return settlements.settle(
        **{"partner": partner, "first": OCTOBER[0], "last": OCTOBER[1], "today": NOVEMBER, "at": AT, **more}
    )


def drawn(partner: Partner) -> Invoice:
    found = settle(partner).invoice
    assert found is not None
    return found


def producer(status: str, farm: Partner, **contract: Any) -> Partner:
    made: Partner = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=made, vat_status=status, **contract)
    return made


def test_regular_producer_gets_the_net_less_commission_and_its_vat(farm: Partner) -> None:
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoice = drawn(farm)
    assert (invoice.number, invoice.net, invoice.tax, invoice.gross) == (
        "GS-2026-000001",
        Decimal("82.00"),
        Decimal("5.74"),
        Decimal("87.74"),
    )
    (commission,) = thawed(invoice.content).allowances
    assert (commission.amount, commission.percent, commission.base) == (Decimal("18.00"), Decimal("18.00"), Decimal("100.00"))


def test_small_business_is_exempt(farm: Partner) -> None:
    partner = producer("small", farm)
    deliver(item(partner, "10.70", 10), region=farm.region)
    invoice = drawn(partner)
    assert (invoice.net, invoice.tax) == (Decimal("82.00"), Decimal("0.00"))
    assert {line.vat_category for line in thawed(invoice.content).lines} == {"E"}


def test_flat_rate_holds_for_farm_goods_and_not_for_drinks(farm: Partner) -> None:
    partner = producer("flat_rate", farm)
    deliver(item(partner, "10.70", 10), juice(partner, 10), region=farm.region)
    document = thawed(drawn(partner).content)
    assert {(line.kind, line.vat_rate) for line in document.lines} == {
        ("goods", Decimal("7.80")),
        ("goods", Decimal("19.00")),
        ("deposit", Decimal("19.00")),
    }
    assert FLAT_RATE_NOTE in document.notes


def test_status_and_commission_change_with_the_day_of_supply(farm: Partner) -> None:
    partner = producer("small", farm, valid_until=date(2026, 10, 15))
    SupplyContractFactory.create(partner=partner, valid_from=date(2026, 10, 16), commission_percent=Decimal("10.00"))
    deliver(item(partner, "10.70", 10), region=farm.region, day=date(2026, 10, 15))
    deliver(item(partner, "10.70", 10), region=farm.region, day=date(2026, 10, 16))
    sums = totals(thawed(drawn(partner).content))
    assert [(group.category, group.net, group.tax) for group in sums.vat] == [
        ("E", Decimal("82.00"), Decimal("0.00")),
        ("S", Decimal("90.00"), Decimal("6.30")),
    ]


def test_deposit_passes_through_without_commission(farm: Partner) -> None:
    """What the customers paid as deposit comes back to the last cent, where producer and operator have the same rate."""
    deliver(juice(farm, 20), region=farm.region)
    invoice = drawn(farm)
    deposit = invoice.lines.get(charge="deposit")
    assert deposit.gross == Decimal("3.00")


def test_articles_are_summed_over_customers_and_name_none_of_them(farm: Partner) -> None:
    deliver(item(farm, "5.35", 2, title="Honig"), region=farm.region)
    deliver(item(farm, "5.35", 3, title="Honig"), region=farm.region)
    invoice = drawn(farm)
    (line,) = thawed(invoice.content).lines
    assert (line.quantity, line.net, line.delivery_note) == (Decimal(5), Decimal("25.00"), "")
    assert invoice.lines.filter(charge="goods").count() == 2


def test_rows_sum_to_the_document(farm: Partner) -> None:
    deliver(item(farm, "0.99", 7), juice(farm), region=farm.region)
    deliver(item(farm, "1.03", 3), region=farm.region, day=date(2026, 10, 24))
    invoice = drawn(farm)
    rows = list(invoice.lines.all())
    assert (sum(row.net for row in rows), sum(row.gross for row in rows)) == (invoice.net, invoice.gross)


@pytest.mark.parametrize(
    ("contract", "partner", "hindrance"),
    [
        ({"self_billing_agreed_on": None}, {}, Hindrance.NO_AGREEMENT),
        ({"valid_from": date(2026, 10, 18)}, {}, Hindrance.NO_CONTRACT),
        ({"mode": SupplyContract.Mode.OWN}, {}, Hindrance.NOT_COMMISSION),
        ({}, {"tax_number": ""}, Hindrance.NO_TAX_NUMBER),
    ],
)
def test_without_its_ground_there_is_no_credit_note_but_a_reason(
    farm: Partner, contract: dict[str, Any], partner: dict[str, Any], hindrance: Hindrance
) -> None:
    lacking: Partner = PartnerFactory.create(municipality=farm.municipality, **partner)
    SupplyContractFactory.create(partner=lacking, **contract)
    deliver(item(lacking), region=farm.region)
    settled = settle(lacking)
    assert (settled.invoice, settled.hindrance) == (None, hindrance)
    assert list(settlements.without_document(region=farm.region, before=NOVEMBER)) == [lacking]


def test_settle_due_catches_up_and_settles_nothing_twice(farm: Partner, press: Partner) -> None:
    for month in (8, 9, 10):
        deliver(item(farm), juice(press), region=farm.region, day=date(2026, month, 8))
    deliver(item(farm), region=farm.region, day=NOVEMBER)
    settled = settlements.settle_due(today=NOVEMBER, at=AT)
    assert [(found.partner.pk, found.first.month) for found in settled] == [
        (partner.pk, month) for month in (8, 9, 10) for partner in (farm, press)
    ]
    assert settlements.settle_due(today=NOVEMBER, at=AT) == []
    assert InvoiceLine.objects.filter(kind="389", charge="goods").count() == 6


def test_payable_is_what_the_credit_note_says_until_it_is_paid_out(farm: Partner) -> None:
    deliver(item(farm), region=farm.region)
    invoice = drawn(farm)
    assert journal.balance(partner=farm) == invoice.gross
    assert list(settlements.to_pay_out(region=farm.region)) == [invoice]
    first = pay_out(settlement=invoice, paid_on=NOVEMBER, at=AT)
    assert pay_out(settlement=invoice, paid_on=NOVEMBER, at=AT) == first
    assert journal.balance(partner=farm) == 0
    assert list(settlements.to_pay_out(region=farm.region)) == []


def test_objection_stops_the_payout_and_is_written_down(farm: Partner) -> None:
    deliver(item(farm), region=farm.region)
    invoice = drawn(farm)
    person = UserFactory.create()
    settlements.objection(settlement=invoice, at=AT, by=person, text="Die Möhren fehlen.")
    assert list(settlements.to_pay_out(region=farm.region)) == []
    with pytest.raises(PaymentRefused):
        pay_out(settlement=invoice, paid_on=NOVEMBER, at=AT)
    assert AuditEntry.objects.get(action="billing.objection").new == {"text": "Die Möhren fehlen."}


def test_objecting_after_the_payout_sets_the_difference_off(farm: Partner) -> None:
    """The credit note is settled anew with less; the money that is too much comes off the next payout."""
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoice = drawn(farm)
    pay_out(settlement=invoice, paid_on=NOVEMBER, at=AT)
    settlements.objection(settlement=invoice, at=AT, by=None, text="Ich bin Kleinunternehmer.")
    SupplyContract.objects.update(vat_status="small")
    anew = reissues.resettle(settlement=invoice, reason="Status", today=NOVEMBER, at=AT, by=None)
    assert (invoice.gross, anew.gross, journal.balance(partner=farm)) == (Decimal("87.74"), Decimal("82.00"), Decimal("-5.74"))
    deliver(item(farm, "10.70", 10), region=farm.region)
    later = drawn(farm)
    old, new = payouts.due(region=farm.region, today=NOVEMBER)
    assert (old.amount, bool(old.hindrance)) == (Decimal(0), True)
    assert (new.amount, new.offset) == (Decimal("76.26"), Decimal("5.74"))
    (set_off,) = payouts.set_off_due(today=NOVEMBER, at=AT)
    assert (set_off.invoice, set_off.amount, set_off.offset) == (anew, Decimal(0), anew.gross)
    assert payouts.set_off_due(today=NOVEMBER, at=AT) == []
    paid = pay_out(settlement=later, paid_on=NOVEMBER, at=AT)
    assert (paid.amount, paid.offset, journal.balance(partner=farm)) == (Decimal("76.26"), Decimal("5.74"), Decimal(0))


def test_for_partner_shows_only_the_own_documents(farm: Partner, press: Partner) -> None:
    deliver(item(farm), juice(press), region=farm.region)
    settlements.settle_due(today=NOVEMBER, at=AT)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    assert [invoice.partner for invoice in settlements.for_partner(farm)] == [farm]


def test_settling_needs_the_same_number_of_queries_for_few_and_many_lines(
    farm: Partner, press: Partner, django_assert_max_num_queries: Any
) -> None:
    deliver(item(farm), region=farm.region)
    for day in range(1, 6):
        deliver(*(juice(press) for _ in range(4)), region=farm.region, day=DAY.replace(day=day))
    with django_assert_max_num_queries(30) as few:
        settle(farm)
    with django_assert_max_num_queries(30) as many:
        settle(press)
    assert len(few) == len(many)
