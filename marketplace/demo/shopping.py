"""Lets the customers of the demo order, through basket and checkout like everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.auth.models import AnonymousUser

from billing.models import OrderTerms
from logistics import daytime, orderable, stock
from logistics import goods as suitable
from logistics.models import DeliveryRound, DeliveryWindow
from marketplace.basket import baskets
from marketplace.basket.baskets import NotAdded
from marketplace.catalogue.models import Product
from marketplace.checkout import legal, placement, proposal
from marketplace.checkout.contact import Contact
from marketplace.checkout.placement import Refused
from marketplace.demo import appetite, giveaways, presents, telephone
from marketplace.demo.appetite import Offer
from marketplace.demo.market import Customer
from marketplace.desk import taking
from marketplace.desk.models import Caller
from marketplace.order import mails
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User
from marketplace.vouchers.standing import Person

Method = OrderTerms.Method
Kind = StockRecord.StockKind
NOTES = (
    "Bitte klingeln, der Hund ist nur laut.",
    "Gern in den Schuppen stellen.",
    "Hintereingang, bitte.",
    "Leergut steht vor der Tür.",
)


@dataclass(frozen=True)
class Shopper:
    """A customer with all that the checkout asks for."""

    customer: Customer
    region: Region
    village: Municipality
    user: User | None
    on_account: bool

    @property
    def usual_payment(self) -> str:
        """The account, or what a throw of dice once settled."""
        if self.on_account:
            return str(Method.ACCOUNT)
        dice = Random(f"{self.customer.slug}:payment")  # noqa: S311 - dice, not secrets
        return str(Method.HANDOVER if dice.random() < 0.6 else Method.TRANSFER)


@dataclass
class Shelf:
    """The goods of a region, read once; their stock is asked for each order."""

    region: Region
    goods: dict[int, tuple[Product, StockRecord, str]] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)
    _orderable: dict[tuple[int, date], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, *, region: Region) -> "Shelf":
        """Everything on show, with producer, offer and shelf."""
        rows = Product.objects.on_show(region).select_related("partner__municipality")
        rows = rows.prefetch_related("stockrecords", "categories").order_by("pk")
        goods = {row.pk: (row, row.stockrecords.all()[0], row.categories.all()[0].slug) for row in rows}
        return cls(region=region, goods=goods, terms=legal.texts(region=region))

    def offers(self, *, delivery_round: DeliveryRound, at: datetime) -> list[Offer]:
        """What can be ordered for the round at that moment, and how much of it. Two queries."""
        today = at.astimezone(daytime.ZONE).date()
        keys = self._orderable.get((delivery_round.pk, today))
        if keys is None:
            there = {pk: product for pk, (product, *_rest) in self.goods.items() if product.date_created <= at}
            keys = [pk for pk, product in there.items() if not _hindered(product, delivery_round, at)]
            self._orderable[delivery_round.pk, today] = keys
        limited = [record.pk for _product, record, _category in self.goods.values() if record.stock_kind == Kind.LIMITED]
        fresh = StockRecord.objects.in_bulk(limited)
        chosen = [self.goods[pk] for pk in keys]
        goods = [(product, fresh.get(record.pk, record), category) for product, record, category in chosen]
        left = stock.available_in(delivery_round=delivery_round, stockrecords=[record for _product, record, _category in goods])
        return [
            Offer(
                key=product.pk,
                category=category,
                price=record.price or Decimal(0),
                least=product.minimum_quantity,
                left=left[record.pk],
                weighed=product.catch_weight,
            )
            for product, record, category in goods
        ]


def order(
    *,
    shopper: Shopper,
    shelf: Shelf,
    delivery_round: DeliveryRound,
    windows: Sequence[DeliveryWindow],
    at: datetime,
    dice: Random,
    taken_by: User | None = None,
) -> Order | None:
    """Fill a basket and order it. None when there was nothing to like, no place, or the market refused.

    `taken_by` is who of the office takes it down for somebody who calls.
    """
    window = _window(shopper, windows, dice)
    if window is None:
        return None
    minimum = max([delivery_round.rule.minimum_order, *(Decimal(area["minimum"]) for area in delivery_round.areas)])
    offers = shelf.offers(delivery_round=delivery_round, at=at)
    offers = [offer for offer in offers if _keeps(window, shelf.goods[offer.key][0], delivery_round.delivery_day)]
    wanted = appetite.choose(customer=shopper.customer, offers=offers, dice=dice, minimum=minimum)
    if not wanted:
        return None
    user = shopper.user or AnonymousUser()
    caller = _caller(shopper, at) if taken_by else None
    basket = taking.keep_basket(caller=caller) if caller else baskets.for_visitor(user=user, region=shopper.region)
    basket = baskets.keep(basket=basket)
    try:
        for key, quantity in wanted.items():
            baskets.add(basket=basket, product=shelf.goods[key][0], quantity=quantity)
        known = Person(user_id=user.pk)
        redeemed = giveaways.try_one(basket=basket, user=shopper.user, at=at, dice=dice)
        seen = proposal.draw_up(basket=basket, window_id=window.pk, at=at, person=known) if redeemed else None
        told: dict[str, Any] = {
            "basket": basket,
            "window_id": window.pk,
            "payment": shopper.usual_payment,
            "fingerprint": seen.fingerprint if seen else baskets.contents(basket=basket).fingerprint,
            "at": at,
            "terms_accepted": shelf.terms,
            "age_confirmed": True,
        }
        if caller and taken_by:
            return telephone.take_down(caller=caller, by=taken_by, **told)
        contact = _contact(shopper, window, dice)
        if shopper.usual_payment != Method.HANDOVER:
            contact = replace(contact, gift=presents.given(customer=shopper.customer, at=at))
        placed = placement.place(contact=contact, user=user, **told)
    except (NotAdded, Refused):
        for line in basket.lines.all():
            baskets.change(line=line, quantity=0)
        giveaways.forget(basket=basket)
        return None
    mails.mark_confirmed(orders=[placed.pk], at=at + timedelta(seconds=20))
    return placed


def _caller(shopper: Shopper, at: datetime) -> Caller:
    return telephone.card_of(customer=shopper.customer, region=shopper.region, village=shopper.village, at=at)


def _keeps(window: DeliveryWindow, product: Product, today: date) -> bool:
    """Chilled goods do not wait where it is warm, and only its own are fetched at a farm."""
    return not suitable.hindrance(goods=suitable.of_products(products=[product], today=today), window=window)


def _hindered(product: Product, delivery_round: DeliveryRound, at: datetime) -> bool:
    return bool(orderable.hindrance(product=product, partner=product.partner, delivery_round=delivery_round, at=at))


def _window(shopper: Shopper, windows: Sequence[DeliveryWindow], dice: Random) -> DeliveryWindow | None:
    """The pickup point of the customer, or a time at the door; kitchens want theirs early. Where only a farm is open: there."""
    point = shopper.customer.pickup_point
    at_point = [window for window in windows if window.pickup_point and window.pickup_point.slug == point]
    at_home = [window for window in windows if window.place is None]
    at_farm = [window for window in windows if window.partner_id is not None]
    usual = at_point if shopper.customer.delivery == "pickup" else at_home
    open_ones = [window for window in (at_farm if len(at_farm) == len(windows) else usual) if window.free > 0]
    if not open_ones:
        return None
    if shopper.on_account:
        return min(open_ones, key=lambda window: window.starts_at)
    return dice.choice(open_ones)


def _contact(shopper: Shopper, window: DeliveryWindow, dice: Random) -> Contact:
    customer = shopper.customer
    person: dict[str, Any] = {
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "phone": customer.phone,
        "company": customer.company,
    }
    if window.place is not None:
        return Contact(**person)
    return Contact(
        **person,
        note=dice.choice(NOTES) if dice.random() < 0.12 else "",
        street=customer.street,
        postal_code=customer.postal_code,
        city=customer.city,
        municipality=shopper.village,
        latitude=customer.lat,
        longitude=customer.lon,
    )
