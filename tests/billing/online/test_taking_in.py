"""What the provider tells of disputes, fees and transfers to the bank: once, by however many workers, wherever they die."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from billing import bank_lines
from billing.models import BankLine, Dispute, OnlinePayment, Payment, ProviderMovement, ProviderPayout
from billing.online import collecting, disputing, movements
from billing.online.provider import Provider
from tests.billing.killed import dying
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import bill, hand_over, in_order, ledgers, pay
from tests.billing.test_races import together
from tests.factories import ground, orders
from tests.factories.market import NOW

Work = Callable[[Callable[[], object]], None]


def by_dying_workers(job: Callable[[], object]) -> None:
    """One after the other dies, each a little later."""
    assert dying(job, stride=2) > 1
    job()


def by_many(job: Callable[[], object]) -> None:
    """At once, each on a connection of its own."""
    assert together(*([job] * 4)) == []


def _taken_in(till: orders.Till, bank: PracticeBank, provider: Provider, work: Work) -> None:
    region = till.region
    order = till.place()
    payment: OnlinePayment = pay(order, bank, provider)
    at: datetime = hand_over(order)
    collecting.collect_due(region=region, provider=provider, at=at)
    invoice = bill(order, at)
    number = bank.do("dispute", intent=payment.intent)["id"]
    work(lambda: disputing.take_in(region=region, provider=provider, since=NOW, at=at))
    assert ledgers()["disputed"] == invoice.gross
    bank.do("decide", dispute=number, won=True)
    work(lambda: disputing.take_in(region=region, provider=provider, since=NOW, at=at))
    bank.do("pay_out")
    work(lambda: movements.take_in(region=region, provider=provider, at=at))
    payout = ProviderPayout.objects.get()
    told = {"booked_on": at.date(), "amount": payout.amount, "purpose": "STRIPE AUSZAHLUNG", "imported_at": at}
    line = BankLine.objects.create(region=region, key="1", **told)

    def arrive() -> None:
        try:
            bank_lines.assign(line=line, item_key=f"provider_payout:{payout.pk}", at=at, by=None)
        except bank_lines.LineRefused:  # somebody was faster
            assert BankLine.objects.get().status == "booked"

    work(arrive)
    assert (Dispute.objects.get().status, Payment.objects.count()) == ("won", 1)
    assert not movements.unfitting(region=region).exists()
    numbers = list(ProviderMovement.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) > 0
    booked = ledgers()
    assert (booked["bank"], "provider" in booked, "disputed" in booked) == (payout.amount, False, False)
    assert booked["bank"] + booked.get("prov_fees", Decimal(0)) == invoice.gross
    assert in_order(order, at)


@pytest.mark.django_db
def test_whoever_dies_anywhere(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    _taken_in(till, bank, provider, by_dying_workers)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """With connections of their own."""

    @pytest.fixture(autouse=True)
    def _ground(self, transactional_db: None) -> None:
        ground.lay()

    def test_four_workers(self, till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
        _taken_in(till, bank, provider, by_many)
