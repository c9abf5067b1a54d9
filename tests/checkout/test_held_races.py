"""Holding, placing and giving back at the same moment, each with a connection of its own."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from logistics import reservations, waiting
from logistics.models import DeliveryWindow, Reservation, WaitingEntry
from logistics.windows import WindowFull
from marketplace.basket import baskets
from marketplace.checkout import keeping
from marketplace.checkout.placement import Refused
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from marketplace.partner.stock import SoldOut
from tests.checkout.test_races import tills_for
from tests.factories import ground, orders
from tests.factories.market import NOW, PartnerFactory, ProductFactory, WindowFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _ground(_own_files: None) -> Iterator[None]:
    """These tests empty the tables; leave the ground as the others expect it."""
    ground.lay()
    yield
    ground.lay()


def at_once(jobs: Sequence[Callable[[], str]]) -> Counter[str]:
    """Do all at the same moment; counts what they say."""
    gate = threading.Barrier(len(jobs), timeout=60)

    def run(job: Callable[[], str]) -> str:
        try:
            connection.ensure_connection()
            gate.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


def hold(till: orders.Till, window: DeliveryWindow | None = None) -> Callable[[], str]:
    wanted = keeping.wanted(contents=baskets.contents(basket=till.basket))

    def job() -> str:
        try:
            reservations.hold(basket=till.basket, window=window or till.window, wanted=wanted, at=NOW)
        except SoldOut:
            return "sold_out"
        except WindowFull:
            return "full"
        return "held"

    return job


def place(till: orders.Till, at: object = NOW) -> Callable[[], str]:
    ready = till.having(fingerprint=baskets.contents(basket=till.basket).fingerprint, at=at)

    def job() -> str:
        try:
            ready.place()
        except Refused as refused:
            return refused.problems[0].code
        return "ordered"

    return job


def market(*, buyers: int, pieces: int, capacity: int, alternate: bool = False) -> list[orders.Till]:
    """Buyers who each want one of a limited article and one of an article that is counted for each round."""
    village, window = orders.market_day(capacity=capacity)
    partner = PartnerFactory.create(municipality=village)
    products = [
        ProductFactory.create(partner=partner, offer__stock_kind="limited", offer__num_in_stock=pieces),
        ProductFactory.create(partner=partner, offer__stock_kind="per_round", offer__per_round=pieces),
    ]
    return tills_for(buyers=buyers, products=products, window=window, village=village, alternate=alternate)


def nothing_is_lost(*, pieces_out: int, places_out: int) -> None:
    assert StockRecord.objects.get(stock_kind="limited").num_allocated == pieces_out
    assert sum(DeliveryWindow.objects.values_list("taken", flat=True)) == places_out


def test_thirty_hold_ten_pieces() -> None:
    assert at_once([hold(till) for till in market(buyers=30, pieces=10, capacity=30, alternate=True)]) == {
        "held": 10,
        "sold_out": 20,
    }
    nothing_is_lost(pieces_out=10, places_out=10)


def test_thirty_hold_the_last_seven_places() -> None:
    assert at_once([hold(till) for till in market(buyers=30, pieces=40, capacity=7)]) == {"held": 7, "full": 23}
    nothing_is_lost(pieces_out=7, places_out=7)


def test_case_30_last_piece_is_the_holders_and_the_other_is_told_why() -> None:
    holder, other = market(buyers=2, pieces=1, capacity=2)
    assert hold(holder)() == "held"
    assert at_once([place(holder), place(other)]) == {"ordered": 1, "sold_out": 1}
    assert Order.objects.get().basket_id == holder.basket.pk
    nothing_is_lost(pieces_out=1, places_out=1)


def test_case_29_same_held_order_sent_twice_at_once_is_one_order() -> None:
    (till,) = market(buyers=1, pieces=5, capacity=5)
    assert hold(till)() == "held"
    assert at_once([place(till), place(till)]) == {"ordered": 2}
    assert (Order.objects.count(), Reservation.objects.count()) == (1, 0)
    nothing_is_lost(pieces_out=1, places_out=1)


def test_time_runs_out_while_the_order_is_placed() -> None:
    for till in market(buyers=8, pieces=8, capacity=8):
        assert hold(till)() == "held"
        late = NOW + HOUR

        def expire() -> str:
            reservations.expire_due(at=NOW + HOUR)
            return "expired"

        assert at_once([expire, place(till, late), expire]) == {"expired": 2, "ordered": 1}
    assert (Order.objects.count(), Reservation.objects.count()) == (8, 0)
    nothing_is_lost(pieces_out=8, places_out=8)


def test_killed_between_holding_and_ordering_gives_everything_back() -> None:
    tills = market(buyers=5, pieces=5, capacity=5)
    assert at_once([hold(till) for till in tills]) == {"held": 5}
    assert at_once([lambda: str(reservations.expire_due(at=NOW + HOUR))] * 4).total() == 4
    assert not Reservation.objects.exists()
    nothing_is_lost(pieces_out=0, places_out=0)


def test_holders_who_change_places_do_not_wait_for_each_other() -> None:
    tills = market(buyers=12, pieces=12, capacity=12)
    other = WindowFactory.create(round=tills[0].window.round, capacity=12)
    for number, till in enumerate(tills):
        assert hold(till, other if number % 2 else None)() == "held"
    swap = [hold(till, None if number % 2 else other) for number, till in enumerate(tills)]
    assert at_once(swap) == {"held": 12}
    nothing_is_lost(pieces_out=12, places_out=12)


def test_one_free_place_is_offered_to_one() -> None:
    tills = market(buyers=1, pieces=5, capacity=1)
    window = DeliveryWindow.objects.select_related("round").get()
    for number in range(5):
        waiting.enter(window=window, email=f"p{number}@post.example", user=None, at=NOW + timedelta(minutes=number))
    WaitingEntry.objects.update(confirmed_at=NOW)
    jobs = [lambda: str(waiting.advance(at=NOW + HOUR))] * 6
    at_once([*jobs, hold(tills[0])])
    offered = WaitingEntry.objects.filter(status="offered")
    assert offered.count() + Reservation.objects.count() == 1
    assert DeliveryWindow.objects.get().taken == 1
    assert [entry.email for entry in offered] in ([], ["p0@post.example"])
