"""The waiting list on the pages: signing up, taking the offered place, leaving; and the villages that no round serves."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from logistics import address_links, tasks, waiting, waiting_mails, windows
from logistics.address_links import Purpose
from logistics.models import AreaInterest, DeliveryRound, DeliveryWindow, WaitingEntry
from marketplace.regions.models import Municipality
from tests.factories.market import NOW, MunicipalityFactory, PartnerFactory, PickupPointFactory, UserFactory, WindowFactory
from tests.shop.conftest import article


@pytest.fixture
def full(saturday: DeliveryRound) -> DeliveryWindow:
    """A window without a free place."""
    cache.clear()
    window: DeliveryWindow = WindowFactory.create(round=saturday, capacity=1, taken=1)
    return window


def sign_up(client: Client, window: DeliveryWindow, email: str = "grete@post.example") -> Any:
    return client.post(reverse("catalogue:wait", args=[window.pk]), {"email": email})


def link_in(body: str, path: str) -> str:
    """The path of a link in a mail that begins like that."""
    return path + body.split(path)[1].split()[0]


def offered(window: DeliveryWindow) -> WaitingEntry:
    """The first in line has confirmed the address, and a place becomes free."""
    waiting.confirm(entry_id=WaitingEntry.objects.order_by("pk")[0].pk, at=NOW)
    mail.outbox.clear()
    windows.release_place(window=window)
    waiting.advance(at=NOW)
    return WaitingEntry.objects.get(status="offered")


def test_full_window_stays_visible_and_leads_to_the_list(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    html = client.get("/lieferung/").content.decode()
    assert "ausgebucht" in html
    assert reverse("catalogue:wait", args=[full.pk]) in html


def test_guest_signs_up_by_mail_and_nobody_learns_who_is_on_the_list(
    client: Client, village: Municipality, full: DeliveryWindow
) -> None:
    first, again = sign_up(client, full), sign_up(Client(), full, "GRETE@post.example")
    assert (first.status_code, again.status_code, WaitingEntry.objects.count()) == (302, 302, 1)


def test_customer_signs_up_with_one_tap(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    ada = UserFactory.create()
    client.force_login(ada)
    client.post(reverse("catalogue:wait", args=[full.pk]))
    assert (WaitingEntry.objects.get().user, WaitingEntry.objects.get().email) == (ada, ada.email)
    assert "Sie stehen auf der Warteliste" in client.get("/lieferung/").content.decode()


def test_bad_address_is_said(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    assert sign_up(client, full, "keine adresse").status_code == 422
    assert not WaitingEntry.objects.exists()


def test_too_many_sign_ups_are_refused_kindly(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    answers = [sign_up(client, full) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]


def test_offer_is_mailed_once_and_its_link_gives_the_place(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    sign_up(client, full)
    entry = offered(full)
    tasks.give_back_places()
    tasks.give_back_places()
    assert [message.to for message in mail.outbox] == [["grete@post.example"]]
    link = reverse("catalogue:offer", args=[waiting.sign(entry=entry)])
    assert link in str(mail.outbox[0].body)
    client.post(f"/korb/{article(village).pk}/hinzufuegen/", {"quantity": 1})
    assert client.get(link).headers["Location"] == reverse("checkout:start")
    (day,) = client.get("/lieferung/").context["days"]
    slot = next(slot for slot in day.home if slot.value == full.pk)
    assert (slot.kept, slot.full, slot.checked) == (True, False, True)
    answer = client.post(reverse("checkout:delivery"), {"municipality": village.pk, "window": full.pk})
    assert answer.headers["Location"] == reverse("checkout:details")
    assert DeliveryWindow.objects.get(pk=full.pk).taken == 1


@pytest.mark.django_db(transaction=True)
def test_guest_is_asked_once_and_waits_after_the_button_behind_the_link(
    client: Client, village: Municipality, full: DeliveryWindow
) -> None:
    sign_up(client, full)
    tasks.ask_addresses_back()
    (message,) = mail.outbox
    assert message.to == ["grete@post.example"]
    link = link_in(str(message.body), "/lieferung/warteliste/ja/")
    assert client.get(link).status_code == 200
    assert WaitingEntry.objects.get().confirmed_at is None
    assert "Sie stehen auf der Warteliste" in client.post(link, follow=True).content.decode()
    assert WaitingEntry.objects.get().confirmed_at == NOW


def test_link_of_the_question_is_good_for_three_days_and_for_nothing_else(
    client: Client, village: Municipality, full: DeliveryWindow
) -> None:
    sign_up(client, full)
    entry = WaitingEntry.objects.get()
    link = reverse("catalogue:wait_confirm", args=[address_links.sign(purpose=Purpose.WAIT, pk=entry.pk)])
    assert client.get(reverse("catalogue:wait_confirm", args=[waiting.sign(entry=entry)])).status_code == 404
    with time_machine.travel(NOW + timedelta(days=3, minutes=1), tick=False):
        assert client.get(link).status_code == 410


def test_address_that_nobody_confirmed_is_forgotten(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    sign_up(client, full)
    tasks.ask_addresses_back()
    assert waiting.forget(at=NOW + timedelta(days=2)) == 0
    assert waiting.forget(at=NOW + timedelta(days=3, minutes=1)) == 1


def test_offer_without_a_basket_leads_to_the_market(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    sign_up(client, full)
    link = reverse("catalogue:offer", args=[waiting.sign(entry=offered(full))])
    assert client.get(link).headers["Location"] == reverse("catalogue:index")
    assert client.session["window"] == full.pk


def test_link_of_an_offer_that_has_run_out_says_so(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    sign_up(client, full)
    entry = offered(full)
    WaitingEntry.objects.update(offered_at=NOW - timedelta(days=2), expires_at=NOW - timedelta(days=1))
    answer = client.get(reverse("catalogue:offer", args=[waiting.sign(entry=entry)]))
    assert (answer.status_code, "window" in client.session) == (410, False)


def test_forged_link_is_unknown(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    assert client.get(reverse("catalogue:offer", args=["gefaelscht"])).status_code == 404
    assert client.get(reverse("catalogue:leave", args=["gefaelscht"])).status_code == 404


def test_leaving_takes_the_button_not_the_look_at_the_link(client: Client, village: Municipality, full: DeliveryWindow) -> None:
    sign_up(client, full)
    link = reverse("catalogue:leave", args=[waiting.sign(entry=WaitingEntry.objects.get())])
    assert client.get(link).status_code == 200
    assert WaitingEntry.objects.get().status == "waiting"
    assert client.post(link).status_code == 200
    assert WaitingEntry.objects.get().status == "withdrawn"


def test_mail_that_fails_stays_due(village: Municipality, full: DeliveryWindow) -> None:
    waiting.confirm(entry_id=waiting.enter(window=full, email="grete@post.example", user=None, at=NOW).pk, at=NOW)
    entry = offered(full)
    assert waiting_mails.untold(at=NOW) == [entry.pk]
    assert waiting_mails.untold(at=NOW + timedelta(days=2)) == []


def test_village_that_no_round_serves_shows_the_nearest_pickup_points(client: Client, village: Municipality) -> None:
    near = PickupPointFactory.create(municipality=village, name="Nah", latitude=54.31, longitude=9.66)
    far = PickupPointFactory.create(municipality=village, name="Fern", latitude=54.9, longitude=10.5)
    points = client.get(reverse("catalogue:elsewhere"), {"plz": "24768"}).context["points"]
    assert [row.point for row in points] == [near, far]
    assert points[0].metres < 10_000 < points[1].metres


def test_unknown_postal_code_is_measured_from_the_regions_hub(client: Client, village: Municipality) -> None:
    PickupPointFactory.create(municipality=village)
    assert len(client.get(reverse("catalogue:elsewhere"), {"plz": "00000"}).context["points"]) == 1


@pytest.mark.parametrize("code", ["abc", "1234", "٢٤٣٦١", "24361x"])
def test_nonsense_is_no_postal_code(code: str, client: Client, village: Municipality) -> None:
    answer = client.get(reverse("catalogue:elsewhere"), {"plz": code})
    assert (answer.status_code, answer.context["points"]) == (200, [])


def test_interest_is_kept_once(client: Client, village: Municipality) -> None:
    cache.clear()
    told = {"postal_code": "24768", "place": "Rendsburg", "email": "Grete@post.example"}
    answers = [client.post(reverse("catalogue:elsewhere"), told) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert AreaInterest.objects.get().email == "grete@post.example"


def wish(client: Client, code: str = "24768", email: str = "grete@post.example") -> None:
    cache.clear()
    client.post(reverse("catalogue:elsewhere"), {"postal_code": code, "place": "Rendsburg", "email": email})


@pytest.mark.django_db(transaction=True)
def test_interest_is_confirmed_and_told_once_when_the_village_is_served(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    WindowFactory.create(round=saturday)
    wish(client)
    tasks.ask_addresses_back()
    (asked,) = mail.outbox
    link = link_in(str(asked.body), "/lieferung/anderswo/ja/")
    assert client.get(link).status_code == 200
    assert AreaInterest.objects.get().confirmed_at is None
    client.post(link)
    tasks.tell_served_areas()
    assert len(mail.outbox) == 1  # nobody delivers there yet
    MunicipalityFactory.create(region=village.region, name="Rendsburg", slug="rendsburg", postal_codes=["24768"])
    tasks.tell_served_areas()
    tasks.tell_served_areas()
    told = mail.outbox[1:]
    assert [message.subject for message in told] == ["Wir liefern jetzt nach 24768 Rendsburg"]
    stop = link_in(str(told[0].body), "/lieferung/anderswo/loeschen/")
    assert client.get(stop).status_code == 200
    assert AreaInterest.objects.exists()
    client.post(stop)
    assert not AreaInterest.objects.exists()


def test_interest_that_nobody_confirmed_is_not_told_and_forgotten(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    WindowFactory.create(round=saturday)
    wish(client, code=village.postal_codes[0])
    tasks.tell_served_areas()
    tasks.ask_addresses_back()
    assert len(mail.outbox) == 1
    with time_machine.travel(NOW + timedelta(days=3, minutes=1), tick=False):
        tasks.tell_served_areas()
    assert not AreaInterest.objects.exists()
    assert len(mail.outbox) == 1


def test_interest_of_a_customer_needs_no_question(client: Client, village: Municipality) -> None:
    ada = UserFactory.create()
    client.force_login(ada)
    wish(client, email=ada.email)
    assert AreaInterest.objects.get().confirmed_at == NOW
    tasks.ask_addresses_back()
    assert mail.outbox == []


def test_farm_is_shown_with_the_reason_when_others_goods_are_in_the_basket(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    farm = PartnerFactory.create(municipality=village, name="Hof Krummer Pflug")
    WindowFactory.create(round=saturday, partner=farm, fee=0)
    other = PartnerFactory.create(municipality=village)
    WindowFactory.create(round=saturday, partner=other, fee=0)
    client.post(f"/korb/{article(village, partner=farm).pk}/hinzufuegen/", {"quantity": 1})
    (day,) = client.get("/lieferung/").context["days"]
    assert [(slot.title, slot.reason) for slot in day.farm] == [("Hof Krummer Pflug", "")]
    assert client.post("/lieferung/", {"window": day.farm[0].value}).status_code == 302
    client.post(f"/korb/{article(village).pk}/hinzufuegen/", {"quantity": 1})
    (day,) = client.get("/lieferung/").context["days"]
    assert [slot.reason for slot in day.farm] == ["Auf dem Hof können Sie nur Waren von Hof Krummer Pflug abholen."]
    assert "Hof Krummer Pflug" in client.get("/korb/").context["page"].window_problem
