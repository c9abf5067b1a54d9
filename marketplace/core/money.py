"""Decides how euros are rounded and how a sum is spread so that no cent is ever lost.

Amounts are ``Decimal`` euros. Every rounding of money in the code base goes through this module.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
PRICE_STEP = Decimal("0.0001")
ZERO = Decimal("0.00")


def to_cents(amount: Decimal | Fraction | int) -> Decimal:
    """Round euros to whole cents; a half cent goes away from zero (commercial rounding)."""
    return _round(amount, CENT)


def to_unit_price(amount: Decimal | Fraction | int) -> Decimal:
    """Round the net price of one unit to four decimals of a euro, the most an e-invoice carries."""
    return _round(amount, PRICE_STEP)


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split whole cents ``total`` in proportion to ``weights``; the parts sum to it exactly (largest remainder).

    Two permutations of the same weights give the same multiset of parts. Raises ``ValueError`` when the weights sum to zero.
    """
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if whole == 0:
        raise ValueError("Weights that sum to zero cannot carry an amount.")
    return settle([Fraction(total) * Fraction(weight) / whole for weight in weights], total)


def settle(exact: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Round the ``exact`` parts to cents so that they sum to ``total``; symmetric, so negated parts give negated cents.

    ``total`` must be the exact sum, rounded: it may differ from it by less than one cent, else ``ValueError`` is raised. The
    missing cents go where they hurt least; among equals the larger part, then the earlier one, comes off better.
    """
    if abs(Fraction(total) - sum(exact, Fraction(0))) >= Fraction(CENT):
        raise ValueError(f"{total} is not the sum of the parts.")
    rounded = [to_cents(part) for part in exact]
    missing = total - sum(rounded, ZERO)
    step = CENT if missing > 0 else -CENT
    sign = 1 if missing > 0 else -1

    def cost(index: int) -> tuple[Fraction, Fraction, int]:
        grows = 1 if sign * exact[index] >= 0 else -1
        return sign * (Fraction(rounded[index]) - exact[index]), -grows * abs(exact[index]), grows * index

    for index in sorted(range(len(rounded)), key=cost)[: int(abs(missing) / CENT)]:
        rounded[index] += step
    return rounded


def _round(amount: Decimal | Fraction | int, step: Decimal) -> Decimal:
    if isinstance(amount, Fraction):
        amount = Decimal(amount.numerator) / Decimal(amount.denominator)
    return Decimal(amount).quantize(step, ROUND_HALF_UP) + Decimal(0)
