"""Delivery windows and pickup points before one shops."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from logistics.models import DeliveryRound, DeliveryWindow, PickupPoint
from marketplace.regions.models import Municipality
from tests.factories.market import RegionFactory, RoundFactory, RoundRuleFactory, WindowFactory
from tests.shop.conftest import article


def test_index_shows_windows_pickup_points_fees_and_free_places(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    (day,) = client.get("/lieferung/").context["days"]
    assert [(str(slot.fee), slot.free) for slot in (*day.home, *day.pickup)] == [("3.90", 10), ("0.00", 2)]
    assert day.pickup[0].title == "Dorfladen Ascheffel"


def test_index_remembers_the_chosen_window_and_its_round(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    window = DeliveryWindow.objects.get(pickup_point=None)
    response = client.post("/lieferung/", {"window": window.pk, "next": "/korb/"})
    assert (response.headers["Location"], client.session["window"], client.session["round"]) == (
        "/korb/",
        window.pk,
        saturday.pk,
    )


def test_index_refuses_a_full_window(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    window = DeliveryWindow.objects.get(pickup_point=None)
    DeliveryWindow.objects.filter(pk=window.pk).update(taken=10)
    response = client.post("/lieferung/", {"window": window.pk})
    assert (response.status_code, "window" in client.session) == (422, False)


def test_index_does_not_offer_a_place_in_the_warm_for_chilled_goods(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    PickupPoint.objects.update(cold_storage=False)
    client.post(f"/korb/{article(village, title='Joghurt', storage='cool').pk}/hinzufuegen/", {"quantity": 1})
    (day,) = client.get("/lieferung/").context["days"]
    assert [slot.reason for slot in (*day.home, *day.pickup)] == ["", "nicht möglich: keine Kühlung für Joghurt"]
    assert client.post("/lieferung/", {"window": day.pickup[0].value}).status_code == 422


def test_basket_says_that_the_chosen_place_keeps_nothing_cold(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    PickupPoint.objects.update(cold_storage=False)
    client.post("/lieferung/", {"window": DeliveryWindow.objects.get(pickup_point__isnull=False).pk})
    client.post(f"/korb/{article(village, title='Joghurt', storage='cool').pk}/hinzufuegen/", {"quantity": 1})
    problem = client.get("/korb/").context["page"].window_problem
    assert problem.startswith("Dorfladen Ascheffel kann nichts kühlen.")


def test_index_refuses_a_window_of_another_region(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    foreign = WindowFactory.create(round=RoundFactory.create(rule=RoundRuleFactory.create(region=RegionFactory.create())))
    assert client.post("/lieferung/", {"window": foreign.pk}).status_code == 422


@pytest.mark.parametrize("windows", [1, 9])
def test_index_needs_eight_queries(
    windows: int, client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    for _ in range(windows):
        WindowFactory.create(round=saturday)
    cache.clear()
    with django_assert_max_num_queries(8):
        assert client.get("/lieferung/").status_code == 200


def test_index_without_a_round_says_so(client: Client, village: Municipality) -> None:
    response = client.get("/lieferung/")
    assert (response.status_code, response.context["days"]) == (200, [])
