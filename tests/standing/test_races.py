"""Many workers at once, each with a connection of its own: one order, and never more goods than there are."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from marketplace.checkout.placement import Refused
from marketplace.order.models import Line, Order
from marketplace.partner.models import StockRecord
from marketplace.standing import placing
from marketplace.standing.models import StandingPlacement
from tests.factories import ground, orders
from tests.factories.market import NOW, UserFactory
from tests.standing.standing_orders import Household, household, products, want

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WORKERS = 6


@pytest.fixture(autouse=True)
def _ground(_own_files: None) -> Iterator[None]:
    """These tests empty the tables; leave the ground as the others expect it."""
    ground.lay()
    yield
    ground.lay()


def run_at_once(workers: int) -> int:
    """All workers run the job at the same moment; says how much they settled together."""
    gate = threading.Barrier(workers, timeout=60)

    def work(_number: int) -> int:
        try:
            connection.ensure_connection()
            gate.wait()
            return placing.place_due(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(work, range(workers)))


def test_case_37_two_workers_at_once_place_one_order() -> None:
    home = household()
    home.make([want(products(home)[0], 2)])
    assert run_at_once(WORKERS) == 1
    assert (Order.objects.count(), Line.objects.get().quantity) == (1, 2)


def test_standing_orders_of_many_never_take_more_than_there_is() -> None:
    home = household(capacity=20)
    scarce = products(home, offer__stock_kind="limited", offer__num_in_stock=7)[0]
    for number in range(5):
        user = UserFactory.create(email=f"haus{number}@post.example")
        neighbour = Household(user=user, region=home.region, village=home.village, window=home.window, at_home=home.at_home)
        neighbour.make([want(scarce, 2)])
    assert run_at_once(WORKERS) == 5
    assert StockRecord.objects.get().num_allocated == 7
    assert sum(Line.objects.values_list("quantity", flat=True)) == 7
    outcomes = sorted(StandingPlacement.objects.values_list("outcome", flat=True))
    assert outcomes == ["nothing", "placed", "placed", "placed", "placed"]


def test_customer_and_standing_order_at_once_make_one_order() -> None:
    home = household()
    home.make([want(products(home)[0], 2)])
    thing = products(home)[0]
    basket = orders.filled_basket(region=home.region, owner=home.user, wanted={thing: 1})
    contact = orders.contact_in(home.village)
    till = orders.Till(
        region=home.region,
        village=home.village,
        window=home.window,
        basket=basket,
        products=(thing,),
        contact=contact,
        user=home.user,
    )
    gate = threading.Barrier(2, timeout=60)

    def by_hand() -> str:
        gate.wait()
        try:
            till.having(second_wanted=()).place()
        except Refused as refused:
            return refused.problems[0].code
        return "placed"

    def by_job() -> str:
        gate.wait()
        return str(placing.place_due(at=NOW))

    def closing(work: Callable[[], str]) -> str:
        try:
            connection.ensure_connection()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(closing, (by_hand, by_job)))
    assert Order.objects.count() == 1
    assert said in (["placed", "1"], ["second", "1"])
