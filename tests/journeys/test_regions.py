"""Two regions in one installation: nothing of the one is to be seen, bought, numbered or worked on in the other."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from billing import chain, invoicing
from billing.models import Invoice
from logistics.models import DeliveryRound
from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.checkout import placement
from marketplace.order.models import Order
from marketplace.regions.models import Region
from tests.factories.orders import TERMS, filled_basket
from tests.factories.town import Town
from tests.journeys import way


@pytest.fixture(autouse=True)
def _clock(town: Town) -> Iterator[None]:
    """Pages look at the clock; it is noon of the told day."""
    with time_machine.travel(town.noon, tick=False):
        yield


def order_elsewhere(town: Town) -> Order:
    """The same as `way.order`, in the other region."""
    delivery_round = DeliveryRound.objects.get(region=town.elsewhere, delivery_day=town.delivery_day)
    basket = filled_basket(region=town.elsewhere, wanted={town.products["elsewhere"]: 3})
    return placement.place(
        basket=basket,
        window_id=delivery_round.windows.get().pk,
        contact=way.person(town.elsewhere.municipalities.get(), postal_code="22844"),
        payment="handover",
        fingerprint=baskets.contents(basket=basket).fingerprint,
        user=town.people["other_customer"],
        at=town.noon,
        terms_accepted=TERMS,
    )


def test_documents_of_each_region_are_numbered_for_themselves(town: Town) -> None:
    here, there = way.order(town, {"honey": 1}), order_elsewhere(town)
    for delivery_round in DeliveryRound.objects.filter(deliveries__order__in=(here, there)):
        way.close(delivery_round)
        way.pack(delivery_round)
    for placed in (here, there):
        way.hand_over(placed)
    drawn = invoicing.draw_due(today=town.delivery_day, at=town.noon + timedelta(days=5))
    assert {invoice.order: invoice.counter for invoice in drawn} == {here: 1, there: 1}
    assert len({invoice.number for invoice in drawn}) == 1
    assert {invoice.region for invoice in Invoice.objects.all()} == {town.region, town.elsewhere}
    assert chain.verify_chain(region=town.region) == chain.verify_chain(region=town.elsewhere) == []


@pytest.mark.parametrize("name", ["catalogue:index", "catalogue:producers", "catalogue:delivery"])
def test_lists_show_one_region_only(town: Town, name: str) -> None:
    here, there = (_text(region, reverse(name)) for region in (town.region, town.elsewhere))
    ours, theirs = ("Haby", "Rapshonig", "Lührs", "Dorfladen"), ("Anderswo", "Feldsalat", "Norderstedt")
    assert [word for word in theirs if word in here] == [word for word in ours if word in there] == []
    assert any(word in here for word in ours)


def test_search_finds_what_is_sold_here(town: Town) -> None:
    address = reverse("catalogue:search") + "?q=feldsalat"
    assert "Feldsalat von anderswo" in _text(town.elsewhere, address)
    assert "Feldsalat von anderswo" not in _text(town.region, address)


def test_goods_of_another_region_do_not_get_into_a_basket(town: Town) -> None:
    client = Client(HTTP_HOST=town.region.site.hostname)
    client.post(reverse("basket:add", args=[town.products["elsewhere"].pk]), {"quantity": 1})
    assert not Basket.objects.filter(lines__isnull=False).exists()


def _text(region: Region, address: str) -> str:
    """What stands in the middle of a region's page."""
    answer = Client(HTTP_HOST=region.site.hostname).get(address)
    assert answer.status_code == 200
    main: str = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return main
