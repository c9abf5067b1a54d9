"""An order is placed whole or not at all, and says what is wrong."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing import shares
from billing.models import OrderTerms
from logistics.models import Delivery, RoundStock
from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.basket.models import Line as BasketLine
from marketplace.catalogue import prices
from marketplace.catalogue.models import Product
from marketplace.checkout import proposal, whose
from marketplace.checkout.placement import Contact, Refused
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.partner.models import Partner, StockRecord
from tests.factories import orders
from tests.factories.market import (
    NOW,
    AccountFactory,
    PickupPointFactory,
    ProductFactory,
    RegionFactory,
    SupplyContractFactory,
    UserFactory,
    WindowFactory,
)

pytestmark = pytest.mark.django_db


def codes(till: orders.Till) -> list[str]:
    """Why the order was refused; and that nothing came of it."""
    with pytest.raises(Refused) as refused:
        till.place()
    assert not Order.objects.exists()
    assert not Delivery.objects.exists()
    till.window.refresh_from_db()
    assert till.window.taken == 0
    assert all(problem.text for problem in refused.value.problems)
    assert Basket.objects.get(pk=till.basket.pk).status == Basket.OPEN
    return [problem.code for problem in refused.value.problems]


def test_place_copies_what_was_agreed() -> None:
    till = orders.till()
    order = till.place()
    lines = list(order.lines.order_by("pk"))
    assert [(line.product_id, line.quantity) for line in lines] == [(till.products[i].pk, (2, 1, 3)[i]) for i in (0, 2, 1)]
    assert {line.unit_price_incl_tax for line in lines} == {Decimal("4.90")}
    assert {line.unit_text for line in lines} == {prices.unit_text(product=till.products[0])}
    assert (order.goods_total, order.deposit_total, order.total_incl_tax) == (Decimal("29.40"), Decimal(0), Decimal("33.30"))
    assert order.total_excl_tax == Decimal("31.12")
    assert [(fee.kind, fee.gross) for fee in order.fees.all()] == [("delivery", Decimal("3.90"))]
    assert OrderTerms.objects.get(order=order).method == "handover"
    assert order.delivery.kind == Delivery.Kind.HOME
    assert order.terms_accepted == orders.TERMS


def test_place_takes_window_and_submits_the_basket() -> None:
    till = orders.till()
    till.place()
    till.window.refresh_from_db()
    till.basket.refresh_from_db()
    assert (till.window.taken, till.basket.status) == (1, Basket.SUBMITTED)


def test_place_takes_stock_of_every_kind() -> None:
    till = orders.till(quantities=(2, 1), stock_kind="limited", num_in_stock=5)
    counted = ProductFactory.create(partner=till.products[0].partner, offer__stock_kind="per_round", offer__per_round=4)
    baskets.add(basket=till.basket, product=counted, quantity=3)
    till.place()
    assert StockRecord.objects.get(product=till.products[0]).num_allocated == 2
    assert RoundStock.objects.get(stockrecord__product=counted).taken == 3


def test_deposit_stands_beside_the_price() -> None:
    till = orders.till(quantities=(2,))
    Product.objects.filter(pk=till.products[0].pk).update(deposit=Decimal("0.15"))
    order = till.place()
    assert (order.goods_total, order.deposit_total, order.total_incl_tax) == (
        Decimal("9.80"),
        Decimal("0.30"),
        Decimal("14.00"),
    )


def test_catch_weight_is_ordered_at_the_expected_price() -> None:
    till = orders.till(quantities=(1,))
    bird = ProductFactory.create(
        partner=till.products[0].partner,
        catch_weight=True,
        expected_weight_g=1200,
        offer__price=Decimal("19.08"),
        offer__price_per_kg=Decimal("15.90"),
    )
    baskets.add(basket=till.basket, product=bird, quantity=2)
    line = till.place().lines.get(product=bird)
    assert (line.price_per_kg, line.expected_weight_g, line.line_price_incl_tax) == (Decimal("15.90"), 1200, Decimal("38.16"))


@pytest.mark.parametrize(
    ("valid_until", "title", "code"),
    [(date(2026, 11, 24), "Bio-Möhren", "DE-ÖKO-006"), (date(2026, 11, 23), "Möhren", "")],
)
def test_organic_is_ordered_only_with_a_certificate_of_today(valid_until: date, title: str, code: str) -> None:
    till = orders.till(quantities=(1,))
    Product.objects.filter(pk=till.products[0].pk).update(title="Bio-Möhren", is_organic=True)
    Partner.objects.filter(pk=till.products[0].partner_id).update(organic_code="DE-ÖKO-006", organic_valid_until=valid_until)
    line = till.place().lines.get()
    assert (line.title, line.organic_code) == (title, code)


def test_organic_claim_without_a_certificate_is_in_no_problem() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[1].pk).update(title="Bio-Möhren", is_public=False)
    with pytest.raises(Refused, match=r"^Möhren"):
        till.place()


def test_pickup_has_the_address_of_the_point() -> None:
    till = orders.till()
    point = PickupPointFactory.create(municipality=till.village)
    window = WindowFactory.create(round=till.window.round, pickup_point=point, fee=Decimal("0.00"))
    order = till.having(window=window, contact=Contact("Grete", "Beispiel", "grete@post.example")).place()
    assert (order.delivery.kind, order.delivery.street) == (Delivery.Kind.PICKUP, point.street)
    assert not order.fees.exists()


def test_number_is_random_and_readable() -> None:
    number = orders.till().place().number
    assert len(number) == 9
    assert number[4] == "-"
    assert not set(number) & set("0O1IL2Z5S8B")


def test_the_same_basket_twice_is_one_order() -> None:
    till = orders.till()
    assert till.place().pk == till.place().pk
    assert Order.objects.count() == 1


def test_known_customer_owns_the_order() -> None:
    ada = UserFactory.create()
    order = orders.till(owner=ada).place()
    assert (order.user, order.guest_email, order.email) == (ada, "", ada.email)


def test_on_account_only_within_the_limit() -> None:
    ada = UserFactory.create()
    till = orders.till(owner=ada).having(payment="account")
    account = AccountFactory.create(region=till.region, credit_limit=Decimal("30.00"))
    account.users.add(ada)
    assert codes(till) == ["payment"]


def test_on_account_needs_an_approved_account() -> None:
    assert codes(orders.till().having(payment="account")) == ["payment"]


def test_unknown_way_to_pay() -> None:
    assert codes(orders.till().having(payment="gold")) == ["payment"]


def test_closed_round() -> None:
    till = orders.till()
    assert "closed" in codes(till.having(at=till.window.round.cutoff_at))


def test_order_a_moment_before_the_cutoff() -> None:
    till = orders.till()
    assert till.having(at=till.window.round.cutoff_at - timedelta(seconds=1)).place().pk


def test_full_window() -> None:
    till = orders.till()
    type(till.window).objects.filter(pk=till.window.pk).update(capacity=0)
    assert codes(till) == ["full"]


def test_chilled_goods_need_a_pickup_point_that_keeps_them_cold() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[0].pk).update(title="Joghurt", storage=Product.Storage.COOL)
    Product.objects.filter(pk=till.products[1].pk).update(title="Eis", storage=Product.Storage.FROZEN)
    point = PickupPointFactory.create(municipality=till.village, name="Dorfladen Haby", cold_storage=False)
    warm = till.having(window=WindowFactory.create(round=till.window.round, pickup_point=point))
    with pytest.raises(Refused, match=r"^Dorfladen Haby kann nichts kühlen\. .*: Joghurt, Eis\.$") as refused:
        warm.place()
    assert [problem.code for problem in refused.value.problems] == ["unsuitable"]


@pytest.mark.parametrize(("storage", "cold_storage"), [("cool", True), ("ambient", False)])
def test_pickup_point_that_suits_the_goods(storage: str, cold_storage: bool) -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[0].pk).update(storage=storage)
    point = PickupPointFactory.create(municipality=till.village, cold_storage=cold_storage)
    assert till.having(window=WindowFactory.create(round=till.window.round, pickup_point=point)).place().pk


def test_chilled_goods_are_brought_to_the_door() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[0].pk).update(storage=Product.Storage.FROZEN)
    assert till.place().pk


def test_window_of_another_region() -> None:
    till = orders.till()
    _village, elsewhere = orders.market_day(region=RegionFactory.create())
    assert codes(till.having(window=elsewhere)) == ["no_window"]


def test_case_3_forged_product_of_another_region() -> None:
    till = orders.till()
    stranger = ProductFactory.create()
    offer = StockRecord.objects.get(product=stranger)
    BasketLine.objects.create(basket=till.basket, product=stranger, stockrecord=offer, line_reference="x", quantity=1)
    assert codes(till) == ["not_offered"]


def test_foreign_stock_record() -> None:
    till = orders.till()
    cheap = StockRecord.objects.get(product=ProductFactory.create(partner=till.products[1].partner, offer__price=Decimal("0.01")))
    BasketLine.objects.filter(basket=till.basket, product=till.products[0]).update(stockrecord=cheap)
    assert codes(till) == ["not_offered"]


def test_case_43_producer_suspended_while_in_the_basket() -> None:
    till = orders.till()
    Partner.objects.filter(pk=till.products[1].partner_id).update(status=Partner.Status.SUSPENDED)
    assert codes(till) == ["suspended"]


def test_article_hidden_while_in_the_basket() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[1].pk).update(is_public=False)
    assert codes(till) == ["hidden"]


def test_article_out_of_season_on_the_delivery_day() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[1].pk).update(season_months=[5, 6])
    assert codes(till) == ["hindered"]


def test_price_changed() -> None:
    till = orders.till()
    agreed = baskets.contents(basket=till.basket).fingerprint
    StockRecord.objects.filter(product=till.products[0]).update(price=Decimal("5.40"))
    with pytest.raises(Refused, match=r"5,40\s€.*4,90\s€") as refused:
        till.having(fingerprint=agreed).place()
    assert [problem.code for problem in refused.value.problems] == ["changed"]


def test_basket_changed_in_another_tab() -> None:
    till = orders.till()
    agreed = baskets.contents(basket=till.basket).fingerprint
    baskets.add(basket=till.basket, product=till.products[0], quantity=1)
    assert codes(till.having(fingerprint=agreed)) == ["changed"]


def test_sold_out_names_what_is_left() -> None:
    till = orders.till(quantities=(3,), stock_kind="limited", num_in_stock=5)
    StockRecord.objects.filter(product=till.products[0]).update(num_allocated=4)
    with pytest.raises(Refused, match="1"):
        till.place()


@pytest.mark.parametrize("quantity", [1000, 10**6])
def test_absurd_quantity_never_reaches_the_basket(quantity: int) -> None:
    till = orders.till()
    with pytest.raises(baskets.NotAdded):
        baskets.add(basket=till.basket, product=till.products[0], quantity=quantity)


def test_below_the_smallest_quantity() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[1].pk).update(minimum_quantity=5)
    assert codes(till) == ["quantity"]


def test_minimum_order() -> None:
    till = orders.till()
    rule = till.window.round.rule
    type(rule).objects.filter(pk=rule.pk).update(minimum_order=Decimal("40"))
    assert codes(till) == ["minimum"]


def test_village_not_served() -> None:
    till = orders.till()
    assert codes(till.having(contact=Contact("Grete", "Beispiel", "grete@post.example", street="Weg 1"))) == ["not_served"]


def test_postal_code_of_another_village() -> None:
    till = orders.till()
    elsewhere = Contact(
        "Grete", "Beispiel", "g@post.example", street="Weg 1", postal_code="10115", city="Berlin", municipality=till.village
    )
    assert codes(till.having(contact=elsewhere)) == ["not_served"]


def test_age_must_be_confirmed() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[1].pk).update(age_limit=18)
    assert codes(till) == ["age"]


def test_age_confirmed_is_checked_at_the_door() -> None:
    till = orders.till()
    Product.objects.filter(pk=till.products[1].pk).update(age_limit=18)
    assert till.having(age_confirmed=True).place().delivery.needs_age_check == 18


def test_terms_are_part_of_the_contract() -> None:
    assert codes(orders.till().having(terms={})) == ["terms"]


def test_empty_basket() -> None:
    till = orders.till()
    till.basket.lines.all().delete()
    assert codes(till) == ["empty"]


def test_minimum_of_a_producer_counts_only_own_goods() -> None:
    till = orders.till(quantities=(2, 1))
    Partner.objects.filter(pk=till.products[0].partner_id).update(minimum_order=Decimal("500"))
    with pytest.raises(Refused, match="noch"):
        till.place()
    Partner.objects.filter(pk=till.products[0].partner_id).update(minimum_order=Decimal("4.90"))
    assert till.place().pk


def test_wishes_go_with_the_order() -> None:
    till = orders.till(quantities=(1,))
    line = till.basket.lines.get()
    baskets.wish(line=line, substitution="ask", note="bitte reif")
    placed = till.place().lines.get()
    assert (placed.substitution, placed.note) == ("ask", "bitte reif")


def test_second_order_for_a_round_is_made_on_purpose_only() -> None:
    ada = UserFactory.create()
    till = orders.till(owner=ada)
    first = till.place()
    basket = orders.filled_basket(region=till.region, owner=ada, wanted={till.products[0]: 1})
    again = till.having(basket=basket)
    with pytest.raises(Refused) as refused:
        again.having(second_wanted=()).place()
    assert [problem.code for problem in refused.value.problems] == ["second"]
    assert first.number in str(refused.value)
    assert again.having(second_wanted=(till.window.round_id,)).place().number != first.number


def test_a_basket_tells_whose_its_money_is_and_the_order_says_the_same() -> None:
    till = orders.till(quantities=(2, 1))
    for partner in {product.partner for product in till.products}:
        SupplyContractFactory.create(partner=partner)
    drawn = proposal.draw_up(basket=till.basket, window_id=till.window.pk, at=NOW)
    told = whose.of_proposal(proposal=drawn)
    order = till.place()
    assert told is not None
    assert told == shares.of_statement(told=statement.read(order=order), day=order.delivery.round.delivery_day)
    assert sum(told.parts) == order.total_incl_tax
