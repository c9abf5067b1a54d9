"""The office puts doors on the map: by a click without any script, or by coordinates."""

import pytest
from django.test import Client
from django.urls import reverse

from logistics import doors
from logistics.models import Delivery
from logistics.routing import Place
from marketplace.dashboard import door_map
from marketplace.regions.models import Role
from tests.dashboard.people import with_role
from tests.factories.market import VehicleFactory
from tests.logistics.market import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def delivery(market: Market) -> Delivery:
    village = market.village
    return market.order((market.product(), 1), latitude=village.latitude, longitude=village.longitude)


@pytest.fixture
def office(market: Market) -> Client:
    return with_role(market, Role.OFFICE)


def place(office: Client, delivery: Delivery, **posted: object) -> int:
    return office.post(reverse("office:door", args=[delivery.pk]), posted).status_code


def test_round_says_which_doors_have_no_position(office: Client, market: Market, delivery: Delivery) -> None:
    VehicleFactory.create(region=market.region)
    market.close()
    assert (
        "Von 1 Haustür ist nur das Dorf bekannt" in office.get(reverse("office:round", args=[market.round.pk])).content.decode()
    )
    assert delivery.street in office.get(reverse("office:doors", args=[market.round.pk])).content.decode()


def test_click_on_the_picture_puts_the_door_there(office: Client, market: Market, delivery: Delivery) -> None:
    picture = office.get(reverse("office:door_picture", args=[delivery.pk]) + "?umkreis=0.5")
    assert picture["Content-Type"] == "image/svg+xml"
    assert market.village.name in picture.content.decode()
    assert place(office, delivery, **{"span": "0.5", "at.x": "280", "at.y": "140"}) == 302
    delivery.refresh_from_db()
    middle = Place(market.village.latitude, market.village.longitude)
    there = Place(delivery.latitude, delivery.longitude)
    assert doors.apart_km(middle, there) == pytest.approx(0.5, abs=0.01)
    assert there.lon > middle.lon


def test_coordinates_put_the_door_there(office: Client, delivery: Delivery) -> None:
    there = f"{delivery.latitude + 0.001:.4f}, {delivery.longitude:.4f}"
    assert place(office, delivery, position=there) == 302
    assert doors.is_placed(delivery=Delivery.objects.get())


@pytest.mark.parametrize(
    "posted", [{"position": "Haby"}, {"position": "48.1, 11.6"}, {"at.x": "0", "at.y": "0"}, {"at.x": "x", "at.y": "1"}, {}]
)
def test_what_is_no_position_is_told_and_changes_nothing(office: Client, delivery: Delivery, posted: dict[str, str]) -> None:
    assert place(office, delivery, **posted) == 422
    assert not doors.is_placed(delivery=Delivery.objects.get())


def test_clicked_is_the_place_that_is_drawn_there() -> None:
    middle, there = Place(54.4, 9.76), Place(54.405, 9.75)
    x, y = door_map.at(middle=middle, span=1.5, place=there)
    back = door_map.clicked(middle=middle, span=1.5, x=round(x), y=round(y))
    assert doors.apart_km(back, there) < 0.02
