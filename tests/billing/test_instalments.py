"""Instalments: split to the cent, kept while they come, broken when one is missing; then reminders go on."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing import dunning, instalments, payments, reissues
from billing.instalments import PlanRefused
from billing.models import DunningStop, InstalmentPlan, Invoice, Payment
from tests.billing.deliveries import AT
from tests.billing.test_dunning import DUE, base_rate, invoice, remind

__all__ = ["base_rate", "invoice"]
pytestmark = pytest.mark.django_db
TODAY = DUE + timedelta(days=10)
FIRST = date(2026, 12, 1)


def agree(invoice: Invoice, rates: int = 3) -> InstalmentPlan:
    told = {"invoice_ids": [invoice.pk], "rates": rates, "first_due": FIRST, "today": TODAY, "at": AT, "by": None}
    return instalments.agree(region=invoice.region, **told)  # type: ignore[arg-type]  # as told


def pay(invoice: Invoice, amount: str, day: date) -> None:
    payments.receive(invoice=invoice, amount=Decimal(amount), method=Payment.Method.TRANSFER, received_on=day, at=AT)


def test_rates_add_up_and_the_reminders_rest(invoice: Invoice) -> None:
    plan = agree(invoice)
    assert list(plan.instalments.order_by("due_on").values_list("due_on", "amount")) == [
        (FIRST, Decimal("333.34")),
        (date(2027, 1, 1), Decimal("333.33")),
        (date(2027, 2, 1), Decimal("333.33")),
    ]
    (resting,) = dunning.due(region=invoice.region, today=TODAY, disputed={})
    assert resting.stopped
    with pytest.raises(PlanRefused):
        agree(invoice)


def test_a_plan_that_is_not_kept_ends_and_the_reminders_go_on(invoice: Invoice) -> None:
    plan = agree(invoice)
    pay(invoice, "333.34", FIRST)
    assert instalments.end_due(today=FIRST + timedelta(days=20), at=AT) == 0
    assert [rate.is_paid for rate in instalments.state_of(plan=plan).rates] == [True, False, False]
    late = date(2027, 1, 5)
    assert (instalments.end_due(today=late, at=AT), instalments.end_due(today=late, at=AT)) == (1, 0)
    assert [letter.level for letter in remind(invoice, late)] == [1]


def test_what_was_agreed_holds_for_the_invoice_drawn_anew(invoice: Invoice) -> None:
    plan = agree(invoice)
    DunningStop.objects.create(region=invoice.region, invoice=invoice, reason="Anruf abwarten", made_at=AT)
    told = replace(reissues.particulars(invoice=invoice), street="Neue Straße 1")
    anew = reissues.reissue(invoice=invoice, told=told, reason="Anschrift", today=TODAY, at=AT, by=None)
    (state,) = instalments.running(region=invoice.region)
    assert (state.left, [row.number for row in state.invoices]) == (Decimal("1000.00"), [anew.number])
    assert instalments.end_due(today=TODAY, at=AT) == 0
    with pytest.raises(PlanRefused):
        agree(anew)
    late = anew.due_on + timedelta(days=8) if anew.due_on else TODAY
    assert remind(anew, late) == []
    instalments.end(plan=plan, because="Probe", at=AT, by=None)
    (resting,) = dunning.due(region=invoice.region, today=late, disputed={})
    assert "Anruf abwarten" in resting.stopped
    assert remind(anew, late) == []


def test_a_plan_that_is_paid_ends_by_itself(invoice: Invoice) -> None:
    plan = agree(invoice, 2)
    pay(invoice, "1000.00", FIRST)
    assert instalments.end_due(today=FIRST, at=AT) == 1
    plan.refresh_from_db()
    assert plan.ended_because == "Abbezahlt."
