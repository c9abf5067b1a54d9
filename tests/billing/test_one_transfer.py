"""An order with several sellers' invoices is paid by one transfer: told once, booked to the cent, too little and too much too."""

from decimal import Decimal

import pytest

from billing import bank_lines, books, einvoice, epc, invoicing, journal, open_items, pdf
from billing.models import BankLine, Invoice, Payment, SupplyContract
from billing.snapshots import thawed
from billing.totals import totals
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER, deliver, item
from tests.billing.test_bank import OWN, take_in
from tests.factories.market import PartnerFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_account(farm: Partner) -> None:
    farm.region.iban = OWN
    farm.region.save(update_fields=["iban"])


@pytest.fixture
def order(farm: Partner) -> Order:
    """Honey for 10 of the market, cheese for 20 and bread for 30 in their sellers' own names."""
    own = [PartnerFactory.create(municipality=farm.municipality, name=f"Eigener Name {number}") for number in (1, 2)]
    for partner in own:
        SupplyContractFactory.create(partner=partner, mode=SupplyContract.Mode.AGENCY)
    placed = deliver(item(farm, "10.00"), item(own[0], "20.00"), item(own[1], "30.00"), region=farm.region).order
    invoicing.draw_due(today=NOVEMBER, at=AT)
    made: Order = placed
    return made


def left(order: Order) -> list[Decimal]:
    rows = open_items.with_left(documents=Invoice.objects.filter(order=order))
    return [row.left for row in rows.order_by("pk")]


def test_every_invoice_tells_the_one_transfer(order: Order) -> None:
    for invoice in Invoice.objects.filter(order=order):
        document = thawed(invoice.content)
        assert document.together == (order.number, Decimal("60.00"))
        assert f"zusammen 60,00\xa0€, Verwendungszweck {order.number}" in document.terms
        assert einvoice.terms(document)["BT-83"] == order.number
        printed = pdf._qr(document, totals(document))
        code = epc.code(
            name=document.payment.account_holder, iban=document.payment.iban, amount=Decimal("60.00"), text=order.number
        )
        assert printed is not None
        assert code is not None
        assert printed["dots"] == [0 if dark else 255 for row in code.matrix for dark in row]


@pytest.mark.parametrize("purpose", ["Bestellung {order}", "{all}", "{all} Bestellung {order}", "{first} {order}"])
def test_the_bank_pays_them_all_by_itself(farm: Partner, order: Order, purpose: str) -> None:
    numbers = list(Invoice.objects.filter(order=order).order_by("pk").values_list("number", flat=True))
    told = purpose.format(order=order.number, all=" ".join(numbers), first=numbers[0])
    assert take_in(farm, ("60.00", "Jette Petersen", told, "R1")).assigned == 1
    assert left(order) == [Decimal(0)] * 3
    assert sum(Payment.objects.values_list("amount", flat=True)) == Decimal("60.00")
    amiss = [found for found in books.problems(region=farm.region, today=NOVEMBER) if "the journal says" in found]
    assert amiss == []


def test_a_part_pays_the_oldest_first(farm: Partner, order: Order) -> None:
    assert take_in(farm, ("25.00", "Jette Petersen", order.number, "R1")).assigned == 0
    bank_lines.assign(line=BankLine.objects.get(), item_key=f"order:{order.pk}", at=AT, by=None)
    assert left(order) == [Decimal("0.00"), Decimal("5.00"), Decimal("30.00")]
    assert BankLine.objects.get().status == BankLine.Status.BOOKED
    assert take_in(farm, ("35.00", "Jette Petersen", order.number, "R2")).assigned == 1
    assert left(order) == [Decimal(0)] * 3


def test_too_much_is_a_credit_balance_of_the_order_if_the_office_says_so(farm: Partner, order: Order) -> None:
    take_in(farm, ("75.00", "Jette Petersen", order.number, "R1"))
    line = BankLine.objects.get()
    bank_lines.assign(line=line, item_key=f"order:{order.pk}", at=AT, by=None, whole=True)
    line.refresh_from_db()
    assert line.status == BankLine.Status.BOOKED
    assert left(order) == [Decimal("0.00"), Decimal("0.00"), Decimal("-15.00")]
    assert journal.balance(order=order) == Decimal("-15.00")


def test_several_invoices_of_a_customer_in_one_transfer_are_booked_each(farm: Partner) -> None:
    for price in ("10.00", "20.00"):
        deliver(item(farm, price), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    numbers = " und ".join(Invoice.objects.order_by("pk").values_list("number", flat=True))
    assert take_in(farm, ("30.00", "Jette Petersen", f"Rechnungen {numbers}", "R1")).assigned == 1
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [Decimal("10.00"), Decimal("20.00")]
    assert take_in(farm, ("31.00", "Jette Petersen", f"Rechnungen {numbers}", "R2")).assigned == 0
