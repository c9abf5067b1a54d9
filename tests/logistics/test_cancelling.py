"""A round cancelled late, a cut-off that is moved, and two of the office at once: everybody is told once, nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from logistics import cancellation_mails, rescheduling, rescheduling_mails, reservations, rounds, tours
from logistics.models import Collection, Delivery, DeliveryRound, Reservation, Tour
from logistics.rescheduling import NotRescheduled
from logistics.rounds import RoundClosed
from marketplace.order import mails
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from tests.factories import ground, orders
from tests.factories.market import NOW, UserFactory, VehicleFactory
from tests.logistics.market import CLOSING, Market
from tests.logistics.test_races import at_once

HOUR = timedelta(hours=1)


def late(market: Market) -> Any:
    """An order of a limited article in a round that has closed."""
    honey = market.product(offer__stock_kind="limited", offer__num_in_stock=20)
    market.order((honey, 3))
    market.close()
    return honey


@pytest.mark.django_db
def test_a_closed_round_is_cancelled_with_stock_places_and_collections() -> None:
    market = Market()
    honey = late(market)
    record = StockRecord.objects.get(product=honey)
    assert (record.num_in_stock, record.num_allocated) == (17, 0)
    assert rescheduling.cancel(delivery_round=market.round, reason="Glatteis", at=CLOSING + HOUR, by=None) == 1
    record.refresh_from_db()
    market.window.refresh_from_db()
    market.round.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated, market.window.taken) == (20, 0, 0)
    assert (market.round.status, Order.objects.get().status, Delivery.objects.get().status) == ("cancelled",) * 3
    assert Collection.objects.get().status == "called_off"
    with pytest.raises(NotRescheduled):
        rescheduling.cancel(delivery_round=market.round, reason="Glatteis", at=CLOSING + HOUR, by=None)
    record.refresh_from_db()
    assert record.num_in_stock == 20


@pytest.mark.django_db
def test_farms_and_drivers_are_told_once_and_planned_tours_go() -> None:
    market = Market()
    driver = UserFactory.create(email="fahrer@markt.example")
    VehicleFactory.create(region=market.region, capacity_crates=40, driver=driver)
    late(market)
    tours.plan(delivery_round=market.round, at=CLOSING)
    assert Tour.objects.filter(driver=driver).exists()
    rescheduling.cancel(delivery_round=market.round, reason="Glatteis", at=CLOSING + HOUR, by=None)
    assert not Tour.objects.exists()
    due = cancellation_mails.untold(at=CLOSING + HOUR)
    assert sorted(one.kind for one in due) == ["driver", "farm"]
    assert [cancellation_mails.tell(notice=one, at=CLOSING + HOUR) for one in due] == [True, True]
    assert [cancellation_mails.tell(notice=one, at=CLOSING + HOUR) for one in due] == [False, False]
    assert {message.to[0] for message in mail.outbox} >= {"fahrer@markt.example"}
    assert all("Glatteis" in message.body and "fällt aus" in message.subject for message in mail.outbox)
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_customers_of_a_round_cancelled_late_are_told() -> None:
    market = Market()
    late(market)
    Order.objects.update(guest_email="femke@kunde.example")
    rescheduling.cancel(delivery_round=market.round, reason="Glatteis", at=CLOSING + HOUR, by=None)
    (due,) = mails.untold_cancellations(at=CLOSING + HOUR)
    assert mails.send_cancellation(order_id=due, at=CLOSING + HOUR)
    assert "Glatteis" in mail.outbox[-1].body
    assert not mails.send_cancellation(order_id=due, at=CLOSING + HOUR)


@pytest.mark.django_db
def test_once_a_vehicle_has_started_it_is_too_late() -> None:
    market = Market()
    VehicleFactory.create(region=market.region, capacity_crates=40)
    late(market)
    tours.plan(delivery_round=market.round, at=CLOSING)
    assert Tour.objects.update(status=Tour.Status.UNDER_WAY)
    with pytest.raises(NotRescheduled, match="schon unterwegs"):
        rescheduling.cancel(delivery_round=market.round, reason="Glatteis", at=CLOSING + HOUR, by=None)
    assert Order.objects.get().status == "closed"


@pytest.mark.django_db
def test_an_earlier_cut_off_shortens_what_is_kept_and_tells_who_has_ordered() -> None:
    till = orders.till()
    wanted = {line.stockrecord_id: line.quantity for line in till.basket.lines.all()}
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted, at=NOW)
    soon = NOW + timedelta(minutes=2)
    rescheduling.set_cutoff(delivery_round=till.window.round, to=soon, at=NOW, by=None)
    assert Reservation.objects.get().expires_at == min(soon + rounds.GRACE, NOW + reservations.LENGTH)
    with pytest.raises(RoundClosed, match=r"wurde auf .* verlegt"), transaction.atomic():
        rounds.hold_open(round_id=till.window.round_id, at=soon)


@pytest.mark.django_db
def test_who_has_ordered_is_told_of_an_earlier_cut_off_once() -> None:
    market = Market()
    market.order((market.product(), 1))
    Order.objects.update(guest_email="femke@kunde.example")
    before = market.round.cutoff_at
    rescheduling.set_cutoff(delivery_round=market.round, to=before + HOUR, at=NOW, by=None)
    assert rescheduling_mails.untold_cutoffs(at=NOW) == []  # later: nothing is lost
    rescheduling.set_cutoff(delivery_round=market.round, to=before - HOUR, at=NOW, by=None)
    (due,) = rescheduling_mails.untold_cutoffs(at=NOW)
    assert rescheduling_mails.tell_cutoff(order_id=due, at=NOW)
    assert not rescheduling_mails.tell_cutoff(order_id=due, at=NOW)
    assert "17:00 Uhr" in mail.outbox[-1].body


@pytest.mark.django_db
def test_a_cut_off_that_was_set_stays_whatever_the_plan_says() -> None:
    market = Market()
    to = market.round.cutoff_at - HOUR
    rescheduling.set_cutoff(delivery_round=market.round, to=to, at=NOW, by=None)
    rounds.announce(rule=market.round.rule, today=NOW.date())
    market.round.refresh_from_db()
    assert market.round.cutoff_at == to


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "words"), [(-100_000, "Zukunft"), (48, "vor der Anlieferung")])
def test_a_cut_off_that_makes_no_sense_is_refused(hours: int, words: str) -> None:
    market = Market()
    with pytest.raises(NotRescheduled, match=words):
        rescheduling.set_cutoff(delivery_round=market.round, to=market.round.cutoff_at + timedelta(hours=hours), at=NOW, by=None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_of_the_office_at_once_the_second_is_told() -> None:
    ground.lay()
    market = Market()
    seen, to = market.round.delivery_day, market.round.delivery_day + timedelta(days=1)
    with transaction.atomic():
        market.order((market.product(), 1))

    def act(mine: int) -> str:
        told: dict[str, Any] = {"delivery_round": DeliveryRound.objects.get(pk=market.round.pk), "at": NOW, "by": None}
        try:
            rescheduling.move(**told, to=to + timedelta(days=mine), reason="Sturm", seen=seen)
        except NotRescheduled as refusal:
            return "told" if "gerade schon auf" in str(refusal) else str(refusal)
        return "moved"

    assert at_once(3, act) == ["moved", "told", "told"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_buyers_and_a_cut_off_that_moves_before_them() -> None:
    """Whoever holds the round open is in it; whoever comes later is told that the end was moved."""
    ground.lay()
    market = Market()
    honey = market.product()

    def act(mine: int) -> str:
        if mine == 0:
            rescheduling.set_cutoff(delivery_round=market.round, to=NOW + HOUR, at=NOW, by=None)
            return "moved"
        try:
            with transaction.atomic():
                rounds.hold_open(round_id=market.round.pk, at=NOW + 2 * HOUR)
                market.order((honey, 1), at=NOW + 2 * HOUR)
        except RoundClosed as refusal:
            return "told" if "verlegt" in str(refusal) else str(refusal)
        return "ordered"

    told = at_once(7, act)
    assert told.count("ordered") + told.count("told") == 6
    assert Delivery.objects.count() == told.count("ordered")


@pytest.mark.django_db
def test_a_farm_reads_why_it_has_nothing_to_pack(client: Client) -> None:
    market = Market()
    late(market)
    partner = Collection.objects.get().partner
    farmer = UserFactory.create()
    partner.users.add(farmer)
    rescheduling.cancel(delivery_round=market.round, reason="Glatteis", at=CLOSING + HOUR, by=None)
    client.force_login(farmer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/betrieb/runde/{market.round.pk}/")
    assert page.status_code == 200
    assert "findet nicht statt: Glatteis" in page.content.decode()
