"""Jobs that find their work by a query."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from logistics import tasks
from logistics.models import DeliveryRound, RoundRule, RuleWindow, Tour
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
    cache.add(f"planning-round-{market.round.pk}", "1", timeout=60)
    tasks.plan_round(round_id=market.round.pk)
    assert Tour.objects.count() == 0
    cache.delete(f"planning-round-{market.round.pk}")
    tasks.plan_round(round_id=market.round.pk)
    assert Tour.objects.count() == 2
