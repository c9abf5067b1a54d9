"""One basket, filled by several people: who has the link fills it, until it ends or is ordered."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.utils import timezone

from marketplace.basket import baskets, sharing
from marketplace.basket.baskets import NotAdded
from marketplace.basket.models import Basket, Line
from marketplace.checkout.placement import Refused
from marketplace.order.models import Order
from tests.factories import ground, orders
from tests.factories.market import ProductFactory, UserFactory
from tests.factories.vouchers import voucher

pytestmark = pytest.mark.django_db
OVER = "Der gemeinsame Korb ist bestellt oder nicht mehr geteilt"


@pytest.fixture
def till() -> orders.Till:
    """Somebody's basket with one article, shared."""
    till = orders.till(quantities=(1,), owner=UserFactory.create(first_name="Anke"))
    return till.having(basket=sharing.share(basket=till.basket, at=timezone.now()))


def link(till: orders.Till) -> str:
    return f"/korb/gemeinsam/{till.basket.share_key}/"


def guest_in(till: orders.Till, name: str = "Ole") -> Client:
    """A guest who has opened the shared basket."""
    client = Client()
    answer = client.post(link(till), {"first_name": name})
    assert answer.headers["Location"] == "/korb/"
    return client


def put(client: Client, product: Any, quantity: int = 1) -> str:
    """Put an article in; what the page says then."""
    answer = client.post(f"/korb/{product.pk}/hinzufuegen/", {"quantity": quantity}, follow=True)
    return str(answer.content.decode())


def test_keys_are_long_random_and_stay() -> None:
    first, second = orders.till(quantities=(1,)).basket, orders.till(quantities=(1,)).basket
    keys = {sharing.share(basket=basket, at=timezone.now()).share_key for basket in (first, second, first)}
    assert len(keys) == 2
    assert {len(key or "") for key in keys} == {32}


def test_an_empty_basket_can_be_shared(till: orders.Till) -> None:
    client = Client()
    page = client.post("/korb/teilen/", follow=True).content.decode()
    key = Basket.objects.get(owner__isnull=True).share_key
    assert f"http://testserver/korb/gemeinsam/{key}/" in page
    assert "data:image/svg+xml" in page


def test_guest_is_asked_fills_the_same_basket_and_gets_the_own_one_back(till: orders.Till) -> None:
    other = ProductFactory.create(partner=till.products[0].partner)
    client = Client()
    put(client, other, 3)
    asked = client.get(link(till)).content.decode()
    assert "Gemeinsamen Korb öffnen?" in asked
    client.post(link(till), {"first_name": " Ole "})
    page = put(client, other, 2)
    assert {(line.product_id, line.quantity, line.added_by) for line in Line.objects.filter(basket=till.basket)} == {
        (till.products[0].pk, 1, ""),
        (other.pk, 2, "Ole"),
    }
    assert "von Ole" in client.get("/korb/").content.decode()
    assert "Anke" not in page
    client.post("/korb/gemeinsam/verlassen/")
    page = client.get("/korb/").content.decode()
    assert "Gemeinsamer Korb" not in page
    assert baskets.contents(basket=Basket.objects.get(owner__isnull=True)).pieces == 3


def test_names_of_customers_are_known(till: orders.Till) -> None:
    client = Client()
    client.force_login(UserFactory.create(first_name="Jan"))
    client.post(link(till))
    put(client, till.products[0])
    line = Line.objects.get(basket=till.basket)
    assert (line.quantity, line.added_by) == (2, "Jan")


def test_unknown_links_say_nothing(till: orders.Till) -> None:
    assert Client().get(f"/korb/gemeinsam/{'0' * 32}/").status_code == 404
    sharing.end(basket=till.basket)
    assert Client().get(f"/korb/gemeinsam/{till.basket.share_key}/").status_code == 404


def test_the_link_runs_out_and_never_leads_there_again(till: orders.Till) -> None:
    old, guest, owner = link(till), guest_in(till), Client()
    owner.force_login(till.user)
    page = owner.get("/korb/").content.decode()
    assert "Der Link gilt bis" in page
    assert "Ihre Hinweise an die Höfe" in page
    Basket.objects.filter(pk=till.basket.pk).update(share_until=timezone.now())
    assert Client().get(old).status_code == 410
    assert OVER in guest.get("/korb/").content.decode()
    put(guest, till.products[0], 5)
    assert Line.objects.get(basket=till.basket).quantity == 1
    assert old not in owner.get("/korb/").content.decode()
    owner.post("/korb/teilen/")
    new = Basket.objects.get(pk=till.basket.pk).share_key
    assert f"/korb/gemeinsam/{new}/" != old
    assert Client().get(old).status_code == 404


def test_guests_read_neither_notes_nor_codes_nor_who_the_owner_is(till: orders.Till) -> None:
    first, note = Line.objects.get(basket=till.basket), "Bitte reif, Klingel kaputt"
    baskets.wish(line=first, substitution="leave_out", note=note)
    terms = voucher(region=till.region, code="SOMMER-7")
    till.basket.vouchers.add(terms.voucher)
    owner = Client()
    owner.force_login(till.user)
    assert all(text in owner.get("/korb/").content.decode() for text in (note, "SOMMER-7"))
    guest = guest_in(till)
    for page in (guest.get("/korb/"), guest.post(f"/korb/zeilen/{first.pk}/", {"quantity": 2}, headers={"HX-Request": "true"})):
        text = page.content.decode()
        assert till.products[0].title in text
        for secret in (note, "Klingel", "SOMMER-7", "Anke", till.user.email, till.contact.street):
            assert secret not in text


def test_the_owner_is_never_asked(till: orders.Till) -> None:
    client = Client()
    client.force_login(till.user)
    assert client.get(link(till)).headers["Location"] == "/korb/"


def test_only_the_owner_ends_it_and_the_others_are_told_once(till: orders.Till) -> None:
    guest, owner = guest_in(till), Client()
    owner.force_login(till.user)
    guest.post("/korb/teilen/beenden/")
    assert Basket.objects.get(pk=till.basket.pk).share_key == till.basket.share_key
    owner.post("/korb/teilen/beenden/")
    assert OVER in guest.get("/korb/").content.decode()
    assert OVER not in guest.get("/korb/").content.decode()


def test_after_the_order_the_others_are_told_wherever_they_click(till: orders.Till) -> None:
    adding, changing, looking = guest_in(till), guest_in(till, "Pia"), guest_in(till, "Rike")
    line = Line.objects.get(basket=till.basket)
    till.place()
    assert OVER in put(adding, till.products[0])
    assert not Line.objects.exclude(basket=till.basket).exists()
    assert OVER in changing.post(f"/korb/zeilen/{line.pk}/", {"quantity": 5}, follow=True).content.decode()
    assert OVER in looking.get("/korb/").content.decode()
    assert Client().get(link(till)).status_code == 410


def test_the_owner_is_told_that_somebody_else_has_ordered(till: orders.Till) -> None:
    owner = Client()
    owner.force_login(till.user)
    assert "/korb/gemeinsam/" in owner.get("/korb/").content.decode()
    till.having(user=AnonymousUser()).place()
    assert OVER in owner.get("/korb/").content.decode()
    assert OVER not in owner.get("/korb/").content.decode()


def test_any_holder_orders_and_learns_nothing_of_somebody_elses_order(till: orders.Till) -> None:
    guest = till.having(user=AnonymousUser())
    order = guest.place()
    assert (order.user, order.basket_id) == (None, till.basket.pk)
    assert guest.place() == order
    for stranger in (till, guest.having(contact=replace(till.contact, first_name="Pia"))):
        with pytest.raises(Refused, match="schon bestellt"):
            stranger.place()
    assert Order.objects.count() == 1


def test_a_guests_shared_basket_stays_shared_at_login() -> None:
    till = orders.till(quantities=(1,))
    shared = sharing.share(basket=till.basket, at=timezone.now())
    user = UserFactory.create()
    own = baskets.join(user=user, region=till.region, guest_id=shared.pk)
    found = sharing.find(key=shared.share_key or "", region=till.region, at=timezone.now())
    assert found.basket == own


@pytest.mark.parametrize("clicks", [1, 3])
def test_queries_of_a_shared_basket(till: orders.Till, clicks: int, django_assert_max_num_queries: Any) -> None:
    guest = guest_in(till)
    for _click in range(clicks):
        put(guest, till.products[0])
    with django_assert_max_num_queries(15):
        guest.get("/korb/")


def at_once(*steps: Callable[[], str]) -> list[str]:
    """All of them at the same moment, each with a connection of its own."""
    gate = threading.Barrier(len(steps), timeout=30)

    def run(step: Callable[[], str]) -> str:
        try:
            gate.wait()
            return step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.fixture
def _bare(_own_files: None) -> Iterator[None]:
    ground.lay()
    yield
    ground.lay()


@pytest.mark.race
@pytest.mark.usefixtures("_bare")
@pytest.mark.django_db(transaction=True)
def test_two_add_at_once_and_both_count() -> None:
    till = orders.till(quantities=(1,))
    basket = sharing.share(basket=till.basket, at=timezone.now())

    def add(name: str) -> str:
        baskets.add(basket=Basket.objects.get(pk=basket.pk), product=till.products[0], quantity=1, by=name)
        return name

    at_once(*(lambda name=name: add(name) for name in ("Ole", "Pia", "Rike", "Jan")))
    line = Line.objects.get(basket=basket)
    assert (line.quantity, set(line.added_by.split(", "))) == (5, {"Ole", "Pia", "Rike", "Jan"})


@pytest.mark.race
@pytest.mark.usefixtures("_bare")
@pytest.mark.django_db(transaction=True)
def test_one_orders_while_another_adds_and_one_of_them_is_told() -> None:
    till = orders.till(quantities=(1,))
    sharing.share(basket=till.basket, at=timezone.now())
    seen = till.having(fingerprint=baskets.contents(basket=till.basket).fingerprint)

    def order() -> str:
        try:
            return f"ordered {seen.place().lines.get().quantity}"
        except Refused as refused:
            return refused.problems[0].code

    def add() -> str:
        try:
            return (
                f"in {baskets.add(basket=Basket.objects.get(pk=till.basket.pk), product=till.products[0], quantity=1).quantity}"
            )
        except NotAdded as refused:
            return str(refused)

    ordered, added = at_once(order, add)
    assert (ordered, added) in {
        ("changed", "in 2"),
        ("ordered 1", "Dieser Korb ist bereits bestellt. Bitte beginnen Sie einen neuen."),
    }
