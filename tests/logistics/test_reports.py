"""What becomes of reports that phones send late, twice and in any order."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from logistics import reports, tours
from logistics.models import Box, Collection, Delivery, PackedLine, Stop, Tour, UnfollowedReport
from logistics.reports import Report
from marketplace.core.device_queue import Outcome
from marketplace.users.models import User
from tests.factories.market import UserFactory, VehicleFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    return market


@pytest.fixture
def driver() -> User:
    found: User = UserFactory.create()
    return found


def ready(market: Market, *, pack: bool = True) -> None:
    market.close()
    if pack:
        market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)


def told(stop: Stop | None, kind: str, by: User, *, minutes: int = 0, uuid: UUID | None = None, **data: Any) -> Report:
    return Report(
        uuid=uuid or uuid4(),
        stop_id=stop.pk if stop else None,
        kind=kind,
        reported_at=DAY + timedelta(minutes=minutes),
        received_at=DAY + timedelta(days=2),
        by=by,
        data=data,
    )


def stop_of(delivery: Delivery) -> Stop:
    delivery.refresh_from_db()
    assert delivery.stop is not None
    return delivery.stop


def test_take_answers_taken_and_then_known(market: Market, driver: User) -> None:
    delivery = market.order((market.product(), 2))
    ready(market)
    report = told(stop_of(delivery), "delivered", driver)
    assert [reports.take(region=market.region, report=report).outcome for _time in range(2)] == [Outcome.TAKEN, Outcome.KNOWN]
    delivery.refresh_from_db()
    assert (delivery.status, delivery.completed_at) == (Delivery.Status.COMPLETED, DAY)


def test_take_keeps_what_cannot_be_followed_and_says_why_each_time(market: Market, driver: User) -> None:
    delivery = market.order((market.product(age_limit=18), 2))
    ready(market)
    report = told(stop_of(delivery), "delivered", driver, handed_to="Ada")
    heard = [reports.take(region=market.region, report=report) for _time in range(2)]
    assert [answer.outcome for answer in heard] == [Outcome.REFUSED, Outcome.REFUSED]
    assert "Ausweis" in heard[0].sentence
    assert heard[0] == heard[1]
    kept = reports.open_in(region=market.region).get()
    assert (kept.data, kept.reported_at, kept.by) == ({"handed_to": "Ada"}, DAY, driver)


def test_a_refused_report_is_followed_as_soon_as_it_can_be(market: Market, driver: User) -> None:
    market.order((market.product(), 1))
    ready(market, pack=False)
    farm = Stop.objects.get(kind=Stop.Kind.COLLECT)
    assert reports.take(region=market.region, report=told(farm, "collected", driver)).outcome == Outcome.REFUSED
    market.pack()
    assert reports.try_again(round_id=market.round.pk, at=DAY) == 1
    assert Collection.objects.get().collected_at == DAY
    assert not reports.open_in(region=market.region).exists()


def test_a_report_of_a_stop_that_is_gone_is_kept(market: Market, driver: User) -> None:
    answer = reports.take(region=market.region, report=told(None, "delivered", driver, handed_to="Ada"))
    assert answer.outcome == Outcome.REFUSED
    assert UnfollowedReport.objects.get().data == {"handed_to": "Ada"}


def test_a_stranger_reports_nothing_of_a_tour_but_it_is_kept(market: Market, driver: User) -> None:
    delivery = market.order((market.product(), 1))
    ready(market)
    Tour.objects.update(driver=UserFactory.create())
    assert reports.take(region=market.region, report=told(stop_of(delivery), "delivered", driver)).outcome == Outcome.REFUSED
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.BOOKED
    assert UnfollowedReport.objects.count() == 1


def test_a_second_handover_with_other_numbers_is_for_people_to_look_at(market: Market, driver: User) -> None:
    delivery = market.order((market.product(), 3))
    ready(market)
    stop, line = stop_of(delivery), PackedLine.objects.get()
    reports.take(region=market.region, report=told(stop, "delivered", driver))
    less = {str(line.pk): {"quantity": "1", "problem": "damaged"}}
    answer = reports.take(region=market.region, report=told(stop, "delivered", driver, outcomes=less))
    assert answer.outcome == Outcome.REFUSED
    line.refresh_from_db()
    assert line.delivered == 3


@pytest.mark.parametrize("missed_first", [True, False])
def test_a_box_that_was_missed_at_the_farm_is_missing_whenever_that_is_reported(
    market: Market, driver: User, missed_first: bool
) -> None:
    market.order((market.product(), 1))
    ready(market)
    farm, box = Stop.objects.get(kind=Stop.Kind.COLLECT), Box.objects.get()
    sent = [told(farm, "box", driver, box=str(box.pk), seen="missing"), told(farm, "collected", driver)]
    for report in sent if missed_first else reversed(sent):
        assert reports.take(region=market.region, report=report).outcome == Outcome.TAKEN
    box.refresh_from_db()
    assert box.status == Box.Status.MISSING


def test_settle_takes_a_report_off_the_list(market: Market, driver: User) -> None:
    reports.take(region=market.region, report=told(None, "delivered", driver))
    row = reports.open_in(region=market.region).get()
    reports.settle(report=row, at=DAY, by=driver)
    row.refresh_from_db()
    assert (row.settled_at, row.settled_by) == (DAY, driver)
    assert reports.take(region=market.region, report=told(None, "delivered", driver, uuid=row.pk)).outcome == Outcome.KNOWN


def test_all_boxes_of_a_stop_are_ticked_at_once_but_those_that_were_missed(market: Market, driver: User) -> None:
    delivery = market.order((market.product(), 1), (market.product(), 1), (market.product(), 1))
    ready(market)
    stop = stop_of(delivery)
    first, second, third = delivery.boxes.order_by("pk")
    reports.take(region=market.region, report=told(stop, "box", driver, box=str(first.pk), seen="missing"))
    everything = told(stop, "boxes", driver, minutes=1)
    assert reports.take(region=market.region, report=everything).outcome == Outcome.TAKEN
    assert reports.take(region=market.region, report=everything).outcome == Outcome.KNOWN
    reports.take(region=market.region, report=told(stop, "box", driver, minutes=2, box=str(third.pk), seen="missing"))
    found = [Box.objects.get(pk=box.pk).status for box in (first, second, third)]
    assert found == [Box.Status.MISSING, Box.Status.LOADED, Box.Status.MISSING]


@pytest.mark.parametrize("in_order", [True, False])
def test_a_tick_at_loading_that_is_taken_back_leaves_the_box_missing(market: Market, driver: User, in_order: bool) -> None:
    delivery = market.order((market.product(), 1))
    ready(market)
    box, stop = delivery.boxes.get(), stop_of(delivery)
    sent = [
        told(stop, "box", driver, box=str(box.pk), seen="there"),
        told(stop, "box", driver, minutes=3, box=str(box.pk), seen="missing"),
    ]
    for one in sent if in_order else reversed(sent):
        assert reports.take(region=market.region, report=one).outcome == Outcome.TAKEN
    box.refresh_from_db()
    assert box.status == Box.Status.MISSING
    turned_up = told(stop, "box", driver, minutes=5, box=str(box.pk), seen="there")
    reports.take(region=market.region, report=turned_up)
    box.refresh_from_db()
    assert box.status == Box.Status.LOADED
