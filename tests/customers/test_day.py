"""The pages of the delivery day: for whoever holds the link, for as long as it is good, with nothing that is not theirs."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from billing.models import OrderTerms
from logistics import tours
from logistics.models import Delivery, Stop, Tour
from marketplace.order import day_links, links, mails
from marketplace.order.day_links import Purpose
from marketplace.order.models import Order
from marketplace.regions.models import Role
from tests.factories import orders
from tests.factories.market import (
    NOW,
    MembershipFactory,
    MunicipalityFactory,
    PickupPointFactory,
    UserFactory,
    VehicleFactory,
    local,
)

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """It is the Tuesday before the cut-off, until a test moves it."""
    with time_machine.travel(NOW, tick=False) as told:
        yield told


@pytest.fixture
def order() -> Order:
    placed = orders.till().place()
    OrderTerms.objects.filter(order=placed).update(method=OrderTerms.Method.TRANSFER)
    return placed


def address(order: Order, name: str = "live", purpose: Purpose = Purpose.ARRIVAL) -> str:
    return reverse(f"day:{name}", args=[day_links.sign(order=order, purpose=purpose)])


def text(order: Order, **headers: Any) -> str:
    answer = Client().get(address(order), **headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def tour_of(delivery: Delivery, *, before: int = 2, stops: int = 4) -> Tour:
    """A tour that leaves at nine and stops every twenty minutes; this delivery's stop comes after `before` others."""
    leaves = local(delivery.round.delivery_day, time(9))
    tour = Tour.objects.create(
        round=delivery.round,
        vehicle=VehicleFactory.create(region=delivery.round.region),
        wave=Tour.Wave.DELIVER,
        starts_at=leaves,
        ends_at=leaves + timedelta(hours=4),
        distance_m=9000,
    )
    for number in range(1, stops + 1):
        arrives = leaves + timedelta(minutes=20 * number + 60)
        Stop.objects.create(
            tour=tour,
            sequence=number,
            kind=Stop.Kind.PICKUP if delivery.kind == Delivery.Kind.PICKUP else Stop.Kind.DELIVER,
            name=f"Fremde {number}",
            address=f"Fremdweg {number}",
            latitude=54.4,
            longitude=9.7,
            planned_arrival=arrives,
            planned_departure=arrives + timedelta(minutes=5),
        )
    Delivery.objects.filter(pk=delivery.pk).update(stop=tour.stops.get(sequence=before + 1))
    return tour


def test_page_follows_the_tour_to_the_door(order: Order, clock: Any) -> None:
    assert "Samstag, 28. November" in text(order)
    tour = tour_of(order.delivery)
    clock.move_to(tour.starts_at - timedelta(hours=1))
    assert "Die Tour ist geplant" in text(order)
    assert "Halt 3 von 4" in text(order)
    clock.move_to(tour.starts_at)
    tours.start(tour=tour, at=tour.starts_at, by=None)
    assert "Ihre Ware ist unterwegs" in text(order)
    assert "10:40–11:20 Uhr" in text(order)
    assert "Noch 2 Halte vor Ihnen." in text(order)
    late = tour.starts_at + timedelta(minutes=95)  # ten minutes after the first stop should have ended
    clock.move_to(late)
    tour.stops.filter(sequence=1).update(completed_at=late)
    assert "11:00–11:20 Uhr" in text(order)
    clock.move_to(late + timedelta(minutes=20))
    tour.stops.filter(sequence=2).update(completed_at=late + timedelta(minutes=20))
    assert "Sie sind der nächste Halt" in text(order)
    order.delivery.refresh_from_db()
    Delivery.objects.filter(pk=order.delivery.pk).update(status="completed", completed_at=late, handed_to="vor die Tür gestellt")
    page = text(order)
    assert "vor die Tür gestellt" in page
    assert "every 60s" not in page


def test_page_that_failed_says_what_comes_next(order: Order, clock: Any) -> None:
    at = local(order.delivery.round.delivery_day, time(11))
    Delivery.objects.filter(order=order).update(status="failed", failed_at=at)
    clock.move_to(at)
    page = text(order)
    assert "Wir konnten Ihre Ware nicht übergeben" in page
    assert order.region.phone in page


def test_only_the_part_that_changes_is_fetched_every_minute(order: Order) -> None:
    part = text(order, **HTMX)
    assert "every 60s" in part
    assert "<html" not in part
    assert "Aktualisieren" in part


def test_page_tells_nothing_of_others_or_of_prices(order: Order) -> None:
    tour_of(order.delivery)
    page = text(order)
    assert "Fremd" not in page
    assert "€" not in page.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(("days", "status"), [(0, 200), (2, 200), (3, 410)])
@pytest.mark.parametrize(("name", "purpose"), [("live", Purpose.ARRIVAL), ("fetching", Purpose.FETCHING)])
def test_links_end_two_days_after_the_delivery(name: str, purpose: Purpose, days: int, status: int, clock: Any) -> None:
    order = orders.till().place()
    point = PickupPointFactory.create(municipality=MunicipalityFactory.create(region=order.region))
    order.delivery.window.pickup_point = point
    order.delivery.window.save()
    Delivery.objects.filter(order=order).update(kind=Delivery.Kind.PICKUP)
    clock.move_to(local(order.delivery.round.delivery_day + timedelta(days=days), time(23, 59)))
    assert Client().get(address(order, name, purpose)).status_code == status


@pytest.mark.parametrize(("name", "purpose"), [("live", Purpose.ARRIVAL), ("fetching", Purpose.FETCHING)])
def test_links_end_with_the_account_of_who_was_erased(name: str, purpose: Purpose, order: Order) -> None:
    gone = UserFactory.create(erased_at=NOW)
    Order.objects.filter(pk=order.pk).update(user=gone, guest_email="")
    assert Client().get(address(order, name, purpose)).status_code == 410
    if name == "live":
        assert Client().post(address(order, "drop"), {"drop": "door"}).status_code == 410


def test_link_is_good_for_its_purpose_alone(order: Order) -> None:
    assert Client().get(address(order, "live", Purpose.FETCHING)).status_code == 404
    assert Client().get(address(order, "fetching", Purpose.ARRIVAL)).status_code == 404
    assert Client().get(reverse("day:live", args=["AB3K-7QXM:unknown"])).status_code == 404


def test_wish_is_kept_until_the_vehicle_leaves(order: Order, clock: Any) -> None:
    where = address(order, "drop")
    assert Client().post(where, {"drop": "neighbour", "drop_note": ""}).status_code == 422
    assert Client().post(where, {"drop": "door", "drop_note": "hinter der Bank"}).status_code == 302
    order.delivery.refresh_from_db()
    assert (order.delivery.drop, order.delivery.drop_note) == ("door", "hinter der Bank")
    tour = tour_of(order.delivery)
    tours.start(tour=tour, at=tour.starts_at, by=None)
    clock.move_to(tour.starts_at)
    assert Client().post(where, {"drop": "hand"}).status_code == 422
    page = text(order)
    assert "hinter der Bank" in page
    assert 'name="drop"' not in page


def test_no_choice_for_who_pays_at_the_door(order: Order) -> None:
    OrderTerms.objects.filter(order=order).update(method=OrderTerms.Method.HANDOVER)
    assert "Sie bezahlen bei der Übergabe." in text(order)
    assert Client().post(address(order, "drop"), {"drop": "door"}).status_code == 422


@pytest.fixture
def fetched(order: Order) -> Order:
    delivery = order.delivery
    delivery.window.pickup_point = PickupPointFactory.create(municipality=MunicipalityFactory.create(region=order.region))
    delivery.window.save()
    Delivery.objects.filter(pk=delivery.pk).update(kind=Delivery.Kind.PICKUP)
    found: Order = Order.objects.get(pk=order.pk)
    return found


def test_somebody_else_gets_code_place_time_and_crates_and_no_more(fetched: Order) -> None:
    where = address(fetched, "fetching", Purpose.FETCHING)
    assert where in text(fetched)
    page = Client().get(where).content.decode().partition("<main")[2].partition("</main")[0]
    delivery = fetched.delivery
    for shown in (delivery.code, delivery.window.pickup_point.name, "1 Kiste", "data:image/svg+xml"):
        assert shown in page
    for hidden in ("€", delivery.recipient, delivery.street, fetched.number + " ", fetched.email):
        assert hidden not in page


def test_square_code_leads_the_driver_to_the_crate(fetched: Order, clock: Any) -> None:
    tour = tour_of(fetched.delivery)
    driver = UserFactory.create()
    MembershipFactory.create(region=fetched.region, user=driver, role=Role.DRIVER)
    client, other = Client(), Client()
    client.force_login(driver)
    other.force_login(UserFactory.create())
    where = address(fetched, "fetching", Purpose.FETCHING)
    there = f"{reverse('logistics:tour', args=[tour.pk])}?code={fetched.delivery.code}"
    assert there in client.get(where).content.decode()
    assert there not in other.get(where).content.decode()
    tours.start(tour=tour, at=tour.starts_at, by=driver)
    page = client.get(there).content.decode()
    assert re.findall(r'name="delivery"\s+value="(\d+)"', page) == [str(fetched.delivery.pk)] * 2  # handed over, or not
    typed = client.get(reverse("logistics:tour", args=[tour.pk]), {"code": "https://markt.example" + where})
    found = [view["only"].code for view in typed.context["views"] if view["only"]]
    assert found == [fetched.delivery.code]
    assert "Keine Kiste dieser Tour" in client.get(reverse("logistics:tour", args=[tour.pk]), {"code": "ZZZZ"}).content.decode()


def test_no_page_for_fetching_what_is_brought(order: Order) -> None:
    assert Client().get(address(order, "fetching", Purpose.FETCHING)).status_code == 404


def test_mail_and_order_page_lead_there(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(confirmation_sent_at=None)
    mails.send_confirmation(order_id=order.pk, at=NOW)
    assert address(order) in mail.outbox[-1].body
    page = Client().get(reverse("customer:order_by_link", args=[links.sign(order=order)]))
    assert address(order) in page.content.decode()


def test_pages_cost_little(fetched: Order, django_assert_max_num_queries: Any) -> None:
    tour_of(fetched.delivery)
    for where in (address(fetched), address(fetched, "fetching", Purpose.FETCHING)):
        Client().get(where)
        with django_assert_max_num_queries(8):
            Client().get(where)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
def test_time_is_that_of_the_clock_on_the_wall_on_days_when_it_changes(day: date, order: Order, clock: Any) -> None:
    delivery = order.delivery
    delivery.round.delivery_day = day
    delivery.round.save()
    delivery.window.starts_at, delivery.window.ends_at = (local(day, time(hour)) for hour in (10, 12))
    delivery.window.save()
    tour = tour_of(delivery)
    clock.move_to(tour.starts_at)
    tours.start(tour=tour, at=tour.starts_at, by=None)
    assert "10:40–11:20 Uhr" in text(order)
