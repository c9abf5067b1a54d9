"""Decides how a price falls into net and value added tax, for one price and for a fee that shares the rates of the goods.

Rates are percent as ``Decimal`` (7, 19, 7.8) and are always told by the caller: which rate holds on which day is dated data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from marketplace.core import money


@dataclass(frozen=True)
class TaxedPrice:
    """A price in whole cents with the tax inside it; ``rate`` is percent."""

    net: Decimal
    tax: Decimal
    rate: Decimal

    @property
    def gross(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.tax


def from_gross(gross: Decimal, rate: Decimal) -> TaxedPrice:
    """Take the tax out of a price that contains it; the gross stays exactly as told (§ 10 (1) UStG)."""
    tax = money.to_cents(exact_tax(gross, rate))
    return TaxedPrice(net=gross - tax, tax=tax, rate=rate)


def without(gross: Decimal, rate: Decimal) -> Decimal:
    """The price without the tax of that rate, in whole cents; with no rate the price itself."""
    return from_gross(gross, rate).net if rate else gross


def from_net(net: Decimal, rate: Decimal) -> TaxedPrice:
    """Put the tax on top of a price without it."""
    return TaxedPrice(net=net, tax=money.to_cents(Fraction(net) * Fraction(rate) / 100), rate=rate)


def exact_tax(gross: Decimal, rate: Decimal) -> Fraction:
    """The unrounded tax inside ``gross``."""
    return Fraction(gross) * Fraction(rate) / (100 + Fraction(rate))


def exact_net(gross: Decimal, rate: Decimal) -> Fraction:
    """The unrounded net inside ``gross``."""
    return Fraction(gross) - exact_tax(gross, rate)


def split_fee_by_rate(gross: Decimal, bases: Mapping[Decimal, Decimal]) -> dict[Decimal, TaxedPrice]:
    """Split a fee or discount over the VAT rates of the goods, in proportion to their gross sums ``{rate: sum}``.

    An ancillary supply shares the rate of the main one (section 3.10 (5) UStAE). Rates whose sum is not above zero carry nothing
    and are left out; the result is ordered by rate. Raises ``ValueError`` when no rate is left.
    """
    rates = sorted(rate for rate, base in bases.items() if base > 0)
    parts = money.spread(gross, [bases[rate] for rate in rates])
    return {rate: from_gross(part, rate) for rate, part in zip(rates, parts, strict=True)}
