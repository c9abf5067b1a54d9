"""Many customers with the same code at once, each with a connection of their own: the last use is never given twice."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from oscar.apps.voucher.models import VoucherApplication

from marketplace.checkout import cancellation, proposal
from marketplace.checkout.contact import Contact
from marketplace.checkout.placement import Refused
from marketplace.order.models import Order
from marketplace.vouchers import codes
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.standing import NOBODY
from tests.factories import ground, orders
from tests.factories.market import NOW, PartnerFactory, ProductFactory
from tests.factories.vouchers import voucher

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
BUYERS = 12


@pytest.fixture(autouse=True)
def _ground(_own_files: None) -> Iterator[None]:
    """These tests empty the tables; leave the ground as the others expect it."""
    ground.lay()
    yield
    ground.lay()


def tills(*, emails: Sequence[str], code: str = "SOMMER10") -> list[orders.Till]:
    """A buyer for each address, all with the code in the basket and all having seen the discount."""
    village, window = orders.market_day(capacity=len(emails))
    product = ProductFactory.create(partner=PartnerFactory.create(municipality=village))
    voucher(village.region, code, percent="10", uses_in_all=5)
    found = []
    for email in emails:
        basket = orders.filled_basket(region=village.region, wanted={product: 2})
        codes.enter(basket=basket, typed=code, person=NOBODY, at=NOW)
        contact = Contact(**{**vars(orders.contact_in(village)), "email": email})
        fingerprint = proposal.draw_up(basket=basket, window_id=window.pk, at=NOW).fingerprint
        found.append(
            orders.Till(
                region=village.region,
                village=village,
                window=window,
                basket=basket,
                products=(product,),
                contact=contact,
                user=AnonymousUser(),
                fingerprint=fingerprint,
            )
        )
    return found


def buy_at_once(found: Sequence[orders.Till]) -> Counter[str]:
    """Place all orders at the same moment; counts "ordered" and the codes of refusals."""
    gate = threading.Barrier(len(found), timeout=60)

    def buy(till: orders.Till) -> str:
        try:
            connection.ensure_connection()
            gate.wait()
            till.place()
        except Refused as refused:
            return refused.problems[0].code
        else:
            return "ordered"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(found)) as pool:
        return Counter(pool.map(buy, found))


def test_the_last_use_is_given_once() -> None:
    """Five uses, twelve buyers: five orders with the discount, nobody else has ordered at a price that he was not shown."""
    counted = buy_at_once(tills(emails=[f"kunde{number}@post.example" for number in range(BUYERS)]))
    assert counted["ordered"] == 5
    assert counted["voucher"] + counted["changed"] == BUYERS - 5
    assert VoucherTerms.objects.get().used == VoucherApplication.objects.count() == Order.objects.count() == 5
    assert set(Order.objects.values_list("discount_total", flat=True)) == {orders_discount()}


def test_one_person_with_two_baskets_uses_it_once() -> None:
    counted = buy_at_once(tills(emails=["kunde@post.example"] * 4))
    assert counted == {"ordered": 1, "voucher": 3}
    assert VoucherTerms.objects.get().used == 1


def test_cancelled_many_times_the_use_comes_back_once() -> None:
    placed = [till.place() for till in tills(emails=["eins@post.example", "zwei@post.example"])]
    gate = threading.Barrier(6, timeout=60)

    def cancel(_number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            cancellation.cancel(order=placed[0], at=NOW)
        except cancellation.NotCancelled:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(cancel, range(6)))
    assert VoucherTerms.objects.get().used == VoucherApplication.objects.count() == 1


def orders_discount() -> object:
    """10 % of two jars at 4.90."""
    return Order.objects.order_by("pk").values_list("goods_total", flat=True)[0] / 10
