"""The driver's screen: who may see it, what stands on it, and what its forms do."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import OrderTerms
from logistics import manifest, tours
from logistics.models import Delivery, Stop, StopEvent, Tour, Vehicle
from marketplace.order.models import Fee
from marketplace.regions.models import Role
from tests.factories.market import MembershipFactory, UserFactory, VehicleFactory, WindowFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db
#: of the tour's page: its stops, crates, money, and the empties that the customer at the door can give back
MOST_QUERIES = 15
MOST_QUERIES_OF_A_LIST = 8


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def driver_client(client: Client, market: Market) -> Client:
    driver = MembershipFactory.create(region=market.region, role=Role.DRIVER).user
    VehicleFactory.create(region=market.region, driver=driver, name="Kiebitz")
    client.force_login(driver)
    return client


def ready(market: Market, *, start: bool = True) -> Tour:
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)
    tour = Tour.objects.filter(wave=Tour.Wave.DELIVER).order_by("pk")[0]
    return tours.start(tour=tour, at=DAY, by=None) if start else tour


def post(client: Client, stop: Stop, reported: str, **data: object) -> Any:
    address = reverse("logistics:report", args=[stop.tour_id, stop.pk])
    return client.post(address, {"uuid": str(uuid4()), "kind": reported} | data)


def test_visitors_are_sent_to_the_login_and_others_refused(client: Client, market: Market) -> None:
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    tour = ready(market)
    pages = [reverse("logistics:tours"), *(reverse(f"logistics:{name}", args=[tour.pk]) for name in ("tour", "sheet"))]
    for page in pages:
        assert client.get(page).status_code == 302
    for role in (None, Role.OFFICE, Role.EDITOR):
        user = UserFactory.create()
        if role:
            MembershipFactory.create(region=market.region, user=user, role=role)
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [403, 403, 403]
        assert client.post(reverse("logistics:start", args=[tour.pk])).status_code == 403


def test_a_driver_sees_the_own_tours_and_free_ones_only(driver_client: Client, market: Market) -> None:
    market.order((market.product(), 1))
    tour = ready(market)
    page = reverse("logistics:tour", args=[tour.pk])
    assert driver_client.get(page).status_code == 200
    Tour.objects.update(driver=None)
    assert driver_client.get(page).status_code == 200
    Tour.objects.update(driver=UserFactory.create())
    assert driver_client.get(page).status_code == 404
    assert post(driver_client, tour.stops.get(), "delivered").status_code == 404
    assert StopEvent.objects.count() == 0


def test_a_driver_of_another_region_sees_nothing(client: Client, market: Market) -> None:
    VehicleFactory.create(region=market.region)
    market.order((market.product(), 1))
    tour = ready(market)
    elsewhere = Market()
    stranger = MembershipFactory.create(region=elsewhere.region, role=Role.DRIVER).user
    client.force_login(stranger)
    assert client.get(reverse("logistics:tour", args=[tour.pk])).status_code == 403
    host = elsewhere.region.site.hostname
    assert client.get(reverse("logistics:tour", args=[tour.pk]), headers={"host": host}).status_code == 404


def test_a_stop_of_another_tour_is_not_found(driver_client: Client, market: Market) -> None:
    market.order((market.product(), 1))
    tour = ready(market)
    other = Stop.objects.exclude(tour=tour).get()
    address = reverse("logistics:report", args=[tour.pk, other.pk])
    assert driver_client.post(address, {"uuid": str(uuid4()), "kind": "arrive"}).status_code == 404


@time_machine.travel(DAY, tick=False)
def test_tours_are_listed_by_day(driver_client: Client, market: Market) -> None:
    assert "Gerade keine Tour für Sie" in driver_client.get(reverse("logistics:tours")).content.decode()
    market.order((market.product(), 1))
    ready(market)
    page = driver_client.get(reverse("logistics:tours")).content.decode()
    assert page.count("Kiebitz</h3>") == 2
    assert "Heute, Samstag, 28. November" in page


@time_machine.travel(DAY, tick=False)
def test_the_tour_is_driven_with_plain_forms(driver_client: Client, market: Market) -> None:
    delivery = market.order((market.product(title="Rapshonig"), 2), note="Klingel defekt")
    tour = ready(market, start=False)
    page = driver_client.get(reverse("logistics:tour", args=[tour.pk])).content.decode()
    assert delivery.code in page
    assert '<div class="stack" data-driving hidden>' in page
    assert "Klingel defekt" in page
    assert f"geo:{delivery.latitude:.6f}," in page
    assert 'href="tel:+494356000009"' in page
    driver_client.post(reverse("logistics:start", args=[tour.pk]))
    stop = tour.stops.get()
    post(driver_client, stop, "arrive")
    line = delivery.packed_lines.get()
    answer = post(driver_client, stop, "delivered", **{f"quantity_{line.pk}": "1", f"problem_{line.pk}": "missing"})
    assert answer.status_code == 302
    delivery.refresh_from_db()
    line.refresh_from_db()
    assert (delivery.status, line.delivered, line.problem) == (Delivery.Status.COMPLETED, 1, "missing")


def test_a_refused_report_keeps_what_was_entered(driver_client: Client, market: Market) -> None:
    delivery = market.order((market.product(age_limit=16), 2))
    stop = ready(market).stops.get()
    line = delivery.packed_lines.get()
    answer = post(driver_client, stop, "delivered", handed_to="Opa Hinnerk", **{f"quantity_{line.pk}": "2"})
    assert answer.status_code == 409
    assert "Ausweis" in answer.content.decode()
    assert "Opa Hinnerk" in answer.content.decode()
    assert post(driver_client, stop, "delivered", age_checked="true").status_code == 302


@pytest.mark.parametrize("data", [{"uuid": "x"}, {"kind": "fly"}, {"kind": ""}, {"paid": "gold"}, {"delivery": "abc"}])
def test_an_unreadable_report_is_refused(driver_client: Client, market: Market, data: dict[str, str]) -> None:
    market.order((market.product(), 1))
    stop = ready(market).stops.get()
    assert post(driver_client, stop, "delivered", **data).status_code == 400
    assert StopEvent.objects.count() == 0


def test_a_double_click_counts_once(driver_client: Client, market: Market) -> None:
    market.order((market.product(), 1))
    stop = ready(market).stops.get()
    uuid = str(uuid4())
    assert [post(driver_client, stop, "delivered", uuid=uuid).status_code for _click in range(2)] == [302, 302]
    assert StopEvent.objects.count() == 1


def test_what_is_paid_at_the_door_is_the_sum_of_what_was_packed(driver_client: Client, market: Market) -> None:
    goat = market.product(
        catch_weight=True, expected_weight_g=500, offer__price=Decimal("11.00"), offer__price_per_kg=Decimal("22.00")
    )
    delivery = market.order((market.product(deposit=Decimal("0.25")), 2), (goat, 1))
    OrderTerms.objects.create(order=delivery.order, method=OrderTerms.Method.HANDOVER)
    Fee.objects.create(order=delivery.order, kind=Fee.Kind.DELIVERY, gross=Decimal("3.90"))
    tour = ready(market)
    delivery.packed_lines.filter(order_line__product=goat).update(packed_weight_g=523)
    # 2 × 4,90 € and 2 × 0,25 € deposit, 523 g at 22,00 €/kg, 3,90 € fee
    assert manifest.halts(tour=tour)[0].to_collect == Decimal("25.71")
    page = driver_client.get(reverse("logistics:tour", args=[tour.pk])).content.decode()
    assert "25,71" in page


def test_nothing_is_collected_from_an_account(driver_client: Client, market: Market) -> None:
    delivery = market.order((market.product(), 2))
    OrderTerms.objects.create(order=delivery.order, method=OrderTerms.Method.TRANSFER)
    assert manifest.halts(tour=ready(market))[0].to_collect == Decimal("0.00")


def test_the_tour_on_paper(driver_client: Client, market: Market) -> None:
    market.order((market.product(age_limit=18), 2))
    tour = ready(market)
    answer = driver_client.get(reverse("logistics:sheet", args=[tour.pk]))
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")


@pytest.mark.parametrize("orders", [1, 40])
def test_the_tour_page_needs_few_queries_for_any_number_of_stops(driver_client: Client, market: Market, orders: int) -> None:
    market.window = WindowFactory.create(round=market.round, capacity=200, ends_at=market.window.ends_at.replace(hour=15))
    honey = market.product(volume_ml=100)
    for _number in range(orders):
        market.order((honey, 1))
    tour = ready(market)
    with CaptureQueriesContext(connection) as captured:
        answer = driver_client.get(reverse("logistics:tour", args=[tour.pk]))
    assert answer.status_code == 200
    assert tour.stops.count() == orders
    assert len(captured) <= MOST_QUERIES


@time_machine.travel(DAY, tick=False)
@pytest.mark.parametrize("vehicles", [0, 2])
def test_the_list_of_tours_needs_few_queries_for_any_number(driver_client: Client, market: Market, vehicles: int) -> None:
    for _number in range(vehicles):
        VehicleFactory.create(region=market.region, capacity_crates=1)
    Vehicle.objects.update(capacity_crates=1)
    for _number in range(1 + vehicles):
        market.order((market.product(volume_ml=40_000), 1))
    ready(market)
    with CaptureQueriesContext(connection) as captured:
        page = driver_client.get(reverse("logistics:tours")).content.decode()
    assert page.count("</h3>") == 2 * (1 + vehicles)
    assert len(captured) <= MOST_QUERIES_OF_A_LIST
