"""Decides what a customer of the demo puts into the basket: pure, and the same for the same dice."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from marketplace.demo.market import Customer

#: single things above this share of the usual basket are bought now and then only
DEAR = Decimal("0.45")
KITCHEN_MOST, HOUSEHOLD_MOST = 14, 4
ENOUGH = Decimal("0.92")


@dataclass(frozen=True)
class Offer:
    """An article that can be ordered: `price` is euro for one, `left` how many there are (None: no limit)."""

    key: int
    category: str
    price: Decimal
    least: int
    left: int | None
    weighed: bool


def choose(*, customer: Customer, offers: Sequence[Offer], dice: Random, minimum: Decimal) -> dict[int, int]:
    """Quantities by the offers' keys: what the customer likes, for about the usual sum and for `minimum` at least."""
    target = max(customer.basket_value * Decimal(str(round(dice.uniform(0.75, 1.3), 2))), minimum + 2)
    number = max(2, round(customer.basket_lines * dice.uniform(0.5, 1.0)))
    picked = _pick(customer, offers, number, target, dice)
    wanted = {offer.key: offer.least for offer in picked}
    most = HOUSEHOLD_MOST if customer.terms is None else KITCHEN_MOST
    for _turn in range(number * most):
        if _sum(picked, wanted) >= target * ENOUGH or not picked:
            break
        _raise_one(picked, wanted, most, target, dice)
    return wanted if _sum(picked, wanted) >= minimum else {}


def _pick(customer: Customer, offers: Sequence[Offer], number: int, target: Decimal, dice: Random) -> list[Offer]:
    """Different articles, by liking; the usual ones more often than others, because people have habits."""
    habits = Random(customer.slug)  # noqa: S311 - dice, not secrets
    fond = {offer.key: habits.choice((1, 1, 2, 6)) for offer in offers}
    found: list[Offer] = []
    total = Decimal(0)
    pool = [offer for offer in offers if customer.likes.get(offer.category) and (offer.left is None or offer.left >= offer.least)]
    while pool and len(found) < number and total < target:
        weights = [customer.likes[offer.category] * fond[offer.key] for offer in pool]
        offer = dice.choices(pool, weights)[0]
        pool.remove(offer)
        cost = offer.price * offer.least
        if total + cost <= target * Decimal("1.1") and (cost <= target * DEAR or dice.random() < 0.1):
            found.append(offer)
            total += cost
    return found


def _raise_one(picked: Sequence[Offer], wanted: dict[int, int], most: int, target: Decimal, dice: Random) -> None:
    offer = dice.choice(picked)
    have = wanted[offer.key]
    room = most if offer.left is None else min(most, offer.left)
    limit = max(2, most // 4) if offer.weighed else max(room, offer.least)
    if have < min(limit, room) and _sum(picked, wanted) + offer.price <= target * Decimal("1.1"):
        wanted[offer.key] = have + 1


def _sum(picked: Sequence[Offer], wanted: dict[int, int]) -> Decimal:
    return sum((offer.price * wanted[offer.key] for offer in picked), Decimal(0))
