"""A voucher from the basket to the order: placed, changed, cancelled; the same to the cent everywhere."""

from decimal import Decimal

import pytest
from oscar.apps.voucher.models import VoucherApplication

from marketplace.catalogue.models import Product
from marketplace.checkout import amendment, cancellation, changes, proposal
from marketplace.checkout.placement import Refused
from marketplace.order import statement
from marketplace.order.models import Order, OrderDiscount
from marketplace.vouchers import codes
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.standing import NOBODY, Person
from tests.factories import orders
from tests.factories.market import NOW, UserFactory
from tests.factories.vouchers import voucher

pytestmark = pytest.mark.django_db


def redeemed(till: orders.Till, *typed: str) -> orders.Till:
    """The till with vouchers in its basket, and the fingerprint that the customer sees with them."""
    known = till.user if till.user.is_authenticated else None
    person = Person(user_id=known.pk) if known else NOBODY
    for code in typed:
        codes.enter(basket=till.basket, typed=code, person=person, at=NOW)
    drawn = proposal.draw_up(basket=till.basket, window_id=till.window.pk, at=NOW, person=person)
    return till.having(fingerprint=drawn.fingerprint)


def used() -> int:
    return VoucherTerms.objects.get().used


def test_placed_with_a_voucher_everything_says_the_same() -> None:
    till = orders.till()  # 29.40 of goods, 3.90 for the delivery
    Product.objects.filter(pk=till.products[0].pk).update(vat_category="standard", deposit=Decimal("0.15"))
    voucher(till.region, percent="10")
    till = redeemed(till, "sommer 10")
    order = till.place()
    assert (order.discount_total, order.total_incl_tax) == (Decimal("2.94"), Decimal("29.40") + Decimal("0.30") + Decimal("0.96"))
    row = order.discounts.get()
    assert (row.amount, row.voucher_code, row.percent, row.bearer) == (Decimal("2.94"), "SOMMER10", Decimal(10), None)
    assert sum(share.amount for share in row.discount_lines.all()) == Decimal("2.94")
    read = statement.read(order=Order.objects.get())
    assert (read.ordered.total, read.ordered.net) == (order.total_incl_tax, order.total_excl_tax)
    assert [(one.granted.code, one.amount) for one in read.vouchers] == [("SOMMER10", Decimal("2.94"))]
    assert used() == 1


def test_lines_say_their_price_with_and_without_the_voucher() -> None:
    till = orders.till(quantities=(2,))
    voucher(till.region, amount="1.80")
    line = redeemed(till, "SOMMER10").place().lines.get()
    assert (line.line_price_before_discounts_incl_tax, line.line_price_incl_tax) == (Decimal("9.80"), Decimal("8.00"))


def test_free_delivery() -> None:
    till = orders.till()
    voucher(till.region, free_delivery=True)
    order = redeemed(till, "SOMMER10").place()
    assert (order.total_incl_tax, order.shipping_incl_tax, order.fees.get().gross) == (Decimal("29.40"), 0, Decimal("3.90"))
    assert order.discounts.get().category == OrderDiscount.SHIPPING


def test_a_producer_bears_the_discount_on_own_goods() -> None:
    till = orders.till()
    farm = till.products[1].partner
    voucher(till.region, goods_of=farm, bearer=farm, amount="2.00")
    order = redeemed(till, "SOMMER10").place()
    row = order.discounts.get()
    assert (row.bearer, [share.line.partner for share in row.discount_lines.all()]) == (farm, [farm])


def test_what_the_customer_did_not_see_is_not_ordered() -> None:
    """The voucher ended between the last page and the button: the sum is another, so it is shown again."""
    till = orders.till()
    terms = voucher(till.region)
    till = redeemed(till, "SOMMER10")
    terms.voucher.end_datetime = NOW
    terms.voucher.save()
    with pytest.raises(Refused) as refused:
        till.place()
    assert [problem.code for problem in refused.value.problems] == ["changed"]
    assert (Order.objects.exists(), used()) == (False, 0)


def test_a_guest_who_has_ordered_before_learns_it_only_by_ordering() -> None:
    """Typing an address must not tell whether its owner is a customer: only placing the order asks."""
    till = orders.till()
    till.place()
    voucher(till.region, first_order_only=True)
    again = till.having(basket=orders.filled_basket(region=till.region, wanted={till.products[0]: 1}))
    again = redeemed(again, "SOMMER10")
    with pytest.raises(Refused) as refused:
        again.place()
    assert [problem.code for problem in refused.value.problems] == ["voucher"]
    assert (Order.objects.count(), used()) == (1, 0)
    other = again.having(
        contact=orders.contact_in(till.village).__class__(**{**vars(again.contact), "email": "neu@post.example"})
    )
    assert other.place().discount_total == Decimal("0.49")


def test_a_customer_who_has_ordered_before_is_told_at_once() -> None:
    user = UserFactory.create()
    till = orders.till(owner=user)
    till.place()
    voucher(till.region, first_order_only=True)
    basket = orders.filled_basket(region=till.region, owner=user, wanted={till.products[0]: 1})
    with pytest.raises(codes.NotTaken, match="SOMMER10"):
        codes.enter(basket=basket, typed="SOMMER10", person=Person(user_id=user.pk), at=NOW)


def test_once_a_person() -> None:
    till = orders.till()
    voucher(till.region)
    redeemed(till, "SOMMER10").place()
    again = till.having(basket=orders.filled_basket(region=till.region, wanted={till.products[0]: 1}))
    with pytest.raises(Refused):
        redeemed(again, "SOMMER10").place()
    assert used() == 1


def test_cancelling_gives_the_use_back_once() -> None:
    till = orders.till()
    voucher(till.region, uses_in_all=1)
    order = redeemed(till, "SOMMER10").place()
    assert used() == 1
    cancellation.cancel(order=order, at=NOW)
    with pytest.raises(cancellation.NotCancelled):
        cancellation.cancel(order=order, at=NOW)
    assert (used(), VoucherApplication.objects.count()) == (0, 0)
    assert order.discounts.get().amount == order.discount_total


def amended(order: Order, quantities: dict[int, int]) -> Order:
    order = Order.objects.select_related("delivery__round", "delivery__window", "delivery__municipality", "terms", "user").get(
        pk=order.pk
    )
    stands = changes.as_it_stands(order=order)
    change = type(stands)(**{**vars(stands), "wanted": {**stands.wanted, **quantities}})
    seen = changes.propose(order=order, change=change, at=NOW)
    return amendment.amend(order=order, change=change, fingerprint=seen.fingerprint, at=NOW, by=None, terms_accepted=orders.TERMS)


def test_a_change_reckons_the_voucher_anew_and_keeps_its_use() -> None:
    till = orders.till(quantities=(2, 1))
    voucher(till.region, percent="10", minimum="14.00", uses_in_all=1)
    order = redeemed(till, "SOMMER10").place()
    assert order.discount_total == Decimal("1.47")
    order = amended(order, {till.products[0].pk: 4})
    assert (order.discount_total, order.total_incl_tax) == (Decimal("2.45"), Decimal("24.50") - Decimal("2.45") + Decimal("3.90"))
    assert statement.read(order=Order.objects.get()).ordered.total == order.total_incl_tax
    order = amended(order, {till.products[0].pk: 1})
    assert (order.discount_total, order.discounts.count(), used()) == (Decimal(0), 0, 1)
    order = amended(order, {till.products[0].pk: 2})
    assert (order.discount_total, used()) == (Decimal("1.47"), 1)


def test_a_change_keeps_a_voucher_that_has_ended_since() -> None:
    till = orders.till(quantities=(2, 1))
    terms = voucher(till.region, percent="10", uses_in_all=1)
    order = redeemed(till, "SOMMER10").place()
    terms.voucher.end_datetime = NOW
    terms.voucher.save()
    assert amended(order, {till.products[0].pk: 3}).discount_total == Decimal("1.96")


def test_nothing_more_is_counted_for_an_order_without_vouchers() -> None:
    till = orders.till()
    assert till.place().discount_total == 0
    assert not OrderDiscount.objects.exists()


def test_a_voucher_of_the_basket_goes_into_the_open_order_with_its_goods() -> None:
    user = UserFactory.create()
    till = orders.till(quantities=(2, 1), owner=user)
    order = till.place()
    voucher(till.region, percent="10")
    basket = orders.filled_basket(region=till.region, owner=user, wanted={till.products[0]: 1})
    codes.enter(basket=basket, typed="SOMMER10", person=Person(user_id=user.pk), at=NOW)
    order = Order.objects.select_related("delivery__round", "delivery__window", "delivery__municipality", "terms", "user").get(
        pk=order.pk
    )
    added = {till.products[0].pk: 1}
    stands = changes.as_it_stands(order=order)
    wanted = {**stands.wanted, till.products[0].pk: 3}
    change = type(stands)(**{**vars(stands), "wanted": wanted, "added": added})
    seen = changes.propose(order=order, change=change, at=NOW, basket_id=basket.pk)
    changed = amendment.amend(
        order=order,
        change=change,
        fingerprint=seen.fingerprint,
        at=NOW,
        by=user,
        terms_accepted=orders.TERMS,
        basket=basket,
    )
    assert (changed.discount_total, used(), basket.vouchers.count()) == (Decimal("1.96"), 1, 0)
