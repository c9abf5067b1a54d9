"""Travel times come from the road servers that are named, once; without one they are estimates, and the plan says so."""

import pytest
import time_machine
from django.core.cache import cache

from logistics import roads, tasks
from logistics.models import Tour
from logistics.routing import HaversineProvider, Place
from tests.factories.market import VehicleFactory
from tests.logistics.market import CLOSING, Market
from tests.logistics.routing.test_matrix import RoadServer, serving

HERE, THERE = Place(54.43, 9.70), Place(54.39, 9.59)


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    cache.clear()


def test_provider_without_a_server_estimates() -> None:
    assert roads.provider(servers={"van": "", "car": "", "bike": ""}) == HaversineProvider()


def test_provider_asks_a_server_once_for_the_same_places() -> None:
    with serving(RoadServer()) as server:
        known = roads.provider(servers={"van": server.url})
        first, second = known.table([HERE, THERE], "van"), known.table([HERE, THERE], "van")
        known.table([THERE, HERE], "van")
    assert len(server.requests) == 2
    assert second.seconds.tolist() == first.seconds.tolist()
    assert second.metres.tolist() == first.metres.tolist()
    assert (second.estimated, str(second.seconds.dtype)) == (False, "int64")


def test_provider_does_not_keep_an_estimate() -> None:
    with serving(RoadServer(status=500, body=b"{}")) as server:
        known = roads.provider(servers={"van": server.url})
        assert known.table([HERE, THERE], "van").estimated
        server.body = None
        assert not known.table([HERE, THERE], "van").estimated


@pytest.mark.django_db
@pytest.mark.parametrize(("answers", "estimated"), [(True, False), (False, True)])
def test_tours_are_planned_by_the_roads_of_the_setting(settings: object, answers: bool, estimated: bool) -> None:
    market = Market()
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    market.close()
    with serving(RoadServer(status=200 if answers else 500, body=None if answers else b"{}")) as server:
        settings.ROAD_SERVERS = {"van": server.url}  # type: ignore[attr-defined]  # pytest-django's fixture
        with time_machine.travel(CLOSING, tick=True):
            tasks.plan_round(round_id=market.round.pk)
    assert server.requests
    assert {tour.plan["estimated_times"] for tour in Tour.objects.all()} == {estimated}
