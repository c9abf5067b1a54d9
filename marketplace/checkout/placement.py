"""Decides whether a basket becomes an order, and makes it one: stock, place, lines, fee and payment together or not at all.

Locks are taken in one order by everybody: basket, customer, round (shared), stock by its key, window, account, vouchers. See
docs/adr/0006.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing import terms
from logistics import deliveries, reservations, rounds
from logistics.models import DeliveryWindow
from marketplace.assortments.precedence import Sight
from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.checkout import agreement, holdings, open_orders
from marketplace.checkout import problems as checks
from marketplace.checkout.contact import Contact
from marketplace.checkout.problems import REFUSALS, Problem, Refused
from marketplace.checkout.proposal import Proposal, draw_up
from marketplace.order import numbers, signals
from marketplace.order.models import Line, Order
from marketplace.users.models import User
from marketplace.vouchers.standing import NOBODY, Person

__all__ = ["Contact", "Problem", "Refused", "ordered_from", "place", "problems"]

#: how often a number is drawn again when somebody has it already
DRAWS = 5


def problems(*, basket: Basket, window_id: int | None, at: datetime) -> list[Problem]:
    """What would keep this basket from being ordered in that window now, before anybody is asked for an address."""
    return checks.of_proposal(proposal=draw_up(basket=basket, window_id=window_id, at=at))


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
    began_at: datetime | None = None,
    channel: str = Order.Channel.WEB,
    taken_by: User | None = None,
    second_wanted: Collection[int] | None = None,
    numbers: Collection[str] = (),
    sight: Sight | None = None,
) -> Order:
    """Place the order. A basket that was ordered before gives the same order again, so a double click does no harm.

    `fingerprint` is that of the contents which the customer saw; `terms_accepted` holds the legal texts as they stood, by name;
    `payment` is one of `OrderTerms.Method`; `user` may be anonymous; `began_at` is when the customer began to check the order,
    which counts for a while after the cut-off; `channel` is how it comes in, `taken_by` who took it down on the telephone.
    `second_wanted` are the rounds (ids) for which the customer wants an order beside the open one, of a guest one of these
    `numbers`; None: a second one is never refused. `sight` is what the customer sees of the market, by default as the user.
    Raises `Refused` with every problem that was found, and then nothing is changed.
    """
    locked = Basket.objects.select_for_update(of=("self",)).annotate(has_codes=baskets.HAS_CODES).get(pk=basket.pk)
    if locked.status == Basket.SUBMITTED and (earlier := ordered_from(basket_id=locked.pk)):
        return _again(basket=locked, earlier=earlier, contact=contact, user=user)
    kept = reservations.held_by(basket=locked)
    who: dict[str, Any] = {"held": holdings.of_basket(kept=kept), "person": _person(user), "door": contact.door}
    proposal = draw_up(basket=locked, window_id=window_id, at=at, began_at=began_at, sight=sight, **who)
    found = checks.of_order(
        proposal=proposal,
        contact=contact,
        fingerprint=fingerprint,
        age_confirmed=age_confirmed,
        terms_accepted=terms_accepted,
    )
    if found or proposal.window is None:
        raise Refused(found)
    if second_wanted is not None and proposal.window.round_id not in second_wanted:
        _refuse_second(user=user, numbers=numbers, window=proposal.window, at=at)
    try:
        place_kept = _take_stock(kept=kept, proposal=proposal, window=proposal.window)
        came = {"channel": channel, "taken_by": taken_by}
        order = _order(basket=locked, proposal=proposal, contact=contact, user=user, at=at, terms=terms_accepted, came=came)
        lines = _lines(order=order, proposal=proposal)
        agreement.write_fee(order=order, window=proposal.window, proposal=proposal)
        _book(order=order, window=proposal.window, contact=contact, proposal=proposal, place_kept=place_kept)
        terms.agree(order=order, method=payment, user=user, closes_at=proposal.window.round.cutoff_at + rounds.GRACE)
        if proposal.vouchers.applied:
            agreement.write_vouchers(order=order, lines=lines, proposal=proposal)
    except tuple(REFUSALS) as refusal:
        raise Refused([checks.of_refusal(refusal=refusal, titles=proposal.titles)]) from refusal
    Basket.objects.filter(pk=locked.pk).update(status=Basket.SUBMITTED, date_submitted=at)
    transaction.on_commit(partial(signals.placed.send, sender=Order, order_id=order.pk), robust=True)
    return order


def _refuse_second(*, user: Any, numbers: Collection[str], window: DeliveryWindow, at: datetime) -> None:
    """One open order for each round: of two that come at the same moment, e.g. of a standing order, the later one sees it."""
    if user is not None and user.is_authenticated:
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    mine = open_orders.of_visitor(user=user, numbers=numbers, region_id=window.round.region_id, at=at)
    other = open_orders.for_round(orders=mine, round_id=window.round_id, second_wanted=())
    if other is not None:
        text = _("You have order %(number)s for this delivery day already. Please add to it, or say that you want a second one.")
        raise Refused([Problem("second", text % {"number": other.number})])


def _again(*, basket: Basket, earlier: Order, contact: Contact, user: Any) -> Order:
    """The order that there is, for who placed it; whoever else shares the basket learns no more than that it is ordered."""
    if not basket.share_key or _is_his(earlier, contact, user):
        return earlier
    raise Refused([Problem("ordered", _("Somebody who shares this basket with you has ordered it already."))])


def _is_his(order: Order, contact: Contact, user: Any) -> bool:
    if user is not None and user.is_authenticated:
        return bool(order.user_id == user.pk)
    told = (contact.email, contact.first_name, contact.last_name, contact.phone, contact.note)
    return order.user_id is None and told == (order.guest_email, order.first_name, order.last_name, order.phone, order.note)


def _person(user: Any) -> Person:
    return Person(user_id=user.pk) if user is not None and user.is_authenticated else NOBODY


def _take_stock(*, kept: reservations.Held | None, proposal: Proposal, window: DeliveryWindow) -> bool:
    """The round is held open first, then stock in the order of its key, so that two buyers never wait for each other.

    What was kept for the basket becomes the order's; says whether a place in the window is among it.
    """
    rounds.hold_open(round_id=window.round_id, at=proposal.at)
    wanted = {line.stockrecord.pk: line.quantity for line in proposal.contents.lines}
    return reservations.use(held=kept, window=window, wanted=wanted, load=proposal.load, at=proposal.at)


def _order(
    *,
    basket: Basket,
    proposal: Proposal,
    contact: Contact,
    user: Any,
    at: datetime,
    terms: Mapping[str, Any],
    came: Mapping[str, Any],
) -> Order:
    known = user is not None and user.is_authenticated
    order = Order(
        basket=basket,
        region_id=basket.region_id,
        user=user if known else None,
        guest_email="" if known else contact.email,
        currency="EUR",
        date_placed=at,
        terms_accepted=dict(terms),
        **came,
    )
    agreement.set_person(order=order, contact=contact)
    agreement.set_sums(order=order, proposal=proposal)
    return _save_with_number(order)


def _save_with_number(order: Order) -> Order:
    for _attempt in range(DRAWS):
        order.number = numbers.draw()
        if not Order.objects.filter(number=order.number).exists():
            order.save(force_insert=True)
            return order
    raise RuntimeError("No free order number was found.")


def _lines(*, order: Order, proposal: Proposal) -> list[Line]:
    new = [agreement.new_line(order=order, line=line, proposal=proposal) for line in proposal.contents.lines]
    Line.objects.bulk_create(new)
    return new


def _book(*, order: Order, window: DeliveryWindow, contact: Contact, proposal: Proposal, place_kept: bool) -> None:
    goes_to = agreement.destination(window=window, contact=contact, age_limit=proposal.age_limit)
    deliveries.book(order=order, window=window, at=proposal.at, place_kept=place_kept, load=proposal.load, **goes_to)
