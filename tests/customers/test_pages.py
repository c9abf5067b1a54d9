"""The customer's own pages, and who sees what."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from marketplace.order import links
from marketplace.order.models import Order
from marketplace.regions.models import Role
from tests.factories import orders
from tests.factories.market import NOW, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    """It is the Tuesday before the cut-off."""
    with time_machine.travel(NOW, tick=False):
        yield


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_overview_shows_the_next_delivery_and_the_orders() -> None:
    ada = UserFactory.create()
    order = orders.till(owner=ada).place()
    page = logged_in(ada).get(reverse("customer:overview"))
    assert page.context["next"] == order
    assert [row["order"] for row in page.context["rows"]] == [order]


def test_visitor_is_asked_to_log_in() -> None:
    orders.till()
    answer = Client().get(reverse("customer:overview"))
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("count", [1, 3])
def test_overview_costs_the_same_for_any_number_of_orders(count: int, django_assert_max_num_queries: Any) -> None:
    ada = UserFactory.create()
    till = orders.till(owner=ada)
    till.place()
    for _number in range(count - 1):
        till.having(basket=orders.filled_basket(region=till.region, owner=ada, wanted={till.products[0]: 1})).place()
    client = logged_in(ada)
    client.get(reverse("customer:overview"))
    with django_assert_max_num_queries(8):
        page = client.get(reverse("customer:overview"))
    assert len(page.context["rows"]) == count


def test_order_is_seen_by_its_customer_alone() -> None:
    ada = UserFactory.create()
    order = orders.till(owner=ada).place()
    url = reverse("customer:order", args=[order.number])
    assert logged_in(ada).get(url).status_code == 200
    assert logged_in(UserFactory.create()).get(url).status_code == 404


def test_guest_reads_the_order_by_its_link() -> None:
    order = orders.till().place()
    page = Client().get(reverse("customer:order_by_link", args=[links.sign(order=order)]))
    assert page.status_code == 200
    assert order.delivery.code in page.content.decode()


def test_forged_link_and_unknown_order_look_alike() -> None:
    order = orders.till().place()
    forged = Client().get(reverse("customer:order_by_link", args=["x" + links.sign(order=order)[1:]]))
    assert forged.status_code == 404
    assert order.number not in forged.content.decode()


def test_expired_link_says_so_and_nothing_else() -> None:
    order = orders.till().place()
    token = links.sign(order=order)
    with time_machine.travel(NOW + timedelta(days=links.DAYS + 1), tick=False):
        page = Client().get(reverse("customer:order_by_link", args=[token]))
    assert page.status_code == 410
    assert order.number not in page.content.decode()


def test_guest_cancels_from_the_page_of_the_link() -> None:
    order = orders.till().place()
    token = links.sign(order=order)
    answer = Client().post(reverse("checkout:cancel"), {"order": token}, follow=True)
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert answer.status_code == 200
    assert answer.context["is_open"] is False


def test_cancelling_after_the_cutoff_is_refused_with_a_sentence() -> None:
    till = orders.till()
    order = till.place()
    with time_machine.travel(till.window.round.cutoff_at + timedelta(seconds=1), tick=False):
        answer = Client().post(reverse("checkout:cancel"), {"order": links.sign(order=order)}, follow=True)
        assert answer.context["is_open"] is False
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert "absagen" in answer.content.decode()


def test_cancelling_without_the_link_is_impossible() -> None:
    order = orders.till().place()
    assert Client().post(reverse("checkout:cancel"), {"order": order.number}).status_code == 404


def test_profile_is_kept() -> None:
    ada = UserFactory.create()
    till = orders.till()
    client = logged_in(ada)
    given = {"first_name": "Ada", "last_name": "Neu", "phone": "+49 4356 1", "municipality": till.village.pk}
    assert client.post(reverse("customer:profile"), given).status_code == 302
    form = client.get(reverse("customer:profile")).context["form"]
    assert (form["last_name"].value(), form["phone"].value()) == ("Neu", "+49 4356 1")
    assert client.get(reverse("checkout:delivery")).context["form"]["municipality"].value() == till.village.pk


def test_doors_to_other_rooms() -> None:
    till = orders.till()
    driver = MembershipFactory.create(region=till.region, role=Role.DRIVER).user
    till.products[0].partner.users.add(driver)
    urls = [door.url for door in logged_in(driver).get(reverse("customer:overview")).context["doors"]]
    assert urls == [reverse("dashboard:home"), reverse("logistics:tours"), reverse("hub:home")]


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_request_login_code", "account_reset_password_done"],
)
def test_pages_for_visitors_are_in_our_frame(name: str) -> None:
    till = orders.till()
    page = Client().get(reverse(name))
    assert page.status_code == 200
    assert till.region.name in page.content.decode()


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "mfa_index", "usersessions_list", "account_logout"])
def test_pages_for_customers_are_in_our_frame_and_say_sie(name: str) -> None:
    till = orders.till()
    html = logged_in(UserFactory.create()).get(reverse(name)).content.decode()
    assert till.region.name in html
    assert not {" du ", " dein ", " deine ", " dich "} & {f" {word} " for word in html.lower().split()}


def test_unknown_address_is_not_told_apart_at_the_reset() -> None:
    orders.till()
    known, client = UserFactory.create(), Client()
    answers = [client.post(reverse("account_reset_password"), {"email": email}) for email in (known.email, "x@post.example")]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
