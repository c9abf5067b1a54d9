"""Many connections at once: no number skipped, nothing billed or settled twice, nothing left half done."""

import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from billing import books, fee_statements, invoicing, numbers, payments, settlements
from billing.models import Account, Invoice, InvoiceLine, NumberSeries, Payment
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item, juice
from tests.billing.test_fee_statements import fee_for, payee_of
from tests.factories import ground

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture(autouse=True)
def _ground(transactional_db: None) -> None:
    """These tests commit, so the tables are emptied behind each; put back what every test needs."""
    ground.lay()


def together(*jobs: Callable[[], Any]) -> list[BaseException]:
    """Run the jobs at once, each on a connection of its own; what they raised."""
    barrier, raised = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            job()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_fifty_parallel_finalisations_with_rollbacks_leave_no_gap(farm: Partner) -> None:
    """Every third transaction breaks off after it drew its number."""

    class Broken(Exception):
        pass

    drawn: list[int] = []

    def job(index: int) -> None:
        with transaction.atomic():
            number = numbers.draw(region=farm.region, prefix=numbers.Prefix.INVOICE, year=2026)
            if index % 3 == 0:
                raise Broken
        drawn.append(number.counter)

    raised = together(*(lambda index=index: job(index) for index in range(50)))
    assert [type(error) for error in raised] == [Broken] * 17
    assert sorted(drawn) == list(range(1, 34))
    assert NumberSeries.objects.get().last == 33


def test_fifty_deliveries_billed_at_once_are_numbered_and_chained_without_gap(farm: Partner) -> None:
    deliveries = [deliver(item(farm), region=farm.region) for _ in range(50)]
    random.Random(7).shuffle(deliveries)

    def job(chunk: list[Any]) -> None:
        for delivery in chunk:
            invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)

    assert together(*(lambda start=start: job(deliveries[start::10]) for start in range(10))) == []
    settlements.settle_due(today=NOVEMBER, at=AT)
    counters = Invoice.objects.filter(kind="380").order_by("counter").values_list("counter", flat=True)
    assert list(counters) == list(range(1, 51))
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_two_drawers_at_once_bill_and_settle_once(farm: Partner, press: Partner, account: Account) -> None:
    for day in (3, 10, 17):
        deliver(item(farm, "4.90", 2), juice(press), region=farm.region, day=DAY.replace(day=day), account=account, fee="3.90")
        deliver(item(farm), region=farm.region, day=DAY.replace(day=day))

    def draw() -> None:
        invoicing.draw_due(today=NOVEMBER, at=AT)
        settlements.settle_due(today=NOVEMBER, at=AT)

    assert together(draw, draw, draw) == []
    assert list(Invoice.objects.order_by("kind").values_list("kind", flat=True)) == ["380"] * 4 + ["389"] * 2
    assert InvoiceLine.objects.filter(kind="380", charge="goods").count() == 9
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_one_month_drawn_by_two_at_once_is_one_document(farm: Partner, account: Account) -> None:
    deliver(item(farm), region=farm.region, account=account)
    drawn: list[Invoice | None] = []

    def draw() -> None:
        drawn.append(invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT))

    assert together(draw, draw) == []
    assert drawn == [Invoice.objects.get()] * 2


def test_one_payment_sent_twice_at_once_is_booked_once(farm: Partner) -> None:
    delivery = deliver(item(farm), region=farm.region, method="handover")

    def receive() -> None:
        payments.receive(order=delivery.order, amount=Decimal("2.00"), method="transfer", received_on=DAY, at=AT)

    def handover() -> None:
        payments.settle_handover(delivery=delivery, method="cash", at=AT)

    assert together(receive, receive, receive) == []
    assert together(handover, handover, handover) == []
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [Decimal("2.00"), Decimal("2.90")]


def test_a_payment_at_the_door_while_the_invoice_is_drawn_leaves_nothing_owed(farm: Partner) -> None:
    delivery = deliver(item(farm), region=farm.region, method="handover")
    jobs: tuple[Callable[[], Any], ...] = (
        lambda: payments.settle_handover(delivery=delivery, method="card", at=AT),
        lambda: invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT),
    )
    assert together(*jobs) == []
    assert Payment.objects.get().amount == Invoice.objects.get().gross
    assert payments.open_amount(delivery=delivery) == 0


def test_receivers_of_fees_are_credited_once_by_many_workers(farm: Partner) -> None:
    payee = payee_of(farm)
    fee_for(payee)
    deliver(item(farm, "10.70", 10), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    raised = together(*(lambda: fee_statements.settle_due(today=NOVEMBER, at=AT) for _worker in range(4)))
    assert raised == []
    assert [one.net for one in Invoice.objects.filter(partner=payee)] == [Decimal("5.00")]
    assert [text for text in books.problems(region=farm.region, today=NOVEMBER) if "file" not in text] == []
