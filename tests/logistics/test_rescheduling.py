"""Rounds that people have ordered for stay, move or are cancelled as the office chooses, and everybody is told once."""

from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from logistics import rescheduling, rescheduling_mails, rounds
from logistics.models import Delivery, DeliveryRound, DeliveryWindow, RoundException, RuleWindow
from logistics.rescheduling import NotRescheduled
from marketplace.order import mails
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from tests.factories import town as towns
from tests.factories.market import NOW, local
from tests.factories.town import Town
from tests.journeys import way
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db
SATURDAY, FRIDAY = date(2026, 11, 28), date(2026, 11, 27)
TODAY = NOW.date()


@pytest.fixture
def market() -> Market:
    """A round for Saturday that somebody has ordered for, by a plan with one window."""
    made = Market()
    RuleWindow.objects.create(rule=made.round.rule, starts=time(10), ends=time(12), capacity=20)
    return made


def days(market: Market) -> list[date]:
    rows = DeliveryRound.objects.filter(rule=market.round.rule).exclude(status="cancelled")
    return list(rows.order_by("delivery_day").values_list("delivery_day", flat=True))


def test_an_exception_makes_the_office_choose_for_booked_rounds_only(market: Market) -> None:
    rounds.announce(rule=market.round.rule, today=TODAY)
    market.order((market.product(), 1))
    for day in (SATURDAY, SATURDAY + timedelta(days=7)):
        RoundException.objects.create(rule=market.round.rule, day=day, moved_to=None, reason="Sturm")
    rounds.announce(rule=market.round.rule, today=TODAY)
    (found,) = rescheduling.differing(rule=market.round.rule, at=NOW)
    assert (found.round, found.orders, found.planned_day) == (market.round, 1, None)
    assert SATURDAY + timedelta(days=7) not in days(market)


def test_kept_rounds_are_not_asked_for_again(market: Market) -> None:
    market.order((market.product(), 1))
    RoundException.objects.create(rule=market.round.rule, day=SATURDAY, moved_to=FRIDAY, reason="Markt")
    assert len(rescheduling.differing(rule=market.round.rule, at=NOW)) == 1
    rescheduling.keep(delivery_round=market.round, at=NOW, by=None)
    assert rescheduling.differing(rule=market.round.rule, at=NOW) == []
    rounds.announce(rule=market.round.rule, today=TODAY)
    assert SATURDAY in days(market)
    assert FRIDAY not in days(market)


def test_another_weekday_asks_too(market: Market) -> None:
    market.order((market.product(), 1))
    rule = market.round.rule
    rule.first_day = FRIDAY
    rule.save()
    rounds.announce(rule=rule, today=TODAY)
    (found,) = rescheduling.differing(rule=rule, at=NOW)
    assert (found.round.delivery_day, found.planned_day) == (SATURDAY, None)
    moved = rescheduling.move(delivery_round=market.round, to=FRIDAY, reason="Neuer Tag", at=NOW, by=None)
    assert (moved.delivery_day, moved.rule_day) == (FRIDAY, FRIDAY)  # in the place of the empty one that was announced
    assert rescheduling.differing(rule=rule, at=NOW) == []
    rounds.announce(rule=rule, today=TODAY)
    assert days(market).count(FRIDAY) == 1


def test_moved_with_windows_by_the_clock_places_and_a_new_cut_off(market: Market) -> None:
    delivery = market.order((market.product(), 1))
    window = delivery.window
    to = date(2027, 3, 29)  # the clocks have changed by then
    moved = rescheduling.move(delivery_round=market.round, to=to, reason="Umzug", at=NOW, by=None)
    before = window.starts_at
    window.refresh_from_db()
    assert window.starts_at == local(to, before.astimezone(local(SATURDAY, time(0)).tzinfo).time())
    assert (window.taken, moved.cutoff_at) == (1, local(date(2027, 3, 27), time(18)))
    rounds.announce(rule=market.round.rule, today=TODAY)
    assert SATURDAY not in days(market)


def test_moves_that_are_not_possible_say_why(market: Market) -> None:
    market.order((market.product(), 1))
    with pytest.raises(NotRescheduled, match="bereits"):
        rescheduling.move(delivery_round=market.round, to=SATURDAY, reason="", at=NOW, by=None)
    with pytest.raises(NotRescheduled, match="Bestellschluss"):
        rescheduling.move(delivery_round=market.round, to=TODAY, reason="", at=NOW, by=None)
    rounds.close(delivery_round=market.round, at=CLOSING)
    with pytest.raises(NotRescheduled, match="geschlossen"):
        rescheduling.move(delivery_round=market.round, to=FRIDAY, reason="", at=NOW, by=None)
    market.round.refresh_from_db()
    assert market.round.delivery_day == SATURDAY
    assert not RoundException.objects.exists()


@pytest.fixture
def town(db: None) -> Town:
    """A market with a round for the Saturday after its Tuesday."""
    return towns.build(today=TODAY)


def test_a_moved_round_is_told_once_for_each_move(town: Town) -> None:
    order = way.order(town, {"honey": 2}, email="grete@post.example")
    rescheduling.move(delivery_round=town.round, to=FRIDAY, reason="Nikolausmarkt", at=NOW, by=None)
    assert rescheduling_mails.untold(at=NOW) == [order.pk]
    assert rescheduling_mails.tell(order_id=order.pk, at=NOW)
    assert not rescheduling_mails.tell(order_id=order.pk, at=NOW)
    (sent,) = mail.outbox
    assert sent.to == ["grete@post.example"]
    for words in ("28. November", "27. November", "Nikolausmarkt", "25. November", "18:00"):
        assert words in sent.body, sent.body
    later = NOW + timedelta(hours=1)
    rescheduling.move(delivery_round=town.round, to=SATURDAY, reason="Doch", at=later, by=None)
    assert rescheduling_mails.untold(at=later) == [order.pk]
    assert rescheduling_mails.tell(order_id=order.pk, at=later)
    assert rescheduling_mails.untold(at=later) == []


def test_who_orders_after_the_move_is_told_nothing(market: Market) -> None:
    market.order((market.product(), 1))
    rescheduling.move(delivery_round=market.round, to=FRIDAY, reason="Markt", at=NOW - timedelta(days=1), by=None)
    Order.objects.update(date_placed=NOW)
    assert rescheduling_mails.untold(at=NOW) == []


def test_a_cancelled_round_gives_everything_back_and_tells_everybody(market: Market) -> None:
    limited = market.product(offer__stock_kind="limited", offer__num_in_stock=10)
    deliveries = [market.order((limited, 2)) for _number in range(2)]
    assert rescheduling.cancel(delivery_round=market.round, reason="Schneesturm", at=NOW, by=None) == 2
    market.round.refresh_from_db()
    assert market.round.status == "cancelled"
    assert {order.status for order in Order.objects.all()} == {Order.Status.CANCELLED}
    assert {row.status for row in Delivery.objects.all()} == {Delivery.Status.CANCELLED}
    assert StockRecord.objects.get(product=limited).num_allocated in (0, None)
    assert DeliveryWindow.objects.get(pk=deliveries[0].window_id).taken == 0
    with pytest.raises(NotRescheduled):
        rescheduling.cancel(delivery_round=market.round, reason="Schneesturm", at=NOW, by=None)
    rounds.announce(rule=market.round.rule, today=TODAY)
    assert SATURDAY not in days(market)


def test_a_cancelled_round_is_told_with_its_reason(town: Town) -> None:
    order = way.order(town, {"honey": 2}, email="grete@post.example")
    office = town.people["office"]
    rescheduling.cancel(delivery_round=town.round, reason="Schneesturm", at=NOW, by=office)
    assert mails.send_cancellation(order_id=order.pk, at=NOW)
    (sent,) = mail.outbox
    assert sent.to == ["grete@post.example"]
    assert "Schneesturm" in sent.body


def test_cancelling_takes_the_same_queries_for_any_number_of_orders(market: Market) -> None:
    product = market.product()
    market.order((product, 1))
    with CaptureQueriesContext(connection) as few:
        rescheduling.cancel(delivery_round=market.round, reason="Sturm", at=NOW, by=None)
    other = Market()
    article = other.product()
    for _number in range(5):
        other.order((article, 1))
    with CaptureQueriesContext(connection) as many:
        rescheduling.cancel(delivery_round=other.round, reason="Sturm", at=NOW, by=None)
    assert len(many) == len(few)
