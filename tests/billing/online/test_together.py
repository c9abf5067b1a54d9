"""Many at once, and jobs that die anywhere: one page, one payment, one refund, the same books."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection as database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import payments
from billing.models import OnlinePayment, Payment, Refund
from billing.online import collecting, connection, following, giving_back, jobs
from billing.online.provider import Provider
from marketplace.checkout import unpaid
from marketplace.order.models import Order
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import bill, fresh, hand_over, in_order, ledgers, page, pay
from tests.billing.test_races import together
from tests.factories import ground, orders
from tests.factories.market import NOW, SupplyContractFactory
from tests.quarter.mishaps import Killed, _Bomb, _bury

D = Decimal


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Each on a connection of its own."""

    @pytest.fixture(autouse=True)
    def _ground(self, transactional_db: None) -> None:
        ground.lay()

    def test_six_windows_one_page_one_payment(self, till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
        order = till.place()
        found: list[str] = []
        assert together(*(lambda: found.append(page(order, provider)) for _window in range(6))) == []
        assert len(set(found)) == 1
        bank.pay(found[0])
        payment = OnlinePayment.objects.get()
        told = [lambda: following.follow(payment=payment, provider=provider, at=NOW) for _report in range(5)]
        assert together(*told, lambda: unpaid.end_due(at=NOW + timedelta(hours=1))) == []
        assert (OnlinePayment.objects.get().status, Order.objects.get().status) == ("authorised", "placed")
        assert ledgers()["held"] == D("33.30")

    def test_taken_and_given_back_once(self, till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
        order = till.place()
        pay(order, bank, provider)
        at = hand_over(order)
        take = [lambda: collecting.collect_due(region=till.region, provider=provider, at=at) for _worker in range(4)]
        assert together(*take) == []
        bill(order, at)
        assert Payment.objects.get().amount == D("33.30")
        payments.receive(order=order, amount=D("10.00"), method="transfer", received_on=at.date(), at=at)
        back = [lambda: giving_back.give_back_due(region=till.region, provider=provider, at=at) for _worker in range(4)]
        assert together(*back) == []
        assert (Refund.objects.get().amount, [row["amount"] for row in bank.things("refund")]) == (D("10.00"), [1000])
        assert in_order(order, at)

    def test_whoever_dies_anywhere_leaves_the_same_books(self, till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
        """Workers die between any two statements; the bank has heard some of their questions, and hears them again."""
        order = till.place()
        assert dying(lambda: page(order, provider)) > 5
        bank.pay(page(order, provider))
        assert dying(lambda: jobs.catch_up(at=NOW + timedelta(minutes=5))) > 5
        at = hand_over(order, missing=1)
        assert dying(lambda: collecting.collect_due(region=till.region, provider=provider, at=at)) > 20
        bill(order, at)
        payments.receive(order=order, amount=D("10.00"), method="transfer", received_on=at.date(), at=at)
        assert dying(lambda: giving_back.give_back_due(region=till.region, provider=provider, at=at)) > 10
        assert len(bank.things("checkout.session")) == 1
        assert (bank.thing(OnlinePayment.objects.get().intent)["amount_received"], Payment.objects.count()) == (2840, 2)
        assert [row["amount"] for row in bank.things("refund")] == [1000]
        assert in_order(order, at)


def dying(job: Callable[[], object]) -> int:
    """Do the work again and again; the first worker dies at the first statement, the next at the second; how many died."""
    for statements in range(1, 200):
        try:
            with database.execute_wrapper(_Bomb(statements)):
                job()
        except Killed:
            _bury()
        else:
            return statements - 1
    raise AssertionError("nobody got through")


STEPS = ("follow", "catch_up", "collect", "lapse")
TROUBLE = ("", "", "timeout", "drop", "500", "429")
few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.django_db
@few
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(TROUBLE)), max_size=8),
    missing=st.integers(0, 2),
    dearer=st.sampled_from([D(0), D("4.00")]),
)
def test_in_whatever_order_it_is_heard_of(
    bank: PracticeBank, steps: list[tuple[str, str]], missing: int, dearer: Decimal
) -> None:
    """Authorised less released is taken is invoiced is booked, to the cent, whatever was asked when and went wrong."""
    till = orders.till().having(payment="online")
    for partner in {product.partner for product in till.products}:
        SupplyContractFactory.create(partner=partner)
    bank.account = f"{bank.account.partition('_region')[0]}_{till.region.slug}"
    bank.set_clock(NOW)
    provider = connection.of(region=till.region)
    assert provider is not None
    order = till.place()
    bank.pay(page(order, provider))
    order.fees.update(gross=D("3.90") + dearer)
    Order.objects.filter(pk=order.pk).update(total_incl_tax=order.total_incl_tax + dearer)
    at = NOW + timedelta(minutes=10)
    for number, (step, trouble) in enumerate(steps):
        if number == len(steps) // 2:
            at = hand_over(order, missing=missing) if fresh(order).status == "placed" else at
        if trouble:
            bank.fault("/v1/", trouble)
        _do(step, at)
    bank.do("no_faults")
    if fresh(order).status == "placed":
        jobs.catch_up(at=at)
        at = hand_over(order, missing=missing)
    for _twice in range(2):
        jobs.catch_up(at=at)
        jobs.follow(at=at)
    invoice = bill(order, at)
    paid = sum(Payment.objects.filter(order=order).values_list("amount", flat=True))
    received = sum(row["amount_received"] for row in bank.things("payment_intent"))
    assert paid == invoice.gross == D(received) / 100 == D("33.30") + dearer - D("4.90") * missing
    assert in_order(order, at)
    assert "held" not in ledgers()


def _do(step: str, at: datetime) -> None:
    {
        "follow": lambda: jobs.follow(at=at),
        "catch_up": lambda: jobs.catch_up(at=at),
        "collect": lambda: jobs.collect(at=at),
        "lapse": lambda: unpaid.end_due(at=at),
    }[step]()
