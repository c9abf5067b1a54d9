"""What is bought from a wholesaler in whole cases follows what customers order, once, and its surplus serves the next round."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics import cases, confirmations, packing, purchases, rescheduling, tasks
from logistics.cases import BadCase, Terms
from logistics.models import CasePack, Collection, PackedLine, Purchase, Shortage
from logistics.purchases import Arrival, PurchaseRefused
from marketplace.catalogue.models import Product
from marketplace.core.models import AuditEntry
from marketplace.order.models import Line, Order
from marketplace.partner.models import StockRecord
from tests.factories.market import NOW, PartnerFactory, RoundFactory, WindowFactory
from tests.logistics.market import CLOSING, PACKING, Market

pytestmark = pytest.mark.django_db


def bought(market: Market, *, size: int = 12, **given: Any) -> Product:
    """An article that a shop buys in cases."""
    product = market.product(title="Apfelsaft", **given)
    terms = Terms(size=size, wholesaler="Großhandel Beispiel", article_number="4711")
    cases.agree(stockrecord=product.stockrecords.get(), terms=terms, at=NOW, by=None)
    return product


def offer(product: Product) -> StockRecord:
    found: StockRecord = product.stockrecords.get()
    return found


def state(product: Product) -> tuple[int, int]:
    """Cases of the only purchase, and what is loose."""
    return Purchase.objects.get().cases, CasePack.objects.get(stockrecord__product=product).loose


def reckoned(market: Market, product: Product) -> tuple[int, int]:
    purchases.reckon(delivery_round=market.round, at=NOW)
    return state(product)


def test_case_45_cases_of_twelve_follow_what_is_made_to_order() -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 3))  # nothing lies there: -3
    assert reckoned(market, juice) == (1, 9)
    assert reckoned(market, juice) == (1, 9)
    market.order((juice, 10))  # 9 - 10: -1
    assert reckoned(market, juice) == (2, 11)


@pytest.mark.parametrize(
    "stock",
    [{"offer__stock_kind": "per_round", "offer__per_round": 50}, {"offer__stock_kind": "limited", "offer__num_in_stock": 50}],
)
def test_case_45_the_order_of_counted_goods_follows_the_sum(stock: dict[str, Any]) -> None:
    market = Market()
    seeds = bought(market, size=1, **stock)
    market.order((seeds, 5))
    assert reckoned(market, seeds) == (5, 0)
    market.order((seeds, 3))
    assert reckoned(market, seeds) == (8, 0)
    counted = offer(seeds)
    assert (counted.num_in_stock, counted.per_round) == (stock.get("offer__num_in_stock"), stock.get("offer__per_round"))


@pytest.mark.parametrize(
    ("balance", "size", "number"), [(-3, 12, 1), (-12, 12, 1), (-13, 12, 2), (-1, 12, 1), (0, 12, 0), (9, 12, 0), (-5, 1, 5)]
)
def test_wanted_rounds_up_to_whole_cases(balance: int, size: int, number: int) -> None:
    assert cases.wanted(balance=balance, size=size) == number


def test_changes_and_cancellations_before_the_cut_off_follow() -> None:
    market = Market()
    juice = bought(market)
    changed, cancelled = market.order((juice, 13)), market.order((juice, 11))
    assert reckoned(market, juice) == (2, 0)
    Line.objects.filter(order=changed.order_id).update(quantity=1)
    assert reckoned(market, juice) == (1, 0)
    Order.objects.filter(pk=cancelled.order_id).update(status=Order.Status.CANCELLED, cancelled_at=NOW)
    assert reckoned(market, juice) == (1, 11)
    Line.objects.filter(order=changed.order_id).update(quantity=0)
    assert reckoned(market, juice) == (0, 0)


def test_the_surplus_of_a_round_is_sold_first_in_the_next() -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 3))
    market.close()
    assert state(juice) == (1, 9)
    following = RoundFactory.create(rule=market.round.rule, delivery_day=market.round.delivery_day + timedelta(days=3))
    market.round, market.window = following, WindowFactory.create(round=following, capacity=10)
    market.order((juice, 9))
    rows = {row.round_id: row for row in purchases.outlook(partner=juice.partner, at=NOW)}
    assert (rows[following.pk].had, rows[following.pk].needed, rows[following.pk].cases) == (9, 9, 0)
    market.close()
    assert Purchase.objects.get(round=following).cases == 0
    assert CasePack.objects.get().loose == 0


def test_closing_reckons_once_and_called_off_goods_are_not_bought() -> None:
    market = Market()
    shop = PartnerFactory.create(municipality=market.village, minimum_round="500.00")
    juice = bought(market, partner=shop)
    market.order((juice, 3))
    market.close()
    assert not Purchase.objects.exists()
    assert CasePack.objects.get().loose == 0


def test_what_was_told_stays_when_customers_change_their_minds_and_more_is_still_to_order() -> None:
    market = Market()
    juice = bought(market)
    first = market.order((juice, 13))
    for _twice in range(2):
        purchases.order(delivery_round=market.round, told={offer(juice).pk: 2}, at=NOW, by=None)
    row = Purchase.objects.get()
    assert (row.cases, row.told_cases, CasePack.objects.get().loose) == (2, 2, 11)
    Line.objects.filter(order=first.order_id).update(quantity=1)
    assert reckoned(market, juice) == (2, 23)
    market.order((juice, 24))
    assert reckoned(market, juice) == (3, 11)
    assert Purchase.objects.get().told_cases == 2


def test_cuts_by_the_shop_are_reckoned_by_the_next_run_of_the_job(time_machine: Any) -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 13))
    market.close()
    confirmations.cut(packed_line=PackedLine.objects.get(), quantity=12, at=CLOSING, by=None)
    assert purchases.stale(at=CLOSING) == [market.round.pk]
    time_machine.move_to(CLOSING)
    tasks.settle_shortages()
    assert state(juice) == (1, 0)
    assert purchases.stale(at=CLOSING) == []


def with_mail(order_id: int) -> None:
    Order.objects.filter(pk=order_id).update(guest_email="femke@post.example", confirmation_sent_at=NOW)


@pytest.mark.parametrize("late", [False, True])
def test_less_arrived_is_cut_from_the_newest_orders_and_told_once(late: bool, time_machine: Any) -> None:
    market = Market()
    juice = bought(market)
    first, last = market.order((juice, 10)), market.order((juice, 10), at=NOW + timedelta(hours=1))
    with_mail(first.order_id)
    with_mail(last.order_id)
    market.close()
    collection = Collection.objects.get()
    if late:
        confirmations.confirm(collection=collection, at=CLOSING, by=None)
    came = {offer(juice).pk: 12}
    assert purchases.arrive(delivery_round=market.round, pieces=came, at=PACKING if late else CLOSING, by=None) == [
        Arrival(title="Apfelsaft", short=8, cut=1, uncut=0)
    ]
    assert list(PackedLine.objects.order_by("pk").values_list("promised", flat=True)) == [None, 2]
    assert (Purchase.objects.get().needed, CasePack.objects.get().loose) == (12, 0)
    assert purchases.arrive(delivery_round=market.round, pieces=came, at=PACKING, by=None) == []
    confirmations.confirm(collection=collection, at=PACKING, by=None)
    time_machine.move_to(PACKING)
    for _twice in range(2):
        tasks.settle_shortages()
    assert Shortage.objects.get().told_at is not None
    assert len([message for message in mail.outbox if last.order.number in message.subject]) == 1


def test_less_arrived_comes_from_loose_pieces_first() -> None:
    market = Market()
    juice = bought(market)
    cases.recount(stockrecord=offer(juice), seen=0, counted=5, at=NOW, by=None)
    market.order((juice, 7))
    market.close()
    assert state(juice) == (1, 10)
    assert purchases.arrive(delivery_round=market.round, pieces={offer(juice).pk: 2}, at=CLOSING, by=None) == []
    assert CasePack.objects.get().loose == 0


def test_what_is_packed_already_is_not_cut_and_owed_until_it_is_packed_as_missing() -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 3))
    market.close()
    packing.record(packed_line=PackedLine.objects.get(), quantity=3, weight_g=None, at=CLOSING, by=None)
    arrived = purchases.arrive(delivery_round=market.round, pieces={offer(juice).pk: 0}, at=CLOSING, by=None)
    assert arrived == [Arrival(title="Apfelsaft", short=3, cut=0, uncut=3)]
    assert CasePack.objects.get().loose == -3
    packing.record(packed_line=PackedLine.objects.get(), quantity=0, weight_g=None, at=CLOSING, by=None)
    assert reckoned(market, juice) == (1, 0)


def test_the_shop_is_mailed_what_to_order_with_what_to_pack(time_machine: Any) -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 13))
    market.close()
    time_machine.move_to(CLOSING)
    for _twice in range(2):
        tasks.tell_what_to_pack()
    (message,) = mail.outbox
    assert "Großhandel Beispiel: 2 Kisten Apfelsaft (12er)" in str(message.body)


def test_what_came_of_goods_counted_on_the_shelf_can_be_sold_and_nobody_is_cut() -> None:
    market = Market()
    seeds = bought(market, offer__stock_kind="limited", offer__num_in_stock=20)
    market.order((seeds, 5))
    market.close()
    assert offer(seeds).num_in_stock == 15
    for _twice in range(2):
        purchases.arrive(delivery_round=market.round, pieces={offer(seeds).pk: 12}, at=CLOSING, by=None)
    assert offer(seeds).num_in_stock == 27
    assert purchases.arrive(delivery_round=market.round, pieces={offer(seeds).pk: 0}, at=CLOSING, by=None) == []
    assert (offer(seeds).num_in_stock, CasePack.objects.get().loose) == (15, -5)


def test_a_cancelled_round_leaves_what_was_ordered_to_the_next() -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 3))
    market.close()
    purchases.order(delivery_round=market.round, told={offer(juice).pk: 1}, at=CLOSING, by=None)
    rescheduling.cancel(delivery_round=market.round, reason="Sturm", at=CLOSING, by=None)
    assert state(juice) == (1, 12)


def test_refusals() -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 3))
    pk = offer(juice).pk
    with pytest.raises(PurchaseRefused):
        purchases.arrive(delivery_round=market.round, pieces={pk: 12}, at=NOW, by=None)
    with pytest.raises(PurchaseRefused):
        purchases.order(delivery_round=market.round, told={pk: -1}, at=NOW, by=None)
    market.close()
    with pytest.raises(PurchaseRefused):
        purchases.arrive(delivery_round=market.round, pieces={pk: -1}, at=CLOSING, by=None)
    purchases.arrive(delivery_round=market.round, pieces={pk: 12}, at=CLOSING, by=None)
    with pytest.raises(PurchaseRefused):
        purchases.order(delivery_round=market.round, told={pk: 2}, at=CLOSING, by=None)
    assert state(juice) == (1, 9)


@pytest.mark.parametrize("bad", [Terms(size=0, wholesaler="X"), Terms(size=1001, wholesaler="X"), Terms(size=6, wholesaler=" ")])
def test_agree_refuses_what_cannot_be(bad: Terms) -> None:
    product = Market().product()
    with pytest.raises(BadCase):
        cases.agree(stockrecord=offer(product), terms=bad, at=NOW, by=None)
    assert not CasePack.objects.exists()


def test_agree_is_written_down_once_and_ends_without_touching_what_is_bought() -> None:
    market = Market()
    juice = bought(market)
    market.order((juice, 3))
    reckoned(market, juice)
    for _twice in range(2):
        cases.agree(stockrecord=offer(juice), terms=None, at=NOW, by=None)
    assert AuditEntry.objects.filter(action="offer.cases").count() == 2
    assert reckoned(market, juice) == (1, 9)


def test_reckoning_takes_the_same_queries_for_one_and_many() -> None:
    counts = []
    for number in (1, 4):
        market = Market()
        for _each in range(number):
            market.order((bought(market), 2), (bought(market), 1))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            purchases.reckon(delivery_round=market.round, at=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


STEPS = st.lists(st.tuples(st.sampled_from(["order", "more", "less", "tell", "reckon", "close"]), st.integers(1, 30)), max_size=8)


@settings(max_examples=12, deadline=None)
@given(steps=STEPS, size=st.integers(1, 12), lying=st.integers(0, 8), came=st.integers(0, 40))
def test_no_piece_arises_or_is_lost_whatever_happens_in_whatever_order(
    steps: list[tuple[str, int]], size: int, lying: int, came: int
) -> None:
    market = Market()
    juice = bought(market, size=size)
    pk = offer(juice).pk
    cases.recount(stockrecord=offer(juice), seen=0, counted=lying, at=NOW, by=None)
    for what, number in [*steps, ("close", 0)]:
        lines = Line.objects.filter(stockrecord=pk)
        if what == "tell":
            purchases.order(delivery_round=market.round, told={pk: number % 4}, at=NOW, by=None)
        elif what == "close":
            market.close()
        elif market.round.status == "open":
            if what == "order":
                market.order((juice, number))
            lines.update(quantity=Greatest(F("quantity") + {"more": 1, "less": -1}.get(what, 0), 0))
        purchases.reckon(delivery_round=market.round, at=NOW)
        _books_fit(pk, lying)
    for _twice in range(2):
        purchases.arrive(delivery_round=market.round, pieces={pk: came}, at=CLOSING, by=None)
        _books_fit(pk, lying)


def _books_fit(stockrecord: int, lying: int) -> None:
    """What lay there and what comes is what customers get and what is loose; a whole case is never bought in vain."""
    loose, row = CasePack.objects.get(stockrecord=stockrecord).loose, Purchase.objects.filter(stockrecord=stockrecord).first()
    if row is None:
        assert loose == lying
        return
    assert lying + row.supply == row.needed + loose
    assert loose >= 0
    assert row.arrived is not None or row.cases == row.told_cases or loose < row.size
