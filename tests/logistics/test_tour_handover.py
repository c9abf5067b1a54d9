"""A tour goes over to another driver by a link that is good once and for a short while."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from logistics import reports, tour_handover, tours
from logistics.models import Delivery, Tour
from logistics.reports import Report
from logistics.tour_handover import HandoverOver
from marketplace.core.device_queue import Outcome
from marketplace.regions.models import Role
from tests.factories.market import MembershipFactory, VehicleFactory
from tests.logistics.market import CLOSING, DAY, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region, driver=MembershipFactory.create(region=market.region, role=Role.DRIVER).user)
    market.order((market.product(), 1))
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)
    return market


def delivering() -> Tour:
    return Tour.objects.get(wave=Tour.Wave.DELIVER)


def test_take_over_makes_another_one_the_driver_and_voids_the_link(market: Market) -> None:
    token = tour_handover.sign(tour=delivering())
    other = MembershipFactory.create(region=market.region, role=Role.DRIVER).user
    tour_handover.take_over(token=token, by=other, at=DAY)
    assert delivering().driver == other
    with pytest.raises(HandoverOver):
        tour_handover.read(token=token)


def test_read_refuses_an_old_and_a_made_up_link(market: Market) -> None:
    with time_machine.travel(DAY, tick=False):
        token = tour_handover.sign(tour=delivering())
    with time_machine.travel(DAY + timedelta(minutes=31), tick=False), pytest.raises(HandoverOver):
        tour_handover.read(token=token)
    with pytest.raises(HandoverOver):
        tour_handover.read(token="1:made:up")


def test_what_the_driver_before_still_sends_counts(market: Market) -> None:
    tour = delivering()
    before = tour.driver
    assert before is not None
    other = MembershipFactory.create(region=market.region, role=Role.DRIVER).user
    tour_handover.take_over(token=tour_handover.sign(tour=tour), by=other, at=DAY)
    told = Report(uuid=uuid4(), stop_id=tour.stops.get().pk, kind="delivered", reported_at=DAY, received_at=DAY, by=before)
    assert reports.take(region=market.region, report=told).outcome == Outcome.TAKEN
    assert Delivery.objects.get().status == Delivery.Status.COMPLETED


def test_the_pages_of_both_drivers(market: Market) -> None:
    tour = delivering()
    first, second = Client(), Client()
    first.force_login(tour.driver)  # type: ignore[arg-type]  # it has one
    other = MembershipFactory.create(region=market.region, role=Role.DRIVER).user
    second.force_login(other)
    page = first.get(reverse("logistics:pass_on", args=[tour.pk]))
    address = page.context["address"]
    assert "Tour weitergeben" in page.content.decode()
    assert "Ab hier fahre ich" in second.get(address).content.decode()
    assert second.post(address).status_code == 302
    assert second.get(reverse("logistics:tour", args=[tour.pk])).status_code == 200
    assert first.get(reverse("logistics:tour", args=[tour.pk])).status_code == 404
    assert second.get(address).status_code == 410
