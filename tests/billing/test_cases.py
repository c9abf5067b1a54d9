"""What other systems' tests ask of fees, invoices and settlements, told of ours; each test names its case."""

from datetime import date
from decimal import Decimal

import pytest

from billing import agency, earnings, invoicing, payments, payouts, reissues, settlements
from billing.commissions import CommissionTable
from billing.models import CommissionRule, Invoice, ProducerFee, SupplyContract
from billing.settlements import Hindrance
from billing.snapshots import thawed
from marketplace.catalogue.models import Category
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item
from tests.factories.market import PartnerFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db


def settle(partner: Partner) -> settlements.Settled:
    """October of a producer."""
    return settlements.settle(partner=partner, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)


def allowances(partner: Partner) -> list[tuple[str, Decimal]]:
    """What comes off the producer's credit note besides the commission."""
    drawn = settle(partner).invoice
    assert drawn is not None
    return [(row.reason, row.amount) for row in thawed(drawn.content).allowances if "Anlieferung" in row.reason]


def test_case_12_each_producer_bears_the_fee_that_was_agreed_with_it(farm: Partner, press: Partner) -> None:
    for partner, amount in ((farm, "20.00"), (press, "3.00")):
        ProducerFee.objects.create(
            region=farm.region,
            partner=partner,
            name="Anlieferung",
            basis=ProducerFee.Basis.ORDER,
            amount=Decimal(amount),
            recipient="Packhof Beispiel",
            valid_from=OCTOBER[0],
        )
    deliver(item(farm, "107.00"), item(press, "107.00"), region=farm.region)
    assert allowances(farm) == [("Anlieferung, erhält: Packhof Beispiel", Decimal("20.00"))]
    assert allowances(press) == [("Anlieferung, erhält: Packhof Beispiel", Decimal("3.00"))]


def test_case_14_twenty_percent_on_top_of_086_are_017_a_piece() -> None:
    """The customer pays 1.03 a piece and 8.24 for eight (see the case in tests/checkout).

    Twenty percent on top of what the farm wants is a sixth of the price. A month is reckoned from its sum, so of the eight the
    market gets 1.37 and not eight times 0.17: nothing is rounded piece by piece.
    """
    sixth = Decimal("16.67")
    one = earnings.earning(gross=Decimal("1.03"), sold=Decimal(0), bought=Decimal(0), percent=sixth, keeps_vat=False)
    assert (one.commission, one.yours) == (Decimal("0.17"), Decimal("0.86"))
    eight = earnings.earning(gross=Decimal("8.24"), sold=Decimal(0), bought=Decimal(0), percent=sixth, keeps_vat=False)
    assert (eight.commission, eight.yours) == (Decimal("1.37"), Decimal("6.87"))


def test_case_19_goods_that_the_market_sells_as_its_own_are_billed_at_its_price_and_credited_to_nobody(farm: Partner) -> None:
    """What the producer gets (11.11) is a purchase with an invoice of its own: no credit note arises from the sale."""
    SupplyContract.objects.filter(partner=farm).update(mode=SupplyContract.Mode.OWN)
    invoice = invoicing.draw_for_order(delivery=deliver(item(farm, "61.11", 2), region=farm.region), today=DAY, at=AT)
    assert invoice is not None
    assert invoice.gross == Decimal("122.22")
    assert settle(farm).hindrance == Hindrance.NOT_COMMISSION


def test_case_39_numbers_follow_the_order_of_issue_and_a_changed_invoice_gets_a_new_one(farm: Partner) -> None:
    """A cancellation has a number of its own, and what was issued is never written anew."""
    later = deliver(item(farm, "10.00"), region=farm.region, day=date(2026, 11, 20))
    earlier = deliver(item(farm, "20.00"), region=farm.region, day=date(2026, 6, 13))
    told = [invoicing.draw_for_order(delivery=row, today=date(2026, 12, 1), at=AT) for row in (later, earlier)]
    first, second = [row for row in told if row is not None]
    assert [row.number for row in (first, second)] == ["RE-2026-000001", "RE-2026-000002"]
    elsewhere: Partner = PartnerFactory.create()
    SupplyContractFactory.create(partner=elsewhere)
    theirs = invoicing.draw_for_order(delivery=deliver(item(elsewhere), region=elsewhere.region), today=date(2026, 12, 1), at=AT)
    assert theirs is not None
    assert (theirs.number, theirs.region == first.region) == ("RE-2026-000001", False)
    assert invoicing.draw_for_order(delivery=later, today=date(2026, 12, 1), at=AT) == first
    assert Invoice.objects.filter(region=farm.region).count() == 2
    before = Invoice.objects.get(pk=first.pk).content
    anew = reissues.reissue(
        invoice=first, told=reissues.particulars(invoice=first), reason="Falsch", today=date(2026, 12, 2), at=AT, by=None
    )
    cancelled = Invoice.objects.get(kind="384")
    assert (anew.number, cancelled.number) == ("RE-2026-000003", "ST-2026-000001")
    assert thawed(anew.content).replaces == (first.number, first.issued_on)
    assert Invoice.objects.get(pk=first.pk).content == before


def test_case_49_ten_percent_make_409_of_454_and_a_second_run_makes_nothing(farm: Partner) -> None:
    partner: Partner = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=partner, vat_status="small", commission_percent=Decimal(10))
    # 4.86 on the shelf are 4.54 net
    deliver(item(partner, "4.86"), region=farm.region)
    assert len(settlements.settle_due(today=NOVEMBER, at=AT)) == 1
    drawn = Invoice.objects.get(partner=partner)
    assert (drawn.net, drawn.gross) == (Decimal("4.09"), Decimal("4.09"))
    (commission,) = thawed(drawn.content).allowances
    assert (commission.base, commission.amount) == (Decimal("4.54"), Decimal("0.45"))
    assert settlements.settle_due(today=NOVEMBER, at=AT) == []
    assert Invoice.objects.filter(partner=partner).count() == 1


def test_case_55_one_order_of_two_sellers_is_paid_once_and_shared(farm: Partner) -> None:
    """It stays one order with one delivery: what Mercur parts into two orders we part into two invoices and two payouts.

    The suspended seller is case 43, the closure that ends by itself case 52, both in tests/checkout: with us a suspended seller's
    goods leave the market, because a page that nobody can buy from only disappoints.
    """
    dairy: Partner = PartnerFactory.create(municipality=farm.municipality, iban="DE89370400440532013000")
    SupplyContractFactory.create(partner=dairy, mode=SupplyContract.Mode.AGENCY, commission_percent=Decimal(10))
    order = deliver(item(farm, "10.00", 2, delivered=1), item(dairy, "20.00"), region=farm.region).order
    payments.receive(order=order, amount=Decimal("30.00"), method="transfer", received_on=DAY, at=AT)
    own, theirs = Invoice.objects.filter(pk__in=[row.pk for row in invoicing.draw_due(today=NOVEMBER, at=AT)]).order_by("pk")
    assert [(row.seller, row.gross) for row in (own, theirs)] == [(None, Decimal("10.00")), (dairy, Decimal("20.00"))]
    assert [payments.paid(invoice=row) for row in (own, theirs)] == [Decimal("10.00"), Decimal("20.00")]
    for _event in range(2):
        settlements.settle_due(today=NOVEMBER, at=AT)
        agency.settle_due(today=NOVEMBER, at=AT)
    assert len(payouts.due(region=farm.region, today=NOVEMBER)) == 2


def test_case_55_the_most_special_commission_wins_and_of_two_alike_the_oldest(farm: Partner) -> None:
    shelf = Category.add_root(name="Käse")
    line = deliver(item(farm), region=farm.region).order.lines.get()
    for percent, more in (("15", {"shelf": shelf}), ("13", {"partner": farm}), ("11", {"partner": farm})):
        CommissionRule.objects.create(
            region=farm.region, percent=Decimal(percent), reason="so vereinbart", valid_from=OCTOBER[0], **more
        )
    contract = SupplyContract.objects.select_related("partner").get(partner=farm)
    table = CommissionTable.load(partners=[farm.pk], products=[line.product_id])
    assert table.on(contract=contract, product_id=line.product_id, day=DAY).percent == Decimal(13)
