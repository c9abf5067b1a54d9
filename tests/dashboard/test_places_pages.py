"""The office keeps pickup points and vehicles; open rounds follow at once, and its page of a round says how full it is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from logistics import limits, rounds
from logistics.models import PickupPoint, RoundSpace, Vehicle
from tests.factories import town as towns
from tests.factories.town import Town

pytestmark = pytest.mark.django_db
POINTS, VEHICLES = "/buero/runden/abholstellen/", "/buero/runden/fahrzeuge/"


@pytest.fixture
def town() -> Town:
    return towns.build(today=timezone.localdate())


@pytest.fixture
def office(town: Town, client: Client) -> Client:
    client.force_login(town.people["office"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def point(town: Town, **given: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "name": "Gemeindehaus Hütten",
        "municipality": town.region.municipalities.order_by("pk")[0].pk,
        "street": "Dorfstraße 1",
        "postal_code": "24358",
        "city": "Hütten",
        "opening_text": "Samstag 10–12 Uhr",
        "cold_storage": "on",
        "capacity_orders": "12",
        "capacity_crates": "20",
        "kept_hours": "24",
        "is_active": "on",
    }
    return {**usual, **given}


def test_a_pickup_point_is_entered_with_the_middle_of_its_postal_code(office: Client, town: Town) -> None:
    answer = office.post(f"{POINTS}neu/", point(town), follow=True)
    kept = PickupPoint.objects.get(name="Gemeindehaus Hütten")
    assert (kept.slug, kept.region, kept.capacity_orders) == ("gemeindehaus-huetten", town.region, 12)
    assert kept.latitude == pytest.approx(54.4, abs=0.2)
    assert "12 Bestellungen je Runde" in answer.content.decode()
    again = office.post(f"{POINTS}neu/", point(town))
    assert again.status_code == 422
    assert "schon eine Abholstelle" in again.content.decode()
    assert "fünf Ziffern" in office.post(f"{POINTS}neu/", point(town, name="x", postal_code="2435")).content.decode()


def test_a_vehicle_is_changed_and_open_rounds_follow(office: Client, town: Town) -> None:
    limits.refit(region=town.region)
    vehicle = Vehicle.objects.filter(region=town.region).order_by("pk")[0]
    page = office.get(f"{VEHICLES}{vehicle.pk}/")
    form = page.context["form"]
    told = {name: form[name].value() for name in form.fields}
    told = {name: value for name, value in told.items() if value is not None and value is not False}
    answer = office.post(f"{VEHICLES}{vehicle.pk}/", {**told, "capacity_crates": 33, "load_kg": 700, "range_km": 120})
    assert answer.status_code == 302, answer.context["form"].errors
    vehicle.refresh_from_db()
    assert (vehicle.capacity_crates, vehicle.capacity_g, vehicle.max_distance_m) == (33, 700_000, 120_000)
    fleet = limits.of_fleet(vehicles=Vehicle.objects.filter(region=town.region, is_active=True))
    spaces = RoundSpace.objects.filter(round__region=town.region, pickup_point=None, window=None)
    assert set(spaces.values_list("limit_crates", flat=True)) == {fleet.crates}
    wrong = office.post(f"{VEHICLES}{vehicle.pk}/", {**told, "capacity_cold": 90})
    assert "nicht mehr gekühlte Kisten" in wrong.content.decode()


def test_the_page_of_a_round_says_how_full_it_is(office: Client, town: Town) -> None:
    limits.refit(region=town.region)
    coming = rounds.next_open(region=town.region, at=timezone.now())
    assert coming is not None
    page = office.get(f"/buero/runden/{coming.pk}/").content.decode()
    assert "Alle Fahrzeuge zusammen" in page


@pytest.mark.parametrize("address", [POINTS, VEHICLES])
def test_lists_take_few_queries(office: Client, town: Town, address: str) -> None:
    office.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert office.get(address).status_code == 200
    assert len(queries) <= 8
