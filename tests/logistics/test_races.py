"""Many at once, each with a connection of its own: nothing is overbooked, nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction

from logistics import cases, driving, purchases, rounds, stock, tours
from logistics.models import CasePack, Collection, Delivery, PackedLine, Purchase, RoundStock, StopEvent
from logistics.rounds import RoundClosed
from logistics.windows import WindowFull, take_place
from marketplace.core.models import AuditEntry
from marketplace.order.models import Order
from marketplace.partner.stock import SoldOut
from tests.factories import ground
from tests.factories.market import NOW, RoundFactory, VehicleFactory, WindowFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _ground() -> None:
    """These tests empty all tables; what every database holds is put back before each."""
    ground.lay()


def at_once(number: int, act: Callable[[int], str]) -> list[str]:
    """Let `number` threads start together; what each returns, sorted."""
    gate = Barrier(number)

    def run(mine: int) -> str:
        gate.wait(timeout=20)
        try:
            return act(mine)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return sorted(pool.map(run, range(number)))


def test_ten_buyers_of_the_last_three_places() -> None:
    market = Market()
    window = WindowFactory.create(round=market.round, capacity=5, taken=2)

    def buy(_mine: int) -> str:
        try:
            with transaction.atomic():
                rounds.hold_open(round_id=market.round.pk, at=NOW)
                take_place(window=window)
        except WindowFull:
            return "full"
        return "booked"

    assert at_once(10, buy) == ["booked"] * 3 + ["full"] * 7
    window.refresh_from_db()
    assert window.taken == 5


def test_ten_buyers_of_three_pieces_in_a_round_that_nobody_bought_in_before() -> None:
    market = Market()
    record = market.product(offer__stock_kind="per_round", offer__per_round=3).stockrecords.get()

    def buy(_mine: int) -> str:
        try:
            with transaction.atomic():
                stock.take(delivery_round=market.round, stockrecord=record, quantity=1)
        except SoldOut:
            return "sold out"
        return "bought"

    assert at_once(10, buy) == ["bought"] * 3 + ["sold out"] * 7
    assert RoundStock.objects.get().taken == 3


def test_two_closers_at_once() -> None:
    market = Market()
    honey = market.product(offer__stock_kind="limited", offer__num_in_stock=20)
    for _number in range(5):
        market.order((honey, 2))
    assert at_once(4, lambda mine: str(rounds.close(delivery_round=market.round, at=CLOSING))) == ["False"] * 3 + ["True"]
    assert (Collection.objects.count(), PackedLine.objects.count()) == (1, 5)
    assert AuditEntry.objects.filter(action="order.close").count() == 5
    assert honey.stockrecords.get().num_in_stock == 10


def test_two_workers_close_what_is_due_once() -> None:
    market = Market()
    market.order((market.product(), 1))
    assert at_once(4, lambda mine: str(rounds.close_due(at=CLOSING))) == ["0", "0", "0", "1"]


def test_buyers_and_a_closer_leave_no_order_behind() -> None:
    """Whoever holds the round open is in it when it closes; whoever comes later is refused."""
    market = Market()
    honey = market.product(offer__stock_kind="limited", offer__num_in_stock=100)

    def act(mine: int) -> str:
        if mine == 0:
            rounds.close(delivery_round=market.round, at=NOW)
            return "closed"
        try:
            with transaction.atomic():
                rounds.hold_open(round_id=market.round.pk, at=NOW)
                market.order((honey, 1))
        except RoundClosed:
            return "refused"
        return "ordered"

    told = at_once(9, act)
    ordered = told.count("ordered")
    assert ordered + told.count("refused") == 8
    assert Order.objects.filter(status="closed").count() == PackedLine.objects.count() == ordered
    record = honey.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == (100 - ordered, 0)


def test_one_report_sent_five_times_at_once() -> None:
    market = Market()
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=10)
    stop, uuid = Delivery.objects.get().stop, uuid4()
    assert stop is not None

    def send(_mine: int) -> str:
        return str(
            driving.report(
                stop=stop, uuid=uuid, kind="delivered", reported_at=DAY, received_at=DAY, by=None, data={"handed_to": "Femke"}
            )
        )

    assert at_once(5, send) == ["False"] * 4 + ["True"]
    assert StopEvent.objects.count() == 1
    assert AuditEntry.objects.filter(action="delivery.completed").count() == 1


def test_the_last_two_deliveries_at_once_end_the_round() -> None:
    from logistics import deliveries

    market = Market()
    honey = market.product()
    last = [market.order((honey, 1)) for _number in range(2)]
    market.close()
    market.pack()
    at_once(2, lambda mine: deliveries.complete(delivery=last[mine], at=DAY, by=None, handed_to="Femke").status)
    market.round.refresh_from_db()
    assert market.round.status == "done"


def test_two_rounds_that_close_at_once_share_what_is_loose_of_a_case() -> None:
    market = Market()
    juice = market.product()
    offer = juice.stockrecords.get()
    terms = cases.Terms(size=12, wholesaler="Großhandel Beispiel")
    cases.agree(stockrecord=offer, terms=terms, at=NOW, by=None)
    cases.recount(stockrecord=offer, seen=0, counted=5, at=NOW, by=None)
    closing = []
    for days in (0, 3):
        if days:
            market.round = RoundFactory.create(
                rule=market.round.rule, delivery_day=market.round.delivery_day + timedelta(days=days)
            )
            market.window = WindowFactory.create(round=market.round, capacity=10)
        market.order((juice, 4))
        closing.append(market.round)

    def act(mine: int) -> str:
        delivery_round = closing[mine % 2]
        rounds.close(delivery_round=delivery_round, at=CLOSING)
        purchases.reckon(delivery_round=delivery_round, at=CLOSING)
        return str(purchases.order(delivery_round=delivery_round, told={}, at=CLOSING, by=None)[0].needed)

    assert at_once(6, act) == ["4"] * 6
    # 5 - 4 - 4: one case in all, for whichever came second
    assert sorted(Purchase.objects.values_list("cases", flat=True)) == [0, 1]
    assert CasePack.objects.get().loose == 9


def test_what_arrived_is_reported_by_several_phones_and_cuts_once() -> None:
    market = Market()
    juice = market.product()
    offer = juice.stockrecords.get()
    cases.agree(stockrecord=offer, terms=cases.Terms(size=12, wholesaler="Großhandel Beispiel"), at=NOW, by=None)
    for _each in range(3):
        market.order((juice, 6))
    market.close()

    def report(_mine: int) -> str:
        found = purchases.arrive(delivery_round=market.round, pieces={offer.pk: 12}, at=CLOSING, by=None)
        return ",".join(str(arrival.cut) for arrival in found)

    assert at_once(5, report) == ["", "", "", "", "1"]
    assert sorted(PackedLine.objects.values_list("promised", flat=True), key=str) == [0, None, None]
    assert CasePack.objects.get().loose == 0
