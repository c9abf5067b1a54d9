"""Decides what has to be said about a price: per what it is, what a kilogram or litre costs, and that a weight is expected.

Prices are euro including VAT, without deposit (sections 4 and 7 PAngV).
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from django.utils.translation import gettext as _

from marketplace.catalogue.models import Product
from marketplace.core import money, vat, wording

#: grams or millilitres in the unit that the law wants the base price for
WHOLE = 1000
#: unit of the content → unit of the base price
UNITS: dict[str, str] = {Product.NetUnit.GRAMS: "kg", Product.NetUnit.MILLILITRES: "l"}
UNIT_NAMES: dict[str, Any] = dict(Product.SalesUnit.choices)
#: units that say themselves how much they hold
MEASURES = frozenset({Product.SalesUnit.KG, Product.SalesUnit.LITRE, Product.SalesUnit.HUNDRED_GRAMS, Product.SalesUnit.SERVICE})


@dataclass(frozen=True)
class BasePrice:
    """What one kilogram or one litre costs; `unit` is "kg" or "l"."""

    amount: Decimal
    unit: str

    def without(self, *, rate: Decimal) -> "BasePrice":
        """Without the VAT of that rate in percent."""
        return BasePrice(amount=vat.without(self.amount, rate), unit=self.unit)

    def __str__(self) -> str:
        return f"{wording.euro(self.amount)}/{self.unit}"


def expected_price(*, price_per_kg: Decimal, grams: int) -> Decimal:
    """What a piece of the expected weight costs."""
    return money.to_cents(price_per_kg * grams / WHOLE)


class Measured(Protocol):
    """What a base price is reckoned from: an article, or the line of an order that was placed for it."""

    net_content: Any
    net_unit: Any
    catch_weight: Any


def base_price(*, product: Measured, price: Decimal, price_per_kg: Decimal | None = None) -> BasePrice | None:
    """The price of a kilogram or litre; None where there is no content or where it is the price itself (section 4 (1) PAngV)."""
    if product.catch_weight and price_per_kg is not None:
        return BasePrice(amount=price_per_kg, unit="kg")
    unit = UNITS.get(product.net_unit)
    if unit is None or not product.net_content or product.net_content == WHOLE:
        return None
    return BasePrice(amount=money.to_cents(price * WHOLE / product.net_content), unit=unit)


def highest(*, price_per_kg: Decimal, expected_weight_g: int, tolerance_percent: int, quantity: int = 1) -> Decimal:
    """The most that so many pieces cost without asking the customer again: the expected grams and the tolerance on top."""
    kilograms = Fraction(expected_weight_g * quantity * (100 + tolerance_percent), 100 * WHOLE)
    return money.to_cents(Fraction(price_per_kg) * kilograms)


def content_text(*, product: Product) -> str:
    """How much one sales unit holds: `500 g`, `0,75 l`, `ca. 1,2 kg`; empty where nothing is measured."""
    if product.catch_weight:
        return _("approx. %(weight)s") % {"weight": wording.weight(product.expected_weight_g or 0)}
    if not product.net_content or product.sales_unit in MEASURES:
        return ""
    if product.net_unit == Product.NetUnit.MILLILITRES:
        return _volume(product.net_content)
    return wording.weight(product.net_content) if product.net_unit == Product.NetUnit.GRAMS else ""


def unit_text(*, product: Product) -> str:
    """Per what the price is: `Glas 500 g`, `Stück`, `kg`, `100 g`; it goes into the order as it stands."""
    return f"{unit_name(product=product)} {content_text(product=product)}".strip()


def unit_name(*, product: Product) -> str:
    """What one of it is, without its content: `Glas`, `kg`. Django's own way to the name costs too much in a long list."""
    return str(UNIT_NAMES[product.sales_unit])


def weighed_text(*, product: Product, price_per_kg: Decimal | None, rate: Decimal = money.ZERO) -> str:
    """What is said of goods that are weighed when they are packed: `ca. 1,2 kg, höchstens 20,99 €, 15,90 €/kg`; else empty.

    With a VAT `rate` in percent, without that VAT.
    """
    if not product.catch_weight or price_per_kg is None:
        return ""
    most = highest(
        price_per_kg=price_per_kg,
        expected_weight_g=product.expected_weight_g or 0,
        tolerance_percent=product.tolerance_percent,
    )
    at_most = _("at most %(amount)s") % {"amount": wording.euro(vat.without(most, rate))}
    return f"{content_text(product=product)}, {at_most}, {BasePrice(amount=vat.without(price_per_kg, rate), unit='kg')}"


def _volume(millilitres: int) -> str:
    if millilitres < WHOLE // 2:
        return wording.quantity(millilitres, unit="ml")
    return wording.quantity(Decimal(millilitres) / WHOLE, unit="l")
