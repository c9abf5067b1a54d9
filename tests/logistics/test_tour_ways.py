"""Tours know their way on the roads: asked for once, again when the plan changes, never made up."""

from datetime import timedelta

import pytest
import time_machine

from logistics import roads, tasks, tour_ways, tours
from logistics.models import Tour
from logistics.planning import by_hand, rows
from logistics.routing import HaversineProvider, NoAnswer, Place
from tests.factories.market import VehicleFactory
from tests.logistics.market import CLOSING, Market
from tests.logistics.routing.test_matrix import RoadServer, serving

PLACES = [Place(54.43, 9.70), Place(54.39, 9.59), Place(54.41, 9.66)]


def test_way_follows_the_roads_in_parts_and_is_empty_without_one() -> None:
    with serving(RoadServer()) as server:
        whole = roads.ways(servers={"van": server.url}).way(PLACES, "van")
        parts = type(roads.ways(servers={"van": server.url}))({"van": server.url}, max_points=2).way(PLACES, "van")
        server.cut_off = "9.59000,54.39000"
        assert roads.ways(servers={"van": server.url}).way(PLACES, "van") == ()
    assert whole == parts
    assert whole[1] == Place(54.43, 9.59)


@pytest.mark.parametrize("body", [b"{}", b"no json", b'{"code": "Ok", "routes": []}'])
def test_way_of_a_server_that_says_nonsense_is_no_answer(body: bytes) -> None:
    with serving(RoadServer(body=body)) as server, pytest.raises(NoAnswer):
        roads.ways(servers={"van": server.url}).way(PLACES, "van")


@pytest.fixture
def planned() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    product = market.product()
    market.order((product, 1))
    market.order((product, 1))
    market.close()
    return market


def _ask(market: Market, settings: object, server: RoadServer) -> list[Tour]:
    settings.ROAD_SERVERS = {"van": server.url}  # type: ignore[attr-defined]  # pytest-django's fixture
    with time_machine.travel(CLOSING + timedelta(minutes=1), tick=True):
        tasks.draw_ways()
    return list(Tour.objects.filter(round=market.round).order_by("wave"))


@pytest.mark.django_db
def test_worker_asks_once_for_each_tour_and_again_after_a_change(planned: Market, settings: object) -> None:
    tours.plan(delivery_round=planned.round, at=CLOSING, iterations=20)
    with serving(RoadServer()) as server:
        found = _ask(planned, settings, server)
        assert all(len(tour.way) > tour.stops.count() for tour in found)
        _ask(planned, settings, server)
        assert len(server.requests) == len(found)
        delivering = found[1]
        key = f"delivery:{delivering.stops.order_by('sequence')[0].deliveries.get().pk}"
        by_hand.shift(
            delivery_round=planned.round, key=key, steps=1, seen=rows.number(round_id=planned.round.pk), at=CLOSING, by=None,
            roads=HaversineProvider(),
        )  # fmt: skip
        assert list(tour_ways.undrawn(servers={"van": "http://x"}, today=planned.round.delivery_day)) == [delivering]
        again = _ask(planned, settings, server)[1]
    assert again.way != delivering.way
    assert again.way_asked_at is not None


@pytest.mark.django_db
def test_silent_server_is_asked_again_and_without_one_nothing_is_due(planned: Market, settings: object) -> None:
    tours.plan(delivery_round=planned.round, at=CLOSING, iterations=20)
    assert not tour_ways.undrawn(servers={"van": ""}, today=planned.round.delivery_day)
    with serving(RoadServer(status=500, body=b"{}")) as server:
        assert not any(tour.way for tour in _ask(planned, settings, server))
        assert len(server.requests) == 1
        server.body = None
        assert all(tour.way for tour in _ask(planned, settings, server))
