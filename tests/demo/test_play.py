"""The demo's market, played small: what must hold whatever the dice say."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q
from django.test import Client, override_settings

from billing import books, files
from billing.models import Invoice, InvoiceLine, ManualEntry, OrderTerms
from logistics import daytime
from logistics.models import CasePack, Collection, Delivery, DeliveryRound, DeliveryWindow, PackedLine, Purchase, RoundStock
from marketplace.catalogue.models import Product
from marketplace.demo import casework, people
from marketplace.desk.models import TakenOrder
from marketplace.order.models import Order
from marketplace.partner.models import Partner, StockRecord
from marketplace.regions.models import Region
from marketplace.users.models import User
from tests.factories import ground

TODAY = "2026-11-22"  # a Sunday: the Saturday round is done, the next one is open
MD5 = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ENDED = (Delivery.Status.COMPLETED, Delivery.Status.FAILED, Delivery.Status.CANCELLED)


@pytest.fixture(scope="module")
def answer(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small market, played once for all tests of this file; what the command said. Everything is taken back in the end."""
    media: Path = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media, DEMO=True, PASSWORD_HASHERS=MD5), transaction.atomic():
        ground.lay()  # a test before this file may have emptied the tables
        said = _play()
        files.make_due(at=daytime.midnight(_today()))
        yield said
        transaction.set_rollback(True)


def _play() -> str:
    out = StringIO()
    call_command("play_demo", small=True, today=_today(), workers=0, verbosity=0, stdout=out)
    return out.getvalue()


def _today() -> date:
    return date.fromisoformat(TODAY)


def test_play_lays_both_regions(answer: str) -> None:
    assert sorted(Region.objects.values_list("slug", flat=True)) == ["huettener-berge", "norderstedt"]
    assert Partner.objects.selling().count() == 46
    assert (
        Partner.objects.exclude(pk__in=Partner.objects.selling()).get().status == Partner.Status.PAYEE
    )  # of fees, sells nothing


def test_play_offers_large_packs_to_kitchens_alone(answer: str) -> None:
    known = Client(), Client()
    known[1].force_login(User.objects.get(email="kueche@gasthaus-zum-springenden-hecht.example"))
    found = [client.get("/suche/", {"q": "Rapshonig Eimer"}, headers={"host": "localhost"}) for client in known]
    assert ["Eimer 12,5 kg" in page.content.decode() for page in found] == [False, True]


def test_play_gives_every_article_producer_and_shelf_a_picture(answer: str) -> None:
    assert not Product.objects.filter(picture__isnull=True).exists()
    assert not Partner.objects.selling().filter(picture__isnull=True).exists()


def test_play_sells_nothing_twice(answer: str) -> None:
    assert not RoundStock.objects.filter(taken__gt=F("available")).exists()
    assert not StockRecord.objects.filter(num_allocated__gt=F("num_in_stock")).exists()
    taken = DeliveryWindow.objects.annotate(booked=Count("deliveries", filter=~Q(deliveries__status="cancelled")))
    assert not taken.exclude(taken=F("booked")).exists()


def test_play_ends_every_past_round(answer: str) -> None:
    past = DeliveryRound.objects.filter(delivery_day__lt=_today())
    assert past.count() >= 2
    assert set(past.values_list("status", flat=True)) == {DeliveryRound.Status.DONE}
    assert not Delivery.objects.filter(round__in=past).exclude(status__in=ENDED).exists()
    assert not Collection.objects.filter(round__in=past).exclude(status=Collection.Status.COLLECTED).exists()


def test_play_leaves_an_open_round_with_orders_in_each_region(answer: str) -> None:
    for region in Region.objects.all():
        waiting = Order.objects.filter(region=region, delivery__round__status=DeliveryRound.Status.OPEN)
        assert waiting.exists(), region


def test_play_bills_every_delivered_line_once(answer: str) -> None:
    delivered = PackedLine.objects.filter(delivery__status=Delivery.Status.COMPLETED, delivered__gt=0)
    own = delivered.exclude(delivery__order__terms__method=OrderTerms.Method.ACCOUNT)
    billed = InvoiceLine.objects.filter(kind="380", charge="goods")
    assert own.exists()
    assert sorted(billed.values_list("order_line", flat=True)) == sorted(own.values_list("order_line", flat=True))


def test_play_keeps_books_without_findings(answer: str) -> None:
    assert {region.slug: books.problems(region=region, today=_today()) for region in Region.objects.all()} == {
        "huettener-berge": [],
        "norderstedt": [],
    }


def test_play_leaves_no_confirmation_to_be_sent(answer: str) -> None:
    assert Order.objects.exists()
    assert not Order.objects.unconfirmed().by_mail().exists()


def test_play_a_second_time_does_nothing(answer: str) -> None:
    before = (Order.objects.count(), Product.objects.count(), Invoice.objects.count())
    assert _play() == "Der Markt ist schon da.\n"
    assert (Order.objects.count(), Product.objects.count(), Invoice.objects.count()) == before


@pytest.mark.parametrize("path", ["/", "/markt/", "/betriebe/"])
def test_norderstedt_shows_nothing_of_huettener_berge(answer: str, path: str) -> None:
    page = Client().get(path, headers={"host": "norderstedt.localhost"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "Norderstedt" in text
    assert [
        name for name in Partner.objects.filter(region__slug="huettener-berge").values_list("name", flat=True) if name in text
    ] == []


def test_logins_work_with_the_password_that_is_told(answer: str) -> None:
    out = StringIO()
    call_command("demo_logins", stdout=out)
    assert people.PASSWORD in out.getvalue()
    for _role, email, _path in people.logins():
        assert email in out.getvalue()
        assert User.objects.get(email=email).check_password(people.PASSWORD)


@override_settings(DEMO=False)
def test_logins_are_refused_outside_the_demo() -> None:
    with pytest.raises(CommandError):
        call_command("demo_logins")


def test_somebody_fetches_goods_at_a_farm(answer: str) -> None:
    delivery = Delivery.objects.select_related("window__partner", "order").get(kind=Delivery.Kind.FARM)
    assert set(delivery.order.lines.values_list("partner", flat=True)) == {delivery.window.partner_id}


def test_play_takes_orders_by_telephone(answer: str) -> None:
    by_phone = Order.objects.filter(channel=Order.Channel.PHONE)
    assert by_phone.exists()
    assert not by_phone.exclude(taken_by__isnull=False, guest_email="", user=None).exists()
    assert by_phone.count() == TakenOrder.objects.count()


def test_somebody_of_the_office_has_to_approve_what_another_proposed(answer: str) -> None:
    proposed = ManualEntry.objects.filter(status=ManualEntry.Status.PROPOSED)
    assert {row.proposed_by.email for row in proposed if row.proposed_by} <= set(people.TILL.values())
    assert proposed.exists()


def test_play_lets_shops_buy_in_cases_as_much_as_their_rounds_need(answer: str) -> None:
    assert CasePack.objects.filter(in_use=True, loose__gte=0).count() == len(casework.BOUGHT)
    bought = Purchase.objects.exclude(round__status=DeliveryRound.Status.OPEN)
    assert bought.exists()
    assert all(row.arrived == row.cases * row.size for row in bought.filter(round__status=DeliveryRound.Status.DONE, cases__gt=0))
