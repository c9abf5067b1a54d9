"""Decides whether a basket becomes an order, and makes it one: stock, place, lines, fee and payment together or not at all.

Locks are taken in one order by everybody: basket, round (shared), stock by its key, window, account. See docs/adr/0006.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from billing import terms
from billing.terms import TermsRefused
from logistics import deliveries, rounds, stock
from logistics.deliveries import BookingRefused
from logistics.models import Delivery, DeliveryWindow
from logistics.rounds import RoundClosed
from logistics.windows import WindowFull
from marketplace.basket.baskets import ContentLine
from marketplace.basket.models import Basket
from marketplace.catalogue import claims, prices
from marketplace.checkout import problems as checks
from marketplace.checkout.contact import Contact
from marketplace.checkout.problems import Problem, Refused
from marketplace.checkout.proposal import Proposal, draw_up
from marketplace.core import vat
from marketplace.order import numbers, signals
from marketplace.order.models import Fee, Line, Order
from marketplace.partner.stock import SoldOut

__all__ = ["Contact", "Problem", "Refused", "ordered_from", "place", "problems"]

#: how often a number is drawn again when somebody has it already
DRAWS = 5


def problems(*, basket: Basket, window_id: int | None, at: datetime) -> list[Problem]:
    """What would keep this basket from being ordered in that window now, before anybody is asked for an address."""
    return checks.of_proposal(basket=basket, proposal=draw_up(basket=basket, window_id=window_id, at=at), at=at)


def ordered_from(*, basket_id: int) -> Order | None:
    """The order that a basket has become."""
    return Order.objects.filter(basket_id=basket_id).first()


@transaction.atomic
def place(
    *,
    basket: Basket,
    window_id: int | None,
    contact: Contact,
    payment: str,
    fingerprint: str,
    user: Any,
    at: datetime,
    terms_accepted: Mapping[str, Any],
    age_confirmed: bool = False,
) -> Order:
    """Place the order. A basket that was ordered before gives the same order again, so a double click does no harm.

    `fingerprint` is that of the contents which the customer saw; `terms_accepted` holds the legal texts as they stood, by name;
    `payment` is one of `OrderTerms.Method`; `user` may be anonymous. Raises `Refused` with every problem that was found, and then
    nothing is changed.
    """
    locked = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    if locked.status == Basket.SUBMITTED and (earlier := ordered_from(basket_id=locked.pk)):
        return earlier
    proposal = draw_up(basket=locked, window_id=window_id, at=at)
    found = checks.of_order(
        basket=locked,
        proposal=proposal,
        contact=contact,
        fingerprint=fingerprint,
        age_confirmed=age_confirmed,
        terms_accepted=terms_accepted,
        at=at,
    )
    if found or proposal.window is None:
        raise Refused(found)
    try:
        _take_stock(proposal=proposal, window=proposal.window, at=at)
        order = _order(basket=locked, proposal=proposal, contact=contact, user=user, at=at, terms_accepted=terms_accepted)
        _lines(order=order, proposal=proposal)
        _fee(order=order, window=proposal.window)
        _book(order=order, window=proposal.window, contact=contact, age_limit=proposal.age_limit, at=at)
        terms.agree(order=order, method=payment, user=user)
    except (RoundClosed, SoldOut, WindowFull, BookingRefused, TermsRefused) as refusal:
        raise Refused([Problem(_CODES[type(refusal)], str(refusal))]) from refusal
    Basket.objects.filter(pk=locked.pk).update(status=Basket.SUBMITTED, date_submitted=at)
    transaction.on_commit(partial(signals.placed.send, sender=Order, order_id=order.pk), robust=True)
    return order


_CODES: dict[type[Exception], str] = {
    RoundClosed: "closed",
    SoldOut: "sold_out",
    WindowFull: "full",
    BookingRefused: "no_window",
    TermsRefused: "payment",
}


def _take_stock(*, proposal: Proposal, window: DeliveryWindow, at: datetime) -> None:
    """The round is held open first, then stock in the order of its key, so that two buyers never wait for each other."""
    rounds.hold_open(round_id=window.round_id, at=at)
    for line in sorted(proposal.contents.lines, key=lambda line: line.stockrecord.pk):
        stock.take(delivery_round=window.round, stockrecord=line.stockrecord, quantity=line.quantity)


def _order(
    *, basket: Basket, proposal: Proposal, contact: Contact, user: Any, at: datetime, terms_accepted: Mapping[str, Any]
) -> Order:
    known = user is not None and user.is_authenticated
    order = Order(
        basket=basket,
        region_id=basket.region_id,
        user=user if known else None,
        guest_email="" if known else contact.email,
        first_name=contact.first_name,
        last_name=contact.last_name,
        company=contact.company,
        phone=contact.phone,
        note=contact.note,
        currency="EUR",
        goods_total=proposal.sums.goods,
        deposit_total=proposal.sums.deposit,
        total_incl_tax=proposal.sums.total,
        total_excl_tax=proposal.sums.net,
        shipping_incl_tax=proposal.sums.fee,
        shipping_excl_tax=proposal.sums.fee_net,
        date_placed=at,
        terms_accepted=dict(terms_accepted),
    )
    return _save_with_number(order)


def _save_with_number(order: Order) -> Order:
    for _attempt in range(DRAWS):
        order.number = numbers.draw()
        try:
            with transaction.atomic():
                order.save(force_insert=True)
        except IntegrityError:
            if not Order.objects.filter(number=order.number).exists():
                raise
        else:
            return order
    raise RuntimeError("No free order number was found.")


def _lines(*, order: Order, proposal: Proposal) -> None:
    Line.objects.bulk_create(_line(order=order, line=line, proposal=proposal) for line in proposal.contents.lines)


def _line(*, order: Order, line: ContentLine, proposal: Proposal) -> Line:
    """The terms of one article, copied: what the producer changes later changes no order.

    Organic are only goods that a certificate of today stands for.
    """
    product, offer, rate = line.product, line.stockrecord, proposal.rates[line.product.vat_category]
    total, each = vat.from_gross(line.line_total, rate), vat.from_gross(line.unit_price, rate)
    return Line(
        order=order,
        partner=product.partner,
        partner_name=product.partner.name,
        partner_sku=offer.partner_sku,
        stockrecord=offer,
        product=product,
        title=proposal.titles[product.pk],
        upc=product.upc,
        quantity=line.quantity,
        num_allocated=line.quantity,
        line_price_incl_tax=total.gross,
        line_price_excl_tax=total.net,
        line_price_before_discounts_incl_tax=total.gross,
        line_price_before_discounts_excl_tax=total.net,
        unit_price_incl_tax=each.gross,
        unit_price_excl_tax=each.net,
        tax_code=product.vat_category,
        kind=product.kind,
        sales_unit=product.sales_unit,
        unit_text=prices.unit_text(product=product),
        vat_category=product.vat_category,
        vat_rate=rate,
        deposit_each=product.deposit,
        catch_weight=product.catch_weight,
        expected_weight_g=product.expected_weight_g,
        tolerance_percent=product.tolerance_percent,
        price_per_kg=offer.price_per_kg if product.catch_weight else None,
        storage=product.storage,
        age_limit=product.age_limit,
        organic_code=product.partner.organic_code if claims.shows_organic(product=product, today=proposal.today) else "",
        volume_ml=product.volume_ml,
        net_content=product.net_content,
        net_unit=product.net_unit,
        withdrawal_ground=product.withdrawal_ground,
        substitution=line.line.substitution,
        note=line.line.note,
    )


def _fee(*, order: Order, window: DeliveryWindow) -> None:
    if window.fee:
        kind = Fee.Kind.PICKUP if window.pickup_point_id else Fee.Kind.DELIVERY
        Fee.objects.create(order=order, kind=kind, gross=window.fee)


def _book(*, order: Order, window: DeliveryWindow, contact: Contact, age_limit: int | None, at: datetime) -> Delivery:
    """The place in the round. At a pickup point its address and position stand for the customer's."""
    point, village = window.pickup_point, contact.municipality
    where = point or village
    if where is None:
        raise BookingRefused
    return deliveries.book(
        order=order,
        window=window,
        kind=Delivery.Kind.PICKUP if point else Delivery.Kind.HOME,
        recipient=contact.name,
        street=point.street if point else contact.street,
        postal_code=point.postal_code if point else contact.postal_code,
        city=point.city if point else contact.city,
        municipality=point.municipality if point else village,
        latitude=where.latitude if point or contact.latitude is None else contact.latitude,
        longitude=where.longitude if point or contact.longitude is None else contact.longitude,
        phone=contact.phone,
        note=contact.note[:300],
        needs_age_check=age_limit,
        at=at,
    )
