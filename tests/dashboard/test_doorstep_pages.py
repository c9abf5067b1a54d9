"""What was to be paid at the door: the office sees what is missing and books it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import invoicing, payments
from billing.models import OrderTerms, Payment
from logistics import deliveries
from logistics.models import Delivery
from marketplace.dashboard import doorstep_register
from marketplace.order.models import Fee
from marketplace.regions.models import Role
from tests.dashboard.people import Farm, logged_in, with_role
from tests.factories.market import UserFactory
from tests.logistics.market import DAY

pytestmark = pytest.mark.django_db
PAGE = "office:doorstep"
CEILING = 12


@pytest.fixture
def farm() -> Farm:
    return Farm()


@pytest.fixture
def office(farm: Farm) -> Client:
    return with_role(farm.market, Role.OFFICE)


def unpaid(farm: Farm, times: int = 1) -> list[Delivery]:
    """Handed over, to be paid at the door: two articles each, one to three jars, every second billed already."""
    honey = farm.market.product(partner=farm.partner, title="Rapshonig", deposit=Decimal("0.15"))
    juice = farm.market.product(partner=farm.partner, title="Apfelsaft")
    rows = [farm.market.order((honey, 1 + number % 3), (juice, 1)) for number in range(times)]
    for row in rows:
        OrderTerms.objects.create(order=row.order, method=OrderTerms.Method.HANDOVER)
        Fee.objects.create(order=row.order, kind=Fee.Kind.DELIVERY, gross=Decimal("3.90"))
    farm.market.close()
    farm.market.pack()
    for number, row in enumerate(rows):
        deliveries.complete(delivery=row, at=DAY, by=None, handed_to="Grete")
        if number % 2:
            invoicing.draw_for_order(delivery=row, today=DAY.date(), at=DAY)
    return rows


def settle(client: Client, delivery: Delivery, method: str = "cash") -> int:
    return client.post(reverse("office:settle", args=[delivery.pk]), {"method": method}).status_code


def test_owed_says_what_the_payments_say_of_each(farm: Farm) -> None:
    unpaid(farm, 4)
    rows = list(payments.open_handovers(region=farm.market.region))
    owed = doorstep_register.owed(deliveries=rows)
    assert [row.amount for row in owed] == [payments.open_amount(delivery=row) for row in rows]
    assert all(row.amount > Decimal("3.90") for row in owed)


@pytest.mark.parametrize("count", [1, 3, 22])
def test_list_costs_the_same_for_any_number(
    farm: Farm, office: Client, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = unpaid(farm, count)
    with django_assert_max_num_queries(CEILING):
        text = office.get(reverse(PAGE)).content.decode()
    assert text.count('value="cash"') == min(count, 20)
    assert rows[0].order.number in text


def test_home_leads_there_as_long_as_something_is_open(farm: Farm, office: Client) -> None:
    (delivery,) = unpaid(farm)
    text = office.get(reverse("office:home")).content.decode()
    assert "1 Bestellung ist an der Tür noch nicht bezahlt" in text
    assert reverse(PAGE) in text
    assert settle(office, delivery) == 302
    assert reverse(PAGE) not in office.get(reverse("office:home")).content.decode()
    assert delivery.order.number not in office.get(reverse(PAGE)).content.decode()


@pytest.mark.parametrize("method", ["cash", "card"])
def test_settle_books_the_whole_amount_once(farm: Farm, office: Client, method: str) -> None:
    (delivery,) = unpaid(farm)
    amount = payments.open_amount(delivery=delivery)
    for _ in range(2):
        assert settle(office, delivery, method) == 302
    booked = Payment.objects.get()
    assert (booked.amount, booked.method, booked.order_id) == (amount, method, delivery.order_id)
    assert payments.open_amount(delivery=delivery) == 0


@pytest.mark.parametrize("method", ["", "transfer", "gold"])
def test_settle_takes_cash_or_card_only(farm: Farm, office: Client, method: str) -> None:
    (delivery,) = unpaid(farm)
    assert settle(office, delivery, method) == 422
    assert not Payment.objects.exists()


def test_settle_finds_no_delivery_that_is_not_to_be_paid_at_the_door(farm: Farm, office: Client) -> None:
    (delivery,) = unpaid(farm)
    OrderTerms.objects.update(method=OrderTerms.Method.TRANSFER)
    assert settle(office, delivery) == 404


def test_settle_says_when_nothing_is_owed_any_more(farm: Farm, office: Client) -> None:
    (delivery,) = unpaid(farm)
    amount = payments.open_amount(delivery=delivery)
    payments.receive(order=delivery.order, amount=amount, method=Payment.Method.TRANSFER, received_on=DAY.date(), at=DAY)
    assert settle(office, delivery) == 302
    assert Payment.objects.count() == 1


def test_only_the_office_may_look_and_book(farm: Farm) -> None:
    (delivery,) = unpaid(farm)
    address, booking = reverse(PAGE), reverse("office:settle", args=[delivery.pk])
    assert Client().get(address).headers["Location"] == f"/konto/login/?next={address}"
    assert Client().post(booking, {"method": "cash"}).headers["Location"] == f"/konto/login/?next={booking}"
    for stranger in (farm.client, logged_in(UserFactory.create()), with_role(farm.market, Role.DRIVER)):
        assert stranger.get(address).status_code == 403
        assert settle(stranger, delivery) == 403
    assert not Payment.objects.exists()


def test_another_region_is_neither_shown_nor_booked(office: Client) -> None:
    (delivery,) = unpaid(Farm())
    assert delivery.order.number not in office.get(reverse(PAGE)).content.decode()
    assert settle(office, delivery) == 404
