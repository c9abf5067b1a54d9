"""Somebody orders, marks, waits, takes all data along and leaves: what must stay is the same to the byte, and alone in it."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from billing import access as billing_access
from billing import files, invoicing, payments
from billing.models import DocumentFile, Invoice, JournalEntry, Posting
from logistics.models import Delivery, Stop
from marketplace.basket import baskets
from marketplace.core.models import AuditEntry
from marketplace.customers.privacy import erasure, export, obstacles
from marketplace.notices import articles, choices, favourites
from marketplace.notices.models import ArticleNotice, Favourite, Kind, NoticeChoice
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.users import addresses, profiles
from marketplace.users.models import Address, Profile, User
from tests.factories.town import PASSWORD, Town
from tests.journeys import way

NAME = {"first_name": "Grete", "last_name": "Beispielfrau"}


def settled(town: Town, *, who: User | None, email: str = "") -> tuple[Order, Invoice]:
    """An order in the town's round, delivered, billed with its files, and paid."""
    contact: dict[str, Any] = {**NAME, "note": "Hund ist lieb", **({"email": email} if email else {})}
    order = way.order(town, {"honey": 2, "goat_cheese": 1}, who=who, **contact)
    ended = way.through(town.round, by=town.people["driver"])
    (invoice,) = invoicing.draw_due(today=ended.date(), at=ended)
    files.make(invoice=invoice, at=ended)
    if rest := invoice.gross - payments.paid(invoice=invoice):
        payments.receive(
            invoice=invoice, amount=rest, method="transfer", received_on=ended.date(), at=ended, reference=order.number
        )
    return order, invoice


def at_home(town: Town, ada: User) -> None:
    """Everything that a customer can leave behind besides orders."""
    User.objects.filter(pk=ada.pk).update(**NAME)
    profiles.keep(user=ada, **NAME, phone="+49 4356 000111", municipality=town.villages["Haby"])
    addresses.add(user=ada, label="Zuhause", street="Geheimweg 7", postal_code="24361", municipality=town.villages["Haby"])
    favourites.mark(user=ada, thing=town.products["candle"], at=town.noon)
    articles.ask(product=town.products["candle"], user=ada, email="", at=town.noon)
    choices.choose(region=town.region, kinds=[Kind.ROUND_OPENS], wanted=True, at=town.noon, user_id=ada.pk)
    basket = baskets.keep(basket=baskets.for_visitor(user=ada, region=town.region))
    baskets.add(basket=basket, product=town.products["honey"], quantity=1)


def stored(model: Any) -> str:
    """A fingerprint of a whole table."""
    rows = model.objects.order_by("pk").values_list()
    plain = [[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in rows]
    return hashlib.sha256(repr(plain).encode()).hexdigest()


def everywhere_but_in_documents(user: User) -> str:
    """All that is kept of a person, without what the law wants kept."""
    found = export.everything(user=user, at=timezone.now())
    return str([table for table in found["tables"] if not table["table"].startswith("billing.")])


def test_erasing_leaves_documents_as_they_were_and_no_name_elsewhere(town: Town) -> None:
    ada = town.people["customer"]
    order, invoice = settled(town, who=ada)
    at_home(town, ada)
    before = [stored(model) for model in (Invoice, DocumentFile, JournalEntry, Posting)]
    later = town.noon + timedelta(days=30)
    mail.outbox.clear()
    assert erasure.erase(user=ada, region=town.region, at=later, by=ada)
    assert [stored(model) for model in (Invoice, DocumentFile, JournalEntry, Posting)] == before
    assert "Beispielfrau" in str(Invoice.objects.get(pk=invoice.pk).content)
    ada.refresh_from_db()
    left = everywhere_but_in_documents(ada)
    for word in (*NAME.values(), "Geheimweg", "Dorfstraße 7", "000111", "Hund", "markt.example"):
        assert word not in left, word
    assert (ada.is_active, ada.has_usable_password(), ada.erased_at) == (False, False, later)
    order.refresh_from_db()
    assert (order.contact_name, order.total_incl_tax) == ("Gelöschtes Konto", order.total_incl_tax)
    delivery = Delivery.objects.get(order=order)
    assert (delivery.recipient, delivery.street, delivery.city) == ("Gelöschtes Konto", "", "Haby")
    assert not Stop.objects.filter(name__contains="Beispielfrau").exists()
    for model in (Address, Profile, Favourite, ArticleNotice, NoticeChoice, EmailAddress):
        assert not model.objects.filter(user=ada).exists(), model
    (entry,) = AuditEntry.objects.filter(action=erasure.ERASED)
    assert "Beispielfrau" not in json.dumps(entry.new)
    assert [message.to for message in mail.outbox] == [["customer@markt.example"]]


def test_erasing_twice_is_once(town: Town) -> None:
    ada = town.people["customer"]
    at_home(town, ada)
    assert erasure.erase(user=ada, region=town.region, at=town.noon)
    mail.outbox.clear()
    assert not erasure.erase(user=ada, region=town.region, at=town.noon + timedelta(days=1))
    assert AuditEntry.objects.filter(action=erasure.ERASED).count() == 1
    assert mail.outbox == []


def test_the_address_is_free_for_a_new_account(town: Town) -> None:
    ada = town.people["customer"]
    email = ada.email
    erasure.erase(user=ada, region=town.region, at=town.noon)
    assert User.objects.create(email=email).pk != ada.pk


def test_links_of_an_erased_person_end(town: Town, client: Client) -> None:
    ada = town.people["customer"]
    order, invoice = settled(town, who=ada)
    document = f"/konto/rechnung/{billing_access.link_for(invoice=invoice)}/pdf/"
    erasure.erase(user=ada, region=town.region, at=town.noon + timedelta(days=30))
    assert billing_access.document_for_link(signed=billing_access.link_for(invoice=invoice), region=town.region) is None
    with pytest.raises(links.LinkExpired):
        links.read(token=links.sign(order=order), today=town.delivery_day)
    assert client.get(document).status_code == 404


def test_orders_as_a_guest_with_the_proven_address_are_erased_too(town: Town) -> None:
    ada = town.people["customer"]
    order, _invoice = settled(town, who=None, email=ada.email)
    other = Order.objects.get(pk=order.pk)
    assert other.user is None
    erasure.erase(user=ada, region=town.region, at=town.noon + timedelta(days=30))
    other.refresh_from_db()
    assert (other.first_name, other.guest_email) == ("Gelöschtes Konto", "")


def test_erasing_waits_until_everything_is_settled(town: Town) -> None:
    ada = town.people["customer"]
    order = way.order(town, {"honey": 2}, who=ada, payment="transfer")

    def said() -> list[str]:
        return [obstacle.text for obstacle in obstacles.of(user=ada)]

    assert said() == [f"Ihre Bestellung {order.number} ist noch nicht geliefert."]
    with pytest.raises(erasure.NotErased):
        erasure.erase(user=ada, region=town.region, at=town.noon)
    ended = way.through(town.round, by=town.people["driver"])
    assert said() == [f"Für Ihre Bestellung {order.number} gibt es noch keine Rechnung."]
    (invoice,) = invoicing.draw_due(today=ended.date(), at=ended)
    assert said() == [f"Die Rechnung zu Ihrer Bestellung {order.number} ist noch nicht bezahlt (16,88\u00a0€)."]
    payments.receive(invoice=invoice, amount=invoice.gross, method="transfer", received_on=ended.date(), at=ended, reference="A")
    assert said() == []


def test_who_has_duties_stays(town: Town) -> None:
    assert len(obstacles.of(user=town.people["dairy"])) == 1
    way.order(town, {"honey": 2})
    way.close(town.round)
    way.pack(town.round)
    way.plan(town.round)
    driver = town.people["driver"]
    assert [obstacle.text for obstacle in obstacles.of(user=driver)] == ["Sie sind für eine Tour eingeteilt."]


def test_customer_takes_everything_along_and_leaves(town: Town, client: Client) -> None:
    ada = town.people["customer"]
    order, invoice = settled(town, who=ada)
    at_home(town, ada)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/konto/daten/meine-daten.json")
    assert answer.headers["Location"].startswith("/konto/reauthenticate/")
    answer = client.post(answer.headers["Location"], {"password": PASSWORD}, follow=True)
    assert answer.headers["Content-Type"] == "application/json"
    tables = {table["table"]: table["rows"] for table in json.loads(answer.content)["tables"]}
    assert [row["number"] for row in tables["order.Order"]] == [order.number]
    assert [row["number"] for row in tables["billing.Invoice"]] == [invoice.number]
    assert tables["market_notices.Favourite"][0]["product__title"] == "Kerze aus Bienenwachs"
    assert "Geheimweg 7" in answer.content.decode()
    assert "password" not in tables["users.User"][0]
    assert town.people["other_customer"].email not in answer.content.decode()
    page = client.get("/konto/loeschen/")
    assert page.context["obstacles"] == []
    assert client.get("/konto/loeschen/bestaetigen/").status_code == 200
    assert "Ihr Konto ist gelöscht" in client.post("/konto/loeschen/bestaetigen/").content.decode()
    assert client.get("/konto/").status_code == 302
    assert not client.login(username="customer@markt.example", password=PASSWORD)


def test_who_has_no_password_proves_it_by_a_code(town: Town, client: Client) -> None:
    ada = town.people["customer"]
    ada.set_unusable_password()
    ada.save()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    assert "Sind Sie es?" in client.get("/konto/loeschen/bestaetigen/").content.decode()
    assert client.post("/konto/loeschen/bestaetigen/").status_code == 200
    ada.refresh_from_db()
    assert ada.erased_at is None
    answer = client.post("/konto/daten/nachweis/", {"next": "/konto/loeschen/bestaetigen/"})
    code = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code, mail.outbox[-1].body
    answer = client.post(answer.headers["Location"], {"code": code[1]})
    assert answer.headers["Location"] == "/konto/loeschen/bestaetigen/"
    assert client.get("/konto/loeschen/bestaetigen/").status_code == 200
    client.post("/konto/loeschen/bestaetigen/")
    ada.refresh_from_db()
    assert ada.erased_at is not None


def test_an_open_order_is_said_before_and_refused_after(town: Town, client: Client) -> None:
    ada = town.people["customer"]
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(town.noon, tick=False):
        answer = client.get("/konto/loeschen/bestaetigen/")
        client.post(answer.headers["Location"], {"password": PASSWORD})
        order = way.order(town, {"honey": 2}, who=ada)
        assert order.number in client.get("/konto/loeschen/").content.decode()
        answer = client.post("/konto/loeschen/bestaetigen/")
    assert (answer.status_code, order.number in answer.content.decode()) == (409, True)
    ada.refresh_from_db()
    assert ada.is_active


@pytest.mark.parametrize("number", [1, 3])
def test_looking_for_obstacles_costs_the_same_for_any_number(number: int, town: Town, django_assert_max_num_queries: Any) -> None:
    for _number in range(number):
        way.order(town, {"honey": 1}, who=town.people["customer"])
    with django_assert_max_num_queries(8):
        assert len(obstacles.of(user=town.people["customer"])) == number
