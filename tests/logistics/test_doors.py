"""Where doors are: in the middle of the village until the office has put them on the map, and remembered from then on."""

from datetime import timedelta

import pytest

from logistics import doors, tours
from logistics.doors import Misplaced
from logistics.models import Delivery, Stop
from logistics.routing import Place
from tests.factories.market import RoundFactory, VehicleFactory, WindowFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def somewhere(market: Market, street: str = "Seestraße 3") -> Delivery:
    """A delivery of which only the village is known."""
    village = market.village
    return market.order((market.product(), 1), street=street, latitude=village.latitude, longitude=village.longitude)


def near(market: Market) -> Place:
    return Place(market.village.latitude + 0.01, market.village.longitude - 0.01)


def test_unplaced_are_doors_in_the_middle_of_their_village(market: Market) -> None:
    rough = somewhere(market)
    market.order((market.product(), 1))
    assert list(doors.unplaced(delivery_round=market.round)) == [rough]


def test_place_counts_for_all_open_deliveries_to_the_door(market: Market) -> None:
    first, second = somewhere(market), somewhere(market, "Seestr. 3")
    other = somewhere(market, "Seestraße 4")
    assert doors.place(delivery=first, where=near(market), at=DAY, by=None) == 2
    second.refresh_from_db()
    assert (second.latitude, second.longitude) == (near(market).lat, near(market).lon)
    assert list(doors.unplaced(delivery_round=market.round)) == [other]


def test_plan_recalls_where_a_door_was_put_for_an_earlier_order(market: Market) -> None:
    doors.place(delivery=somewhere(market), where=near(market), at=DAY, by=None)
    market.round = RoundFactory.create(rule=market.round.rule, delivery_day=market.round.delivery_day + timedelta(days=1))
    market.window = WindowFactory.create(round=market.round, capacity=9)
    VehicleFactory.create(region=market.region)
    somewhere(market, "SEESTRASSE 3")
    market.close()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=10)
    stop = Stop.objects.get(kind=Stop.Kind.DELIVER)
    assert (stop.latitude, stop.longitude) == (near(market).lat, near(market).lon)


def test_place_far_from_the_village_is_refused(market: Market) -> None:
    with pytest.raises(Misplaced, match="zu weit"):
        doors.place(delivery=somewhere(market), where=Place(48.1, 11.6), at=DAY, by=None)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("54.4056, 9.7681", Place(54.4056, 9.7681)),
        ("54,4056; 9,7681", Place(54.4056, 9.7681)),
        (" 54.4056 9.7681 ", Place(54.4056, 9.7681)),
        ("54.4056° / 9.7681°", Place(54.4056, 9.7681)),
        ("Haby", None),
        ("54.4056", None),
        ("154.4056, 9.7681", None),
        ("", None),
    ],
)
def test_read_takes_what_maps_give(told: str, place: Place | None) -> None:
    assert doors.read(told=told) == place
