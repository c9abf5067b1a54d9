"""What is sent to whom: only what was chosen, once, bundled, and with a link that stops it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from logistics import rounds, tours
from logistics.models import DeliveryRound, Stop, Tour
from marketplace.catalogue.models import Product
from marketplace.notices import choices, favourites, links, post, tasks
from marketplace.notices.models import Kind
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User
from tests.factories import orders
from tests.factories.market import NOW, RoundFactory, UserFactory, VehicleFactory, local
from tests.notices.conftest import article, logged_in

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - timedelta(days=30)
Titles = Callable[[datetime], list[str]]


@pytest.fixture
def titles(region: Region) -> Titles:
    """What is due at a moment, sent and told by title."""

    def send(at: datetime) -> list[str]:
        found = post.due(region=region, at=at)
        for letter in found:
            assert post.send(region=region, letter=letter, at=at)
        return [item.title for _reader, items in found for item in items]

    return send


def wants(user: User, region: Region, *kinds: Kind, at: datetime = LONG_AGO) -> None:
    choices.choose(region=region, kinds=kinds, wanted=True, at=at, user_id=user.pk)


def stop_link(message: Any) -> str:
    found = re.search(r"<https?://[^/\s]+(/benachrichtigen/abbestellen/\S+)>", message.extra_headers["List-Unsubscribe"])
    assert found
    return found[1]


def test_nobody_who_did_not_ask_is_written_to(ada: User, saturday: DeliveryRound, titles: Titles) -> None:
    for hours in range(0, 24 * 9, 6):
        assert titles(saturday.opens_at + timedelta(hours=hours)) == []


def test_round_is_announced_once_when_it_becomes_the_next(
    ada: User, saturday: DeliveryRound, region: Region, titles: Titles
) -> None:
    wants(ada, region, Kind.ROUND_OPENS)
    week_later = saturday.delivery_day + timedelta(days=7)
    RoundFactory.create(rule=saturday.rule, delivery_day=week_later, opens_at=saturday.opens_at)
    assert titles(saturday.opens_at + timedelta(minutes=5)) == ["Sie können für Samstag, 28. November, bestellen"]
    assert titles(saturday.opens_at + timedelta(minutes=10)) == []
    assert titles(saturday.cutoff_at + timedelta(minutes=2)) == ["Sie können für Samstag, 5. Dezember, bestellen"]


def test_round_is_no_news_after_days_or_for_who_asked_later(
    ada: User, saturday: DeliveryRound, region: Region, titles: Titles
) -> None:
    wants(ada, region, Kind.ROUND_OPENS)
    assert titles(saturday.opens_at + timedelta(days=4)) == []
    bert = UserFactory.create()
    wants(bert, region, Kind.ROUND_OPENS, at=saturday.opens_at + timedelta(hours=1))
    titles(saturday.opens_at + timedelta(hours=2))
    assert [message.to for message in mail.outbox] == [[ada.email]]


def test_reminder_on_the_last_day_only(ada: User, saturday: DeliveryRound, region: Region, titles: Titles) -> None:
    wants(ada, region, Kind.ROUND_CLOSES)
    assert titles(saturday.cutoff_at - timedelta(hours=25)) == []
    assert titles(saturday.cutoff_at - timedelta(minutes=30)) == []
    assert titles(saturday.cutoff_at - timedelta(hours=20)) == ["Denken Sie an Ihre Runde am Samstag, 28. November"]
    assert titles(saturday.cutoff_at - timedelta(hours=19)) == []
    assert "Bis Donnerstag, 26. November, 18:00 Uhr können Sie bestellen." in mail.outbox[0].body


def test_reminder_leads_to_the_order_that_is_there() -> None:
    ada = UserFactory.create()
    till = orders.till(owner=ada)
    order = till.place()
    wants(ada, till.region, Kind.ROUND_CLOSES)
    (letter,) = post.due(region=till.region, at=till.window.round.cutoff_at - timedelta(hours=5))
    (item,) = letter[1]
    assert item.path == f"/konto/bestellungen/{order.number}/"
    assert "noch ändern" in item.text


def set_out(till: orders.Till, at: datetime) -> None:
    """The round closes and a tour with all its orders starts."""
    delivery_round = till.window.round
    rounds.close(delivery_round=delivery_round, at=delivery_round.cutoff_at)
    DeliveryRound.objects.filter(pk=delivery_round.pk).update(status="planned", planned_at=at)
    tour = Tour.objects.create(
        round=delivery_round,
        vehicle=VehicleFactory.create(region=till.region),
        wave=Tour.Wave.DELIVER,
        starts_at=at,
        ends_at=at + timedelta(hours=3),
        distance_m=9000,
    )
    stop = Stop.objects.create(
        tour=tour,
        sequence=1,
        kind=Stop.Kind.DELIVER,
        name="Grete",
        address="Dorfstraße 7",
        latitude=54.4,
        longitude=9.8,
        planned_arrival=at + timedelta(minutes=47),
        planned_departure=at + timedelta(minutes=50),
    )
    delivery_round.deliveries.update(stop=stop)
    tours.start(tour=tour, at=at, by=None)


@pytest.mark.parametrize("has_account", [True, False])
def test_delivery_on_the_way_is_told_once_unless_it_was_stopped(has_account: bool, client: Client) -> None:
    till = orders.till(owner=UserFactory.create() if has_account else None)
    order = till.place()
    at = local(till.window.round.delivery_day, till.window.starts_at.time())
    set_out(till, at)
    mail.outbox.clear()
    later = at + timedelta(minutes=2)
    (letter,) = post.due(region=till.region, at=later)
    assert post.send(region=till.region, letter=letter, at=later)
    assert not post.send(region=till.region, letter=letter, at=later)
    assert post.due(region=till.region, at=later) == []
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([order.email], "Ihre Lieferung ist unterwegs")
    assert order.delivery.code in message.body
    assert "/heute/" in message.body


def test_who_stopped_it_is_not_told_that_the_delivery_is_on_the_way() -> None:
    till = orders.till()
    order = till.place()
    choices.choose(region=till.region, kinds=[Kind.ON_THE_WAY], wanted=False, at=NOW, email=order.email.upper())
    at = local(till.window.round.delivery_day, till.window.starts_at.time())
    set_out(till, at)
    assert post.due(region=till.region, at=at + timedelta(minutes=2)) == []


def test_delays_of_more_than_twenty_minutes_and_of_an_hour_are_told_once_each() -> None:
    till = orders.till()
    till.place()
    at = local(till.window.round.delivery_day, till.window.starts_at.time())
    set_out(till, at)  # should be there after 47 minutes

    def told(minutes: int) -> list[str]:
        moment = at + timedelta(minutes=minutes)
        letters = post.due(region=till.region, at=moment)
        assert all(post.send(region=till.region, letter=letter, at=moment) for letter in letters)
        return [item.title for _reader, items in letters for item in items]

    assert told(2) == ["Ihre Lieferung ist unterwegs"]
    assert told(47 + 19) == []
    assert told(47 + 21) == ["Ihre Lieferung kommt später"]
    assert told(47 + 50) == []
    assert told(47 + 61) == ["Ihre Lieferung kommt später"]
    assert told(47 + 90) == []
    assert "ungefähr" in mail.outbox[-1].body


def test_what_was_late_at_the_start_is_no_delay_on_the_way() -> None:
    till = orders.till()
    till.place()
    at = local(till.window.round.delivery_day, till.window.starts_at.time())
    set_out(till, at)
    Tour.objects.update(starts_at=at - timedelta(minutes=40))
    Stop.objects.update(planned_arrival=at + timedelta(minutes=7), planned_departure=at + timedelta(minutes=10))
    (letter,) = post.due(region=till.region, at=at + timedelta(minutes=2))
    assert post.send(region=till.region, letter=letter, at=at + timedelta(minutes=2))
    assert post.due(region=till.region, at=at + timedelta(minutes=47 + 15)) == []
    assert len(post.due(region=till.region, at=at + timedelta(minutes=47 + 21))) == 1


def newborn(village: Municipality, partner: Any, at: datetime, **given: Any) -> Product:
    product = article(village, partner=partner, **given)
    Product.objects.filter(pk=product.pk).update(date_created=at)
    return product


def test_new_articles_of_marked_producers_once_a_week(ada: User, village: Municipality, region: Region, titles: Titles) -> None:
    old = newborn(village, article(village).partner, NOW - timedelta(days=3), title="Alt")
    other = newborn(village, article(village).partner, NOW + timedelta(hours=1), title="Fremd")
    favourites.mark(user=ada, thing=old.partner, at=NOW)
    newborn(village, old.partner, NOW + timedelta(hours=1), title="Erster")
    assert titles(NOW + timedelta(hours=2)) == []  # marked, but no mail was asked for
    wants(ada, region, Kind.NEW_ARTICLES)
    assert titles(NOW + timedelta(hours=2)) == ["Erster"]
    newborn(village, old.partner, NOW + timedelta(days=1), title="Zweiter")
    assert titles(NOW + timedelta(days=2)) == []
    assert titles(NOW + timedelta(days=8)) == ["Zweiter"]
    assert other.title not in str([message.body for message in mail.outbox])


def test_everything_due_at_once_is_one_mail(ada: User, village: Municipality, saturday: DeliveryRound, region: Region) -> None:
    wants(ada, region, Kind.ROUND_OPENS, Kind.NEW_ARTICLES)
    partner = article(village).partner
    favourites.mark(user=ada, thing=partner, at=LONG_AGO)
    newborn(village, partner, saturday.opens_at, title="Rhabarber")
    with time_machine.travel(saturday.opens_at + timedelta(minutes=5), tick=False):
        tasks.send_due_notices()
        tasks.send_due_notices()
    message: Any
    (message,) = mail.outbox
    assert "Rhabarber" in message.body
    assert "Samstag, 28. November" in message.body
    assert "Rhabarber" in message.alternatives[0][0]


def test_stop_link_needs_no_login_and_stops_what_the_mail_told(
    ada: User, saturday: DeliveryRound, region: Region, titles: Titles, client: Client
) -> None:
    wants(ada, region, Kind.ROUND_CLOSES, Kind.ROUND_OPENS)
    titles(saturday.cutoff_at - timedelta(hours=20))
    link = stop_link(mail.outbox[0])
    assert client.get(link).status_code == 200
    wanted = {choice.kind: choice.wanted for choice in choices.of(region=region, user=ada)}
    assert wanted[Kind.ROUND_CLOSES]  # looking at the link stops nothing
    mailer = Client(enforce_csrf_checks=True)  # what a mail program does by itself (RFC 8058)
    assert mailer.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    wanted = {choice.kind: choice.wanted for choice in choices.of(region=region, user=ada)}
    assert (wanted[Kind.ROUND_CLOSES], wanted[Kind.ROUND_OPENS]) == (False, True)
    assert client.get(link.replace("abbestellen/", "abbestellen/x")).status_code == 404


def test_stop_link_expires(ada: User, region: Region, client: Client) -> None:
    signed = links.for_stopping(region_id=region.pk, user_id=ada.pk, email=ada.email, kinds=[Kind.AVAILABLE])
    with time_machine.travel(NOW + links.STOP_FOR + timedelta(hours=1), tick=False):
        assert client.post(f"/benachrichtigen/abbestellen/{signed}/").status_code == 410


def test_page_shows_every_kind_and_keeps_the_choice(ada: User, region: Region) -> None:
    client = logged_in(ada)
    page = client.get("/konto/benachrichtigungen/")
    assert [(choice.kind, choice.wanted) for choice in page.context["choices"]] == [
        (kind, kind in choices.BY_ITSELF) for kind in Kind
    ]
    assert "Rechnungen und Korrekturen" in page.content.decode()
    client.post("/konto/benachrichtigungen/", {"kind": [Kind.ROUND_OPENS, "nonsense"]})
    assert {choice.kind for choice in choices.of(region=region, user=ada) if choice.wanted} == {Kind.ROUND_OPENS}
