"""The pages of the telephone desk: a whole call by plain forms, bad input, and few queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.desk import reading
from marketplace.desk.models import Call, Caller
from marketplace.order import news
from marketplace.order.models import Order
from tests.desk import phone
from tests.factories import town as towns
from tests.factories import vouchers
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    """Pages ask the real clock."""
    return towns.build(today=timezone.localdate())


@pytest.fixture
def office(town: Town) -> Client:
    client = Client()
    client.force_login(town.people["office"], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def card(town: Town) -> Caller:
    return phone.card(town, at=timezone.now())


def place(office: Client, town: Town, card: Caller, **given: Any) -> Any:
    """From the basket to the order."""
    office.post(
        reverse("desk:agree", args=[card.pk]), {"window": town.window().pk, "payment": "handover", "note": "Bitte klingeln"}
    )
    page = office.get(reverse("desk:read", args=[card.pk]))
    told = {"basket": page.context["basket"].pk, "fingerprint": page.context["drawn"].fingerprint}
    told |= dict.fromkeys(reading.POINTS, "on")
    return office.post(reverse("desk:read", args=[card.pk]), {**told, **given})


def test_new_card_from_the_number_that_called(office: Client, town: Town) -> None:
    page = office.get(reverse("desk:new"), {"q": "04356 99 88 77"})
    assert page.context["form"].initial == {"phone": "04356 99 88 77"}
    answer = office.post(
        reverse("desk:new"),
        {
            "phone": "04356 99 88 77",
            "first_name": "Theodor",
            "last_name": "Muster",
            "street": "Weg 2",
            "village": town.villages["Haby"].pk,
        },
    )
    made = Caller.objects.get()
    assert answer["Location"] == reverse("desk:caller", args=[made.pk])
    assert (made.number, made.postal_code, made.city) == ("+494356998877", "24361", "Haby")


@pytest.mark.parametrize(
    "wrong", [{"phone": "keine"}, {"postal_code": "99999"}, {"postal_code": "abc"}, {"village": "0"}, {"street": ""}]
)
def test_new_card_refuses_kindly(office: Client, town: Town, wrong: dict[str, str]) -> None:
    given = {"phone": "04356 1234", "first_name": "A", "last_name": "B", "street": "C", "village": town.villages["Haby"].pk}
    answer = office.post(reverse("desk:new"), {**given, **wrong})
    assert answer.status_code == 422
    assert not Caller.objects.exists()


def test_whole_call(office: Client, town: Town, card: Caller) -> None:
    honey = town.products["honey"]
    office.post(reverse("desk:add", args=[card.pk]), {"product": honey.pk, "quantity": "2"})
    office.post(reverse("desk:add", args=[card.pk]), {"product": honey.pk, "quantity": ""})
    answer = place(office, town, card)
    order = Order.objects.get()
    assert answer["Location"] == reverse("desk:order", args=[order.number])
    assert (order.lines.get().quantity, order.note, order.taken_by) == (3, "Bitte klingeln", town.people["office"])
    page = office.get(reverse("office:order", args=[order.number]))
    assert "Telefonisch, aufgenommen von" in page.content.decode()
    assert "am Telefon aufgenommen" in page.content.decode()


def test_second_press_of_the_button_leads_to_the_order(office: Client, town: Town, card: Caller) -> None:
    phone.fill(town, card, {"honey": 2})
    basket = Caller.objects.get(pk=card.pk).basket
    assert basket is not None
    first = place(office, town, card)
    again = office.post(reverse("desk:read", args=[card.pk]), {"basket": basket.pk})
    assert again["Location"] == first["Location"]
    assert Order.objects.count() == 1


def test_what_was_not_read_is_asked_for(office: Client, town: Town, card: Caller) -> None:
    phone.fill(town, card, {"honey": 2})
    assert place(office, town, card, binding="").status_code == 409
    assert not Order.objects.exists()


def test_window_in_the_hands_of_somebody_else(office: Client, town: Town, card: Caller) -> None:
    phone.fill(town, card, {"honey": 2})
    office.post(reverse("desk:agree", args=[card.pk]), {"window": town.window().pk, "payment": "handover"})
    page = office.get(reverse("desk:read", args=[card.pk]))
    town.round.windows.update(capacity=0)
    told = {"fingerprint": page.context["drawn"].fingerprint, **dict.fromkeys(reading.POINTS, "on")}
    answer = office.post(reverse("desk:read", args=[card.pk]), told)
    assert (answer.status_code, [problem.code for problem in answer.context["problems"]]) == (409, ["full"])
    assert not Order.objects.exists()
    full = office.post(reverse("desk:agree", args=[card.pk]), {"window": town.window().pk, "payment": "handover"})
    assert full.status_code == 422


@pytest.mark.parametrize("quantity", ["-1", "0", "1e9", "99999999999", "zwei", "１"])
def test_absurd_numbers_leave_the_basket_alone(office: Client, town: Town, card: Caller, quantity: str) -> None:
    answer = office.post(reverse("desk:add", args=[card.pk]), {"product": town.products["honey"].pk, "quantity": quantity})
    assert answer.status_code == 302
    caller = Caller.objects.get(pk=card.pk)
    assert caller.basket is None or not caller.basket.lines.exists()


def test_articles_of_elsewhere_are_not_found(office: Client, town: Town, card: Caller) -> None:
    page = office.get(reverse("desk:caller", args=[card.pk]), {"q": "Feldsalat"})
    assert page.context["offers"] == []
    answer = office.post(reverse("desk:add", args=[card.pk]), {"product": town.products["elsewhere"].pk, "quantity": "1"})
    assert answer.status_code == 404


def test_suggestions_are_a_part_of_the_page(office: Client, card: Caller) -> None:
    page = office.get(reverse("desk:caller", args=[card.pk]), {"q": "raps"}, headers={"HX-Request": "true"})
    said = page.content.decode()
    assert "Rapshonig" in said
    assert "<html" not in said
    assert "autofocus" not in said


def test_shut_articles_say_why(office: Client, town: Town, card: Caller) -> None:
    honey = town.products["honey"]
    honey.stockrecords.update(stock_kind="limited", num_in_stock=0)
    page = office.get(reverse("desk:caller", args=[card.pk]), {"q": "raps"})
    (offer,) = page.context["offers"]
    assert offer.reason
    assert 'name="product"' not in page.content.decode()


def test_change_and_cancel(office: Client, town: Town, card: Caller) -> None:
    order = phone.order(town, card, {"honey": 2}, at=timezone.now())
    address = reverse("desk:change", args=[order.number])
    office.post(address, {"what": "add", "product": town.products["apples"].pk, "quantity": "2"})
    office.post(address, {"product": town.products["honey"].pk, "quantity": "1"})
    office.post(address, {"what": "agree", "window": town.window(pickup=True).pk, "payment": "transfer", "note": ""})
    page = office.get(address)
    answer = office.post(address, {"what": "confirm", "fingerprint": page.context["drawn"].fingerprint})
    assert answer["Location"] == reverse("desk:order", args=[order.number])
    order.refresh_from_db()
    assert {line.product: line.quantity for line in order.lines.all()} == {town.products["honey"]: 1, town.products["apples"]: 2}
    assert (order.revision, order.delivery.window, order.terms.method) == (2, town.window(pickup=True), "transfer")
    assert order.billing_street == "Am Teich 3"
    office.post(reverse("desk:cancel", args=[order.number]))
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert Call.objects.filter(order=order, topic=Call.Topic.CHANGE).count() == 2


def test_pile_is_worked_off(office: Client, town: Town, card: Caller) -> None:
    order = phone.order(town, card, {"honey": 2}, at=timezone.now())
    assert [row["order"] for row in office.get(reverse("desk:post")).context["rows"]] == [order]
    assert office.get(reverse("desk:letters"))["Content-Type"] == "application/pdf"
    office.post(reverse("desk:post"), {"letter": f"{order.pk}:1", "way": "enclosed"})
    assert office.get(reverse("desk:post")).context["rows"] == []
    assert office.get(reverse("desk:letters")).status_code == 404
    for wrong in ({"letter": "x:y"}, {"letter": "1"}, {"invoice": "-1"}, {}):
        assert office.post(reverse("desk:post"), wrong).status_code == 302


def test_pile_does_not_lead_elsewhere(office: Client) -> None:
    answer = office.post(reverse("desk:post"), {"next": "https://boese.example/"})
    assert answer["Location"] == reverse("desk:post")


def test_call_is_noted(office: Client, card: Caller) -> None:
    office.post(reverse("desk:calls"), {"topic": "delivery", "text": "wann?", "caller": card.pk})
    (call,) = office.get(reverse("desk:calls"), {"thema": "delivery"}).context["page"].object_list
    assert (call.caller, call.text) == (card, "wann?")
    assert office.post(reverse("desk:calls"), {"topic": "wetter"}).status_code == 422


@pytest.mark.parametrize("name", ["desk:home", "desk:post", "desk:calls", "desk:caller"])
def test_pages_need_few_queries(office: Client, town: Town, card: Caller, name: str) -> None:
    counts = []
    arguments = [card.pk] if name == "desk:caller" else []
    for number in range(3):
        phone.order(
            town, Caller.objects.get(pk=card.pk), {"honey": 2, "apples": 1}, at=timezone.now() - timedelta(minutes=number)
        )
        phone.fill(town, Caller.objects.get(pk=card.pk), {"honey": 1, "yoghurt": 1} if number else {"honey": 1})
        with CaptureQueriesContext(connection) as captured:
            assert office.get(reverse(name, args=arguments), {"q": "h"} if arguments else {}).status_code == 200
        counts.append(len(captured))
    assert counts[1] == counts[2]
    assert counts[2] <= 20


def test_voucher_told_on_the_telephone(office: Client, town: Town, card: Caller) -> None:
    vouchers.voucher(town.region, percent="10")
    phone.fill(town, card, {"honey": 2})
    wrong = office.post(reverse("desk:redeem", args=[card.pk]), {"code": "FALSCH"}, follow=True)
    assert [message.level_tag for message in wrong.context["messages"]] == ["error"]
    taken = office.post(reverse("desk:redeem", args=[card.pk]), {"code": "sommer 10"}, follow=True)
    assert "SOMMER10" in taken.content.decode()
    place(office, town, card)
    assert Order.objects.get().discounts.get().voucher_code == "SOMMER10"


def test_voucher_taken_out_again(office: Client, town: Town, card: Caller) -> None:
    vouchers.voucher(town.region, percent="10")
    phone.fill(town, card, {"honey": 2})
    office.post(reverse("desk:redeem", args=[card.pk]), {"code": "SOMMER10"})
    page = office.post(reverse("desk:give_up", args=[card.pk]), {"code": "SOMMER10"}, follow=True)
    assert page.context["vouchers"] == []


GIFT = {"recipient": "Erna Muster", "phone": "04356 7", "greeting": "Alles Gute!", "street": "Weg 9", "postal_code": "24361"}


def test_gift_goes_to_somebody_else_and_the_invoice_to_the_caller(office: Client, town: Town, card: Caller) -> None:
    phone.fill(town, card, {"honey": 2})
    told = {**GIFT, "village": town.villages["Haby"].pk}
    assert office.post(reverse("desk:gift", args=[card.pk]), told)["Location"] == reverse("desk:agree", args=[card.pk])
    # whoever receives it does not pay
    assert (
        office.post(reverse("desk:agree", args=[card.pk]), {"window": town.window().pk, "payment": "handover"}).status_code == 422
    )
    office.post(reverse("desk:agree", args=[card.pk]), {"window": town.window().pk, "payment": "transfer"})
    page = office.get(reverse("desk:read", args=[card.pk]))
    assert "Ein Geschenk für Erna Muster" in page.content.decode()
    form = {"basket": page.context["basket"].pk, "fingerprint": page.context["drawn"].fingerprint}
    office.post(reverse("desk:read", args=[card.pk]), {**form, **dict.fromkeys(reading.POINTS, "on")})
    order = Order.objects.select_related("delivery").get()
    assert (order.is_gift, order.gift_message, order.billing_street) == (True, "Alles Gute!", "Am Teich 3")
    assert (order.delivery.recipient, order.delivery.street, order.delivery.city) == ("Erna Muster", "Weg 9", "Haby")


@pytest.mark.parametrize("wrong", [{"recipient": ""}, {"street": ""}, {"postal_code": "99999"}])
def test_gift_without_a_door_is_asked_for(office: Client, town: Town, card: Caller, wrong: dict[str, str]) -> None:
    phone.fill(town, card, {"honey": 2})
    told = {**GIFT, "village": town.villages["Haby"].pk, **wrong}
    assert office.post(reverse("desk:gift", args=[card.pk]), told).status_code == 422


def test_gift_called_off(office: Client, town: Town, card: Caller) -> None:
    phone.fill(town, card, {"honey": 2})
    office.post(reverse("desk:gift", args=[card.pk]), {**GIFT, "village": town.villages["Haby"].pk})
    office.post(reverse("desk:gift", args=[card.pk]), {"none": "1"})
    assert office.get(reverse("desk:agree", args=[card.pk])).context["present"] is None


def test_news_lie_on_the_pile_until_they_are_out(office: Client, town: Town, card: Caller) -> None:
    order = phone.order(town, card, {"honey": 2}, at=timezone.now())
    letter = news.write(order=order, subject="Anderer Tag", text="Überschrift\n\nEs kommt später.", at=timezone.now())
    assert "Anderer Tag" in office.get(reverse("desk:post")).content.decode()
    assert office.get(reverse("desk:letters")).content.startswith(b"%PDF")
    office.post(reverse("desk:post"), {"news": letter.pk, "way": "posted"})
    assert not office.get(reverse("desk:post")).context["news"]
