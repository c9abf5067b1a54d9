"""Goods at a pickup point that somebody looks after."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from logistics import driving, pickup_hosts, rounds
from logistics.models import (
    Collection,
    Delivery,
    DeliveryRound,
    DeliveryWindow,
    PickupPoint,
    Stop,
    Tour,
    Vehicle,
)
from marketplace.catalogue.models import Product
from marketplace.users.models import User
from tests.factories.market import NOW, PickupPointFactory, UserFactory, VehicleFactory, WindowFactory, local
from tests.logistics.market import Market


class Shop:
    """A village shop in a round, with a host, and goods of one producer for whoever orders."""

    def __init__(self, *, hosted: bool = True) -> None:
        self.market = Market()
        self.point: PickupPoint = PickupPointFactory.create(municipality=self.market.village, name="Dorfladen", slug="dorfladen")
        self.window: DeliveryWindow = WindowFactory.create(round=self.market.round, pickup_point=self.point)
        self.host: User = UserFactory.create(email="wirtin@dorf.example")
        self.honey = self.market.product(title="Rapshonig")
        self.cheese = self.market.product(partner=self.honey.partner, title="Frischkäse", storage=Product.Storage.COOL)
        if hosted:
            invited = pickup_hosts.invite(pickup_point=self.point, email=self.host.email, at=NOW, by=None)
            pickup_hosts.accept(host=invited, user=self.host, at=NOW)

    def order(self, *goods: tuple[Product, int], **given: Any) -> Delivery:
        """Something to be fetched there."""
        return self.market.order(*(goods or ((self.honey, 2),)), window=self.window, **given)

    def at(self, hour: int, minute: int = 0) -> datetime:
        """A moment of the delivery day."""
        return local(self.market.round.delivery_day, time(hour, minute))

    def bring(self) -> Stop:
        """Close, pack, plan, and drive to the shop, which is reached at noon."""
        self.pack_and_plan()
        for stop in Stop.objects.filter(tour__wave=Tour.Wave.COLLECT).order_by("sequence"):
            self.report(stop, driving.Kind.COLLECTED, self.at(8))
        stop = Stop.objects.get(kind=Stop.Kind.PICKUP)
        self.report(stop, driving.Kind.DELIVERED, self.at(12))
        return stop

    def pack_and_plan(self) -> None:
        """Up to the morning of the delivery day: one van fetches at the farms, and brings everything to the shop by noon."""
        self.market.close()
        self.market.pack()
        van = VehicleFactory.create(region=self.market.region)
        collect = self._tour(van, Tour.Wave.COLLECT, 7)
        for number, collection in enumerate(Collection.objects.filter(round=self.market.round).order_by("pk"), start=1):
            collection.stop = self._stop(collect, number, Stop.Kind.COLLECT, 7, 30)
            collection.save()
        deliver = self._tour(van, Tour.Wave.DELIVER, 11)
        Delivery.objects.filter(window=self.window).update(stop=self._stop(deliver, 1, Stop.Kind.PICKUP, 11, 50))
        for number, delivery in enumerate(Delivery.objects.filter(stop=None).order_by("pk"), start=2):
            delivery.stop = self._stop(deliver, number, Stop.Kind.DELIVER, 12, 10 * number)
            delivery.save()
        rounds.step(self.market.round, to=DeliveryRound.Status.PLANNED, at=self.at(5), by=None)

    def _tour(self, van: Vehicle, wave: str, hour: int) -> Tour:
        return Tour.objects.create(
            round=self.market.round,
            vehicle=van,
            wave=wave,
            starts_at=self.at(hour),
            ends_at=self.at(hour + 2),
            distance_m=20_000,
        )

    def _stop(self, tour: Tour, number: int, kind: str, hour: int, minute: int) -> Stop:
        return Stop.objects.create(
            tour=tour,
            sequence=number,
            kind=kind,
            name="Halt",
            address="Dorfstraße 2, 24358 Ascheffel",
            latitude=54.43,
            longitude=9.7,
            planned_arrival=self.at(hour, minute),
            planned_departure=self.at(hour, minute + 5),
        )

    def report(self, stop: Stop, kind: str, at: datetime, **data: Any) -> None:
        """What the driver says."""
        driving.report(stop=stop, uuid=uuid4(), kind=kind, reported_at=at, received_at=at, by=None, data=data)
