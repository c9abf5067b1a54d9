"""Decides what an order would be after a change, before anything is changed: its articles at their prices, in its window.

Pieces that were agreed keep their price and their terms, whatever the producer has changed since. Further pieces of the same
article cost what they cost today; as long as that is the same, they join the line, otherwise they get a line of their own. Who
wants fewer gives back what was added last.
"""

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from logistics import daytime, leeway, rounds, spaces
from logistics.models import Delivery, DeliveryRound
from marketplace.assortments import sights
from marketplace.assortments.precedence import EVERYTHING
from marketplace.basket import baskets
from marketplace.basket.models import Line as Wish
from marketplace.catalogue.models import Product
from marketplace.checkout import proposal
from marketplace.checkout.contact import Contact
from marketplace.checkout.gifts import Gift
from marketplace.checkout.holdings import Held
from marketplace.checkout.proposal import Proposal
from marketplace.core import wording
from marketplace.order.models import Line, Order
from marketplace.partner.models import StockRecord
from marketplace.vouchers import selection
from marketplace.vouchers.selection import Chosen
from marketplace.vouchers.standing import Person


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the customer wants the order to be. `revision` is the one that he saw; `wanted` holds all pieces, by product.

    `added` of them come out of his basket; `payment` is one of `OrderTerms.Method`; `offer` is the entry of the waiting list
    that keeps a place in the window for him. `wishes` are, by product, what to do when an article is missing, and the note to
    its farm, where they are new.
    """

    revision: int
    wanted: Mapping[int, int]
    window_id: int
    contact: Contact
    payment: str
    added: Mapping[int, int] = field(default_factory=dict)
    offer: int | None = None
    wishes: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def as_it_stands(*, order: Order) -> Change:
    """The order as it is, as a change that changes nothing. Needs delivery and terms at hand."""
    return Change(
        revision=order.revision,
        wanted=pieces(lines=_lines(order)),
        window_id=order.delivery.window_id,
        contact=contact_of(order=order),
        payment=order.terms.method,
    )


def contact_of(*, order: Order) -> Contact:
    """Who ordered and where the goods go now; of a pickup point there is no address of the customer's."""
    delivery = order.delivery
    home = delivery.kind == Delivery.Kind.HOME
    return Contact(
        first_name=order.first_name,
        last_name=order.last_name,
        email=order.email,
        phone=order.phone,
        company=order.company,
        note=order.note,
        street=delivery.street if home else "",
        postal_code=delivery.postal_code if home else "",
        city=delivery.city if home else "",
        municipality=delivery.municipality if home else None,
        latitude=delivery.latitude if home else None,
        longitude=delivery.longitude if home else None,
        by_telephone=order.channel == Order.Channel.PHONE,
        letters_to=(order.billing_street, order.billing_postal_code, order.billing_city),
        gift=_gift(order) if order.is_gift else None,
    )


def _gift(order: Order) -> Gift:
    phone = order.delivery.phone
    return Gift(
        recipient=order.delivery.recipient,
        phone="" if phone == order.phone else phone,
        greeting=order.gift_message,
        street=order.billing_street,
        postal_code=order.billing_postal_code,
        city=order.billing_city,
    )


def hindrance(
    *, order: Order, delivery_round: DeliveryRound, at: datetime, began_at: datetime | None = None, by_market: bool = False
) -> str:
    """Why the order cannot be changed, or not by its customer; "" as long as it can.

    `by_market`: the office does it, for whom it does not count what customers may do themselves.
    """
    moment = rounds.moment_for(delivery_round=delivery_round, at=at, began_at=began_at)
    if order.status == Order.Status.CANCELLED:
        return _("This order has been cancelled, so it can no longer be changed.")
    is_open = order.status == Order.Status.PLACED and delivery_round.status == DeliveryRound.Status.OPEN
    if is_open and moment < delivery_round.cutoff_at:
        return "" if by_market else leeway.refusal_to_change(delivery_round=delivery_round, region=order.region)
    cutoff = delivery_round.cutoff_at
    return _("This order could be changed until %(day)s, %(clock)s. The producers are preparing it now.") % {
        "day": wording.weekday_date(daytime.day_of(cutoff)),
        "clock": wording.clock(cutoff.astimezone(daytime.ZONE)),
    }


def propose(
    *, order: Order, change: Change, at: datetime, began_at: datetime | None = None, basket_id: int | None = None
) -> Proposal:
    """What the order would be. Each line's `line.line_reference` names the order line that it continues; "" is a new one.

    Own stock and the own place count as free. Articles that the market does not know are left out, and so are those which this
    customer does not see and never had: nobody learns of their titles here.
    """
    lines = _lines(order)
    wishes = _wishes(order=order, lines=lines, change=change, basket_id=basket_id)
    marked = any(wish.product.assortments for wish in wishes)
    sight = sights.of_order(region=order.region, order_id=order.pk, user_id=order.user_id) if marked else EVERYTHING
    unknown = {wish.product.pk for wish in wishes if not sight.sees(wish.product.assortments)} - {
        line.product_id for line in lines
    }
    if unknown and basket_id:
        unknown -= set(Wish.objects.filter(basket_id=basket_id, product__in=unknown).values_list("product_id", flat=True))
    contents = baskets.of_lines(lines=[wish for wish in wishes if wish.product.pk not in unknown])
    return proposal.of_contents(
        contents=contents,
        window_id=change.window_id,
        region_id=order.region_id,
        at=at,
        began_at=began_at,
        held=replace(held_by(order=order, lines=lines), offered=change.window_id if change.offer else None),
        chosen=_vouchers(order=order, basket_id=basket_id),
        person=Person(user_id=order.user_id),
        door=change.contact.door,
        sight=sight,
    )


def _vouchers(*, order: Order, basket_id: int | None) -> list[Chosen]:
    """Those that the order has been given, and those of the basket that goes into it."""
    kept = selection.of_order(order=order)
    known = {one.terms.pk for one in kept}
    return kept + [one for one in selection.of_basket(basket_id=basket_id) if one.terms.pk not in known]


def held_by(*, order: Order, lines: Sequence[Line]) -> Held:
    """What the order holds in its round."""
    stock: Counter[int] = Counter()
    for line in lines:
        if line.stockrecord_id is not None:
            stock[line.stockrecord_id] += line.quantity
    return Held(
        round_id=order.delivery.round_id,
        window_id=order.delivery.window_id,
        stock=stock,
        agreed=pieces(lines=lines),
        goods=order.goods_total,
        age_limit=order.delivery.needs_age_check or 0,
        room=spaces.of_delivery(delivery=order.delivery),
    )


def pieces(*, lines: Sequence[Line]) -> dict[int, int]:
    """Pieces by product; an article may stand in an order at two prices."""
    found: Counter[int] = Counter()
    for line in lines:
        if line.product_id is not None:
            found[line.product_id] += line.quantity
    return dict(found)


def _lines(order: Order) -> list[Line]:
    return sorted(order.lines.all(), key=lambda line: line.pk)


def _wishes(*, order: Order, lines: Sequence[Line], change: Change, basket_id: int | None) -> list[Wish]:
    """Basket lines that are never stored: with agreed terms for what was agreed, with today's for the rest."""
    wanted = {pk: quantity for pk, quantity in change.wanted.items() if quantity > 0}
    offers = _offers(order=order, product_ids=wanted)
    told = {wish.product_id: wish for wish in Wish.objects.filter(basket_id=basket_id, product__in=wanted)} if basket_id else {}
    found: list[Wish] = []
    for product_id, quantity in wanted.items():
        offer = offers.get(product_id)
        if offer is None:
            continue
        mine = [line for line in lines if line.product_id == product_id]
        found += _of_article(lines=mine, offer=offer, quantity=quantity, told=told.get(product_id))
    for wish in found:
        wish.substitution, wish.note = change.wishes.get(wish.product_id, (wish.substitution, wish.note))
    return found


def _of_article(*, lines: Sequence[Line], offer: StockRecord, quantity: int, told: Wish | None) -> list[Wish]:
    found, left = [], quantity
    for line in lines:
        found.append(_agreed(line=line, offer=offer, quantity=min(left, line.quantity)))
        left -= found[-1].quantity
    if left:
        same = next((wish for wish in found if _terms(wish) == _terms_of(offer.product, offer)), None)
        if same is not None:
            same.quantity += left
        else:
            found.append(_new(offer=offer, quantity=left, told=told))
    return [wish for wish in found if wish.quantity]


def _agreed(*, line: Line, offer: StockRecord, quantity: int) -> Wish:
    """So many pieces on the terms of an order line: article and offer are copies that are never stored."""
    product, agreed = copy.copy(offer.product), copy.copy(offer)
    agreed.price, agreed.price_per_kg = line.unit_price_incl_tax, line.price_per_kg
    product.deposit, product.vat_category, product.sales_unit = line.deposit_each, line.vat_category, line.sales_unit
    product.catch_weight, product.expected_weight_g = line.catch_weight, line.expected_weight_g
    product.tolerance_percent = line.tolerance_percent
    if line.net_content is not None:
        product.net_content, product.net_unit = line.net_content, line.net_unit
    return Wish(
        product=product,
        stockrecord=agreed,
        quantity=quantity,
        price_incl_tax=agreed.price,
        line_reference=str(line.pk),
        substitution=line.substitution,
        note=line.note,
    )


def _new(*, offer: StockRecord, quantity: int, told: Wish | None) -> Wish:
    """Pieces on today's terms, with what the customer told in the basket."""
    wish = Wish(product=offer.product, stockrecord=offer, quantity=quantity, price_incl_tax=offer.price, line_reference="")
    if told is not None:
        wish.price_incl_tax, wish.substitution, wish.note = told.price_incl_tax, told.substitution, told.note
    return wish


def _offers(*, order: Order, product_ids: Mapping[int, int]) -> dict[int, StockRecord]:
    """The offer of each article by its own producer, loaded with article and producer; one query."""
    rows = StockRecord.objects.filter(
        product__in=product_ids, product__partner=F("partner"), partner__region_id=order.region_id
    ).select_related("product__partner__municipality", "product__picture")
    return {row.product_id: row for row in rows.order_by("-pk")}


def _terms(wish: Wish) -> tuple[Any, ...]:
    return _terms_of(wish.product, wish.stockrecord)


def _terms_of(product: Product, offer: StockRecord) -> tuple[Any, ...]:
    """All that decides what a piece is and costs."""
    weighed = (offer.price_per_kg, product.expected_weight_g, product.tolerance_percent) if product.catch_weight else ()
    content = (product.sales_unit, product.net_content, product.net_unit)
    return offer.price, product.deposit, product.vat_category, product.catch_weight, weighed, content
