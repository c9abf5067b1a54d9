"""The office changes a plan: with plain forms, told what is not kept, and told when somebody else was quicker."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from logistics import tours
from logistics.models import Delivery, PlanningRun, PlanVersion, Tour, Vehicle
from logistics.planning import rows, runs
from marketplace.regions.models import Role
from tests.dashboard.people import with_role
from tests.factories.market import VehicleFactory
from tests.logistics.market import CLOSING, Market

pytestmark = pytest.mark.django_db
CEILING = 12


def planned(market: Market, doors: int = 4) -> Market:
    VehicleFactory.create(region=market.region, name="Bulli")
    VehicleFactory.create(region=market.region, name="Kombi")
    honey = market.product()
    for number in range(doors):
        market.order((honey, 1), recipient=f"Tür {number}")
    market.close()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=50)
    return market


@pytest.fixture
def market() -> Market:
    return planned(Market())


@pytest.fixture
def office(market: Market) -> Client:
    return with_role(market, Role.OFFICE)


def key_of(name: str) -> str:
    return f"delivery:{Delivery.objects.get(recipient=name).pk}"


def delivering() -> Tour:
    return Tour.objects.filter(wave=Tour.Wave.DELIVER).order_by("pk")[0]


def change(office: Client, market: Market, **posted: Any) -> str:
    """The page that follows a change which somebody asks for who sees the present plan."""
    told = {"seen": rows.number(round_id=market.round.pk), **posted}
    return office.post(reverse("office:change_plan", args=[market.round.pk]), told, follow=True).content.decode()


def test_tour_page_calls_a_stop_earlier(office: Client, market: Market) -> None:
    tour = delivering()
    second = tour.stops.get(sequence=2).name
    page = office.get(reverse("office:tour_desk", args=[market.round.pk, tour.pk])).content.decode()
    assert f"{second} einen Halt früher anfahren" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    told = change(office, market, do=f"up={key_of(second)}", seen=seen[1], tour=tour.pk)
    assert "Geändert." in told
    assert tour.stops.get(sequence=1).name == second


def test_second_dispatcher_is_told(office: Client, market: Market) -> None:
    tour = delivering()
    first = tour.stops.get(sequence=1).name
    change(office, market, do=f"lock={key_of(first)}")
    assert "Jemand anderes hat den Plan inzwischen geändert" in change(office, market, do=f"lock={key_of('Tür 1')}", seen=1)


def test_move_page_says_what_each_tour_would_cost(office: Client, market: Market) -> None:
    idle = Vehicle.objects.exclude(tours__wave=Tour.Wave.DELIVER).get()
    page = office.get(reverse("office:move_stop", args=[market.round.pk, key_of("Tür 2")])).content.decode()
    assert f'value="{idle.pk}-deliver-1"' in page
    assert re.search(r"am besten als Halt 1: [0-9,]+.k?m mehr", page)
    told = change(office, market, do=f"move={key_of('Tür 2')}", to=f"{idle.pk}-deliver-1", place="")
    assert "Geändert." in told
    assert Delivery.objects.get(recipient="Tür 2").stop.tour.vehicle == idle  # type: ignore[union-attr]  # it is on one


def test_plan_page_shows_plans_side_by_side_and_takes_one_back(office: Client, market: Market) -> None:
    change(office, market, do=f"off={key_of('Tür 2')}")
    page = office.get(reverse("office:plan_desk", args=[market.round.pk])).content.decode()
    assert "1 Halt ist auf keiner Tour" in page
    assert "Tür 2 einplanen" in page
    assert "Zurück zu Plan 1" in page
    change(office, market, do="back=1")
    assert PlanVersion.objects.latest("number").unserved == 0


@pytest.mark.parametrize("wrong", ["", "fly=1", "up=", "move=delivery:1", "back=x", "vehicle=a-b-c", "swap=delivery:0"])
def test_change_that_is_not_readable_changes_nothing(office: Client, market: Market, wrong: str) -> None:
    page = change(office, market, do=wrong)
    assert "notice" in page
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize("doors", [2, 8])
def test_pages_of_a_plan_ask_as_much_for_eight_doors_as_for_two(
    doors: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    market = planned(Market(), doors)
    office = with_role(market, Role.OFFICE)
    pages: list[tuple[str, list[object]]] = [
        ("plan_desk", []),
        ("tour_desk", [delivering().pk]),
        ("move_stop", [key_of("Tür 1")]),
    ]
    for name, more in pages:
        office.get(reverse(f"office:{name}", args=[market.round.pk, *more]))
        with django_assert_max_num_queries(CEILING):
            office.get(reverse(f"office:{name}", args=[market.round.pk, *more]))


def test_round_shows_how_far_the_search_is_and_calls_it_off(office: Client, market: Market) -> None:
    runs.ask(delivery_round=market.round, at=CLOSING, by=None)
    PlanningRun.objects.update(asked_at=(now := timezone.now()), begun_at=now, seen_at=now, percent=40)
    page = office.get(reverse("office:round", args=[market.round.pk])).content.decode()
    assert "40 Prozent geschafft" in page
    assert 'http-equiv="refresh"' in page
    office.post(reverse("office:call_off_planning", args=[market.round.pk]))
    assert PlanningRun.objects.get().is_called_off
    PlanningRun.objects.update(ended_at=now, outcome=PlanningRun.Outcome.CANCELLED)
    answer = office.get(reverse("office:planning", args=[market.round.pk]))
    assert (answer["HX-Refresh"], "wurde abgebrochen" in answer.content.decode()) == ("true", True)
