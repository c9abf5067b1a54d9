"""Until the cut-off an order is what its customer wants it to be, and it changes whole or not at all."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.models import OrderTerms
from logistics import rounds
from logistics.models import Delivery, DeliveryWindow, RoundStock
from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.basket.models import Line as Wish
from marketplace.catalogue.models import Product
from marketplace.checkout import amendment, cancellation, changes
from marketplace.checkout.problems import Refused
from marketplace.order import revisions
from marketplace.order.models import Order
from marketplace.partner.models import Partner, StockRecord
from tests.factories import orders
from tests.factories.market import (
    NOW,
    AccountFactory,
    PickupPointFactory,
    ProductFactory,
    RoundFactory,
    UserFactory,
    WindowFactory,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def wish(order: Order, **other: Any) -> changes.Change:
    """The order as it is, with something else."""
    return replace(changes.as_it_stands(order=Order.objects.get(pk=order.pk)), **other)


def amend(order: Order, change: changes.Change | None = None, **given: Any) -> Order:
    """Change the order as a customer would who has seen what it comes to."""
    told = {name: given.pop(name) for name in ("at", "age_confirmed", "began_at", "basket", "fingerprint") if name in given}
    change = change or wish(order, **given)
    at = told.pop("at", LATER)
    basket = told.get("basket")
    proposal = changes.propose(
        order=Order.objects.get(pk=order.pk), change=change, at=at, basket_id=basket.pk if basket else None
    )
    fingerprint = told.pop("fingerprint", proposal.fingerprint)
    return amendment.amend(
        order=order, change=change, fingerprint=fingerprint, at=at, by=None, terms_accepted=orders.TERMS, **told
    )


def codes(order: Order, **given: Any) -> list[str]:
    """Why the change was refused; and that nothing came of it."""
    before = picture(order)
    with pytest.raises(Refused) as refused:
        amend(order, **given)
    assert picture(order) == before
    assert all(problem.text for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


def picture(order: Order) -> Any:
    """All that a change could touch."""
    return (
        Order.objects.filter(pk=order.pk).values().get(),
        list(order.lines.order_by("pk").values("pk", "quantity", "line_price_incl_tax", "unit_price_incl_tax")),
        list(order.fees.values("kind", "gross")),
        Delivery.objects.filter(order=order).values().get(),
        OrderTerms.objects.filter(order=order).values().get(),
        list(StockRecord.objects.order_by("pk").values("pk", "num_allocated")),
        list(RoundStock.objects.order_by("pk").values("pk", "taken")),
        list(DeliveryWindow.objects.order_by("pk").values("pk", "taken")),
        list(Wish.objects.order_by("pk").values("pk", "quantity")),
    )


def quantities(order: Order) -> dict[int, int]:
    """Pieces by product, as they stand in the database."""
    return changes.pieces(lines=list(order.lines.order_by("pk")))


def test_case_28_stock_follows_the_line() -> None:
    till = orders.till(quantities=(2,), stock_kind="limited", num_in_stock=10)
    order, cheese = till.place(), till.products[0]
    bread = ProductFactory.create(partner=cheese.partner, offer__stock_kind="per_round", offer__per_round=4)
    amend(order, wanted={cheese.pk: 3, bread.pk: 1})
    assert StockRecord.objects.get(product=cheese).num_allocated == 3
    assert RoundStock.objects.get().taken == 1
    amend(order, wanted={cheese.pk: 0, bread.pk: 1})
    assert StockRecord.objects.get(product=cheese).num_allocated == 0
    assert quantities(order) == {bread.pk: 1}


def test_case_31_own_pieces_count_as_free_and_the_total_follows() -> None:
    till = orders.till(quantities=(1,) * 7, stock_kind="limited", num_in_stock=5, price=Decimal("10.00"))
    DeliveryWindow.objects.update(fee=Decimal("5.00"))
    order = till.place()
    wanted = dict.fromkeys((product.pk for product in till.products), 1)
    first, second = till.products[:2]
    changed = amend(order, wanted={**wanted, first.pk: 5})
    assert (changed.total_incl_tax, changed.revision) == (Decimal("115.00"), 2)
    assert StockRecord.objects.get(product=first).num_allocated == 5
    assert codes(order, wanted={**wanted, first.pk: 6}) == ["sold_out"]
    assert amend(order, wanted={**wanted, first.pk: 5, second.pk: 0}).total_incl_tax == Decimal("105.00")
    assert cancellation.cancel(order=order, at=LATER).status == Order.Status.CANCELLED
    assert set(StockRecord.objects.values_list("num_allocated", flat=True)) == {0}


def test_case_31_nothing_changes_after_the_cutoff() -> None:
    till = orders.till(quantities=(2,))
    order = till.place()
    assert codes(order, wanted={till.products[0].pk: 3}, at=till.window.round.cutoff_at) == ["closed"]
    rounds.close(delivery_round=till.window.round, at=till.window.round.cutoff_at)
    with pytest.raises(Refused, match=r"bis Donnerstag, 26\. November, 18:00 Uhr"):
        amend(order, wanted={till.products[0].pk: 3}, at=till.window.round.cutoff_at + timedelta(days=1))


def test_cancelled_order_is_not_changed() -> None:
    till = orders.till(quantities=(2,))
    order = till.place()
    cancellation.cancel(order=order, at=NOW)
    with pytest.raises(Refused, match="ist abgesagt"):
        amend(order, wanted={till.products[0].pk: 3})


def test_second_tab_is_told_and_changes_nothing() -> None:
    till = orders.till(quantities=(2,))
    order = till.place()
    first_tab, second_tab = wish(order, wanted={till.products[0].pk: 3}), wish(order, wanted={till.products[0].pk: 5})
    amend(order, first_tab)
    assert codes(order, change=second_tab) == ["outdated"]
    assert quantities(order) == {till.products[0].pk: 3}


def test_the_same_form_twice_is_one_change() -> None:
    till = orders.till(quantities=(2,), stock_kind="limited", num_in_stock=9)
    order = till.place()
    change = wish(order, wanted={till.products[0].pk: 3})
    assert amend(order, change).revision == amend(order, change).revision == 2
    assert StockRecord.objects.get().num_allocated == 3


def test_agreed_pieces_keep_their_price_and_further_ones_cost_what_they_cost_today() -> None:
    till = orders.till(quantities=(2,), price=Decimal("4.00"))
    order, cheese = till.place(), till.products[0]
    StockRecord.objects.update(price=Decimal("5.00"))
    assert amend(order, wanted={cheese.pk: 2}, payment="transfer").goods_total == Decimal("8.00")
    changed = amend(order, wanted={cheese.pk: 5})
    lines = list(order.lines.order_by("pk").values_list("quantity", "unit_price_incl_tax", "line_price_incl_tax"))
    assert lines == [(2, Decimal("4.00"), Decimal("8.00")), (3, Decimal("5.00"), Decimal("15.00"))]
    assert changed.goods_total == Decimal("23.00")
    amend(order, wanted={cheese.pk: 1})
    assert list(order.lines.values_list("quantity", "unit_price_incl_tax")) == [(1, Decimal("4.00"))]


def test_further_pieces_at_the_agreed_price_join_the_line() -> None:
    till = orders.till(quantities=(2,))
    order = till.place()
    amend(order, wanted={till.products[0].pk: 7})
    assert list(order.lines.values_list("quantity", "num_allocated", "line_price_incl_tax")) == [(7, 7, Decimal("34.30"))]


def test_a_price_that_rose_between_the_pages_is_not_charged_unseen() -> None:
    till = orders.till(quantities=(1,))
    order = till.place()
    cake = ProductFactory.create(partner=till.products[0].partner)
    change = wish(order, wanted={till.products[0].pk: 1, cake.pk: 1})
    seen = changes.propose(order=order, change=change, at=LATER).fingerprint
    StockRecord.objects.filter(product=cake).update(price=Decimal("9.90"))
    assert codes(order, change=change, fingerprint=seen) == ["changed"]


def test_what_was_agreed_stays_although_the_article_is_no_longer_offered() -> None:
    till = orders.till(quantities=(3, 1))
    order = till.place()
    gone, other = till.products
    Product.objects.filter(pk=gone.pk).update(is_public=False)
    Partner.objects.filter(pk=other.partner_id).update(status=Partner.Status.SUSPENDED)
    assert codes(order, wanted={gone.pk: 4, other.pk: 2}) == ["hidden", "suspended"]
    assert quantities(amend(order, wanted={gone.pk: 2, other.pk: 1})) == {gone.pk: 2, other.pk: 1}


def test_new_articles_are_checked_as_when_placing() -> None:
    till = orders.till(quantities=(1,))
    order, cheese = till.place(), till.products[0]
    stranger, hidden = ProductFactory.create(), ProductFactory.create(partner=cheese.partner, is_public=False)
    rare = ProductFactory.create(partner=cheese.partner, offer__stock_kind="limited", offer__num_in_stock=1)
    assert codes(order, wanted={cheese.pk: 1, stranger.pk: 1}) == ["not_offered"]
    assert codes(order, wanted={cheese.pk: 1, hidden.pk: 1, rare.pk: 2}) == ["hidden", "sold_out"]
    assert codes(order, wanted={cheese.pk: 1000}) == ["quantity"]


def test_age_is_asked_for_once() -> None:
    till = orders.till(quantities=(1,))
    order, cheese = till.place(), till.products[0]
    wine = ProductFactory.create(partner=cheese.partner, age_limit=16)
    assert codes(order, wanted={cheese.pk: 1, wine.pk: 1}) == ["age"]
    amend(order, wanted={cheese.pk: 1, wine.pk: 1}, age_confirmed=True)
    assert Delivery.objects.get(order=order).needs_age_check == 16
    amend(order, wanted={cheese.pk: 1, wine.pk: 2})
    amend(order, wanted={cheese.pk: 1, wine.pk: 0})
    assert Delivery.objects.get(order=order).needs_age_check is None


def test_nothing_left_is_refused_with_the_way_out() -> None:
    till = orders.till(quantities=(2,))
    assert codes(till.place(), wanted={till.products[0].pk: 0}) == ["nothing_left"]


def test_minimum_holds_for_what_gets_smaller() -> None:
    till = orders.till(quantities=(4,))
    order, rule = till.place(), till.window.round.rule
    type(rule).objects.update(minimum_order=Decimal("25.00"))
    assert codes(order, wanted={till.products[0].pk: 3}) == ["minimum"]
    assert amend(order, wanted={till.products[0].pk: 5}).revision == 2


def test_another_window_of_the_same_round() -> None:
    till = orders.till(quantities=(1,))
    order = till.place()
    point = PickupPointFactory.create(municipality=till.village)
    window = WindowFactory.create(round=till.window.round, pickup_point=point, fee=Decimal("0.00"), capacity=1)
    before = Delivery.objects.get(order=order)
    changed = amend(order, window_id=window.pk)
    after = Delivery.objects.get(order=order)
    assert (after.kind, after.street, after.code) == (Delivery.Kind.PICKUP, point.street, before.code)
    assert set(DeliveryWindow.objects.values_list("pk", "taken")) == {(till.window.pk, 0), (window.pk, 1)}
    assert not order.fees.exists()
    assert changed.total_incl_tax == Decimal("4.90")


def test_window_that_filled_up_in_between() -> None:
    till = orders.till(quantities=(1,))
    order = till.place()
    full = WindowFactory.create(round=till.window.round, capacity=1, taken=1)
    assert codes(order, window_id=full.pk) == ["full"]


def test_the_own_full_window_is_no_hindrance() -> None:
    till = orders.till(quantities=(1,))
    order = till.place()
    DeliveryWindow.objects.update(capacity=1)
    assert quantities(amend(order, wanted={till.products[0].pk: 2})) == {till.products[0].pk: 2}
    assert DeliveryWindow.objects.get().taken == 1


def test_another_round_takes_its_stock_there() -> None:
    till = orders.till(quantities=(2,), stock_kind="per_round", per_round=2)
    order = till.place()
    next_week = till.window.round.delivery_day + timedelta(days=7)
    later = RoundFactory.create(rule=till.window.round.rule, delivery_day=next_week, opens_at=NOW - timedelta(days=1))
    window = WindowFactory.create(round=later)
    amend(order, window_id=window.pk)
    assert dict(RoundStock.objects.values_list("round", "taken")) == {till.window.round_id: 0, later.pk: 2}
    delivery = Delivery.objects.get(order=order)
    assert (delivery.round, delivery.window) == (later, window)


def test_to_the_door_needs_an_address() -> None:
    till = orders.till(quantities=(1,))
    point = PickupPointFactory.create(municipality=till.village)
    pickup = WindowFactory.create(round=till.window.round, pickup_point=point)
    contact = replace(till.contact, street="", postal_code="", municipality=None)
    order = till.having(window=pickup, contact=contact).place()
    assert codes(order, window_id=till.window.pk) == ["not_served"]
    amend(order, window_id=till.window.pk, contact=till.contact)
    assert Delivery.objects.get(order=order).street == till.contact.street


def test_note_and_payment() -> None:
    till = orders.till(quantities=(1,))
    order = till.place()
    amend(order, contact=replace(till.contact, note="Bitte klingeln"), payment="transfer")
    assert (Order.objects.get().note, Delivery.objects.get().note) == ("Bitte klingeln", "Bitte klingeln")
    assert OrderTerms.objects.get().method == "transfer"
    untold = revisions.untold(order=order)
    assert untold is not None
    assert untold.details == ("Hinweis",)


def test_credit_limit_counts_the_order_once() -> None:
    ada = UserFactory.create()
    till = orders.till(quantities=(4,), owner=ada).having(payment="account")
    account = AccountFactory.create(region=till.region, credit_limit=Decimal("30.00"))
    account.users.add(ada)
    order, cheese = till.place(), till.products[0]
    assert amend(order, wanted={cheese.pk: 5}).total_incl_tax == Decimal("28.40")
    assert codes(order, wanted={cheese.pk: 6}) == ["payment"]
    AccountFactory._meta.model.objects.update(credit_limit=Decimal("1.00"))
    assert amend(order, wanted={cheese.pk: 3}).total_incl_tax == Decimal("18.60")


def test_basket_gives_what_was_added_and_keeps_the_rest() -> None:
    till = orders.till(quantities=(1,))
    order, cheese = till.place(), till.products[0]
    bread, honey = ProductFactory.create_batch(2, partner=cheese.partner)
    basket = orders.filled_basket(region=till.region, wanted={bread: 2, honey: 3})
    Wish.objects.filter(product=bread).update(note="gut durch", substitution="call")
    amend(order, wanted={cheese.pk: 1, bread.pk: 2, honey.pk: 1}, added={bread.pk: 2, honey.pk: 1}, basket=basket)
    line = order.lines.get(product=bread)
    assert (line.quantity, line.note, line.substitution) == (2, "gut durch", "call")
    assert [(row.product, row.quantity) for row in Wish.objects.filter(basket=basket)] == [(honey, 2)]
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert baskets.contents(basket=basket).count == 1


def test_difference_since_the_last_mail() -> None:
    till = orders.till(quantities=(2, 1))
    order, (cheese, bread) = till.place(), till.products
    Order.objects.update(confirmation_sent_at=NOW)
    amend(order, wanted={cheese.pk: 3, bread.pk: 1})
    amend(order, wanted={cheese.pk: 3, bread.pk: 0}, at=LATER + timedelta(minutes=1))
    told = revisions.untold(order=order)
    assert told is not None
    assert [(article.before, article.after) for article in told.articles] == [(2, 3), (1, 0)]
    assert (told.money, told.before, told.after) == (Decimal("0.00"), Decimal("18.60"), Decimal("18.60"))
    assert Order.objects.get().confirmation_sent_at is None


def test_grace_is_for_who_began_before_the_cutoff() -> None:
    till = orders.till(quantities=(1,))
    order, cutoff = till.place(), till.window.round.cutoff_at
    wanted = {till.products[0].pk: 2}
    begun, late = cutoff - timedelta(minutes=3), cutoff + rounds.GRACE
    assert codes(order, wanted=wanted, at=cutoff + timedelta(minutes=1)) == ["closed"]
    assert codes(order, wanted=wanted, at=cutoff + timedelta(minutes=1), began_at=cutoff) == ["closed"]
    assert codes(order, wanted=wanted, at=late, began_at=begun) == ["closed"]
    assert rounds.close_due(at=late - timedelta(seconds=1)) == 0
    assert amend(order, wanted=wanted, at=late - timedelta(seconds=1), began_at=begun).revision == 2
    assert rounds.close_due(at=late) == 1
    assert codes(order, wanted={till.products[0].pk: 3}, at=late - timedelta(seconds=1), began_at=begun) == ["closed"]
