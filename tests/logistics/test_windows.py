"""Windows: what can be chosen, and places that run out."""

from datetime import time, timedelta
from decimal import Decimal

import pytest

from logistics import windows
from logistics.windows import WindowFull
from tests.factories.market import NOW, MunicipalityFactory, PickupPointFactory, RoundFactory, WindowFactory, local
from tests.logistics.market import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def test_choices_tell_all_a_customer_needs(market: Market, django_assert_num_queries: object) -> None:
    point = PickupPointFactory.create(
        municipality=market.village, opening_text="Sonnabend 11–14 Uhr", access_note="Hintereingang"
    )
    at_point = WindowFactory.create(
        round=market.round,
        pickup_point=point,
        capacity=5,
        taken=5,
        fee=Decimal("1.00"),
        starts_at=local(market.round.delivery_day, time(11)),
    )
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture is a callable
        home, pickup = windows.choices(region=market.region, municipality=None, at=NOW)
    assert (home.window_id, home.round_id, home.kind, home.free, home.fee) == (
        market.window.pk,
        market.round.pk,
        "home",
        200,
        Decimal("3.90"),
    )
    assert (home.starts_at, home.cutoff_at) == (market.window.starts_at, market.round.cutoff_at)
    assert (pickup.window_id, pickup.kind, pickup.free, pickup.name, pickup.address) == (
        at_point.pk,
        "pickup",
        0,
        point.name,
        "Dorfstraße 2, 24358 Ascheffel",
    )
    assert (pickup.opening_text, pickup.access_note, pickup.cold_storage) == ("Sonnabend 11–14 Uhr", "Hintereingang", True)


def test_choices_come_by_day_then_home_then_the_nearest_point(market: Market) -> None:
    village = MunicipalityFactory.create(region=market.region, latitude=54.50, longitude=9.50)
    far = PickupPointFactory.create(municipality=market.village, name="Am Ende", latitude=54.30, longitude=9.90)
    near = PickupPointFactory.create(municipality=village, name="Zur Linde", latitude=54.49, longitude=9.51)
    later = RoundFactory.create(rule=market.round.rule, delivery_day=market.round.delivery_day + timedelta(days=7), opens_at=NOW)
    WindowFactory.create(round=later)
    for point in (far, near):
        WindowFactory.create(round=market.round, pickup_point=point)
    assert [choice.name for choice in windows.choices(region=market.region, municipality=village, at=NOW)] == [
        "nach Hause",
        "Zur Linde",
        "Am Ende",
        "nach Hause",
    ]
    assert [choice.name for choice in windows.choices(region=market.region, municipality=None, at=NOW)][1] == "Am Ende"


def test_choices_leave_out_what_cannot_be_ordered(market: Market) -> None:
    WindowFactory.create(round=market.round, pickup_point=PickupPointFactory.create(municipality=market.village, is_active=False))
    other = Market()
    mine = windows.choices(region=market.region, municipality=market.village, at=NOW)
    assert [choice.window_id for choice in mine] == [market.window.pk]
    assert windows.choices(region=market.region, municipality=other.village, at=NOW) == []
    assert windows.choices(region=market.region, municipality=None, at=market.round.cutoff_at) == []


def test_take_place_until_it_is_full_and_give_back(market: Market) -> None:
    window = WindowFactory.create(round=market.round, capacity=2)
    windows.take_place(window=window)
    windows.take_place(window=window)
    with pytest.raises(WindowFull):
        windows.take_place(window=window)
    windows.release_place(window=window)
    windows.take_place(window=window)
    window.refresh_from_db()
    assert (window.taken, window.free) == (2, 0)


def test_release_place_never_goes_below_zero(market: Market) -> None:
    windows.release_place(window=market.window)
    market.window.refresh_from_db()
    assert market.window.taken == 0
