"""Many connections at once: a statement is paid once, through the provider or by the bank."""

import pytest

from billing import payouts
from billing.models import ConnectedAccount, Payment, PayoutItem, ProviderTransfer
from billing.online import onboarding, transferring
from billing.online.provider import Provider
from billing.online.remitting import Remitter
from billing.payouts import PayoutRefused
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER
from tests.billing.online.bank import PracticeBank
from tests.billing.online.test_transferring import DECEMBER, connected, statement, stocked
from tests.billing.test_races import together
from tests.factories import ground, orders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture(autouse=True)
def _ground(transactional_db: None) -> None:
    """These tests commit, so the tables are emptied behind each; put back what every test needs."""
    ground.lay()


def test_two_jobs_and_an_office_that_changes_its_mind_pay_once(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    stocked(till, bank, provider)
    connected(dairy, bank, remitter)
    owed = statement(dairy)

    def job() -> None:
        transferring.pay_due(region=dairy.region, remitter=remitter, today=NOVEMBER, at=AT)

    def office() -> None:
        onboarding.choose(account=ConnectedAccount.objects.get(), wanted=False, at=AT, by=None)
        chosen = [owed.commission_id]
        payouts.draw_up(region=dairy.region, settlement_ids=chosen, execution_on=DECEMBER, today=NOVEMBER, at=AT, by=None)

    raised = together(job, office, job, job)
    assert {type(error) for error in raised} <= {PayoutRefused}
    (item,) = PayoutItem.objects.filter(stands=True)
    transfers = bank.things("transfer")
    assert len(transfers) == ProviderTransfer.objects.count() == Payment.objects.filter(invoice=owed.commission).count()
    assert (item.run is None) == (len(transfers) == 1)


def test_sent_by_many_at_once_it_is_transferred_once(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    stocked(till, bank, provider)
    connected(dairy, bank, remitter)
    owed = statement(dairy)
    (row,) = transferring.decide(region=dairy.region, today=NOVEMBER, at=AT)
    assert together(*[lambda: transferring.send(transfer=row, remitter=remitter, at=AT)] * 6) == []
    assert len(bank.things("transfer")) == 1
    assert Payment.objects.get(invoice=owed.commission).amount == owed.amount
