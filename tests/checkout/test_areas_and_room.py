"""Areas and room at the checkout: the fee of the address, free from, out of reach, and goods that do not fit in."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from logistics import limits, tariffs
from logistics.models import RoundSpace
from marketplace.checkout import changes, proposal
from marketplace.order.models import Fee, Order
from tests.checkout.test_journey import choose_delivery, confirm, up_to_review
from tests.factories import orders
from tests.factories.market import NOW, VehicleFactory

pytestmark = pytest.mark.django_db


def with_area(till: orders.Till, **given: Any) -> None:
    """The round drives to the village of the town, and to a postal code far away."""
    village = till.window.round.region.municipalities.order_by("pk")[0]
    usual = {"name": "Nah", "municipalities": [village.pk], "postal_codes": [], "fee": "1.50", "minimum": "0", "free_from": None}
    far = {**usual, "name": "Weit", "municipalities": [], "postal_codes": ["99999"], "fee": "7.00"}
    till.window.round.areas = [{**usual, **given}, far]
    till.window.round.save(update_fields=["areas"])


@pytest.fixture
def till() -> orders.Till:
    return orders.till()


@pytest.fixture
def guest(till: orders.Till) -> Client:
    client = Client()
    session = client.session
    session["basket"] = till.basket.pk
    session.save()
    return client


@pytest.mark.parametrize(("given", "fee"), [({}, "5.40"), ({"free_from": "1.00"}, None), ({"free_from": "9999.00"}, "5.40")])
def test_the_order_pays_the_fee_of_its_area(guest: Client, till: orders.Till, given: dict[str, Any], fee: str | None) -> None:
    with_area(till, **given)
    page = up_to_review(guest, till)
    confirm(guest, page)
    found = Fee.objects.values_list("gross", flat=True).first()
    assert found == (None if fee is None else Decimal(fee))
    assert Order.objects.get().shipping_incl_tax == Decimal(fee or 0)


def test_a_least_order_of_the_area_counts_at_the_door(guest: Client, till: orders.Till) -> None:
    with_area(till, minimum="500.00")
    confirm(guest, up_to_review(guest, till))
    assert not Order.objects.exists()


def test_the_basket_says_how_much_is_missing_until_it_is_free(guest: Client, till: orders.Till) -> None:
    with_area(till, free_from="100.00")
    choose_delivery(guest, till)
    page = guest.get(reverse("basket:summary")).content.decode()
    assert "dann ist die Lieferung kostenlos" in page


def test_nobody_is_driven_to_out_of_reach(guest: Client, till: orders.Till) -> None:
    with_area(till)
    up_to_review(guest, till)
    with_area(till, municipalities=[0])
    page = guest.get(reverse("checkout:review")).content.decode()
    assert "kommt nicht zu Ihrer Adresse" in page


def test_a_fee_that_changed_meanwhile_is_told_before_anybody_pays_it(guest: Client, till: orders.Till) -> None:
    with_area(till)
    page = up_to_review(guest, till)
    with_area(till, fee="2.50")
    answer = confirm(guest, page, fingerprint=page.context["proposal"].fingerprint)
    assert "kostet jetzt 6,40" in answer.content.decode().replace("\xa0", " ")
    assert not Order.objects.exists()


def test_an_order_that_changes_keeps_the_area_that_was_announced(guest: Client, till: orders.Till) -> None:
    with_area(till)
    confirm(guest, up_to_review(guest, till))
    order = Order.objects.select_related("delivery__window", "delivery__round", "terms", "user").get()
    drawn = changes.propose(order=order, change=changes.as_it_stands(order=order), at=NOW)
    assert drawn.fee == Decimal("5.40")


def test_goods_that_do_not_fit_are_told_on_the_way(guest: Client, till: orders.Till) -> None:
    region = till.window.round.region
    VehicleFactory.create(region=region, capacity_crates=1, capacity_cold=0)
    limits.refit(region=region)
    page = up_to_review(guest, till)
    RoundSpace.objects.filter(round=till.window.round, pickup_point=None).update(limit_cold=0)
    assert page.status_code == 200
    till.basket.lines.update(quantity=90)
    answer = guest.get(reverse("checkout:review")).content.decode()
    assert "passt nur noch 1" in answer.replace("\xa0", " ") or "kein Platz mehr" in answer


def test_without_a_door_the_cheapest_area_is_told(till: orders.Till) -> None:
    with_area(till)
    drawn = proposal.draw_up(basket=till.basket, window_id=till.window.pk, at=NOW)
    assert drawn.door == tariffs.NOWHERE
    assert drawn.fee == Decimal("5.40")
