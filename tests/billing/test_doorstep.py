"""Money at the door is booked from the driver's report, once."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from billing import doorstep, payments
from billing.models import Payment
from logistics.models import Delivery, Stop, StopEvent, Tour
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, deliver, item
from tests.factories.market import VehicleFactory

pytestmark = pytest.mark.django_db


def _reported(delivery: Delivery, paid: str, *, named: bool = True) -> None:
    """What the driver's phone sends at the handover; for a whole stop it names no delivery."""
    at = delivery.completed_at or AT
    tour = Tour.objects.create(
        round=delivery.round,
        vehicle=VehicleFactory.create(region=delivery.round.region),
        wave=Tour.Wave.DELIVER,
        starts_at=at,
        ends_at=at,
        distance_m=1000,
    )
    stop = Stop.objects.create(
        tour=tour,
        sequence=1,
        kind="deliver",
        name="Petersen",
        address="Haby",
        latitude=54.4,
        longitude=9.8,
        planned_arrival=at,
        planned_departure=at,
    )
    Delivery.objects.filter(pk=delivery.pk).update(stop=stop)
    told = {"delivery": delivery.pk, "paid": paid} if named else {"paid": paid}
    StopEvent.objects.create(uuid=uuid4(), stop=stop, kind="delivered", reported_at=at, received_at=at, data=told)


def test_book_takes_what_the_driver_reported_once(farm: Partner) -> None:
    delivery = deliver(item(farm, price="4.90", quantity=2), region=farm.region, method="handover", fee="3.90")
    _reported(delivery, "cash")
    assert (doorstep.book(at=AT), doorstep.book(at=AT + timedelta(hours=1))) == (1, 0)
    booked = Payment.objects.get()
    assert (booked.amount, booked.method, booked.received_on) == (Decimal("13.70"), "cash", DAY)
    assert payments.open_amount(delivery=delivery) == 0


def test_book_takes_what_was_reported_of_the_whole_stop(farm: Partner) -> None:
    delivery = deliver(item(farm, price="4.90", quantity=1), region=farm.region, method="handover")
    other = deliver(item(farm, price="4.90", quantity=1), region=farm.region, method="handover", at=AT - timedelta(days=9))
    _reported(delivery, "card", named=False)
    Delivery.objects.filter(pk=other.pk).update(stop=Delivery.objects.get(pk=delivery.pk).stop)  # handed over at another time
    assert doorstep.book(at=AT) == 1
    assert (payments.open_amount(delivery=delivery), payments.open_amount(delivery=other)) == (Decimal(0), Decimal("4.90"))


def test_book_leaves_open_what_no_driver_reported(farm: Partner) -> None:
    deliver(item(farm, price="4.90", quantity=1), region=farm.region, method="handover")
    assert doorstep.book(at=AT) == 0
    assert payments.open_handovers(region=farm.region).count() == 1
