"""Two people decide at once: one credit, one correction."""

from decimal import Decimal
from typing import Any

import pytest

from billing import books, invoicing, payments, refunds, settlements
from billing.models import Credit, Invoice, Refund
from logistics.models import Delivery
from marketplace.aftersales import banking, complaints, settling
from marketplace.aftersales.models import Complaint
from marketplace.core.transitions import ForbiddenTransition
from tests.aftersales.test_complaints import reported
from tests.aftersales.test_withdrawals import declared
from tests.billing.deliveries import AT, NOVEMBER, deliver, item
from tests.billing.test_races import together
from tests.factories import ground
from tests.factories.market import PartnerFactory, SupplyContractFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
DECIDE: dict[str, Any] = {"at_producers_cost": True, "answer": "", "today": NOVEMBER, "at": AT, "by": None}


@pytest.fixture
def honey(transactional_db: None) -> Delivery:
    """Three jars, billed."""
    ground.lay()
    farm = PartnerFactory.create()
    SupplyContractFactory.create(partner=farm)
    delivery = deliver(item(farm, "4.90", 3, title="Rapshonig"), region=farm.region)
    return delivery


def test_two_deciders_at_once_make_one_correction(honey: Delivery) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    row = reported(honey, quantity=3)

    def credit() -> None:
        complaints.credit(complaint=row, amount=None, **DECIDE)

    def refuse() -> None:
        complaints.refuse(complaint=row, answer="Nein", at=AT, by=None)

    raised = together(credit, credit, refuse)
    assert [type(error) for error in raised] == [ForbiddenTransition] * 2
    decided = Complaint.objects.get()
    assert Invoice.objects.filter(kind="381").count() == Credit.objects.count() == (decided.status == "credited")


def test_a_complaint_and_a_withdrawal_of_the_same_jars_never_give_back_more_than_they_cost(honey: Delivery) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    row, withdrawal = reported(honey, quantity=3), declared(honey, Rapshonig=3)
    pieces = {line.order_line_id: line.quantity for line in withdrawal.lines.all()}

    def credit() -> None:
        complaints.credit(complaint=row, amount=Decimal("14.70"), **DECIDE)

    def settle() -> None:
        settling.settle(withdrawal=withdrawal, pieces=pieces, answer="", today=NOVEMBER, at=AT, by=None)

    together(credit, settle)
    assert sum(credit.gross for credit in Credit.objects.all()) == Decimal("14.70")
    assert sum(invoice.gross for invoice in Invoice.objects.filter(kind="381")) == Decimal("14.70")


def test_a_credit_while_the_invoice_is_drawn_is_on_it_or_on_a_correction(honey: Delivery) -> None:
    row = reported(honey)

    def credit() -> None:
        complaints.credit(complaint=row, amount=None, **DECIDE)

    def draw() -> None:
        invoicing.draw_for_order(delivery=honey, today=NOVEMBER, at=AT)

    assert together(credit, draw) == []
    given = sum((-1 if invoice.kind == "381" else 1) * invoice.gross for invoice in Invoice.objects.all())
    assert given == Decimal("9.80")
    settlements.settle_due(today=NOVEMBER, at=AT)
    assert books.problems(region=honey.order.region, today=NOVEMBER) == []


def test_money_goes_back_once(honey: Delivery) -> None:
    payments.receive(order=honey.order, amount=Decimal("14.70"), method="transfer", received_on=NOVEMBER, at=AT)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    complaints.credit(complaint=reported(honey), amount=None, **DECIDE)

    def pay_back() -> None:
        banking.pay_back(order=honey.order, method="cash", paid_on=NOVEMBER, reference="", at=AT, by=None)

    assert together(pay_back, pay_back, pay_back) == []
    assert Refund.objects.get().amount == Decimal("4.90")
    assert not refunds.orders(region=honey.order.region)
