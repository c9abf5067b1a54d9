"""The office enters and changes round plans; unbooked rounds follow, booked ones keep their day."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from logistics import plans
from logistics.models import DeliveryRound, DeliveryWindow, RoundException, RoundRule
from logistics.plans import BadPlan, PlanWindow
from marketplace.core.models import AuditEntry
from tests.factories.market import NOW, PickupPointFactory, RegionFactory, local
from tests.logistics.market import Market

pytestmark = pytest.mark.django_db
SATURDAY = date(2026, 11, 28)


def window(**given: Any) -> PlanWindow:
    usual = {"pickup_point": None, "starts": time(10), "ends": time(12), "capacity": 20, "fee": Decimal("3.90")}
    return PlanWindow(**{**usual, **given})


def fresh(**given: Any) -> RoundRule:
    usual = {
        "region": given.pop("region", None) or RegionFactory.create(),
        "name": "Samstagsrunde",
        "frequency": "weekly",
        "first_day": SATURDAY,
        "cutoff_hours": 30,
        "announce_days": 21,
        "hub_open_from": time(6),
        "hub_sorted_by": time(9),
    }
    return RoundRule(**{**usual, **given})


def days(rule: RoundRule) -> list[date]:
    return list(rule.rounds.order_by("delivery_day").values_list("delivery_day", flat=True))


def test_a_new_plan_announces_its_rounds_at_once_with_its_windows() -> None:
    rule = fresh()
    point = PickupPointFactory.create(region=rule.region)
    plans.save(rule=rule, windows=[window(), window(pickup_point=point, starts=time(11), fee=Decimal(0))], at=NOW, by=None)
    assert days(rule) == [SATURDAY + timedelta(days=7 * number) for number in range(3)]
    assert {row.windows.count() for row in rule.rounds.all()} == {2}
    assert AuditEntry.objects.filter(action="plan.created", target_id=rule.pk).count() == 1


@pytest.mark.parametrize(
    ("windows", "given", "words"),
    [
        ([], {}, "mindestens ein Zeitfenster"),
        ([window(starts=time(12), ends=time(10))], {}, "bevor es beginnt"),
        ([window(), window(starts=time(11), ends=time(13))], {}, "überschneiden"),
        ([window()], {"last_day": date(2026, 11, 1)}, "vor dem ersten"),
    ],
)
def test_plans_that_make_no_sense_are_refused_and_leave_no_trace(
    windows: list[PlanWindow], given: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadPlan, match=words):
        plans.save(rule=fresh(**given), windows=windows, at=NOW, by=None)
    assert not RoundRule.objects.exists()


def test_windows_may_touch_and_lie_at_different_places_at_once() -> None:
    rule = fresh()
    point = PickupPointFactory.create(region=rule.region)
    near = [window(), window(starts=time(12), ends=time(14)), window(pickup_point=point)]
    assert plans.save(rule=rule, windows=near, at=NOW, by=None).windows.count() == 3


def test_unbooked_rounds_follow_day_cut_off_and_windows() -> None:
    rule = plans.save(rule=fresh(), windows=[window()], at=NOW, by=None)
    rule.first_day, rule.cutoff_hours = SATURDAY - timedelta(days=1), 54
    plans.save(rule=rule, windows=[window(starts=time(15), ends=time(18), capacity=7)], at=NOW, by=None)
    first = rule.rounds.order_by("delivery_day")[0]
    assert first.delivery_day.isoweekday() == 5
    assert first.cutoff_at == local(first.delivery_day - timedelta(days=3), time(18))
    (only,) = first.windows.all()
    assert (only.starts_at, only.capacity) == (local(first.delivery_day, time(15)), 7)


def test_a_booked_round_keeps_day_place_and_an_earlier_cut_off_never_comes() -> None:
    market = Market()
    rule = market.round.rule
    delivery = market.order((market.product(), 1))
    before = market.round.cutoff_at
    rule.cutoff_hours = 78
    plans.save(rule=rule, windows=[window(starts=time(15), ends=time(18))], at=NOW, by=None)
    market.round.refresh_from_db()
    assert (market.round.delivery_day, market.round.cutoff_at) == (SATURDAY, before)
    booked = DeliveryWindow.objects.get(pk=delivery.window_id)
    assert (booked.taken, booked.capacity) == (1, 1)  # stays, without further places
    assert market.round.windows.filter(starts_at=local(SATURDAY, time(15))).exists()
    rule.cutoff_hours = 6
    plans.save(rule=rule, windows=[window()], at=NOW, by=None)
    market.round.refresh_from_db()
    assert market.round.cutoff_at == local(SATURDAY - timedelta(days=1), time(18))


def test_fewer_places_never_take_one_away() -> None:
    market = Market()
    rule = market.round.rule
    delivery = market.order((market.product(), 1))
    market.order((market.product(), 1))
    span = [
        moment.astimezone(local(SATURDAY, time(0)).tzinfo).time()
        for moment in (delivery.window.starts_at, delivery.window.ends_at)
    ]
    plans.save(rule=rule, windows=[window(starts=span[0], ends=span[1], capacity=1)], at=NOW, by=None)
    row = DeliveryWindow.objects.get(pk=delivery.window_id)
    assert (row.taken, row.capacity) == (2, 2)


def test_a_plan_out_of_use_takes_back_what_nobody_booked() -> None:
    market = Market()
    rule = plans.save(rule=market.round.rule, windows=[window()], at=NOW, by=None)
    market.order((market.product(), 1))
    rule.is_active = False
    plans.save(rule=rule, windows=[window()], at=NOW, by=None)
    assert days(rule) == [SATURDAY]


def test_exceptions_move_skip_and_go_again() -> None:
    rule = plans.save(rule=fresh(), windows=[window()], at=NOW, by=None)
    later = SATURDAY + timedelta(days=7)
    plans.except_day(rule=rule, day=SATURDAY, moved_to=None, reason="Sturm", at=NOW, by=None)
    kept = plans.except_day(rule=rule, day=later, moved_to=later - timedelta(days=1), reason="Markt", at=NOW, by=None)
    assert days(rule)[:2] == [later - timedelta(days=1), later + timedelta(days=7)]
    plans.except_day(rule=rule, day=SATURDAY, moved_to=SATURDAY - timedelta(days=1), reason="Doch", at=NOW, by=None)
    assert RoundException.objects.count() == 2
    plans.drop_exception(exception=kept, at=NOW, by=None)
    assert days(rule)[:2] == [SATURDAY - timedelta(days=1), later]


def test_an_exception_for_a_day_without_a_round_is_refused() -> None:
    rule = plans.save(rule=fresh(), windows=[window()], at=NOW, by=None)
    with pytest.raises(BadPlan, match="keine Runde"):
        plans.except_day(rule=rule, day=SATURDAY + timedelta(days=1), moved_to=None, reason="?", at=NOW, by=None)
    assert not RoundException.objects.exists()


def test_a_holiday_moves_the_round_by_itself() -> None:
    christmas = date(2026, 12, 26)
    rule = plans.save(rule=fresh(first_day=christmas, on_holiday="before", announce_days=60), windows=[window()], at=NOW, by=None)
    first = DeliveryRound.objects.get(rule=rule, rule_day=christmas)
    assert (first.delivery_day, first.cutoff_at) == (date(2026, 12, 24), local(date(2026, 12, 22), time(18)))
