"""A gift goes to somebody else, without prices; the giver alone pays and gets the invoice."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from billing import parties
from logistics import manifest, packing, rounds, slips
from logistics.models import Collection, Delivery
from marketplace.catalogue.models import Product
from marketplace.checkout import amendment, changes, gifts, guests
from marketplace.checkout.gifts import Gift
from marketplace.checkout.problems import Refused
from marketplace.order import mails
from marketplace.order.models import Order
from marketplace.users.models import Address
from tests.factories import orders
from tests.factories.market import NOW

pytestmark = pytest.mark.django_db
TYPED = {
    "gift_recipient": "Anna Nachbarin",
    "gift_phone": "04356 77",
    "gift_greeting": "Alles Gute zum Geburtstag!",
    "giver_street": "Hafenweg 3",
    "giver_place": "24340 Eckernförde",
}
GIFT = gifts.of_entries(TYPED)
MONEY = re.compile(r"\d,\d\d\s*€|€\s*\d")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """It is before the cut-off."""
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


@pytest.fixture
def till() -> orders.Till:
    """A guest with a gift for somebody in the next village."""
    till = orders.till(quantities=(2, 1))
    return till.having(contact=replace(till.contact, gift=GIFT), payment="transfer")


def details(client: Client, till: orders.Till, **other: Any) -> Any:
    """The page of the details, filled in."""
    session = client.session
    session["basket"] = till.basket.pk
    session.save()
    client.post(reverse("checkout:delivery"), {"municipality": till.village.pk, "window": till.window.pk})
    person = {"first_name": "Grete", "last_name": "Beispiel", "email": "grete@post.example", "payment": "transfer"}
    address = {"street": "Dorfstraße 7", "postal_code": "24361"}
    return client.post(reverse("checkout:details"), {**person, **address, **TYPED, **other})


def confirmed(order: Order) -> str:
    mails.send_confirmation(order_id=order.pk, at=NOW)
    return str(mail.outbox[-1].body)


def test_entries_and_gift_are_the_same() -> None:
    assert Gift("Anna Nachbarin", "04356 77", TYPED["gift_greeting"], "Hafenweg 3", "24340", "Eckernförde") == GIFT
    assert gifts.entries_of(GIFT) == TYPED
    assert gifts.of_entries({**TYPED, "gift_recipient": ""}) is None


def test_guest_orders_a_gift_on_the_pages(till: orders.Till) -> None:
    client = Client()
    assert details(client, till).headers["Location"] == reverse("checkout:review")
    page = client.get(reverse("checkout:review"))
    assert all(word in page.content.decode() for word in ("Anna Nachbarin", "Alles Gute zum Geburtstag!", "Hafenweg 3"))
    shown = {"basket": page.context["basket_token"], "fingerprint": page.context["proposal"].fingerprint}
    client.post(reverse("checkout:review"), shown)
    order = Order.objects.get()
    assert (order.is_gift, order.gift_message, order.billing_city) == (True, TYPED["gift_greeting"], "Eckernförde")
    assert (order.delivery.recipient, order.delivery.phone) == ("Anna Nachbarin", "04356 77")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"gift_recipient": ""}, "gift_recipient"),
        ({"giver_street": ""}, "giver_street"),
        ({"giver_place": "Eckernförde"}, "giver_place"),
        ({"payment": "handover"}, "payment"),
    ],
)
def test_what_is_missing_is_said_at_the_field(till: orders.Till, typed: dict[str, str], field: str) -> None:
    answer = details(Client(), till, **typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "<details" in answer.content.decode()


def test_an_address_alone_is_no_gift(till: orders.Till) -> None:
    answer = details(Client(), till, gift_recipient="", gift_phone="", gift_greeting="", payment="handover")
    assert answer.headers["Location"] == reverse("checkout:review")


def test_a_gift_is_never_paid_at_the_door(till: orders.Till) -> None:
    with pytest.raises(Refused, match="Geschenk"):
        till.having(payment="handover").place()
    assert Order.objects.count() == 0


def test_the_invoice_names_the_giver(till: orders.Till) -> None:
    order = till.place()
    buyer = parties.orderer(order, order.delivery)
    assert (buyer.name, buyer.street, buyer.city) == ("Grete Beispiel", "Hafenweg 3", "Eckernförde")
    assert order.email == "grete@post.example"


def test_slip_and_live_page_tell_no_price(till: orders.Till) -> None:
    order = till.place()
    rounds.close(delivery_round=till.window.round, at=till.window.round.cutoff_at)
    paper = slips.slip(delivery=slips.loaded(deliveries=Delivery.objects.all()).get())
    assert (paper.greeting, paper.giver) == (TYPED["gift_greeting"], "Grete Beispiel")
    assert paper.customer[0] == "Anna Nachbarin"
    assert [line.amount for line in paper.lines] == [None, None]
    link = re.search(r"/heute/\S+", confirmed(order))
    assert link is not None
    page = Client().get(link[0]).content.decode()
    assert TYPED["gift_greeting"] in page
    assert "Grete Beispiel" in page
    assert not MONEY.search(page)


def test_the_slip_of_others_tells_neither_price_nor_giver() -> None:
    till = orders.till(quantities=(1,))
    till.place()
    rounds.close(delivery_round=till.window.round, at=till.window.round.cutoff_at)
    paper = slips.slip(delivery=slips.loaded(deliveries=Delivery.objects.all()).get())
    assert (paper.greeting, paper.giver, paper.lines[0].amount) == ("", "", None)


def test_driver_and_farm_know_whom_it_is_for(till: orders.Till) -> None:
    till.place()
    rounds.close(delivery_round=till.window.round, at=till.window.round.cutoff_at)
    delivery = manifest.loaded(deliveries=Delivery.objects.all()).get()
    box = manifest.box(delivery=delivery, given_back={})
    assert (box.recipient, box.phone, box.is_gift, box.to_collect) == ("Anna Nachbarin", "04356 77", True, None)
    sheet = packing.pick_list(collection=Collection.objects.order_by("pk")[0])
    assert [found.first_name for found in sheet.boxes] == ["Anna"]


def test_wine_as_a_gift_is_checked_at_whoever_takes_it(till: orders.Till) -> None:
    Product.objects.filter(pk=till.products[0].pk).update(age_limit=18)
    with pytest.raises(Refused):
        till.place()
    order = till.having(age_confirmed=True).place()
    assert order.delivery.needs_age_check == 18


def test_a_change_keeps_the_gift(till: orders.Till) -> None:
    order = till.place()
    present = changes.as_it_stands(order=Order.objects.get(pk=order.pk))
    assert present.contact.gift == GIFT
    fewer = replace(present, wanted={till.products[0].pk: 1})
    drawn = changes.propose(order=order, change=fewer, at=NOW)
    amendment.amend(
        order=order, change=fewer, fingerprint=drawn.fingerprint, at=NOW, by=None, terms_accepted=till.terms, age_confirmed=False
    )
    order = Order.objects.get(pk=order.pk)
    assert (order.is_gift, order.delivery.recipient, order.billing_street) == (True, "Anna Nachbarin", "Hafenweg 3")


def test_the_change_page_shows_and_changes_the_greeting(till: orders.Till) -> None:
    order = till.place()
    client = Client()
    link = re.search(r"/konto/bestellung/\S+/aendern/", confirmed(order))
    assert link is not None
    client.get(link[0])
    url = reverse("change:details", args=[order.number])
    form = client.get(url).context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED
    told = {name: form[name].value() or "" for name in form.fields} | {"gift_greeting": "Bis bald!"}
    assert client.post(url, told).status_code == 302
    assert client.get(reverse("change:goods", args=[order.number])).context["difference"].details == ("Geschenk",)


def test_the_recipients_address_does_not_become_the_givers(till: orders.Till) -> None:
    order = till.place()
    user = guests.open_account(order=order, delivery=order.delivery)
    assert not Address.objects.filter(user=user).exists()


def test_mail_of_the_giver_says_what_goes_to_whom(till: orders.Till) -> None:
    body = confirmed(till.place())
    assert "Anna Nachbarin" in body
    assert TYPED["gift_greeting"] in body
