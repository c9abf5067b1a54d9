"""The office ends deliveries that failed at the door: handed over later, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import charges, invoicing
from billing.models import Invoice, OrderTerms
from logistics import deliveries
from logistics.models import Delivery, DeliveryRound, PackedLine
from marketplace.dashboard import second_attempts
from marketplace.dashboard.second_attempts import AlreadyEnded
from marketplace.order.models import Order
from marketplace.regions.models import Role
from tests.dashboard.people import Farm, logged_in, with_role
from tests.factories.market import UserFactory
from tests.logistics.market import DAY

pytestmark = pytest.mark.django_db
ACTIONS = ("hand_over", "give_up")
GIVEN_UP = {"reason": "Zweimal niemand da", "certain": "on"}


@pytest.fixture
def farm() -> Farm:
    return Farm()


@pytest.fixture
def office(farm: Farm) -> Client:
    return with_role(farm.market, Role.OFFICE)


def failed(farm: Farm, *, quantity: int = 3, packed: bool = True, **article: Any) -> Delivery:
    """A delivery at whose door nobody was."""
    delivery = farm.market.order((farm.market.product(partner=farm.partner, title="Rapshonig", **article), quantity))
    OrderTerms.objects.create(order=delivery.order, method=OrderTerms.Method.HANDOVER)
    farm.market.close()
    if packed:
        farm.market.pack()
    return deliveries.fail(delivery=delivery, at=DAY, by=None, reason="Niemand da")


def url(name: str, delivery: Delivery) -> str:
    return reverse(f"office:{name}", args=[delivery.order.number])


def after(delivery: Delivery) -> tuple[str, str, list[int | None]]:
    """Status of the delivery and of its order, and what was handed over of each line."""
    row = Delivery.objects.select_related("order").get(pk=delivery.pk)
    return row.status, row.order.status, list(row.packed_lines.order_by("pk").values_list("delivered", flat=True))


def test_home_names_a_failed_delivery_even_when_its_round_is_over(farm: Farm, office: Client) -> None:
    delivery = failed(farm)
    farm.market.round.refresh_from_db()
    assert farm.market.round.status == DeliveryRound.Status.DONE
    text = office.get(reverse("office:home")).content.decode()
    assert "1 Lieferung kam nicht an" in text
    assert f"{reverse('office:orders')}?lieferung=failed" in text
    listed = office.get(reverse("office:orders"), {"lieferung": "failed"}).content.decode()
    assert url("order", delivery) in listed


def test_order_page_offers_both_ends_only_while_the_delivery_is_failed(
    farm: Farm, office: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    delivery = failed(farm)
    with django_assert_max_num_queries(12):
        text = office.get(url("order", delivery)).content.decode()
    for name in ACTIONS:
        assert f'action="{url(name, delivery)}"' in text
    assert "Niemand da" in text
    office.post(url("give_up", delivery), GIVEN_UP)
    assert url("give_up", delivery) not in office.get(url("order", delivery)).content.decode()


def test_hand_over_completes_the_order_and_leads_to_the_money(farm: Farm, office: Client) -> None:
    delivery = failed(farm)
    assert office.post(url("hand_over", delivery), {"handed_to": "Grete"}).status_code == 302
    assert after(delivery) == ("completed", "completed", [3])
    delivery.refresh_from_db()
    assert delivery.handed_to == "Grete"
    assert reverse("office:doorstep") in office.get(url("order", delivery)).content.decode()


def test_hand_over_tells_of_lines_that_fell_short(farm: Farm, office: Client) -> None:
    delivery = failed(farm)
    line = PackedLine.objects.get()
    told = {"handed_to": "Grete", f"quantity_{line.pk}": "2"}
    refused = office.post(url("hand_over", delivery), told)
    assert refused.status_code == 409
    assert "Rapshonig" in refused.content.decode()
    assert after(delivery) == ("failed", "closed", [None])
    assert office.post(url("hand_over", delivery), told | {f"problem_{line.pk}": "damaged"}).status_code == 302
    line.refresh_from_db()
    assert (line.delivered, line.problem) == (2, "damaged")
    assert "nicht zustellbar" not in office.get(url("order", delivery)).content.decode()


@pytest.mark.parametrize("wrong", [{"handed_to": ""}, {"quantity": "4"}, {"quantity": "-1"}, {"problem": "gold"}])
def test_hand_over_refuses_nonsense(farm: Farm, office: Client, wrong: dict[str, str]) -> None:
    delivery = failed(farm)
    pk = PackedLine.objects.get().pk
    told = {name if name == "handed_to" else f"{name}_{pk}": value for name, value in wrong.items()}
    assert office.post(url("hand_over", delivery), {"handed_to": "Grete"} | told).status_code == 422
    assert after(delivery) == ("failed", "closed", [None])


def test_hand_over_asks_for_the_identity_card_where_it_has_to(farm: Farm, office: Client) -> None:
    delivery = failed(farm, age_limit=18)
    assert 'name="age_checked"' in office.get(url("order", delivery)).content.decode()
    assert office.post(url("hand_over", delivery), {"handed_to": "Grete"}).status_code == 409
    assert after(delivery)[0] == "failed"
    office.post(url("hand_over", delivery), {"handed_to": "Grete", "age_checked": "on"})
    delivery.refresh_from_db()
    assert (delivery.status, delivery.age_checked_by is not None) == ("completed", True)


def test_hand_over_asks_for_no_identity_card_without_need(farm: Farm, office: Client) -> None:
    assert 'name="age_checked"' not in office.get(url("order", failed(farm))).content.decode()


def test_give_up_ends_the_order_and_nobody_is_billed(farm: Farm, office: Client) -> None:
    delivery = failed(farm, age_limit=18)
    assert office.post(url("give_up", delivery), GIVEN_UP).status_code == 302
    assert after(delivery) == ("completed", "completed", [0])
    assert PackedLine.objects.get().problem == "refused"
    assert (charges.unbilled().exists(), charges.unsettled().exists()) == (False, False)
    assert invoicing.draw_due(today=DAY.date(), at=DAY + timedelta(days=30)) == []
    assert not Invoice.objects.exists()
    text = office.get(url("order", delivery)).content.decode()
    assert "nicht zustellbar" in text
    assert "geliefert" not in text
    assert "nicht zustellbar" in office.get(reverse("office:orders")).content.decode()
    assert "Zweimal niemand da" in text
    assert reverse("office:doorstep") not in text.partition("<main")[2]


@pytest.mark.parametrize("missing", ["reason", "certain"])
def test_give_up_needs_a_reason_and_a_tick(farm: Farm, office: Client, missing: str) -> None:
    delivery = failed(farm)
    assert office.post(url("give_up", delivery), GIVEN_UP | {missing: ""}).status_code == 422
    assert after(delivery) == ("failed", "closed", [None])


@pytest.mark.parametrize("name", ACTIONS)
def test_goods_that_are_not_recorded_as_packed_block_both(farm: Farm, office: Client, name: str) -> None:
    delivery = failed(farm, packed=False)
    response = office.post(url(name, delivery), {"handed_to": "Grete"} | GIVEN_UP)
    assert response.status_code == 409
    assert "noch nicht als gepackt" in response.content.decode()
    assert after(delivery) == ("failed", "closed", [None])


def test_what_ended_meanwhile_stays_as_it_is(farm: Farm, office: Client) -> None:
    delivery = failed(farm)
    deliveries.complete(delivery=delivery, at=DAY, by=None, handed_to="Grete")
    for name in ACTIONS:
        answer = office.post(url(name, delivery), {"handed_to": "Hinnerk"} | GIVEN_UP, follow=True)
        assert "wartet nicht mehr" in answer.content.decode()
    assert after(delivery) == ("completed", "completed", [3])
    with pytest.raises(AlreadyEnded):
        second_attempts.give_up(delivery=delivery, reason="", at=DAY, by=None)


def test_an_order_without_delivery_is_not_found(farm: Farm, office: Client) -> None:
    order = Order.objects.create(number="TEST-OHNE", region=farm.market.region, total_incl_tax=0, total_excl_tax=0, goods_total=0)
    for name in ACTIONS:
        assert office.post(reverse(f"office:{name}", args=[order.number])).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_only_the_office_of_the_region_may(farm: Farm, name: str) -> None:
    delivery = failed(farm)
    address, told = url(name, delivery), {"handed_to": "Grete"} | GIVEN_UP
    assert Client().post(address, told).headers["Location"] == f"/konto/login/?next={address}"
    for stranger in (farm.client, logged_in(UserFactory.create()), with_role(farm.market, Role.DRIVER)):
        assert stranger.post(address, told).status_code == 403
    assert after(delivery) == ("failed", "closed", [None])


@pytest.mark.parametrize("name", ACTIONS)
def test_orders_of_another_region_are_not_found(office: Client, name: str) -> None:
    elsewhere = failed(Farm())
    assert office.post(url(name, elsewhere), {"handed_to": "Grete"} | GIVEN_UP).status_code == 404
    assert after(elsewhere)[0] == "failed"
