"""What a driver sees of a tour."""

from datetime import time

import pytest

from logistics import manifest, packing, tours
from logistics.models import Tour
from tests.factories.market import PickupPointFactory, VehicleFactory, WindowFactory, local
from tests.logistics.market import CLOSING, PACKING, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    return market


def tour_of(market: Market, wave: str = Tour.Wave.DELIVER) -> Tour:
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)
    return Tour.objects.select_related("round__region", "vehicle", "driver").get(wave=wave)


def test_halts_tell_crates_codes_and_gaps(market: Market) -> None:
    milk = market.product(title="Vorzugsmilch", storage="cool", volume_ml=25_000)
    delivery = market.order((milk, 3), (market.product(volume_ml=10), 1), note="Hund bellt nur")
    market.close()
    line = delivery.packed_lines.get(order_line__product=milk)
    packing.record(packed_line=line, quantity=2, weight_g=None, at=PACKING, by=None)
    (halt,) = manifest.halts(tour=tour_of(market))
    (box,) = halt.boxes
    assert (halt.codes, halt.crates, halt.cold_crates, box.note) == (delivery.code, 3, 2, "Hund bellt nur")
    assert [(gap.name, gap.packed, gap.ordered) for gap in box.gaps] == [("Vorzugsmilch", 2, 3)]
    assert (halt.window_from, halt.phone, halt.over) == (market.window.starts_at, "+49 4356 000009", False)


def test_halts_of_a_collecting_tour_tell_whether_it_is_packed(market: Market) -> None:
    market.order((market.product(), 1))
    market.close()
    tour = tour_of(market, Tour.Wave.COLLECT)
    assert [(halt.packed, halt.phone, halt.boxes) for halt in manifest.halts(tour=tour)] == [(False, "+49 4356 000001", ())]
    market.pack()
    assert manifest.halts(tour=tour)[0].packed is True


def test_loading_begins_with_the_last_stop(market: Market) -> None:
    honey = market.product()
    for _number in range(4):
        market.order((honey, 1))
    market.close()
    found = manifest.halts(tour=tour_of(market))
    assert [halt.stop.sequence for halt in manifest.loading(found=found)] == [4, 3, 2, 1]


def test_a_pickup_point_is_one_halt_with_all_its_boxes(market: Market) -> None:
    point = PickupPointFactory.create(municipality=market.village)
    window = WindowFactory.create(round=market.round, pickup_point=point, starts_at=local(market.round.delivery_day, time(11)))
    wine, honey = market.product(age_limit=18), market.product(age_limit=16)
    booked = [market.order((article, 1), window=window) for article in (wine, honey)]
    market.close()
    (halt,) = manifest.halts(tour=tour_of(market))
    assert {box.code for box in halt.boxes} == {delivery.code for delivery in booked}
    assert (halt.crates, halt.age_check, halt.phone, halt.window_from) == (2, 18, "", None)


def test_sheet_puts_the_tour_on_paper_in_local_time(market: Market) -> None:
    delivery = market.order((market.product(age_limit=16), 1))
    market.close()
    tour = tour_of(market)
    paper = manifest.sheet(tour=tour, found=manifest.halts(tour=tour))
    (stop,) = paper.stops
    assert (stop.code, stop.window, stop.age_check, stop.to_collect) == (delivery.code, "10:00–12:00", 16, None)
    assert (paper.length, stop.at.utcoffset()) == (tour.distance_m, local(paper.round_on, time(10)).utcoffset())
