"""A customer at the till: a basket in an open round, and everything that placing an order is told."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from logistics.models import DeliveryWindow
from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.catalogue.models import Product
from marketplace.checkout import placement
from marketplace.checkout.contact import Contact
from marketplace.order.models import Order
from marketplace.regions.models import Municipality, Region
from tests.factories.market import (
    NOW,
    MunicipalityFactory,
    PartnerFactory,
    ProductFactory,
    RegionFactory,
    RoundFactory,
    RoundRuleFactory,
    WindowFactory,
)

TERMS = {"terms": {"version": "1", "text": "Allgemeine Geschäftsbedingungen"}, "withdrawal": {"version": "1", "text": "Widerruf"}}


@dataclass(frozen=True)
class Till:
    """All that `placement.place` wants to know; `having` gives a variant."""

    region: Region
    village: Municipality
    window: DeliveryWindow
    basket: Basket
    products: tuple[Product, ...]
    contact: Contact
    user: Any = field(default_factory=AnonymousUser)
    payment: str = "handover"
    at: datetime = NOW
    terms: dict[str, Any] = field(default_factory=lambda: dict(TERMS))
    age_confirmed: bool = False
    fingerprint: str = ""
    second_wanted: tuple[int, ...] | None = None

    def having(self, **other: Any) -> "Till":
        """The same till with something else."""
        return replace(self, **other)

    def place(self) -> Order:
        """Order what is in the basket, as it is now unless a fingerprint was set."""
        return placement.place(
            basket=self.basket,
            window_id=self.window.pk,
            contact=self.contact,
            payment=self.payment,
            fingerprint=self.fingerprint or baskets.contents(basket=self.basket).fingerprint,
            user=self.user,
            at=self.at,
            terms_accepted=self.terms,
            age_confirmed=self.age_confirmed,
            second_wanted=self.second_wanted,
        )


def contact_in(village: Municipality) -> Contact:
    """A household at its own door."""
    return Contact(
        first_name="Grete",
        last_name="Beispiel",
        email="grete@post.example",
        phone="+49 4356 000111",
        street="Dorfstraße 7",
        postal_code=village.postal_codes[0],
        city=village.name,
        municipality=village,
    )


def filled_basket(*, region: Region, owner: Any = None, wanted: dict[Product, int]) -> Basket:
    """A stored basket with these articles."""
    basket: Basket = Basket.objects.create(region=region, owner=owner)
    for product, quantity in wanted.items():
        baskets.add(basket=basket, product=product, quantity=quantity)
    return basket


def market_day(*, region: Region | None = None, capacity: int = 10) -> tuple[Municipality, DeliveryWindow]:
    """A village and a window at home in the open round."""
    region = region or RegionFactory.create()
    village = MunicipalityFactory.create(region=region, name="Haby", postal_codes=["24361"])
    delivery_round = RoundFactory.create(rule=RoundRuleFactory.create(region=region))
    return village, WindowFactory.create(round=delivery_round, capacity=capacity)


def till(*, quantities: tuple[int, ...] = (2, 1, 3), owner: Any = None, **offer: Any) -> Till:
    """A guest (or `owner`) with three articles of two producers; `offer` sets terms of every article's offer."""
    village, window = market_day()
    first, second = PartnerFactory.create_batch(2, municipality=village)
    given = {f"offer__{name}": value for name, value in offer.items()}
    products = tuple(ProductFactory.create(partner=second if index == 1 else first, **given) for index in range(len(quantities)))
    basket = filled_basket(region=village.region, owner=owner, wanted=dict(zip(products, quantities, strict=True)))
    user = {"user": owner} if owner else {}
    return Till(
        region=village.region,
        village=village,
        window=window,
        basket=basket,
        products=products,
        contact=contact_in(village),
        **user,
    )
