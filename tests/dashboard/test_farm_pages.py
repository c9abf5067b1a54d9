"""Fetched at the farm, as its producer sees it; and who waits and who wishes, as the office sees it."""

from datetime import time
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from logistics import areas, farm_windows, packing, rounds, waiting
from logistics.models import Delivery, DeliveryWindow, PackedLine, RuleWindow
from marketplace.regions.models import Role
from tests.dashboard.people import Farm, producer_of, with_role
from tests.factories.market import NOW, PartnerFactory, WindowFactory
from tests.logistics.market import CLOSING, PACKING

pytestmark = pytest.mark.django_db
CEILING = 12


@pytest.fixture
def farm() -> Farm:
    return Farm()


def fetched(farm: Farm, **given: Any) -> Delivery:
    """An order of the farm's honey that is fetched there."""
    product = farm.market.product(partner=farm.partner, title="Rapshonig", **given)
    window = DeliveryWindow.objects.filter(partner=farm.partner).first() or WindowFactory.create(
        round=farm.market.round, partner=farm.partner, fee=0
    )
    return farm.market.order((product, 2), window=window, kind=Delivery.Kind.FARM, first_name="Grete")


def close_and_pack(farm: Farm) -> None:
    rounds.close(delivery_round=farm.market.round, at=CLOSING)
    for line in PackedLine.objects.all():
        packing.record(packed_line=line, quantity=line.ordered, weight_g=None, at=PACKING, by=None)


def page_of(farm: Farm) -> str:
    return farm.client.get(reverse("dashboard:round", args=[farm.market.round.pk])).content.decode()


def test_round_page_lists_who_comes_by_code_and_first_name(farm: Farm) -> None:
    delivery = fetched(farm)
    close_and_pack(farm)
    page = page_of(farm)
    assert "Abholung auf Ihrem Hof" in page
    assert delivery.code in page
    assert "Grete" in page
    assert "Beispiel" not in page.replace("Hof Beispiel", "").split("Abholung auf Ihrem Hof", 1)[1].split("</section>", 1)[0]


def test_handing_over_completes_the_delivery(farm: Farm) -> None:
    delivery = fetched(farm)
    close_and_pack(farm)
    answer = farm.client.post(reverse("dashboard:farm_hand_over", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert (answer.status_code, delivery.status, delivery.handed_to) == (302, "completed", "Grete")
    assert PackedLine.objects.get().delivered == 2


def test_nothing_is_handed_over_before_it_is_packed(farm: Farm) -> None:
    delivery = fetched(farm)
    rounds.close(delivery_round=farm.market.round, at=CLOSING)
    farm.client.post(reverse("dashboard:farm_hand_over", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.status == "booked"


def test_wine_takes_the_look_at_the_identity_card(farm: Farm) -> None:
    delivery = fetched(farm, age_limit=16)
    close_and_pack(farm)
    farm.client.post(reverse("dashboard:farm_hand_over", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.status == "booked"
    farm.client.post(reverse("dashboard:farm_hand_over", args=[delivery.pk]), {"age_checked": "on"})
    delivery.refresh_from_db()
    assert (delivery.status, delivery.age_checked_by is not None) == ("completed", True)


def test_who_did_not_come_may_still_come_later(farm: Farm) -> None:
    delivery = fetched(farm)
    close_and_pack(farm)
    farm.client.post(reverse("dashboard:farm_not_fetched", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.status == "failed"
    farm.client.post(reverse("dashboard:farm_hand_over", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.status == "completed"


def test_only_the_own_farm_hands_over(farm: Farm) -> None:
    delivery = fetched(farm)
    close_and_pack(farm)
    stranger = producer_of(PartnerFactory.create(municipality=farm.market.village))
    assert stranger.post(reverse("dashboard:farm_hand_over", args=[delivery.pk])).status_code == 404


@pytest.mark.parametrize("orders", [1, 3])
def test_round_page_asks_the_same_for_any_number(
    orders: int, farm: Farm, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(orders):
        fetched(farm)
    close_and_pack(farm)
    page_of(farm)  # the site is known from here on
    with django_assert_max_num_queries(CEILING):
        page_of(farm)


def test_hours_are_offered_and_withdrawn(farm: Farm, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    rule = farm.market.round.rule
    told = {"rule": rule.pk, "starts": "09:00", "ends": "12:00", "capacity": "8"}
    assert farm.client.post(reverse("dashboard:farm_hours"), told).status_code == 302
    hours = RuleWindow.objects.get()
    assert (hours.partner, DeliveryWindow.objects.get(partner=farm.partner).capacity) == (farm.partner, 8)
    assert farm.client.post(reverse("dashboard:farm_hours"), told).status_code == 422
    farm.client.post(reverse("dashboard:withdraw_farm_hours", args=[hours.pk]))
    assert not RuleWindow.objects.exists()


def test_hours_of_another_farm_are_unknown(farm: Farm) -> None:
    other = PartnerFactory.create(municipality=farm.market.village)
    hours = farm_windows.offer(
        partner=other, rule=farm.market.round.rule, starts=time(9), ends=time(12), capacity=5, at=NOW, by=None
    )
    assert farm.client.post(reverse("dashboard:withdraw_farm_hours", args=[hours.pk])).status_code == 404


def test_office_sees_who_waits_and_why_nobody_moved_up(farm: Farm) -> None:
    window = WindowFactory.create(round=farm.market.round, capacity=1, taken=1)
    entry = waiting.enter(window=window, email="ina@post.example", user=None, at=NOW)
    waiting.confirm(entry_id=entry.pk, at=NOW)
    page = with_role(farm.market, Role.OFFICE).get(reverse("office:round", args=[farm.market.round.pk])).content.decode()
    assert "ina@post.example" in page


def test_office_sees_where_people_wish_to_be_delivered_to(farm: Farm) -> None:
    for number in range(3):
        areas.enter(
            region=farm.market.region,
            email=f"p{number}@post.example",
            postal_code="24768",
            place="Rendsburg",
            confirmed=number > 0,
            at=NOW,
        )
    page = with_role(farm.market, Role.OFFICE).get(reverse("office:wishes"))
    assert [(wish.postal_code, wish.number, wish.unconfirmed) for wish in page.context["wishes"]] == [("24768", 2, 1)]
