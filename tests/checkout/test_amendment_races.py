"""Many changes at once, each with a connection of its own: nothing is lost, nothing is sold twice, nobody waits for ever."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from logistics import rounds
from logistics.models import Delivery, DeliveryWindow, PackedLine, RoundStock
from marketplace.basket import baskets
from marketplace.catalogue.models import Product
from marketplace.checkout import amendment, cancellation, changes
from marketplace.checkout.cancellation import NotCancelled
from marketplace.checkout.changes import Change
from marketplace.checkout.problems import Refused
from marketplace.order.models import Line, Order
from marketplace.partner.models import StockRecord
from tests.checkout.test_races import tills_for
from tests.factories import ground, orders
from tests.factories.market import NOW, PartnerFactory, ProductFactory, RoundFactory, WindowFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MANY = 20


@pytest.fixture(autouse=True)
def _ground(_own_files: None) -> Iterator[None]:
    """These tests empty the tables; leave the ground as the others expect it."""
    ground.lay()
    yield
    ground.lay()


def at_once(*doers: Callable[[], object]) -> Counter[str]:
    """Do all of it at the same moment; counts "done" and the codes of refusals."""
    gate = threading.Barrier(len(doers), timeout=60)

    def do(doer: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            gate.wait()
            doer()
        except Refused as refused:
            return refused.problems[0].code
        except NotCancelled:
            return "not cancelled"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doers)) as pool:
        return Counter(pool.map(do, doers))


def changer(order: Order, **other: object) -> Callable[[], Order]:
    """Somebody who has seen a change of the order and is about to confirm it."""
    known = Order.objects.get(pk=order.pk)
    change: Change = replace(changes.as_it_stands(order=known), **other)  # type: ignore[arg-type]  # the tests know the names
    seen = changes.propose(order=known, change=change, at=NOW).fingerprint
    return lambda: amendment.amend(order=known, change=change, fingerprint=seen, at=NOW, by=None, terms_accepted=orders.TERMS)


def placed(number: int, products: Sequence[Product], window: DeliveryWindow, village: object) -> list[Order]:
    """So many orders of one of each product."""
    return [till.place() for till in tills_for(buyers=number, products=products, window=window, village=village)]


def counted() -> bool:
    """Whether places and stock are taken exactly as often as orders have them."""
    places = Counter(Delivery.objects.exclude(status="cancelled").values_list("window_id", flat=True))
    held: Counter[int] = Counter()
    for line in Line.objects.filter(order__status__in=("placed", "closed")):
        held[line.stockrecord_id] += line.quantity
    stock = dict(StockRecord.objects.filter(stock_kind="limited").values_list("pk", "num_allocated"))
    return places == Counter(dict(DeliveryWindow.objects.filter(taken__gt=0).values_list("pk", "taken"))) and all(
        held[pk] == allocated for pk, allocated in stock.items()
    )


def test_two_tabs_at_once() -> None:
    village, window = orders.market_day()
    cheese = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="limited", offer__num_in_stock=50
    )
    (order,) = placed(1, [cheese], window, village)
    told = at_once(*(changer(order, wanted={cheese.pk: number}) for number in range(2, 10)))
    assert told == {"done": 1, "outdated": 7}
    assert Order.objects.get().revision == 2
    assert counted()


def test_one_change_clicked_ten_times() -> None:
    village, window = orders.market_day()
    cheese = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="limited", offer__num_in_stock=50
    )
    (order,) = placed(1, [cheese], window, village)
    assert at_once(*[changer(order, wanted={cheese.pk: 4})] * 10) == {"done": 10}
    assert (Order.objects.get().revision, Line.objects.get().quantity) == (2, 4)
    assert counted()


@pytest.mark.parametrize("kind", ["limited", "per_round"])
def test_changes_and_other_buyers_of_the_last_pieces(kind: str) -> None:
    village, window = orders.market_day(capacity=2 * MANY)
    given = {"offer__stock_kind": kind, "offer__num_in_stock": MANY + 5, "offer__per_round": MANY + 5}
    cheese = ProductFactory.create(partner=PartnerFactory.create(municipality=village), **given)
    mine = placed(MANY // 2, [cheese], window, village)
    buyers = tills_for(buyers=MANY // 2, products=[cheese], window=window, village=village)
    prints = [till.having(fingerprint=_print(till)) for till in buyers]
    told = at_once(*(changer(order, wanted={cheese.pk: 3}) for order in mine), *(till.place for till in prints))
    assert set(told) <= {"done", "sold_out"}
    sold = sum(Line.objects.values_list("quantity", flat=True))
    assert MANY + 3 <= sold <= MANY + 5
    assert (RoundStock.objects.get().taken if kind == "per_round" else StockRecord.objects.get().num_allocated) == sold


def test_changes_while_the_round_closes() -> None:
    village, window = orders.market_day(capacity=MANY)
    partner = PartnerFactory.create(municipality=village)
    cheese, bread = ProductFactory.create_batch(2, partner=partner, offer__stock_kind="limited", offer__num_in_stock=500)
    mine = placed(MANY, [cheese, bread], window, village)
    doers = [changer(order, wanted={cheese.pk: 5, bread.pk: 0}) for order in mine]
    told = at_once(*doers, lambda: rounds.close(delivery_round=window.round, at=NOW))
    assert set(told) <= {"done", "closed"}
    packed = dict(PackedLine.objects.values_list("order_line", "ordered"))
    assert packed == dict(Line.objects.values_list("pk", "quantity"))
    assert {order.status for order in Order.objects.all()} == {"closed"}
    sold = sum(packed.values())
    left = sum(StockRecord.objects.values_list("num_in_stock", flat=True))
    assert (left, set(StockRecord.objects.values_list("num_allocated", flat=True))) == (1000 - sold, {0})


def test_moves_in_both_directions_do_not_wait_for_each_other() -> None:
    village, here = orders.market_day(capacity=MANY)
    later = RoundFactory.create(
        rule=here.round.rule, delivery_day=here.round.delivery_day + timedelta(days=7), opens_at=NOW - timedelta(days=1)
    )
    there = WindowFactory.create(round=later, capacity=MANY)
    partner = PartnerFactory.create(municipality=village)
    products = [
        ProductFactory.create(partner=partner, offer__stock_kind="per_round", offer__per_round=MANY),
        ProductFactory.create(partner=partner, offer__stock_kind="limited", offer__num_in_stock=MANY),
    ]
    first, second = placed(MANY // 2, products, here, village), placed(MANY // 2, products, there, village)
    doers = [changer(order, window_id=there.pk) for order in first] + [changer(order, window_id=here.pk) for order in second]
    assert at_once(*doers) == {"done": MANY}
    assert set(RoundStock.objects.values_list("taken", flat=True)) == {MANY // 2}
    assert counted()


def test_changed_and_cancelled_at_once() -> None:
    village, window = orders.market_day(capacity=MANY)
    cheese = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="limited", offer__num_in_stock=100
    )
    mine = placed(MANY // 2, [cheese], window, village)
    cancels = [lambda order=order: cancellation.cancel(order=order, at=NOW) for order in mine]
    told = at_once(*(changer(order, wanted={cheese.pk: 2}) for order in mine), *cancels)
    assert told["done"] >= MANY // 2
    assert set(told) <= {"done", "closed"}
    assert {order.status for order in Order.objects.all()} == {"cancelled"}
    assert StockRecord.objects.get().num_allocated == 0
    assert counted()


def _print(till: orders.Till) -> str:
    return baskets.contents(basket=till.basket).fingerprint
