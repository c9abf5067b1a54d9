"""Where the market does not let customers change an order themselves, they find no way to it but the office does."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from logistics import leeway, plans, rescheduling, rounds
from logistics.leeway import NotLaidDown
from logistics.models import DeliveryRound
from marketplace.checkout import cancellation, open_orders
from marketplace.checkout.cancellation import NotCancelled
from marketplace.core.models import AuditEntry
from marketplace.order import links, mails
from marketplace.order.models import Order
from tests.checkout.test_amendment import LATER, codes, picture
from tests.factories import orders
from tests.factories.market import NOW, MembershipFactory, RoundFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """An hour after the order."""
    with time_machine.travel(LATER, tick=False):
        yield


def till(*, may_change: bool = False, may_cancel: bool = False) -> orders.Till:
    """Two cheeses, for a round whose customers may do so much themselves."""
    found = orders.till(quantities=(2,), stock_kind="limited", num_in_stock=9, price=Decimal("10.00"))
    DeliveryRound.objects.update(customers_may_change=may_change, customers_may_cancel=may_cancel)
    found.window.refresh_from_db()
    return found


def logged_in(order: Order) -> Client:
    """The customer, whose order it is."""
    client = Client()
    user = order.user or UserFactory.create()
    Order.objects.filter(pk=order.pk).update(user=user, guest_email="")
    client.force_login(user)
    return client


def text(page: Any) -> str:
    """What is read, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_case_31_where_the_hub_disallows_changes_there_is_no_form() -> None:
    order = till().place()
    client, by_link = logged_in(order), Client()
    change, read = reverse("change:goods", args=[order.number]), reverse("customer:order", args=[order.number])
    signed = links.sign(order=order)
    pages = {address: client.get(address) for address in (reverse("customer:overview"), read)}
    home = render_to_string("checkout/parts/open_orders.html", {"region": order.region}, request=pages[read].wsgi_request)
    for address, markup in {"/": home, **{address: page.content.decode() for address, page in pages.items()}}.items():
        assert change not in markup, address
        assert reverse("checkout:cancel") not in markup, address
        assert "Diese Bestellung können Sie nicht selbst ändern oder absagen" in markup, address
        assert order.region.phone in markup, address
    assert "aendern" not in by_link.get(reverse("customer:order_by_link", args=[signed])).content.decode()
    assert client.get(change).headers["Location"] == read
    by_link.get(reverse("change:by_link", args=[signed]))
    assert by_link.get(change).status_code == 302
    page = by_link.get(change, follow=True)
    assert "Diese Bestellung können Sie nicht selbst ändern." in text(page)
    assert 'name="quantity"' not in page.content.decode()


def test_case_31_forged_changes_are_refused_and_leave_nothing() -> None:
    counter = till()
    order, cheese = counter.place(), counter.products[0]
    client, before = logged_in(order), picture(order)
    token = {"order": links.sign(order=order)}
    number = [order.number]
    for address, sent in (
        (reverse("change:article", args=[*number, cheese.pk]), {"quantity": "3"}),
        (reverse("change:wish", args=[*number, cheese.pk]), {"substitution": "similar"}),
        (reverse("change:collect", args=number), {}),
        (reverse("change:join", args=number), {}),
        (reverse("change:delivery", args=number), {"window": order.delivery.window_id}),
        (reverse("change:details", args=number), {"first_name": "Hanne"}),
        (reverse("change:review", args=number), {"revision": "1"}),
        (reverse("checkout:cancel"), token),
    ):
        page = client.post(address, sent, follow=True)
        assert "nicht selbst" in text(page), address
    assert codes(order, wanted={cheese.pk: 3}) == ["closed"]
    with pytest.raises(NotCancelled, match="Ein gesetzliches Widerrufsrecht bleibt davon unberührt"):
        cancellation.cancel(order=order, at=LATER)
    assert picture(order)[1:] == before[1:]
    assert not AuditEntry.objects.filter(action="order.cancel").exists()


def test_case_31_the_telephone_desk_still_changes_and_cancels() -> None:
    order = till().place()
    office = UserFactory.create()
    MembershipFactory.create(region=order.region, user=office, role="office")
    client = Client()
    client.force_login(office)
    assert client.get(reverse("desk:change", args=[order.number])).status_code == 200
    client.post(reverse("desk:cancel", args=[order.number]))
    assert Order.objects.get().status == Order.Status.CANCELLED


def test_case_31_office_cancels_where_somebody_withdraws_before_the_delivery() -> None:
    order = till().place()
    office = MembershipFactory.create(region=order.region, role="office").user
    client = Client()
    client.force_login(office)
    client.post(reverse("checkout:cancel"), {"order": links.sign(order=order)})
    assert Order.objects.get().status == Order.Status.CANCELLED


def test_what_may_not_be_changed_may_still_be_cancelled_and_the_other_way_round() -> None:
    order = till(may_cancel=True).place()
    page = logged_in(order).get(reverse("customer:order", args=[order.number]))
    assert reverse("checkout:cancel") in page.content.decode()
    assert "Möchten Sie etwas ändern, rufen Sie uns bitte an" in text(page)
    DeliveryRound.objects.update(customers_may_change=True, customers_may_cancel=False)
    page = logged_in(order).get(reverse("change:goods", args=[order.number]))
    assert page.status_code == 200
    assert reverse("checkout:cancel") not in page.content.decode()
    assert cancellation.cancel(order=order, at=LATER, by_market=True).status == Order.Status.CANCELLED


def test_mail_leads_to_no_change_and_names_whom_to_ask(mailoutbox: list[Any]) -> None:
    order = till().place()
    mails.send_confirmation(order_id=order.pk, at=LATER)
    (mail,) = mailoutbox
    html = str(mail.alternatives[0][0])
    for body in (mail.body, html):
        assert "aendern" not in body
        assert order.region.phone in body
        assert "Bis Donnerstag, 26. November, 18:00 Uhr" not in body


def test_second_order_is_an_order_of_its_own() -> None:
    counter = till()
    order = counter.place()
    told: dict[str, Any] = {"user": None, "numbers": [order.number], "region_id": order.region_id, "at": LATER}
    assert open_orders.of_visitor(**told) == []
    assert open_orders.of_visitor(**told, only_changeable=False) == [order]
    basket = orders.filled_basket(region=counter.region, wanted={counter.products[0]: 1})
    second = counter.having(basket=basket, second_wanted=(), at=LATER).place()
    assert (second.number != order.number, order.lines.get().quantity) == (True, 2)


def test_nothing_is_taken_from_who_has_ordered() -> None:
    counter = till(may_change=True, may_cancel=True)
    delivery_round = counter.window.round
    say: dict[str, Any] = {"delivery_round": delivery_round, "at": LATER, "by": None}
    leeway.lay_down(**say, may_change=False, may_cancel=True)
    leeway.lay_down(**say, may_change=True, may_cancel=True)
    counter.place()
    with pytest.raises(NotLaidDown, match="schon bestellt"):
        leeway.lay_down(**say, may_change=True, may_cancel=False)
    with pytest.raises(NotLaidDown, match="vorbei"):
        leeway.lay_down(**{**say, "at": delivery_round.cutoff_at}, may_change=True, may_cancel=True)
    assert AuditEntry.objects.filter(action="round.leeway").count() == 2


def test_rounds_follow_their_plan_until_somebody_has_ordered() -> None:
    counter = till(may_change=True, may_cancel=True)
    rule = counter.window.round.rule
    rule.customers_may_change = False
    free = RoundFactory.create(rule=rule, delivery_day=counter.window.round.delivery_day + timedelta(days=7), opens_at=NOW)
    counter.place()
    windows = [plans.PlanWindow(pickup_point=None, starts=time(9), ends=time(12), capacity=5, fee=Decimal(0))]
    plans.save(rule=rule, windows=windows, at=LATER, by=None)
    free = DeliveryRound.objects.get(rule=rule, delivery_day=free.delivery_day)
    assert (free.customers_may_change, free.customers_may_cancel) == (False, True)
    assert DeliveryRound.objects.get(pk=counter.window.round.pk).customers_may_change
    rounds.announce(rule=rule, today=LATER.date())
    others = DeliveryRound.objects.exclude(pk=counter.window.round.pk)
    assert set(others.values_list("customers_may_change", flat=True)) == {False}


def test_who_has_ordered_for_a_round_that_moves_may_leave_it() -> None:
    counter = till()
    counter.place()
    day = counter.window.round.delivery_day + timedelta(days=1)
    moved = rescheduling.move(delivery_round=counter.window.round, to=day, reason="Sturm", at=LATER, by=None)
    moved.refresh_from_db()
    assert (moved.customers_may_change, moved.customers_may_cancel) == (True, True)


def test_office_says_it_for_one_round() -> None:
    counter = till(may_change=True, may_cancel=True)
    office = UserFactory.create()
    MembershipFactory.create(region=counter.region, user=office, role="office")
    client = Client()
    client.force_login(office)
    address = reverse("office:reschedule", args=[counter.window.round_id])
    assert client.post(address, {"what": "leeway", "leeway-may_cancel": "on"}).status_code == 302
    assert "Ändern nur über das Büro" in text(client.get(reverse("office:round", args=[counter.window.round_id])))
    counter.place()
    refused = client.post(address, {"what": "leeway"})
    assert refused.status_code == 422
    assert "schon bestellt" in text(refused)
    assert DeliveryRound.objects.get(pk=counter.window.round_id).customers_may_cancel
