"""What a driver reports: once, in order, with consequences."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from logistics import driving, tours
from logistics.driving import ReportRefused
from logistics.handover import HandoverRefused
from logistics.models import Box, Collection, Delivery, DeliveryRound, PackedLine, Stop, StopEvent, Tour
from tests.factories.market import PickupPointFactory, VehicleFactory, WindowFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    return market


def ready(market: Market, *, pack: bool = True) -> None:
    market.close()
    if pack:
        market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)


def report(stop: Stop, kind: str, uuid: UUID | None = None, **data: Any) -> bool:
    at = data.pop("at", DAY)
    return driving.report(stop=stop, uuid=uuid or uuid4(), kind=kind, reported_at=at, received_at=DAY, by=None, data=data)


def stop_of(delivery: Delivery) -> Stop:
    delivery.refresh_from_db()
    assert delivery.stop is not None
    return delivery.stop


def test_report_delivered_completes_delivery_stop_tour_and_round(market: Market) -> None:
    delivery = market.order((market.product(), 2))
    ready(market)
    stop = stop_of(delivery)
    assert report(stop, "arrive", at=DAY - timedelta(minutes=3))
    assert report(stop, "delivered", handed_to="Nachbarin")
    delivery.refresh_from_db()
    stop.refresh_from_db()
    assert (delivery.status, delivery.completed_at, delivery.handed_to) == (Delivery.Status.COMPLETED, DAY, "Nachbarin")
    assert (stop.arrived_at, stop.completed_at) == (DAY - timedelta(minutes=3), DAY)
    assert stop.tour.status == Tour.Status.DONE
    market.round.refresh_from_db()
    assert market.round.status == DeliveryRound.Status.DONE


def test_report_counts_once_however_often_it_is_sent(market: Market) -> None:
    delivery = market.order((market.product(), 2))
    ready(market)
    uuid = uuid4()
    assert report(stop_of(delivery), "delivered", uuid, handed_to="Femke") is True
    assert report(stop_of(delivery), "delivered", uuid, handed_to="ein anderer") is False
    delivery.refresh_from_db()
    assert (delivery.handed_to, StopEvent.objects.count()) == ("Femke", 1)


def test_report_of_what_was_delivered_already_changes_nothing(market: Market) -> None:
    delivery = market.order((market.product(), 2))
    ready(market)
    report(stop_of(delivery), "delivered", handed_to="Femke")
    report(stop_of(delivery), "delivered", handed_to="zweiter Reiter")
    delivery.refresh_from_db()
    assert delivery.handed_to == "Femke"


def test_report_starts_the_tour(market: Market) -> None:
    delivery = market.order((market.product(), 1))
    ready(market)
    report(stop_of(delivery), "arrive")
    delivery.refresh_from_db()
    assert (stop_of(delivery).tour.status, delivery.status) == (Tour.Status.UNDER_WAY, Delivery.Status.LOADED)


def test_report_does_not_trust_a_clock_that_runs_ahead(market: Market) -> None:
    delivery = market.order((market.product(), 1))
    ready(market)
    report(stop_of(delivery), "arrive", at=DAY + timedelta(days=9))
    assert stop_of(delivery).arrived_at == DAY


def test_report_collected_takes_the_goods_along(market: Market) -> None:
    market.order((market.product(), 1))
    ready(market)
    stop = Stop.objects.get(kind=Stop.Kind.COLLECT)
    report(stop, "collected")
    collection = Collection.objects.get()
    assert (collection.status, collection.collected_at) == (Collection.Status.COLLECTED, DAY)


def test_report_collected_refuses_what_is_not_packed_and_keeps_nothing(market: Market) -> None:
    market.order((market.product(), 1))
    ready(market, pack=False)
    stop = Stop.objects.get(kind=Stop.Kind.COLLECT)
    with pytest.raises(ReportRefused, match="Hof"):
        report(stop, "collected")
    assert StopEvent.objects.count() == 0
    assert report(stop, "failed", reason="niemand auf dem Hof")
    stop.refresh_from_db()
    assert stop.completed_at == DAY


def test_report_with_outcomes_writes_what_was_missing(market: Market) -> None:
    delivery = market.order((market.product(), 3), (market.product(), 1))
    ready(market)
    short, whole = PackedLine.objects.order_by("pk")
    report(stop_of(delivery), "delivered", outcomes={str(short.pk): {"quantity": "1", "problem": "damaged"}})
    short.refresh_from_db()
    whole.refresh_from_db()
    assert (short.delivered, short.problem) == (1, PackedLine.Problem.DAMAGED)
    assert (whole.delivered, whole.problem) == (1, PackedLine.Problem.NONE)


@pytest.mark.parametrize("outcomes", ["x", [1], {"a": {"quantity": 1}}, {"1": {"quantity": "viel"}}, {"1": 3}, {"1": {}}])
def test_report_refuses_unreadable_outcomes(market: Market, outcomes: object) -> None:
    delivery = market.order((market.product(), 3))
    ready(market)
    with pytest.raises(ReportRefused):
        report(stop_of(delivery), "delivered", outcomes=outcomes)


def test_report_without_the_check_of_age_is_refused(market: Market) -> None:
    delivery = market.order((market.product(age_limit=16), 1))
    ready(market)
    with pytest.raises(HandoverRefused):
        report(stop_of(delivery), "delivered")
    assert report(stop_of(delivery), "delivered", age_checked=True)


def test_report_failed_and_a_second_attempt(market: Market) -> None:
    first, second = market.order((market.product(), 1)), market.order((market.product(), 1))
    ready(market)
    report(stop_of(first), "failed", reason="niemand da")
    first.refresh_from_db()
    assert (first.status, first.handover_note) == (Delivery.Status.FAILED, "niemand da")
    report(stop_of(first), "delivered")
    first.refresh_from_db()
    assert first.status == Delivery.Status.COMPLETED
    assert stop_of(second).completed_at is None


def test_report_at_a_pickup_point_delivers_all_or_one(market: Market) -> None:
    point = PickupPointFactory.create(municipality=market.village)
    window = WindowFactory.create(round=market.round, pickup_point=point, fee=0)
    honey = market.product()
    first, second, third = (market.order((honey, 1), window=window) for _number in range(3))
    ready(market)
    stop = stop_of(first)
    report(stop, "failed", delivery=second.pk, reason="Kiste vergessen")
    stop.refresh_from_db()
    assert stop.completed_at is None
    report(stop, "delivered")
    stop.refresh_from_db()
    statuses = [Delivery.objects.get(pk=row.pk).status for row in (first, second, third)]
    assert statuses == [Delivery.Status.COMPLETED] * 3
    assert stop.completed_at == DAY


@pytest.mark.parametrize("kind", ["delivered", "nonsense", ""])
def test_report_refuses_what_makes_no_sense_at_a_farm(market: Market, kind: str) -> None:
    market.order((market.product(), 1))
    ready(market)
    with pytest.raises(ReportRefused):
        report(Stop.objects.get(kind=Stop.Kind.COLLECT), kind)


def test_report_refuses_a_delivery_of_another_stop(market: Market) -> None:
    first, second = market.order((market.product(), 1)), market.order((market.product(), 1))
    ready(market)
    with pytest.raises(ReportRefused):
        report(stop_of(first), "delivered", delivery=second.pk)


def test_report_with_the_code_that_the_customer_told(market: Market) -> None:
    delivery = market.order((market.product(), 2))
    ready(market)
    with pytest.raises(ReportRefused, match="XXXX"):
        report(stop_of(delivery), "delivered", code="xxxx")
    report(stop_of(delivery), "delivered", code=f" {delivery.code.lower()}")
    delivery.refresh_from_db()
    assert delivery.handover_note == "Der Code wurde genannt."


def test_report_later_puts_the_stop_off_until_it_is_over(market: Market) -> None:
    delivery = market.order((market.product(), 2))
    ready(market)
    report(stop_of(delivery), "later")
    assert stop_of(delivery).put_off_at == DAY
    assert stop_of(delivery).completed_at is None


def test_report_returned_brings_the_boxes_back_to_the_hub(market: Market) -> None:
    delivery = market.order((market.product(), 2))
    ready(market)
    report(stop_of(delivery), "failed", reason="niemand da")
    report(stop_of(delivery), "returned")
    assert delivery.boxes.get().status == Box.Status.RETURNED
