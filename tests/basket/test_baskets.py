"""What may be put into a basket, and what is in it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from marketplace.basket import baskets
from marketplace.basket.models import Basket, Line
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Region
from tests.factories import ground
from tests.factories.market import MunicipalityFactory, PartnerFactory, ProductFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


def guest_basket(region: Region) -> Basket:
    return baskets.keep(basket=baskets.for_visitor(user=GUEST, region=region))


def product_of(region: Region, **given: Any) -> Any:
    return ProductFactory.create(partner=PartnerFactory.create(municipality=MunicipalityFactory.create(region=region)), **given)


def test_for_visitor_stores_nothing_before_something_is_added() -> None:
    basket = baskets.for_visitor(user=UserFactory.create(), region=RegionFactory.create())
    assert (basket.pk, Basket.objects.count(), baskets.contents(basket=basket).count) == (None, 0, 0)


def test_for_visitor_gives_a_customer_one_basket_a_region() -> None:
    user, here, there = UserFactory.create(), RegionFactory.create(), RegionFactory.create()
    kept = baskets.keep(basket=baskets.for_visitor(user=user, region=here))
    assert baskets.for_visitor(user=user, region=here) == kept
    assert baskets.for_visitor(user=user, region=there).pk is None


def test_for_visitor_gives_no_guest_the_basket_of_a_customer_or_another_region() -> None:
    here, there = RegionFactory.create(), RegionFactory.create()
    own = baskets.keep(basket=baskets.for_visitor(user=UserFactory.create(), region=here))
    assert baskets.for_visitor(user=GUEST, region=here, basket_id=own.pk).pk is None
    assert baskets.for_visitor(user=GUEST, region=there, basket_id=guest_basket(here).pk).pk is None


def test_keep_gives_both_of_two_first_requests_the_same_basket() -> None:
    user, region = UserFactory.create(), RegionFactory.create()
    first, second = (baskets.for_visitor(user=user, region=region) for _ in range(2))
    assert baskets.keep(basket=first) == baskets.keep(basket=second)


def test_add_counts_up_the_line_of_an_article() -> None:
    region = RegionFactory.create()
    basket, product = guest_basket(region), product_of(region)
    baskets.add(basket=basket, product=product, quantity=2)
    assert baskets.add(basket=basket, product=product, quantity=3).quantity == 5


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**9])
def test_add_refuses_absurd_numbers(quantity: int) -> None:
    region = RegionFactory.create()
    with pytest.raises(baskets.NotAdded):
        baskets.add(basket=guest_basket(region), product=product_of(region), quantity=quantity)
    assert not Line.objects.exists()


def test_add_refuses_what_is_not_on_show_here() -> None:
    region = RegionFactory.create()
    basket = guest_basket(region)
    hidden = product_of(region, is_public=False)
    foreign = product_of(RegionFactory.create())
    suspended = ProductFactory.create(
        partner=PartnerFactory.create(municipality=MunicipalityFactory.create(region=region), status="suspended")
    )
    for product in (hidden, foreign, suspended):
        with pytest.raises(baskets.NotAdded):
            baskets.add(basket=basket, product=product, quantity=1)
    assert not Line.objects.exists()


def test_add_refuses_more_than_is_in_stock_and_keeps_what_was_there() -> None:
    region = RegionFactory.create()
    basket, product = guest_basket(region), product_of(region, offer__stock_kind="limited", offer__num_in_stock=3)
    baskets.add(basket=basket, product=product, quantity=2)
    with pytest.raises(baskets.NotAdded, match="3"):
        baskets.add(basket=basket, product=product, quantity=2)
    assert Line.objects.get().quantity == 2


def test_add_starts_with_the_smallest_quantity() -> None:
    region = RegionFactory.create()
    basket, product = guest_basket(region), product_of(region, minimum_quantity=3)
    assert baskets.add(basket=basket, product=product, quantity=1).quantity == 3
    assert baskets.add(basket=basket, product=product, quantity=1).quantity == 4


def test_change_wants_the_smallest_quantity() -> None:
    region = RegionFactory.create()
    line = baskets.add(basket=guest_basket(region), product=product_of(region, minimum_quantity=3), quantity=1)
    with pytest.raises(baskets.NotAdded, match="3"):
        baskets.change(line=line, quantity=2)


def test_change_to_zero_takes_the_line_out() -> None:
    region = RegionFactory.create()
    line = baskets.add(basket=guest_basket(region), product=product_of(region), quantity=2)
    assert baskets.change(line=line, quantity=0) is None
    assert not Line.objects.exists()


def test_contents_groups_by_producer_and_sums() -> None:
    region = RegionFactory.create()
    basket = guest_basket(region)
    milk = product_of(region, title="Milch", deposit=Decimal("0.15"), offer__price=Decimal("1.29"))
    butter = ProductFactory.create(partner=milk.partner, title="Butter", offer__price=Decimal("2.50"))
    honey = product_of(region, title="Honig", offer__price=Decimal("6.00"))
    for product, quantity in ((milk, 4), (honey, 1), (butter, 2)):
        baskets.add(basket=basket, product=product, quantity=quantity)
    found = baskets.contents(basket=basket)
    assert [[line.product.title for line in group.lines] for group in found.groups] == [["Milch", "Butter"], ["Honig"]]
    assert (found.goods_total, found.deposit_total, found.total) == (Decimal("16.16"), Decimal("0.60"), Decimal("16.76"))
    assert (found.count, found.pieces) == (3, 7)


@pytest.mark.parametrize("number", [1, 20])
def test_contents_needs_one_query_whatever_the_size(number: int, django_assert_num_queries: Any) -> None:
    region = RegionFactory.create()
    basket = guest_basket(region)
    for _ in range(number):
        baskets.add(basket=basket, product=product_of(region), quantity=1)
    with django_assert_num_queries(1):
        found = baskets.contents(basket=basket)
        assert [group.partner.municipality.name for group in found.groups]
    assert found.count == number


def test_contents_tells_a_price_that_changed_since() -> None:
    region = RegionFactory.create()
    basket, product = guest_basket(region), product_of(region)
    baskets.add(basket=basket, product=product, quantity=1)
    before = baskets.contents(basket=basket)
    StockRecord.objects.filter(product=product).update(price=Decimal("5.20"))
    after = baskets.contents(basket=basket)
    assert (after.lines[0].price_changed, after.lines[0].seen_price) == (True, Decimal("4.90"))
    assert before.fingerprint != after.fingerprint


def test_fingerprint_does_not_depend_on_the_order() -> None:
    region = RegionFactory.create()
    first, second = guest_basket(region), guest_basket(region)
    products = [product_of(region) for _ in range(2)]
    for basket, order in ((first, products), (second, products[::-1])):
        for product in order:
            baskets.add(basket=basket, product=product, quantity=2)
    assert baskets.contents(basket=first).fingerprint == baskets.contents(basket=second).fingerprint


def test_brief_says_the_same_as_the_contents() -> None:
    region = RegionFactory.create()
    basket = guest_basket(region)
    for _ in range(3):
        baskets.add(basket=basket, product=product_of(region, deposit=Decimal("0.25")), quantity=2)
    found = baskets.contents(basket=basket)
    brief = baskets.brief_for_visitor(user=AnonymousUser(), region=region, basket_id=basket.pk)
    assert (brief.count, brief.producers, brief.total) == (found.count, len(found.producers), found.total)


def test_merge_adds_the_guests_lines_once() -> None:
    region = RegionFactory.create()
    guest, own = guest_basket(region), baskets.keep(basket=baskets.for_visitor(user=UserFactory.create(), region=region))
    both, new = product_of(region), product_of(region)
    baskets.add(basket=own, product=both, quantity=1)
    baskets.add(basket=guest, product=both, quantity=2)
    baskets.add(basket=guest, product=new, quantity=4)
    for _ in range(2):
        baskets.merge(guest=guest, into=own)
    assert dict(Line.objects.filter(basket=own).values_list("product", "quantity")) == {both.pk: 3, new.pk: 4}
    guest.refresh_from_db()
    assert (guest.status, guest.lines.count()) == ("Merged", 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_add_counts_every_one_of_many_clicks_at_the_same_time() -> None:
    ground.lay()
    region = RegionFactory.create()
    basket, product = guest_basket(region), product_of(region)
    start = threading.Barrier(8)

    def click(_: int) -> None:
        start.wait()
        baskets.add(basket=basket, product=product, quantity=1)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(click, range(8)))
    assert Line.objects.get().quantity == 8
