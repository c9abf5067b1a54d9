"""Jobs that find their work by a query."""

from datetime import timedelta

import pytest
import time_machine

from logistics import tasks
from logistics.models import DeliveryRound, PlanningRun, RoundRule, RuleWindow, Tour
from logistics.planning import runs
from tests.factories.market import NOW, VehicleFactory
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    return market


def test_announce_rounds_for_every_rule_in_use(market: Market) -> None:
    rule = RoundRule.objects.get()
    RuleWindow.objects.create(rule=rule, starts="10:00", ends="12:00", capacity=9)
    with time_machine.travel(NOW, tick=False):
        tasks.announce_rounds()
        tasks.announce_rounds()
    assert DeliveryRound.objects.count() == 3


def test_close_due_rounds_closes_and_plans_once(market: Market) -> None:
    with time_machine.travel(NOW, tick=False):
        tasks.close_due_rounds()
    assert Tour.objects.count() == 0
    with time_machine.travel(CLOSING + timedelta(days=3), tick=False):
        tasks.close_due_rounds()
        planned = set(Tour.objects.values_list("pk", flat=True))
        tasks.close_due_rounds()
    market.round.refresh_from_db()
    assert market.round.status == DeliveryRound.Status.PLANNED
    assert set(Tour.objects.values_list("pk", flat=True)) == planned != set()


def test_plan_round_leaves_a_round_alone_that_another_worker_plans(market: Market) -> None:
    market.close()
    runs.ask(delivery_round=market.round, at=CLOSING, by=None)
    with time_machine.travel(CLOSING, tick=False):
        assert runs.begin(round_id=market.round.pk, at=CLOSING) is not None
        tasks.plan_round(round_id=market.round.pk)
        assert Tour.objects.count() == 0
    with time_machine.travel(CLOSING + runs.SILENCE, tick=False):
        tasks.plan_round(round_id=market.round.pk)
    assert Tour.objects.count() == 2
    assert PlanningRun.objects.get().attempts == 2


def test_plan_round_stops_when_it_is_called_off(market: Market) -> None:
    market.close()
    with time_machine.travel(CLOSING, tick=False):
        runs.ask(delivery_round=market.round, at=CLOSING, by=None)
        PlanningRun.objects.update(is_called_off=True)
        tasks.plan_round(round_id=market.round.pk)
        tasks.close_due_rounds()
    assert Tour.objects.count() == 0
    assert PlanningRun.objects.get().outcome == PlanningRun.Outcome.CANCELLED


def test_plan_round_takes_the_simple_way_after_two_workers_died_over_it(market: Market) -> None:
    market.close()
    runs.ask(delivery_round=market.round, at=CLOSING, by=None)
    for number in range(runs.DEADLY):
        assert runs.begin(round_id=market.round.pk, at=CLOSING + number * runs.SILENCE) is not None
    with time_machine.travel(CLOSING + 2 * runs.SILENCE, tick=False):
        tasks.close_due_rounds()
    assert PlanningRun.objects.get().outcome == PlanningRun.Outcome.SIMPLE
    assert {tour.plan["engine"] for tour in Tour.objects.all()} == {"insertion"}
