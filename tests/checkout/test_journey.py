"""A guest's way from the basket to the thank-you page, and what may go wrong on it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from logistics import limits, reservations
from logistics.models import Delivery
from marketplace.basket import baskets
from marketplace.catalogue.models import Product
from marketplace.checkout import entries
from marketplace.order.models import Order
from marketplace.partner.models import Partner, StockRecord
from tests.factories import orders
from tests.factories.market import NOW, PickupPointFactory, UserFactory, WindowFactory

pytestmark = pytest.mark.django_db
DETAILS = {
    "first_name": "Grete",
    "last_name": "Beispiel",
    "email": "grete@post.example",
    "phone": "+49 4356 000111",
    "street": "Dorfstraße 7",
    "postal_code": "24361",
    "payment": "handover",
}


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    """It is the Tuesday before the cut-off."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def till() -> orders.Till:
    """Three articles of two producers."""
    return orders.till()


@pytest.fixture
def guest(till: orders.Till) -> Client:
    """A visitor who holds the basket."""
    client = Client()
    session = client.session
    session["basket"] = till.basket.pk
    session.save()
    return client


def choose_delivery(client: Client, till: orders.Till, **other: Any) -> Any:
    return client.post(reverse("checkout:delivery"), {"municipality": till.village.pk, "window": till.window.pk, **other})


def tell_details(client: Client, **other: Any) -> Any:
    return client.post(reverse("checkout:details"), {**DETAILS, **other})


def confirm(client: Client, page: Any, **other: Any) -> Any:
    shown = {"basket": page.context["basket_token"], "fingerprint": page.context["proposal"].contents.fingerprint}
    return client.post(reverse("checkout:review"), {**shown, **other})


def up_to_review(client: Client, till: orders.Till) -> Any:
    assert choose_delivery(client, till).headers["Location"] == reverse("checkout:details")
    assert tell_details(client).headers["Location"] == reverse("checkout:review")
    page = client.get(reverse("checkout:review"))
    assert page.status_code == 200
    return page


def test_guest_orders(guest: Client, till: orders.Till, django_capture_on_commit_callbacks: Any) -> None:
    assert guest.get(reverse("checkout:start")).status_code == 200
    page = up_to_review(guest, till)
    with django_capture_on_commit_callbacks(execute=True):
        answer = confirm(guest, page)
    order = Order.objects.get()
    assert answer.headers["Location"] == reverse("checkout:thanks", args=[order.number])
    assert order.number in guest.get(answer.headers["Location"]).content.decode()
    assert order.delivery.kind == Delivery.Kind.HOME
    assert entries.WINDOW not in guest.session


def test_last_page_has_the_sum_right_above_the_button(guest: Client, till: orders.Till) -> None:
    html = up_to_review(guest, till).content.decode()
    after_total = html.split("sums__total", 1)[1].split("</dl>", 1)[1]
    before_button = after_total.split("<button", 1)[0]
    assert before_button.strip() == ""
    assert "zahlungspflichtig bestellen" in after_total
    assert "33,30" in html


def test_at_most_fourteen_fields_are_typed(guest: Client, till: orders.Till) -> None:
    choose_delivery(guest, till)
    assert len(guest.get(reverse("checkout:details")).context["form"].fields) <= 14


def test_pickup_asks_for_no_address(guest: Client, till: orders.Till) -> None:
    window = WindowFactory.create(round=till.window.round, pickup_point=PickupPointFactory.create(municipality=till.village))
    guest.post(reverse("checkout:delivery"), {"municipality": "", "window": window.pk})
    assert "street" not in guest.get(reverse("checkout:details")).context["form"].fields


def test_pickup_point_in_the_warm_is_not_offered_for_chilled_goods(guest: Client, till: orders.Till) -> None:
    Product.objects.filter(pk=till.products[0].pk).update(title="Joghurt", storage=Product.Storage.COOL)
    point = PickupPointFactory.create(municipality=till.village, cold_storage=False)
    window = WindowFactory.create(round=till.window.round, pickup_point=point)
    page = guest.get(reverse("checkout:delivery"))
    assert [slot.reason for day in page.context["days"] for slot in day.slots] == [
        "",
        "nicht möglich: keine Kühlung für Joghurt",
    ]
    answer = guest.post(reverse("checkout:delivery"), {"municipality": "", "window": window.pk})
    assert (answer.status_code, entries.WINDOW in guest.session) == (422, False)
    assert "Joghurt" in str(answer.context["form"].errors["window"])


def test_home_delivery_needs_a_village(guest: Client, till: orders.Till) -> None:
    answer = choose_delivery(guest, till, municipality="")
    assert answer.status_code == 422
    assert "municipality" in answer.context["form"].errors


def test_entries_stay_when_one_goes_back(guest: Client, till: orders.Till) -> None:
    up_to_review(guest, till)
    form = guest.get(reverse("checkout:details")).context["form"]
    assert form["street"].value() == "Dorfstraße 7"
    assert guest.get(reverse("checkout:delivery")).context["days"][0].slots[0].checked


def test_known_customer_types_nothing_twice(till: orders.Till) -> None:
    client = Client()
    ada = UserFactory.create()
    client.force_login(ada)
    baskets.join(user=ada, region=till.region, guest_id=till.basket.pk)
    page = up_to_review(client, till)
    confirm(client, page)
    order = Order.objects.get()
    assert order.user == ada
    (address,) = client.get(reverse("customer:addresses")).context["addresses"]
    assert (address.street, address.is_default) == ("Dorfstraße 7", True)


def test_double_click_is_one_order(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    first, second = confirm(guest, page), confirm(guest, page)
    assert first.headers["Location"] == second.headers["Location"]
    assert Order.objects.count() == 1


def test_two_tabs_see_the_changed_basket(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    baskets.add(basket=till.basket, product=till.products[0], quantity=1)
    refused = confirm(guest, page)
    assert refused.status_code == 409
    assert refused.context["codes"] == {"changed"}
    assert confirm(guest, refused).status_code == 302
    assert Order.objects.get().goods_total == Decimal("34.30")


def test_price_changed_is_shown_and_can_be_accepted(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    StockRecord.objects.filter(product=till.products[0]).update(price=Decimal("5.40"))
    refused = confirm(guest, page)
    assert refused.status_code == 409
    assert "5,40" in refused.content.decode()
    assert confirm(guest, refused).status_code == 302


def test_round_closes_meanwhile(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    with time_machine.travel(till.window.round.cutoff_at + timedelta(seconds=1), tick=False):
        refused = confirm(guest, page)
        assert refused.status_code == 409
        assert "closed" in refused.context["codes"]
        assert guest.get(reverse("checkout:delivery")).status_code == 200
    assert not Order.objects.exists()
    assert entries.DETAILS in guest.session


def test_kept_place_is_the_holders_when_the_window_fills_up(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    type(till.window).objects.filter(pk=till.window.pk).update(capacity=1)
    assert confirm(guest, page).status_code == 302


def test_window_fills_up_after_the_time_has_run_out(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    reservations.expire_due(at=NOW + timedelta(hours=1))
    type(till.window).objects.filter(pk=till.window.pk).update(capacity=1, taken=1)
    refused = confirm(guest, page)
    assert (refused.status_code, refused.context["codes"]) == (409, {"full"})


def test_producer_is_suspended_meanwhile(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    Partner.objects.filter(pk=till.products[1].partner_id).update(status=Partner.Status.SUSPENDED)
    refused = confirm(guest, page)
    assert (refused.status_code, refused.context["codes"]) == (409, {"suspended"})
    assert baskets.contents(basket=till.basket).count == 3


def test_forged_window_and_payment_are_refused(guest: Client, till: orders.Till) -> None:
    assert guest.post(reverse("checkout:delivery"), {"window": 10**9}).status_code == 422
    choose_delivery(guest, till)
    assert tell_details(guest, payment="gold").status_code == 422
    assert tell_details(guest, payment="account").status_code == 422


def test_basket_of_somebody_else_cannot_be_ordered(guest: Client, till: orders.Till) -> None:
    page = up_to_review(guest, till)
    answer = guest.post(reverse("checkout:review"), {"basket": "1:forged", "fingerprint": "x"})
    assert answer.status_code == 409
    other = orders.filled_basket(region=till.region, owner=UserFactory.create(), wanted={till.products[0]: 1})
    assert guest.post(reverse("checkout:review"), {"basket": str(other.pk), "fingerprint": "x"}).status_code == 409
    assert page.status_code == 200
    assert not Order.objects.exists()


def test_empty_basket_leads_back(guest: Client, till: orders.Till) -> None:
    up_to_review(guest, till)
    till.basket.lines.all().delete()
    assert guest.get(reverse("checkout:review")).headers["Location"] == reverse("basket:summary")


def test_thanks_only_for_who_ordered(guest: Client, till: orders.Till) -> None:
    confirm(guest, up_to_review(guest, till))
    assert Client().get(reverse("checkout:thanks", args=[Order.objects.get().number])).status_code == 404


def test_transfer_in_advance_shows_the_account(guest: Client, till: orders.Till) -> None:
    choose_delivery(guest, till)
    tell_details(guest, payment="transfer")
    answer = confirm(guest, guest.get(reverse("checkout:review")))
    html = guest.get(answer.headers["Location"]).content.decode()
    assert "DE89 3704 0044 0532 0130 00" in html
    assert "data:image/svg+xml" in html


def test_account_with_one_tap(guest: Client, till: orders.Till) -> None:
    confirm(guest, up_to_review(guest, till))
    order = Order.objects.get()
    answer = guest.post(reverse("checkout:open_account", args=[order.number]), {"email": order.guest_email})
    assert answer.status_code == 302
    assert mail.outbox[-1].to == ["grete@post.example"]
    entered = re.findall(r"^[A-Z0-9-]{6,12}$", str(mail.outbox[-1].body), re.MULTILINE)[0]
    with zeal_ignore([{"model": "account.EmailAddress", "field": "get()"}]):  # allauth asks twice for the address
        guest.post(reverse("account_confirm_login_code"), {"code": entered})
    order.refresh_from_db()
    assert order.user is not None
    assert guest.get(reverse("customer:order", args=[order.number])).status_code == 200


@pytest.mark.parametrize(("lines", "ceiling"), [(3, 60), (20, 90)])
def test_queries_of_a_whole_guest_checkout(lines: int, ceiling: int, django_assert_max_num_queries: Any) -> None:
    till = orders.till(quantities=(1,) * lines)
    limits.refit(region=till.window.round.region)
    client = Client()
    session = client.session
    session["basket"] = till.basket.pk
    session.save()
    with django_assert_max_num_queries(ceiling):
        client.get(reverse("basket:summary"))
        client.get(reverse("checkout:start"))
        client.get(reverse("checkout:delivery"))
        choose_delivery(client, till)
        client.get(reverse("checkout:details"))
        tell_details(client)
        page = client.get(reverse("checkout:review"))
        answer = confirm(client, page)
        assert client.get(answer.headers["Location"]).status_code == 200
    assert Order.objects.exists()
