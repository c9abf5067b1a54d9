"""Calendars that drivers, producers and the office subscribe to."""

from datetime import date
from typing import Any

import icalendar
import pytest
from django.test import Client

from logistics import pickup_hosts
from logistics.models import PickupHost, Tour
from marketplace.dashboard import feeds
from marketplace.dashboard.feeds import Room
from marketplace.regions.models import Membership
from marketplace.users.models import User
from tests.factories import town as towns
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return towns.build(today=date(2026, 11, 24))


def entries(client: Client, user: User, room: Room) -> dict[str, Any]:
    """What a calendar program reads, by key without the host."""
    answer = client.get(feeds.address(user=user, room=room))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert "no-store" in answer["Cache-Control"]
    found = icalendar.Calendar.from_ical(answer.content.decode())
    return {str(event["uid"]).split("@")[0]: event for event in found.walk("VEVENT")}


def test_a_driver_reads_the_own_tours_and_nothing_of_customers(town: Town, client: Client) -> None:
    way.order(town, {"honey": 1}, first_name="Gesine", last_name="Geheim")
    way.close(town.round)
    way.pack(town.round)
    way.plan(town.round)
    driver = town.people["driver"]
    Tour.objects.update(driver=None)
    assert not entries(client, driver, Room.DRIVER)
    Tour.objects.update(driver=driver)
    found = entries(client, driver, Room.DRIVER)
    assert found.keys() == {f"tour-{tour.pk}" for tour in Tour.objects.all()}
    for tour in Tour.objects.all():
        event = found[f"tour-{tour.pk}"]
        assert (event["dtstart"].dt, event["dtend"].dt) == (tour.starts_at, tour.ends_at)
        assert f"/fahrt/{tour.pk}/" in event["url"]
    answer = client.get(feeds.address(user=driver, room=Room.DRIVER)).content.decode()
    assert "Geheim" not in answer
    assert "Gesine" not in answer


def test_a_producer_reads_cut_off_and_when_goods_have_to_be_ready(town: Town, client: Client) -> None:
    found = entries(client, town.people["dairy"], Room.PRODUCER)
    ends, ready = found[f"cutoff-{town.round.pk}"], found[f"ready-{town.round.pk}"]
    assert (ends["summary"], ready["summary"]) == ("Bestellschluss: Samstagsrunde", "Ware bereit: Samstagsrunde")
    assert ends["dtend"].dt == town.round.cutoff_at
    assert ready["dtstart"].dt.date() == town.round.delivery_day


def test_the_office_reads_all_rounds(town: Town, client: Client) -> None:
    found = entries(client, town.people["office"], Room.OFFICE)
    last = max(window.ends_at for window in town.round.windows.all())
    assert found[f"round-{town.round.pk}"]["dtend"].dt == last


def test_addresses_end_with_password_role_and_account(town: Town, client: Client) -> None:
    office, driver = town.people["office"], town.people["driver"]
    address = feeds.address(user=office, room=Room.OFFICE)
    assert client.get(address).status_code == 200
    office.set_password("ein ganz anderes Kennwort")
    office.save()
    assert client.get(address).status_code == 404
    address = feeds.address(user=driver, room=Room.DRIVER)
    Membership.objects.filter(user=driver).delete()
    assert client.get(address).status_code == 404
    dairy = town.people["dairy"]
    address = feeds.address(user=dairy, room=Room.PRODUCER)
    User.objects.filter(pk=dairy.pk).update(is_active=False)
    assert client.get(address).status_code == 404


def test_forged_addresses_and_rooms_that_are_not_ones_own_are_not_found(town: Town, client: Client) -> None:
    customer = town.people["customer"]
    for room in Room:
        assert client.get(feeds.address(user=customer, room=room)).status_code == 404
    assert client.get("/kalender/erfunden.ics").status_code == 404
    good = feeds.address(user=town.people["office"], room=Room.OFFICE)
    assert client.get(good.replace("/kalender/", "/kalender/x")).status_code == 404


@pytest.mark.parametrize(
    ("who", "where"), [("driver", "/fahrt/"), ("dairy", "/betrieb/runden/"), ("office", "/buero/runden/plaene/")]
)
def test_each_finds_the_own_address_on_the_own_page(who: str, where: str, town: Town, client: Client) -> None:
    person = town.people[who]
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    room = {"driver": Room.DRIVER, "dairy": Room.PRODUCER, "office": Room.OFFICE}[who]
    assert feeds.address(user=person, room=room) in client.get(where).content.decode()


def test_a_host_reads_the_pickup_hours_of_the_own_point_and_loses_them_with_it(town: Town, client: Client) -> None:
    person, point = town.people["customer"], town.region.pickup_points.get()
    assert client.get(feeds.address(user=person, room=Room.HOST)).status_code == 404
    host = pickup_hosts.invite(pickup_point=point, email=person.email, at=town.noon, by=None)
    pickup_hosts.accept(host=host, user=person, at=town.noon)
    window = town.window(pickup=True)
    event = entries(client, person, Room.HOST)[f"window-{window.pk}"]
    assert (event["dtstart"].dt, event["dtend"].dt) == (window.starts_at, window.ends_at)
    assert f"/abholstelle/{point.slug}/" in event["url"]
    pickup_hosts.remove(host=PickupHost.objects.get(), at=town.noon, by=None)
    assert client.get(feeds.address(user=person, room=Room.HOST)).status_code == 404
