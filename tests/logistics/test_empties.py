"""Empties that come back: what a customer can have, written down once, and off the sum at the door."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from billing.models import OrderTerms
from logistics import empties, empties_page, manifest, tours
from logistics.empties import Kind, ReturnRefused
from logistics.models import Delivery, DepositReturn
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing.deliveries import AT, DAY, deliver, item, juice
from tests.factories.market import NOW, AccountFactory, MembershipFactory, PartnerFactory, UserFactory, VehicleFactory
from tests.logistics.market import Market
from tests.logistics.test_manifest import tour_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(db: None) -> Partner:
    """Sells juice in bottles with 15 cents deposit."""
    made: Partner = PartnerFactory.create()
    return made


def bottle(delivery: Delivery) -> Kind:
    """The one kind that the customer holds."""
    (kind,) = held(delivery)
    return kind


def held(delivery: Delivery) -> list[Kind]:
    """All kinds that the customer holds."""
    return empties.held(customer=empties.customer_of(delivery.order), region=delivery.order.region_id)


def given_back(delivery: Delivery, quantity: int, **given: Any) -> bool:
    """So many bottles of the customer's come back."""
    told: dict[str, Any] = {"uuid": uuid4(), "kind": given.pop("kind", None) or bottle(delivery), **given}
    return empties.record(delivery=delivery, quantity=quantity, at=AT, by=None, **told)


def test_held_is_bought_less_given_back(press: Partner) -> None:
    first = deliver(juice(press, 6), item(press), region=press.region)
    second = deliver(juice(press, 4), region=press.region, day=DAY.replace(day=24))
    kind = bottle(second)
    assert (kind.text, kind.held, kind.deposit_each, kind.partner_id) == ("Apfelsaft", 10, Decimal("0.15"), press.pk)
    given_back(second, 7)
    assert bottle(first).held == 3
    given_back(second, 3)
    assert held(first) == []


def test_each_customer_has_the_own(press: Partner) -> None:
    person, account = UserFactory.create(), AccountFactory.create(region=press.region)
    guest = deliver(juice(press, 1), region=press.region)
    stranger = deliver(juice(press, 2), region=press.region, guest_email="andere@haus.example")
    known = deliver(juice(press, 3), region=press.region, user=person)
    chef = deliver(juice(press, 4), region=press.region, user=person, account=account)
    assert [bottle(delivery).held for delivery in (guest, stranger, known, chef)] == [1, 2, 3, 4]
    assert empties.open_deposit(user=person, region=press.region_id) == Decimal("0.45")


def test_a_report_sent_twice_counts_once(press: Partner) -> None:
    delivery, uuid = deliver(juice(press, 6), region=press.region), uuid4()
    assert given_back(delivery, 2, uuid=uuid)
    assert not given_back(delivery, 2, uuid=uuid)
    assert DepositReturn.objects.get().quantity == 2


@pytest.mark.parametrize("quantity", [0, 7, 10_000])
def test_more_than_the_customer_has_is_refused(press: Partner, quantity: int) -> None:
    delivery = deliver(juice(press, 6), region=press.region)
    with pytest.raises(ReturnRefused):
        given_back(delivery, quantity)


def test_other_empties_are_taken_without_a_producer(press: Partner) -> None:
    market = Market()
    for deposit, category in (("0.15", "standard"), ("0.25", "standard"), ("0.15", "reduced"), ("0.00", "reduced")):
        market.product(deposit=Decimal(deposit), vat_category=category)
    found = empties.others(region=market.region)
    assert [kind.label.replace("\xa0", " ") for kind in found] == [
        "Leergut Getränke, 0,15 €",
        "Leergut Getränke, 0,25 €",
        "Leergut Lebensmittel, 0,15 €",
    ]
    delivery = deliver(juice(press, 1), region=press.region)
    assert given_back(delivery, 20, kind=found[0])
    assert DepositReturn.objects.get().partner is None


def test_one_tap_takes_all_of_a_row(press: Partner) -> None:
    delivery = deliver(juice(press, 6), region=press.region)
    (row,) = empties_page.rows(delivery=delivery)
    posted = {"take": row.kind.key, f"uuid_{row.kind.key}": str(row.uuid), f"quantity_{row.kind.key}": str(row.quantity)}
    assert empties_page.taken(delivery=delivery, posted=posted, at=AT, by=None)
    assert DepositReturn.objects.get().quantity == 6
    with pytest.raises(ReturnRefused):
        empties_page.taken(delivery=delivery, posted=posted, at=AT, by=None)
    with pytest.raises(ReturnRefused):
        empties_page.taken(delivery=delivery, posted={"take": row.kind.key}, at=AT, by=None)


@pytest.fixture
def door() -> tuple[Market, Delivery, Client]:
    """A customer who had juice before and pays at the door now, and the driver there."""
    market = Market()
    VehicleFactory.create(region=market.region)
    juice_ = market.product(title="Apfelsaft", deposit=Decimal("0.15"), vat_category="standard")
    delivery = market.order((juice_, 4))
    OrderTerms.objects.create(order=delivery.order, method="handover")
    before = deliver(juice(juice_.partner, 6), region=market.region, guest_email="kunde@haus.example", method="handover")
    type(delivery.order).objects.update(guest_email="kunde@haus.example")
    before.refresh_from_db()
    market.close()
    market.pack()
    return market, Delivery.objects.get(pk=delivery.pk), Client()


def test_what_is_collected_at_the_door_is_less(door: tuple[Market, Delivery, Client]) -> None:
    market, delivery, _client = door
    tour = tour_of(market)
    (before,) = (halt for halt in manifest.halts(tour=tour) if halt.boxes)
    given_back(delivery, 6)
    (after,) = (halt for halt in manifest.halts(tour=tour) if halt.boxes)
    assert before.to_collect - after.to_collect == Decimal("0.90")


def test_the_driver_writes_them_down(door: tuple[Market, Delivery, Client]) -> None:
    market, delivery, client = door
    tour = tour_of(market)
    person = UserFactory.create()
    MembershipFactory.create(region=market.region, user=person, role=Role.DRIVER)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    tours.start(tour=tour, at=NOW, by=person)
    stop = Delivery.objects.get(pk=delivery.pk).stop
    assert stop is not None
    page = client.get(reverse("logistics:tour", args=[tour.pk]), {"halt": stop.sequence})
    (offered,) = page.context["empties"]
    own = offered["rows"][0]
    assert own.quantity == 6
    key = own.kind.key
    posted = {"take": key, f"uuid_{key}": str(own.uuid), f"quantity_{key}": "5"}
    url = reverse("logistics:empties", args=[tour.pk, stop.pk, delivery.pk])
    assert client.post(url, posted).status_code == 302
    shown = client.get(reverse("logistics:tour", args=[tour.pk]), {"halt": stop.sequence}).content.decode()
    assert "0,75" in shown
    assert client.post(url, {**posted, f"uuid_{key}": str(uuid4()), f"quantity_{key}": "9"}).status_code == 409
    assert DepositReturn.objects.get().noted_by == person
