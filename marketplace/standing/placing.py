"""Orders what is due of a standing order in a round: once, whoever tries it how often, and tells what differs from the wish.

The row of the standing order is locked first, then everything as docs/adr/0006 says. What is written is an order like any other,
and a placement that says that it was done; both or neither.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from logistics import daytime, goods, waiting
from logistics.goods import Goods
from logistics.models import DeliveryRound, DeliveryWindow
from logistics.windows import Visitor
from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.basket.models import Line as Wish
from marketplace.checkout import amendment, changes, keeping, open_orders, placement
from marketplace.checkout.contact import Contact
from marketplace.checkout.problems import Refused
from marketplace.core import audit
from marketplace.order import mails as order_mails
from marketplace.order.models import Order
from marketplace.standing import notes, occurrences, pauses, places, supply
from marketplace.standing.models import StandingLine, StandingOrder, StandingPlacement
from marketplace.standing.supply import Piece

logger = logging.getLogger(__name__)
Outcome = StandingPlacement.Outcome
#: how often it is tried anew when somebody else was quicker
ATTEMPTS = 3
#: what a further attempt may get round, because it looks anew
RACES = frozenset({"sold_out", "full", "changed", "hindered", "outdated", "hidden", "suspended", "second"})
OUTCOMES = {
    "payment": Outcome.PAYMENT,
    "minimum": Outcome.MINIMUM,
    "full": Outcome.WAITING,
    "no_window": Outcome.WAITING,
    "unsuitable": Outcome.WAITING,
}


@dataclass
class _Result:
    outcome: Outcome
    report: list[dict[str, Any]] = field(default_factory=list)
    order: Order | None = None
    pieces: Sequence[Piece] = ()


def place_due(*, at: datetime) -> int:
    """Order everything that is due and say how much was settled; one that fails stays due and does not keep others waiting."""
    settled = 0
    for standing_id, round_id in occurrences.due(at=at):
        try:
            settled += place(standing_id=standing_id, round_id=round_id, at=at) is not None
        except Exception:
            logger.exception("Standing order %s could not be ordered for round %s; it stays due.", standing_id, round_id)
    return settled


@transaction.atomic
def place(*, standing_id: int, round_id: int, at: datetime) -> StandingPlacement | None:
    """Order for one round; None when there is nothing to do (any more), e.g. because another worker has done it."""
    StandingOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=standing_id)
    related = ("user", "region", "municipality", "pickup_point", "partner")
    standing = occurrences.with_lines(StandingOrder.objects.filter(pk=standing_id).select_related(*related))[0]
    delivery_round = DeliveryRound.objects.select_related("rule").get(pk=round_id)
    if not occurrences.is_due(standing=standing, delivery_round=delivery_round, at=at):
        return None
    result = _tried(standing, delivery_round, at)
    if result is None:
        return None
    if result.outcome == Outcome.PAYMENT:
        pauses.pause_for_payment(standing=standing, at=at)
    return _write(standing=standing, delivery_round=delivery_round, result=result, at=at)


def contact_of(*, standing: StandingOrder) -> Contact:
    """Who ordered and where the goods go, as the customer told when he made it."""
    return Contact(
        first_name=standing.first_name,
        last_name=standing.last_name,
        email=standing.user.email,
        phone=standing.phone,
        company=standing.company,
        note=standing.note,
        street=standing.street,
        postal_code=standing.postal_code,
        city=standing.municipality.name if standing.municipality else "",
        municipality=standing.municipality,
    )


def _tried(standing: StandingOrder, delivery_round: DeliveryRound, at: datetime) -> _Result | None:
    """The result of the first attempt that nobody else's purchase got in the way of; None when the round has just closed."""
    result = None
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _try(standing, delivery_round, at)
        except Refused as refused:
            codes = [problem.code for problem in refused.problems]
            if "closed" in codes:
                return None
            result = _Result(
                outcome=next((OUTCOMES[code] for code in codes if code in OUTCOMES), Outcome.REFUSED),
                report=[notes.problem(text=problem.text) for problem in refused.problems],
            )
            if not RACES & set(codes):
                break
    return result


def _try(standing: StandingOrder, delivery_round: DeliveryRound, at: datetime) -> _Result:
    """Find what can be had, and order it; raises `Refused`, and then nothing has happened."""
    found = supply.find(
        lines=occurrences.lines_on(standing=standing, day=delivery_round.rule_day),
        region_id=standing.region_id,
        delivery_round=delivery_round,
        at=at,
        age_confirmed=standing.age_confirmed,
        user_id=standing.user_id,
    )
    if not found.pieces:
        return _Result(Outcome.NOTHING, found.notes)
    known = open_orders.of_visitor(user=standing.user, numbers=(), region_id=standing.region_id, at=at)
    there = open_orders.for_round(orders=known, round_id=delivery_round.pk, second_wanted=())
    if there is not None and (added := _add(standing, there, found.pieces, at)) is not None:
        return _Result(Outcome.ADDED, found.notes, added, found.pieces)
    return _order(standing, delivery_round, found, at, alone=there is None)


def _order(standing: StandingOrder, delivery_round: DeliveryRound, found: supply.Supply, at: datetime, *, alone: bool) -> _Result:
    """An order of its own, in the usual window or the next best one; `alone` unless it could not be added to another."""
    products = [piece.product for piece in found.pieces]
    wanted = goods.of_products(products=products, today=daytime.day_of(at))
    choice = places.choose(standing=standing, delivery_round=delivery_round, wanted=wanted, at=at)
    if choice is None:
        _wait(standing, delivery_round, wanted, at)
        return _Result(Outcome.WAITING)
    basket = _basket(standing, found.pieces)
    if choice.kept:
        contents, visitor = baskets.contents(basket=basket), Visitor(user_id=standing.user_id)
        keeping.kept(basket=basket, contents=contents, window_id=choice.window_id, visitor=visitor, user=standing.user, at=at)
    order = placement.place(
        basket=basket,
        window_id=choice.window_id,
        contact=contact_of(standing=standing),
        payment=standing.payment,
        fingerprint=baskets.contents(basket=basket).fingerprint,
        user=standing.user,
        at=at,
        terms_accepted=standing.terms_accepted,
        age_confirmed=standing.age_confirmed > 0,
        channel=Order.Channel.STANDING,
        second_wanted=() if alone else None,
    )
    if not places.is_usual(standing=standing, choice=choice):
        found.notes.append({"code": "moved", "place": places.text(choice=choice)})
    return _Result(Outcome.PLACED, found.notes, order, found.pieces)


def _wait(standing: StandingOrder, delivery_round: DeliveryRound, wanted: Goods, at: datetime) -> None:
    """Once for each round: on the waiting list like everybody, so that a free place does not pass the customer by."""
    if StandingPlacement.objects.filter(standing=standing, round=delivery_round).exists():
        return
    window_id = places.awaited(standing=standing, delivery_round=delivery_round, wanted=wanted, at=at)
    window = DeliveryWindow.objects.select_related("round").filter(pk=window_id or 0).first()
    if window is not None and standing.user.email:
        waiting.enter(window=window, email=standing.user.email, user=standing.user, at=at)


def _add(standing: StandingOrder, order: Order, pieces: Sequence[Piece], at: datetime) -> Order | None:
    """Put it into the order that the customer has for that round; None where these goods cannot come with it."""
    full = Order.objects.select_related("user", "delivery__round", "delivery__window", "delivery__municipality", "terms")
    order = full.prefetch_related("lines").get(pk=order.pk)
    basket = _basket(standing, pieces)
    change = changes.as_it_stands(order=order)
    added = {piece.product.pk: piece.quantity for piece in pieces}
    wanted = dict(change.wanted)
    for pk, quantity in added.items():
        wanted[pk] = wanted.get(pk, 0) + quantity
    change = changes.Change(
        revision=change.revision,
        wanted=wanted,
        window_id=change.window_id,
        contact=change.contact,
        payment=change.payment,
        added=added,
    )
    fingerprint = changes.propose(order=order, change=change, at=at, basket_id=basket.pk).fingerprint
    try:
        done = amendment.amend(
            order=order,
            change=change,
            fingerprint=fingerprint,
            at=at,
            by=None,
            terms_accepted=order.terms_accepted,
            age_confirmed=standing.age_confirmed > 0,
            basket=basket,
        )
    except Refused as refused:
        if RACES & {problem.code for problem in refused.problems}:
            raise
        basket.delete()
        return None
    basket.delete()
    return done


def _basket(standing: StandingOrder, pieces: Sequence[Piece]) -> Basket:
    """A basket that nobody sees: the customer's own one is left alone."""
    basket: Basket = Basket.objects.create(region_id=standing.region_id)
    Wish.objects.bulk_create(
        Wish(
            basket=basket,
            product=piece.product,
            stockrecord=piece.offer,
            line_reference=str(piece.product.pk),
            quantity=piece.quantity,
            price_currency="EUR",
            price_incl_tax=piece.offer.price,
            substitution=piece.line.substitution,
            note=piece.line.note,
        )
        for piece in pieces
    )
    return basket


def _write(*, standing: StandingOrder, delivery_round: DeliveryRound, result: _Result, at: datetime) -> StandingPlacement:
    """Note what became of it. Who was told that there is no place yet is not told the same again with every attempt."""
    earlier = StandingPlacement.objects.filter(standing=standing, round=delivery_round).first()
    row = earlier or StandingPlacement(standing=standing, round=delivery_round)
    told = row.told_at if earlier is not None and earlier.outcome == result.outcome else None
    row.order, row.outcome, row.report = result.order, result.outcome, result.report
    row.revision = result.order.revision if result.order else 0
    row.placed_at, row.told_at = at, told
    row.save()
    if result.order is not None:
        # the mail of the standing order holds the whole contract
        order_mails.mark_confirmed(orders=[result.order.pk], at=at)
        _note_prices(result.pieces)
    if earlier is None or told is None:
        audit.record(action=f"standing.{result.outcome}", target=standing, at=at, new={"round": delivery_round.pk})
    return row


def _note_prices(pieces: Sequence[Piece]) -> None:
    """These are the prices of which the customer is told now."""
    known = [piece for piece in pieces if piece.product.pk == piece.line.product_id]
    for piece in known:
        piece.line.told_price = piece.offer.price
    StandingLine.objects.bulk_update([piece.line for piece in known], ["told_price"])
