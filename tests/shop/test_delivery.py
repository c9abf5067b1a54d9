"""Delivery windows and pickup points before one shops."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from logistics.models import DeliveryRound, DeliveryWindow
from marketplace.regions.models import Municipality
from tests.factories.market import RegionFactory, RoundFactory, RoundRuleFactory, WindowFactory


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


def test_index_refuses_a_window_of_another_region(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    foreign = WindowFactory(round=RoundFactory(rule=RoundRuleFactory(region=RegionFactory())))
    assert client.post("/lieferung/", {"window": foreign.pk}).status_code == 422


@pytest.mark.parametrize("windows", [1, 9])
def test_index_needs_eight_queries(
    windows: int, client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    for _ in range(windows):
        WindowFactory(round=saturday)
    cache.clear()
    with django_assert_max_num_queries(8):
        assert client.get("/lieferung/").status_code == 200


def test_index_without_a_round_says_so(client: Client, village: Municipality) -> None:
    response = client.get("/lieferung/")
    assert (response.status_code, response.context["days"]) == (200, [])
