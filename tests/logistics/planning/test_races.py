"""Two dispatchers at once, on two connections: a change by hand and a search that ends never overwrite each other."""

from threading import Event

import pytest

from logistics import tours
from logistics.models import PlanVersion, Tour
from logistics.planning import by_hand, rows
from logistics.planning.by_hand import ChangeRefused
from logistics.routing import HaversineProvider
from tests.factories import ground
from tests.factories.market import VehicleFactory
from tests.logistics.market import CLOSING, Market
from tests.logistics.test_races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _ground() -> None:
    """These tests empty all tables; what every database holds is put back before each."""
    ground.lay()


@pytest.mark.parametrize("change_comes_first", [True, False])
def test_change_by_hand_and_a_search_that_ends_count_one_after_the_other(change_comes_first: bool) -> None:
    market = Market()
    VehicleFactory.create(region=market.region)
    product = market.product()
    first, _second = market.order((product, 1)), market.order((product, 1))
    market.close()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)
    seen, searching, changed = rows.number(round_id=market.round.pk), Event(), Event()

    def watch(_share: float) -> bool:
        searching.set()
        return not change_comes_first or changed.wait(10)

    def search() -> str:
        try:
            tours.plan(delivery_round=market.round, at=CLOSING, iterations=20, watch=watch)
        except tours.TourRefused:
            return "search refused"
        finally:
            searching.set()
            if not change_comes_first:
                changed.set()
        return "search done"

    def change() -> str:
        assert (searching if change_comes_first else changed).wait(10)
        try:
            by_hand.lock_stop(
                delivery_round=market.round, key=f"delivery:{first.pk}", locked=True, seen=seen, at=CLOSING, by=None,
                roads=HaversineProvider(),
            )  # fmt: skip
        except ChangeRefused:
            return "change refused"
        finally:
            changed.set()
        return "change done"

    found = at_once(2, lambda mine: search() if mine == 0 else change())
    assert found == (["change done", "search refused"] if change_comes_first else ["change refused", "search done"])
    assert list(PlanVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Tour.objects.count() == 2
