"""Decides what a quantity of an order line costs, whether that is what was ordered, packed or handed over.

Amounts are gross euros in whole cents. Pure arithmetic on the terms that the order line holds.
"""

from decimal import Decimal

from marketplace.core import money
from marketplace.order.models import Line

GRAMS_PER_KILOGRAM = 1000


def goods_gross(*, line: Line, quantity: int, weight_g: int | None) -> Decimal:
    """What `quantity` of the line costs without deposit.

    Catch weight is paid by `weight_g`, the grams of all pieces together; before it is weighed (None) the expected price stands.
    Everything else is the agreed price of one times the quantity, whatever it weighs.
    """
    if quantity == 0:
        return money.ZERO
    if line.catch_weight and weight_g is not None and line.price_per_kg is not None:
        return money.to_cents(line.price_per_kg * weight_g / GRAMS_PER_KILOGRAM)
    return money.to_cents((line.unit_price_incl_tax or money.ZERO) * quantity)


def deposit_gross(*, line: Line, quantity: int) -> Decimal:
    """The deposit on `quantity` of the line; beside the price, never in it."""
    return money.to_cents(line.deposit_each * quantity)
