"""Many buyers at once, each with a connection of its own: nothing is sold twice, nothing is half made, nobody waits for ever."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from logistics.models import Delivery, DeliveryWindow, RoundStock
from marketplace.basket import baskets
from marketplace.catalogue.models import Product
from marketplace.checkout import cancellation, placement
from marketplace.checkout.placement import Refused
from marketplace.order.models import Line, Order
from marketplace.partner.models import StockRecord
from tests.factories import ground, orders
from tests.factories.market import NOW, PartnerFactory, ProductFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
BUYERS = 50
PIECES = 20


@pytest.fixture(autouse=True)
def _ground(_own_files: None) -> Iterator[None]:
    """These tests empty the tables; leave the ground as the others expect it."""
    ground.lay()
    yield
    ground.lay()


def buy_at_once(tills: Sequence[orders.Till]) -> Counter[str]:
    """Place all orders at the same moment; counts "ordered" and the codes of refusals."""
    prints = [baskets.contents(basket=till.basket).fingerprint for till in tills]
    gate = threading.Barrier(len(tills), timeout=60)

    def buy(till: orders.Till, fingerprint: str) -> str:
        try:
            connection.ensure_connection()
            gate.wait()
            till.having(fingerprint=fingerprint).place()
        except Refused as refused:
            return refused.problems[0].code
        else:
            return "ordered"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tills)) as pool:
        return Counter(pool.map(buy, tills, prints))


def tills_for(
    *, buyers: int, products: Sequence[Product], window: DeliveryWindow, village: object, alternate: bool = False
) -> list[orders.Till]:
    """Buyers who each want one of every product, every second one having put them into the basket the other way round."""
    found = []
    for number in range(buyers):
        wanted = list(reversed(products)) if alternate and number % 2 else list(products)
        basket = orders.filled_basket(region=village.region, wanted=dict.fromkeys(wanted, 1))  # type: ignore[attr-defined]
        found.append(
            orders.Till(
                region=village.region,  # type: ignore[attr-defined]
                village=village,  # type: ignore[arg-type]
                window=window,
                basket=basket,
                products=tuple(products),
                contact=orders.contact_in(village),  # type: ignore[arg-type]
                user=AnonymousUser(),
            )
        )
    return found


def nothing_half_made(ordered: int, lines_each: int = 1) -> None:
    """Every order has its lines, delivery and terms; nobody else has any."""
    assert Order.objects.count() == ordered
    assert Line.objects.count() == ordered * lines_each
    assert Delivery.objects.count() == ordered
    assert Order.objects.filter(terms__isnull=False, basket__status="Submitted").count() == ordered


def test_fifty_buyers_of_twenty_pieces() -> None:
    village, window = orders.market_day(capacity=BUYERS)
    cheese = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="limited", offer__num_in_stock=PIECES
    )
    result = buy_at_once(tills_for(buyers=BUYERS, products=[cheese], window=window, village=village))
    assert result == {"ordered": PIECES, "sold_out": BUYERS - PIECES}
    assert StockRecord.objects.get(product=cheese).num_allocated == PIECES
    assert DeliveryWindow.objects.get().taken == PIECES
    nothing_half_made(PIECES)


def test_fifty_buyers_of_twenty_pieces_in_a_round() -> None:
    village, window = orders.market_day(capacity=BUYERS)
    bread = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="per_round", offer__per_round=PIECES
    )
    result = buy_at_once(tills_for(buyers=BUYERS, products=[bread], window=window, village=village))
    assert result == {"ordered": PIECES, "sold_out": BUYERS - PIECES}
    assert RoundStock.objects.get().taken == PIECES
    nothing_half_made(PIECES)


def test_baskets_in_opposite_order_do_not_wait_for_each_other() -> None:
    village, window = orders.market_day(capacity=BUYERS)
    partner = PartnerFactory.create(municipality=village)
    products = [
        ProductFactory.create(partner=partner, offer__stock_kind="limited", offer__num_in_stock=PIECES),
        ProductFactory.create(partner=partner, offer__stock_kind="per_round", offer__per_round=PIECES),
        ProductFactory.create(partner=partner, offer__stock_kind="limited", offer__num_in_stock=PIECES),
    ]
    result = buy_at_once(tills_for(buyers=BUYERS, products=products, window=window, village=village, alternate=True))
    assert result == {"ordered": PIECES, "sold_out": BUYERS - PIECES}
    nothing_half_made(PIECES, lines_each=3)


def test_last_places_of_a_window() -> None:
    village, window = orders.market_day(capacity=7)
    eggs = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="limited", offer__num_in_stock=1000
    )
    result = buy_at_once(tills_for(buyers=30, products=[eggs], window=window, village=village))
    assert result == {"ordered": 7, "full": 23}
    assert DeliveryWindow.objects.get().taken == 7
    assert StockRecord.objects.get(product=eggs).num_allocated == 7
    nothing_half_made(7)


def test_case_29_one_basket_clicked_ten_times() -> None:
    village, window = orders.market_day()
    product = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="limited", offer__num_in_stock=20
    )
    till = tills_for(buyers=1, products=[product], window=window, village=village)[0]
    assert buy_at_once([till] * 10) == {"ordered": 10}
    assert StockRecord.objects.get(product=product).num_allocated == 1
    nothing_half_made(1)


def test_cancelled_ten_times_gives_back_once() -> None:
    village, window = orders.market_day()
    product = ProductFactory.create(
        partner=PartnerFactory.create(municipality=village), offer__stock_kind="limited", offer__num_in_stock=20
    )
    placed = [till.place() for till in tills_for(buyers=3, products=[product], window=window, village=village)]
    gate = threading.Barrier(10, timeout=60)

    def cancel(_number: int) -> bool:
        try:
            connection.ensure_connection()
            gate.wait()
            cancellation.cancel(order=placed[0], at=NOW)
        except cancellation.NotCancelled:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(cancel, range(10))) == 1
    assert StockRecord.objects.get(product=product).num_allocated == 2
    assert DeliveryWindow.objects.get().taken == 2
    assert placement.ordered_from(basket_id=placed[0].basket_id) == placed[0]
