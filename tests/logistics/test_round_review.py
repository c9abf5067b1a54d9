"""How a round went: punctual, full, missing, by producer and village, and what to change next time."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from logistics import readings, round_review
from logistics.models import Box, Delivery, DeliveryWindow, Reading, RoadCosts, Tour
from logistics.round_review import Review
from tests.factories import town as towns
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return towns.build(today=date(2026, 11, 24))


def look_back(town: Town, *baskets: dict[str, int], missing: dict[str, int] | None = None) -> Review:
    """Order, close, pack, drive, and look back."""
    for goods in baskets:
        way.order(town, goods)
    way.close(town.round)
    way.pack(town.round, missing=missing)
    way.plan(town.round)
    way.drive(town.round, by=town.people["driver"])
    return again(town)


def again(town: Town) -> Review:
    town.round.refresh_from_db()
    return round_review.of(delivery_round=town.round, costs=RoadCosts(region=town.region))


def test_figures_are_those_of_orders_tours_and_costs(town: Town) -> None:
    found = look_back(town, {"honey": 2}, {"apple_juice": 1})
    tours = list(Tour.objects.filter(round=town.round))
    assert (found.orders, found.worth) == (2, Decimal("15.87"))  # 2 × 6.49 + 2.89
    assert found.metres == sum(tour.distance_m for tour in tours)
    assert found.stops == sum(tour.stops.count() for tour in tours)
    cost = Decimal(found.metres) / 1000 * Decimal("0.30") + Decimal(found.seconds) / 3600 * Decimal("13.90")
    assert found.cost_per_stop == round(cost / found.stops, 2)
    assert [(one.name, one.orders) for one in found.villages] == [("Haby", 2)]
    assert {(one.name, one.orders) for one in found.producers} == {
        (town.partners["bees"].name, 1),
        (town.partners["orchard"].name, 1),
    }


def test_late_is_after_the_window_at_the_door(town: Town) -> None:
    found = look_back(town, {"honey": 1}, {"honey": 2})
    assert (found.on_time, found.timed, list(found.late), found.punctual) == (2, 2, [], 100)
    row = Delivery.objects.select_related("window").order_by("pk")[0]
    Delivery.objects.filter(pk=row.pk).update(completed_at=row.window.ends_at + timedelta(minutes=7, seconds=30))
    found = again(town)
    (late,) = found.late
    assert (late.delivery, late.minutes, found.on_time, found.punctual) == (row, 7, 1, 50)
    assert any("zu spät" in lesson for lesson in found.lessons)


def test_what_was_missing_is_named_and_asked_about_when_it_is_often(town: Town) -> None:
    found = look_back(town, {"honey": 2}, {"honey": 1, "candle": 1}, missing={"Rapshonig": 1})
    assert [line.order_line.title for line in found.missing] == ["Rapshonig", "Rapshonig"]
    (share,) = found.producers
    assert share.missing == 2
    assert any("fehlten 2 Artikel" in lesson for lesson in found.lessons)


def test_full_windows_and_empty_vehicles_are_lessons(town: Town) -> None:
    found = look_back(town, {"honey": 1})
    assert any("Kleineres" in lesson or "kleineres" in lesson for lesson in found.lessons)
    window = Delivery.objects.get().window
    DeliveryWindow.objects.filter(pk=window.pk).update(capacity=1)
    assert any("mehr Plätze" in lesson for lesson in again(town).lessons)


def test_any_number_of_orders_takes_the_same_queries(town: Town) -> None:
    look_back(town, {"honey": 1}, {"candle": 1}, {"apple_juice": 1}, {"goat_cheese": 1})
    with CaptureQueriesContext(connection) as queries:
        again(town)
    assert len(queries) <= 12


def test_the_page_of_a_round_leads_to_it_once_it_is_over(town: Town, client: Client) -> None:
    client.force_login(town.people["office"], backend="django.contrib.auth.backends.ModelBackend")
    address = f"/buero/runden/{town.round.pk}/rueckblick/"
    assert client.get(address).status_code == 404
    look_back(town, {"honey": 1})
    assert address in client.get(f"/buero/runden/{town.round.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "Rückblick: Samstag, 28. November 2026" in page
    assert town.partners["bees"].name in page


def test_weights_lost_boxes_and_temperatures_are_in_it(town: Town) -> None:
    look_back(town, {"honey": 2})
    box = Box.objects.get()
    Box.objects.filter(pk=box.pk).update(status=Box.Status.MISSING)
    at = way.cut_off(town.round)
    readings.note(
        delivery_round=town.round,
        uuid=uuid4(),
        place=Reading.Place.HUB,
        storage=Reading.Storage.COOL,
        tenths=85,
        measured_at=at,
        received_at=at,
        by=None,
    )
    found = again(town)
    (producer,) = found.producers
    assert found.grams == producer.grams == found.villages[0].grams > 0
    assert (list(found.lost), producer.lost, found.too_warm) == ([box], 1, 1)
    assert [lesson for lesson in found.lessons if "verloren" in lesson or "zu warm" in lesson] != []


def test_the_table_of_a_round_holds_the_same_figures(town: Town, client: Client) -> None:
    client.force_login(town.people["office"], backend="django.contrib.auth.backends.ModelBackend")
    look_back(town, {"honey": 2})
    answer = client.get(f"/buero/runden/{town.round.pk}/rueckblick.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert "rueckblick-2026-11-28.csv" in answer["Content-Disposition"]
    assert "Übergebene Ware, Euro;12,98" in lines
    assert any(line.startswith(f"{town.partners['bees'].name};1;12,98;") for line in lines)
