"""Whoever writes to the tables of paying online: what was told stays as it was told, and states only move forward."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from billing import online_triggers
from billing.models import (
    ConnectedAccount,
    Dispute,
    OnlinePayment,
    OnlineRefund,
    ProviderEvent,
    ProviderMovement,
    ProviderPayout,
    ProviderTransfer,
    Refund,
    TransferReversal,
)
from billing.online import collecting
from billing.online.provider import Provider
from billing.online.remitting import Remitter
from marketplace.partner.models import Partner
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import bill, hand_over, pay
from tests.factories import orders
from tests.factories.market import NOW

pytestmark = pytest.mark.django_db
D = Decimal
MODELS = {
    model._meta.db_table: model
    for model in (
        ConnectedAccount,
        Dispute,
        OnlinePayment,
        OnlineRefund,
        ProviderEvent,
        ProviderMovement,
        ProviderPayout,
        ProviderTransfer,
        TransferReversal,
    )
}


def refused(rows: Any, **new: Any) -> bool:
    """The database does not write it, or, with nothing new, does not delete them."""
    with pytest.raises(IntegrityError, match="never"), transaction.atomic():
        rows.update(**new) if new else rows._raw_delete(rows.db)
    return True


@pytest.mark.parametrize("promise", online_triggers.PROMISES, ids=lambda promise: promise.table)
def test_states_and_fields_are_those_of_the_models(promise: online_triggers.Promise) -> None:
    model: Any = MODELS[promise.table]
    steps = {str(old): {str(new) for new in to} for old, to in getattr(model, "TRANSITIONS", {}).items()}
    assert {old: set(to) for old, to in promise.steps.items()} == steps
    assert all(not steps.get(state) for state in promise.ended)
    columns = {field.attname for field in model._meta.concrete_fields}
    assert {*promise.free, *promise.late, *promise.step, *promise.once} <= columns


def test_a_payment_keeps_what_was_asked_and_what_was_taken(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    rows = OnlinePayment.objects.filter(pk=pay(order, bank, provider).pk)
    assert refused(rows, amount=D("99.00"))
    assert refused(rows, intent="pi_other")
    assert refused(rows, status="opened")
    assert refused(rows, taken=D("1.00"))
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    assert rows.get().status == "captured"
    assert refused(rows, taken=D("33.29"))
    assert refused(rows, status="released", taken=0)
    assert refused(rows, ended_at=at + timedelta(days=1))
    assert refused(rows)
    assert rows.update(means="", told_at=at) == 1
    assert refused(rows, told_at=None)


def test_what_was_reported_moved_and_given_back_stays(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    payment = pay(order, bank, provider)
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    bill(order, at)
    event = ProviderEvent.objects.create(number="evt_1", kind="charge.captured", about="ch_1", received_at=at)
    told: dict[str, Any] = {"region": till.region, "amount": D("20.00")}
    ProviderMovement.objects.create(number="txn_1", kind="charge", moved_at=at, **told)
    ProviderPayout.objects.create(number="po_1", arrives_on=at.date(), seen_at=at, **told)
    Dispute.objects.create(payment=payment, number="du_1", amount=D("33.30"), opened_at=at)
    events, lines = ProviderEvent.objects.all(), ProviderMovement.objects.all()
    assert refused(events, about="ch_2")
    assert events.update(done_at=at, problem="") == 1
    assert refused(events, done_at=NOW)
    assert refused(events)
    assert event.about == "ch_1"
    assert refused(lines, amount=D("21.00"))
    assert refused(lines, fee=D("0.01"))
    assert lines.update(settled_at=at) == 1
    assert refused(lines)
    assert refused(ProviderPayout.objects.all(), amount=D("19.00"))
    disputes = Dispute.objects.all()
    assert refused(disputes, amount=D("1.00"))
    assert disputes.update(status="lost", ended_at=at) == 1
    assert refused(disputes, status="won")
    assert refused(disputes)
    assert ProviderPayout.objects.all().delete()[0] == 1  # the bank has not shown it


def test_refunds_transfers_and_accounts_keep_their_amounts_and_numbers(
    dairy: Partner, till: orders.Till, bank: PracticeBank, provider: Provider
) -> None:
    from tests.billing.online import test_transferring as way

    way.stocked(till, bank, provider)
    way.connected(dairy, bank, Remitter(provider=provider))
    way.statement(dairy)
    way.run()
    way.refunded(dairy)
    way.run()
    transfers, backs = ProviderTransfer.objects.all(), TransferReversal.objects.all()
    assert (transfers.get().status, backs.get().status) == ("done", "done")
    assert refused(transfers, amount=D("1.00"))
    assert refused(transfers, status="failed", number="")
    assert refused(transfers, refused=3)
    assert refused(backs, amount=D("1.00"))
    assert refused(backs, number="trr_other")
    assert refused(ConnectedAccount.objects.all(), number="acct_other")
    assert ConnectedAccount.objects.update(chosen_at=None) == 1
    for rows in (ConnectedAccount.objects.all(), transfers, backs):
        assert refused(rows)


def test_a_refund_goes_on_once(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    from billing import payments
    from billing.online import giving_back

    order = till.place()
    pay(order, bank, provider)
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    payments.receive(order=order, amount=D("33.30"), method="transfer", received_on=at.date(), at=at)
    bill(order, at)
    giving_back.give_back_due(region=till.region, provider=provider, at=at)
    rows = OnlineRefund.objects.all()
    assert (rows.get().status, Refund.objects.count()) == ("done", 1)
    assert refused(rows, amount=D("1.00"))
    assert refused(rows, status="asked")
    assert refused(rows, number="re_other")
    assert refused(rows)
