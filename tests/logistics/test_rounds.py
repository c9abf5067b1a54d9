"""Rounds: announced by rule, open for orders, closed once."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from logistics import rounds
from logistics.models import (
    Collection,
    DeliveryRound,
    DeliveryWindow,
    PackedLine,
    RoundException,
    RoundRule,
    RuleWindow,
)
from logistics.rounds import RoundClosed
from marketplace.core.models import AuditEntry
from marketplace.core.transitions import ForbiddenTransition
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from tests.factories.market import NOW, PickupPointFactory, RoundFactory, RoundRuleFactory, local
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
SATURDAYS = [date(2026, 11, 28), date(2026, 12, 5), date(2026, 12, 12)]


def saturdays(**given: object) -> RoundRule:
    rule: RoundRule = RoundRuleFactory.create(**given)
    RuleWindow.objects.create(rule=rule, starts=time(10), ends=time(12), capacity=20, fee=Decimal("3.90"))
    return rule


def days(rule: RoundRule) -> list[date]:
    return list(rule.rounds.order_by("delivery_day").values_list("delivery_day", flat=True))


def test_announce_creates_rounds_with_windows_ahead() -> None:
    rule = saturdays()
    RuleWindow.objects.create(rule=rule, pickup_point=PickupPointFactory.create(), starts=time(11), ends=time(14), capacity=40)
    assert rounds.announce(rule=rule, today=MONDAY) == 3
    assert days(rule) == SATURDAYS
    first = rule.rounds.get(delivery_day=SATURDAYS[0])
    assert (first.region, first.rule_day, first.status) == (rule.region, SATURDAYS[0], "open")
    assert first.cutoff_at == local(date(2026, 11, 26), time(18))
    assert first.opens_at == local(date(2026, 11, 7), time(0))
    home, pickup = first.windows.order_by("starts_at")
    assert (home.starts_at, home.ends_at, home.capacity, home.fee) == (
        local(SATURDAYS[0], time(10)),
        local(SATURDAYS[0], time(12)),
        20,
        Decimal("3.90"),
    )
    assert pickup.pickup_point is not None


def test_announce_again_creates_nothing_twice() -> None:
    rule = saturdays()
    rounds.announce(rule=rule, today=MONDAY)
    assert rounds.announce(rule=rule, today=MONDAY) == 0
    assert rounds.announce(rule=rule, today=MONDAY + timedelta(days=7)) == 1
    assert (len(days(rule)), DeliveryWindow.objects.count()) == (4, 4)


def test_announce_every_two_weeks_counts_from_the_first_day() -> None:
    rule = saturdays(frequency="fortnightly", first_day=date(2026, 11, 21))
    rounds.announce(rule=rule, today=MONDAY)
    assert days(rule) == [date(2026, 12, 5)]


def test_announce_keeps_to_first_and_last_day() -> None:
    rule = saturdays(first_day=date(2026, 12, 5), last_day=date(2026, 12, 6))
    rounds.announce(rule=rule, today=MONDAY)
    assert days(rule) == [date(2026, 12, 5)]


def test_announce_leaves_out_rounds_whose_cut_off_has_passed() -> None:
    rule = saturdays()
    rounds.announce(rule=rule, today=date(2026, 11, 27))
    assert days(rule)[0] == date(2026, 12, 5)


def test_announce_moves_and_skips_by_exception() -> None:
    rule = saturdays()
    RoundException.objects.create(rule=rule, day=SATURDAYS[1], moved_to=date(2026, 12, 4), reason="Nikolausmarkt")
    RoundException.objects.create(rule=rule, day=SATURDAYS[2], reason="Pause")
    rounds.announce(rule=rule, today=MONDAY)
    assert days(rule) == [SATURDAYS[0], date(2026, 12, 4)]
    moved = rule.rounds.get(rule_day=SATURDAYS[1])
    assert moved.cutoff_at == local(date(2026, 12, 2), time(18))
    assert moved.windows.get().starts_at == local(date(2026, 12, 4), time(10))


def test_announce_follows_a_later_exception_only_while_nobody_has_booked() -> None:
    market = Market()
    rule = market.round.rule
    RuleWindow.objects.create(rule=rule, starts=time(10), ends=time(12), capacity=20)
    rounds.announce(rule=rule, today=MONDAY)
    market.order((market.product(), 1))
    for day in SATURDAYS[:2]:
        RoundException.objects.create(rule=rule, day=day, reason="Sturm")
    rounds.announce(rule=rule, today=MONDAY)
    assert days(rule) == [SATURDAYS[0], SATURDAYS[2]]


def test_announce_rests_with_the_rule() -> None:
    assert rounds.announce(rule=saturdays(is_active=False), today=MONDAY) == 0


@pytest.mark.parametrize(
    ("day", "cutoff"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 27, 17, tzinfo=UTC)),  # clocks go forward in the night to Sunday
        (date(2026, 3, 30), datetime(2026, 3, 28, 17, tzinfo=UTC)),  # the change lies between cut-off and delivery
        (date(2026, 3, 31), datetime(2026, 3, 29, 16, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 23, 16, tzinfo=UTC)),  # clocks go back
        (date(2026, 10, 26), datetime(2026, 10, 24, 16, tzinfo=UTC)),
        (date(2026, 10, 27), datetime(2026, 10, 25, 17, tzinfo=UTC)),
    ],
)
def test_the_cut_off_stays_at_18_o_clock_when_the_clocks_change(day: date, cutoff: datetime) -> None:
    rule = saturdays(first_day=day)
    rounds.announce(rule=rule, today=day - timedelta(days=7))
    made = rule.rounds.get(delivery_day=day)
    assert made.cutoff_at == cutoff
    assert made.cutoff_at.astimezone(local(day, time(0)).tzinfo).time() == time(18)


def test_next_open_is_the_next_delivery_day_of_the_region() -> None:
    rule = saturdays()
    rounds.announce(rule=rule, today=MONDAY)
    rounds.announce(rule=saturdays(first_day=date(2026, 11, 27)), today=MONDAY)
    first, second, third = rule.rounds.order_by("delivery_day")
    assert rounds.next_open(region=rule.region, at=NOW) == first
    assert rounds.open_rounds(region=rule.region, at=NOW) == [first, second, third]
    assert rounds.next_open(region=rule.region, at=first.cutoff_at) == second
    assert rounds.next_open(region=rule.region, at=NOW - timedelta(days=90)) is None


def test_hold_open_refuses_before_and_after() -> None:
    row = RoundFactory.create()
    with transaction.atomic():
        assert rounds.hold_open(round_id=row.pk, at=row.cutoff_at - timedelta(seconds=1)) == row
    for at in (row.opens_at - timedelta(seconds=1), row.cutoff_at):
        with pytest.raises(RoundClosed):
            rounds.hold_open(round_id=row.pk, at=at)
    with pytest.raises(RoundClosed):
        rounds.hold_open(round_id=row.pk + 1, at=NOW)


def test_close_closes_orders_and_gives_every_producer_a_collection() -> None:
    market = Market()
    honey, eggs = market.product(volume_ml=1_000), market.product(volume_ml=30_000, storage="cool")
    first, second = market.order((honey, 41), (eggs, 2)), market.order((honey, 1))
    assert rounds.close(delivery_round=market.round, at=CLOSING) is True
    market.round.refresh_from_db()
    assert (market.round.status, market.round.closed_at) == ("closed", CLOSING)
    assert {order.status for order in Order.objects.all()} == {"closed"}
    of_honey = Collection.objects.get(partner=honey.partner)
    of_eggs = Collection.objects.get(partner=eggs.partner)
    assert [(row.status, row.crates, row.cold_crates) for row in (of_honey, of_eggs)] == [("open", 2, 0), ("open", 2, 2)]
    assert sorted(PackedLine.objects.values_list("collection", "delivery", "ordered", "packed")) == sorted(
        [
            (of_honey.pk, first.pk, 41, None),
            (of_eggs.pk, first.pk, 2, None),
            (of_honey.pk, second.pk, 1, None),
        ]
    )


def test_close_leaves_cancelled_orders_alone() -> None:
    from logistics import deliveries
    from marketplace.order import progress

    market = Market()
    gone = market.order((market.product(), 1))
    deliveries.cancel(delivery=gone, at=NOW)
    progress.cancel(order=gone.order, at=NOW)
    market.close()
    assert (PackedLine.objects.count(), Order.objects.get().status) == (0, "cancelled")


def test_case_7_close_twice_is_once() -> None:
    market = Market()
    market.order((market.product(), 1))
    market.close()
    assert rounds.close(delivery_round=market.round, at=CLOSING + timedelta(hours=1)) is False
    assert (Collection.objects.count(), PackedLine.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="round.closed").count() == 1


def test_close_takes_limited_stock_from_the_pile() -> None:
    market = Market()
    few = market.product(offer__stock_kind="limited", offer__num_in_stock=10)
    market.order((few, 3))
    market.order((few, 4))
    record = StockRecord.objects.get()
    assert (record.num_in_stock, record.num_allocated) == (10, 7)
    market.close()
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (3, 0)


def test_close_does_not_stumble_over_stock_that_became_limited_after_the_order() -> None:
    market = Market()
    market.order((market.product(), 5))
    StockRecord.objects.update(stock_kind="limited", num_in_stock=2, num_allocated=0)
    market.close()
    record = StockRecord.objects.get()
    assert (market.round.status, record.num_in_stock, record.num_allocated) == ("closed", 0, 0)


@pytest.mark.parametrize("orders", [3, 30])
def test_close_needs_the_same_queries_for_ten_times_the_orders(orders: int) -> None:
    market = Market()
    goods = [market.product(offer__stock_kind="limited", offer__num_in_stock=99) for _number in range(max(1, orders // 10))]
    for _number in range(orders):
        market.order(*((article, 1) for article in goods))
    with CaptureQueriesContext(connection) as captured:
        rounds.close(delivery_round=market.round, at=CLOSING)
    assert len(captured) == 26


def test_case_7_close_due_catches_up_after_days_and_leaves_the_rest_open() -> None:
    due = Market()
    due.order((due.product(), 1))
    later = RoundFactory.create(rule=due.round.rule, delivery_day=SATURDAYS[1])
    assert rounds.close_due(at=NOW) == 0
    assert rounds.close_due(at=CLOSING + timedelta(days=5)) == 1
    assert rounds.close_due(at=CLOSING + timedelta(days=5)) == 0
    due.round.refresh_from_db()
    later.refresh_from_db()
    assert (due.round.status, later.status) == ("closed", "open")


def test_step_refuses_what_the_status_does_not_allow() -> None:
    row = RoundFactory.create()
    with pytest.raises(ForbiddenTransition), transaction.atomic():
        rounds.step(rounds.lock(round_id=row.pk), to=DeliveryRound.Status.DONE, at=NOW, by=None)


def test_close_due_goes_on_when_one_round_cannot_be_closed() -> None:
    stuck, fine = Market(), Market()
    honey = stuck.product()
    stuck.order((honey, 1))
    fine.order((fine.product(), 1))
    in_the_way = Collection.objects.create(round=stuck.round, partner=honey.partner)
    assert rounds.close_due(at=CLOSING) == 1
    stuck.round.refresh_from_db()
    fine.round.refresh_from_db()
    assert (stuck.round.status, fine.round.status) == ("open", "closed")
    assert {order.status for order in Order.objects.filter(delivery__round=stuck.round)} == {"placed"}
    in_the_way.delete()
    assert rounds.close_due(at=CLOSING) == 1
