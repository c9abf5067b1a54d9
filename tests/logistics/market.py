"""Orders with a place in a round, made through the functions that checkout calls."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from logistics import deliveries, packing, rounds, stock
from logistics.models import Collection, Delivery, DeliveryRound, DeliveryWindow
from marketplace.catalogue.models import Product
from marketplace.order.models import Line, Order
from marketplace.regions.models import Municipality, Region
from tests.factories.market import (
    NOW,
    MunicipalityFactory,
    PartnerFactory,
    ProductFactory,
    RoundFactory,
    RoundRuleFactory,
    WindowFactory,
)

numbers = count(1)
CLOSING = NOW + timedelta(days=2, hours=7)
PACKING = CLOSING + timedelta(hours=12)
DAY = NOW + timedelta(days=4)


@dataclass
class Market:
    """One region with an open round and a window at home."""

    region: Region = field(init=False)
    village: Municipality = field(init=False)
    round: DeliveryRound = field(init=False)
    window: DeliveryWindow = field(init=False)

    def __post_init__(self) -> None:
        self.village = MunicipalityFactory.create()
        self.region = self.village.region
        self.round = RoundFactory.create(rule=RoundRuleFactory.create(region=self.region))
        self.window = WindowFactory.create(round=self.round, capacity=200)

    def product(self, **given: Any) -> Product:
        """An article of a producer of the region; `partner=` one that exists."""
        partner = given.pop("partner", None) or PartnerFactory.create(municipality=self.village)
        return ProductFactory.create(partner=partner, **given)

    def order(self, *goods: tuple[Product, int], at: datetime = NOW, **given: Any) -> Delivery:
        """An order of so many of each article; `given` goes to the booking."""
        number = next(numbers)
        window = given.pop("window", self.window)
        order = Order.objects.create(
            number=f"TEST-{number:04}",
            region=self.region,
            first_name=given.pop("first_name", "Femke"),
            last_name="Beispiel",
            date_placed=at,
            total_incl_tax=Decimal("10.00"),
            total_excl_tax=Decimal("9.00"),
            goods_total=Decimal("10.00"),
        )
        for product, quantity in goods:
            order_line(order, product, quantity)
            stock.take(delivery_round=self.round, stockrecord=product.stockrecords.get(), quantity=quantity)
        ages = [product.age_limit for product, _quantity in goods if product.age_limit]
        terms = {
            "kind": Delivery.Kind.PICKUP if window.pickup_point_id else Delivery.Kind.HOME,
            "recipient": "Femke Beispiel",
            "street": "Feldweg 1",
            "postal_code": "24361",
            "city": "Haby",
            "municipality": self.village,
            "latitude": 54.40 + number % 20 / 500,
            "longitude": 9.75 + number % 7 / 200,
            "phone": "+49 4356 000009",
            "note": "",
            "needs_age_check": max(ages, default=None),
            "at": at,
        }
        with transaction.atomic():
            return deliveries.book(order=order, window=window, **(terms | given))

    def close(self) -> None:
        """The round closes at its cut-off."""
        rounds.close(delivery_round=self.round, at=CLOSING)
        self.round.refresh_from_db()

    def pack(self) -> None:
        """Everybody packs what was ordered, catch weight as expected."""
        for collection in Collection.objects.filter(round=self.round, status=Collection.Status.OPEN).order_by("pk"):
            for line in packing.lines_of(collection=collection):
                expected = line.order_line.expected_weight_g
                weight = expected * line.expected if expected and line.order_line.catch_weight else None
                packing.record(packed_line=line, quantity=line.expected, weight_g=weight, at=PACKING, by=None)
            packing.finish(collection=collection, crates=max(1, collection.crates), cold_crates=0, at=PACKING, by=None)


def order_line(order: Order, product: Product, quantity: int) -> Line:
    """The article's terms, copied as checkout copies them."""
    record = product.stockrecords.get()
    total = (record.price or Decimal(0)) * quantity
    line: Line = Line.objects.create(
        order=order,
        partner=product.partner,
        partner_name=product.partner.name,
        partner_sku=record.partner_sku,
        stockrecord=record,
        product=product,
        title=product.title,
        quantity=quantity,
        num_allocated=0,
        unit_price_incl_tax=record.price,
        line_price_incl_tax=total,
        line_price_excl_tax=total,
        line_price_before_discounts_incl_tax=total,
        line_price_before_discounts_excl_tax=total,
        sales_unit=product.sales_unit,
        vat_category=product.vat_category,
        vat_rate=Decimal("7.00"),
        deposit_each=product.deposit,
        catch_weight=product.catch_weight,
        expected_weight_g=product.expected_weight_g,
        tolerance_percent=product.tolerance_percent,
        price_per_kg=record.price_per_kg,
        storage=product.storage,
        age_limit=product.age_limit,
        volume_ml=product.volume_ml,
    )
    return line
