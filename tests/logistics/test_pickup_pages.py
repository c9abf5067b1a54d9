"""The pages of whoever looks after a pickup point, of the hub, and of the office that asks people."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from logistics import host_mails, pickup_hosts, tasks
from logistics.models import Box, Delivery, PickupHost, Reading
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.regions.models import Membership, Role
from marketplace.users.models import User
from tests.factories.market import UserFactory
from tests.logistics.pickup import Shop

pytestmark = pytest.mark.django_db
CEILING = 12


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    shop = Shop()
    now = shop.at(12)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return shop


def login(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def worker(shop: Shop, role: Role) -> User:
    user: User = UserFactory.create()
    Membership.objects.create(user=user, region=shop.market.region, role=role)
    return user


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_host_ticks_off_finds_and_hands_out(shop: Shop, client: Client) -> None:
    delivery = shop.order(recipient="Ada Beispiel")
    shop.pack_and_plan()
    login(client, shop.host)
    page = client.get("/abholstelle/", follow=True)
    assert "Ada Beispiel" in text(page)
    assert "0 von 1 Kisten sind da" in text(page)
    assert shop.honey.partner.name not in text(page)
    page = client.post(f"/abholstelle/dorfladen/alles-da/{shop.market.round.pk}/", follow=True)
    assert "1 von 1 Kisten sind da" in text(page)
    signed = day_links.sign(order=delivery.order, purpose=Purpose.FETCHING)
    for told in (delivery.code.lower(), "ada", f"https://markt.example/abholen/{signed}/"):
        answer = client.get("/abholstelle/dorfladen/", {"q": told})
        assert answer["Location"] == f"/abholstelle/dorfladen/ausgabe/{delivery.pk}/"
    page = client.post(f"/abholstelle/dorfladen/ausgabe/{delivery.pk}/", {"handed_to": "Tochter"}, follow=True)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.handed_to) == (Delivery.Status.COMPLETED, "Tochter")
    assert "ausgegeben" in text(page)


def test_a_refused_hand_out_keeps_what_was_typed(shop: Shop, client: Client) -> None:
    wine = shop.market.product(partner=shop.honey.partner, age_limit=16)
    delivery = shop.order((wine, 1))
    shop.pack_and_plan()
    answer = login(client, shop.host).post(f"/abholstelle/dorfladen/ausgabe/{delivery.pk}/", {"handed_to": "Tochter"})
    assert answer.status_code == 409
    assert 'value="Tochter"' in text(answer)


def test_a_damaged_article_is_told_with_how_many_were_good(shop: Shop, client: Client) -> None:
    delivery = shop.order((shop.honey, 3))
    shop.pack_and_plan()
    line = delivery.packed_lines.get()
    told = {f"quantity_{line.pk}": "2", f"problem_{line.pk}": "damaged"}
    login(client, shop.host).post(f"/abholstelle/dorfladen/ausgabe/{delivery.pk}/", told)
    line.refresh_from_db()
    assert (line.delivered, line.problem) == (2, "damaged")


def test_the_list_costs_the_same_for_any_number(shop: Shop, client: Client, django_assert_max_num_queries: Any) -> None:
    for _number in range(3):
        shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    login(client, shop.host)
    with django_assert_max_num_queries(CEILING + 2):  # with session and person
        client.get("/abholstelle/dorfladen/")


def test_the_customers_page_leads_its_host_to_the_hand_out(shop: Shop, client: Client) -> None:
    delivery = shop.order()
    shop.pack_and_plan()
    signed = day_links.sign(order=delivery.order, purpose=Purpose.FETCHING)
    here = f"/abholstelle/dorfladen/ausgabe/{delivery.pk}/"
    assert here not in text(client.get(f"/abholen/{signed}/"))
    assert here in text(login(client, shop.host).get(f"/abholen/{signed}/"))


def test_a_host_writes_down_a_temperature(shop: Shop, client: Client) -> None:
    shop.order((shop.cheese, 1))
    shop.pack_and_plan()
    address = f"/abholstelle/dorfladen/temperatur/{shop.market.round.pk}/"
    login(client, shop.host)
    form = client.get(address).context["form"]
    told = {"uuid": str(form.initial["uuid"]), "spot": f"point-{shop.point.pk}", "storage": "cool", "degrees": "9,5 °C"}
    assert "Zu warm" in text(client.post(address, told, follow=True))
    assert Reading.objects.get().tenths == 95
    assert client.post(address, told | {"degrees": "warm"}).status_code == 422


def test_somebody_is_asked_by_mail_and_becomes_host_by_the_link(client: Client) -> None:
    shop = Shop(hosted=False)
    login(client, worker(shop, Role.OFFICE))
    page = client.post(f"/buero/abholstellen/betreuung/{shop.point.pk}/fragen/", {f"{shop.point.pk}-email": "Neu@Dorf.example"})
    assert page.status_code == 302
    tasks.invite_hosts()
    tasks.invite_hosts()
    (message,) = mail.outbox
    assert message.to == ["neu@dorf.example"]
    link = next(word for word in str(message.body).split() if "/einladung/" in word)
    path = "/" + link.split("/", 3)[3]
    newcomer = UserFactory.create()
    client.logout()
    assert client.get(path).status_code == 302
    login(client, newcomer).post(path)
    assert list(pickup_hosts.points(user=newcomer, region=shop.market.region)) == [shop.point]
    assert login(client, UserFactory.create()).post(path).status_code == 409
    assert host_mails.unasked() == []


def test_a_host_who_is_removed_sees_nothing_any_more(shop: Shop, client: Client) -> None:
    login(client, shop.host)
    assert client.get("/abholstelle/dorfladen/").status_code == 200
    pickup_hosts.remove(host=PickupHost.objects.get(), at=shop.at(12), by=None)
    assert client.get("/abholstelle/dorfladen/").status_code == 403


def test_the_hub_ticks_off_by_label_and_ends_with_what_is_missing(
    shop: Shop, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shop.order((shop.honey, 1), (shop.cheese, 1))
    shop.pack_and_plan()
    here, absent = Box.objects.order_by("is_cold")
    login(client, worker(shop, Role.DRIVER))
    base = f"/umschlag/{shop.market.round.pk}/"
    with django_assert_max_num_queries(CEILING):
        client.get(base)
    page = client.post(f"{base}kiste/", {"told": here.code.lower()}, follow=True)
    assert f"{here.code} kommt auf Tour 2" in text(page)
    assert client.post(f"{base}kiste/", {"told": "ZZZZ"}).status_code == 409
    page = client.post(f"{base}fertig/", follow=True)
    absent.refresh_from_db()
    assert absent.status == Box.Status.MISSING
    assert "1 Kiste fehlt" in text(page)


def test_the_board_is_a_page_and_fetches_its_part_anew(
    shop: Shop, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shop.order()
    shop.bring()
    login(client, worker(shop, Role.OFFICE))
    address = f"/buero/runden/{shop.market.round.pk}/unterwegs/"
    with django_assert_max_num_queries(CEILING + 2):
        page = text(client.get(address))
    part = text(client.get(address, headers={"HX-Request": "true"}))
    assert "<html" in page
    assert "<html" not in part
    assert 'id="board"' in part
