"""Days late, twice, in any order and in any number of sendings: the same reports end in the same rows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from logistics import reports, tours
from logistics.models import Box, Collection, Delivery, DepositReturn, PackedLine, Stop, StopEvent, Tour, UnfollowedReport
from logistics.reports import Report
from tests.factories.market import UserFactory, VehicleFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db


class _TakenBack(Exception):
    """Ends one try, so that the next begins with the same tours."""


def _numbers() -> Iterator[UUID]:
    yield from (UUID(int=number) for number in range(1, 1000))


def _day(market: Market) -> list[Report]:
    """What happens on one round: a box missed at the farm, one door shut at first, something damaged, a break."""
    uuids, driver = _numbers(), UserFactory.create()

    def told(stop: Stop, kind: str, minutes: int, **data: Any) -> Report:
        at = DAY + timedelta(minutes=minutes)
        return Report(
            uuid=next(uuids),
            stop_id=stop.pk,
            kind=kind,
            reported_at=at,
            received_at=DAY + timedelta(days=3),
            by=driver,
            data=data,
        )

    farm = Stop.objects.get(kind=Stop.Kind.COLLECT)
    first, second, third = Stop.objects.filter(kind=Stop.Kind.DELIVER).order_by("sequence")
    one, two, three = (stop.deliveries.get() for stop in (first, second, third))
    line, lost = two.packed_lines.get(), one.packed_lines.get()
    nothing = {str(lost.pk): {"quantity": "0", "problem": "missing"}}
    missed, loaded = one.boxes.get(), two.boxes.get()
    return [
        told(farm, "arrive", 1),
        told(farm, "collected", 4),
        told(first, "start", 30),
        told(first, "box", 31, box=str(missed.pk), seen="missing"),
        told(second, "box", 32, box=str(loaded.pk), seen="there"),
        told(first, "arrive", 40),
        told(first, "delivered", 42, delivery=one.pk, handed_to="Ada", outcomes=nothing),
        told(second, "later", 50),
        told(second, "break", 51),
        told(second, "go_on", 60),
        told(second, "delivered", 61, delivery=two.pk, outcomes={str(line.pk): {"quantity": "1", "problem": "damaged"}}),
        told(third, "failed", 70, delivery=three.pk, reason="niemand da"),
        told(third, "failed", 75, delivery=three.pk, reason="wieder niemand da"),
        told(third, "delivered", 120, delivery=three.pk),
        told(third, "delivered", 121, delivery=three.pk),
    ]


def _state() -> list[Any]:
    """All that follows from reports, without keys that every try draws anew."""
    return [
        list(Tour.objects.order_by("pk").values("status", "started_at", "done_at", "driver")),
        list(Stop.objects.order_by("pk").values("arrived_at", "completed_at", "put_off_at")),
        list(Delivery.objects.order_by("pk").values("status", "completed_at", "failed_at", "handed_to", "handover_note")),
        list(PackedLine.objects.order_by("pk").values("delivered", "problem")),
        list(Collection.objects.order_by("pk").values("status", "collected_at")),
        list(Box.objects.order_by("pk").values("code", "status")),
        sorted(StopEvent.objects.values_list("pk", "kind")),
        DepositReturn.objects.count(),
        UnfollowedReport.objects.filter(settled_at__isnull=True).count(),
    ]


def _after(sent: list[Report], market: Market) -> list[Any]:
    state: list[Any] = []
    try:
        with transaction.atomic():
            for report in sent:
                reports.take(region=market.region, report=report)
            state = _state()
            raise _TakenBack
    except _TakenBack:
        return state


def test_the_same_reports_end_in_the_same_rows() -> None:
    market = Market()
    VehicleFactory.create(region=market.region)
    honey = market.product()
    for _number in range(3):
        market.order((honey, 2))
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)
    day = _day(market)
    expected = _after(day, market)
    assert {row["status"] for row in expected[2]} == {Delivery.Status.COMPLETED}

    @settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(order=some.permutations(range(len(day))), again=some.lists(some.integers(0, len(day) - 1), max_size=10))
    def in_any_order(order: list[int], again: list[int]) -> None:
        sent = [day[number] for number in (*order[:5], *again, *order[5:], *again)]
        assert _after(sent, market) == expected

    in_any_order()
