"""Decides what the parts of an order are without VAT, for businesses: every cent as the invoice will have it.

The tax of a rate is taken out of the sum of all its parts, and the cent left by rounding is spread over their nets
(`billing.totals` does the same with the lines of a document). So the nets add up to the net of the order's sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.core import money, vat
from marketplace.order.sums import Part


@dataclass(frozen=True)
class Nets:
    """Euro without VAT: the goods of each part in its order, all deposits, the fee, and what vouchers take off (negative)."""

    goods: tuple[Decimal, ...]
    deposit: Decimal
    fee: Decimal
    discount: Decimal

    @property
    def total(self) -> Decimal:
        """All together."""
        return sum(self.goods, self.deposit + self.fee + self.discount)


def of(*, parts: Sequence[Part], fee: Decimal) -> Nets:
    """The nets of some parts and of the fee (less what a voucher takes off it), which shares the rates of the goods."""
    bases: dict[Decimal, Decimal] = {}
    for part in parts:
        bases[part.rate] = bases.get(part.rate, money.ZERO) + part.goods
    fees = vat.split_fee_by_rate(fee, bases) if fee and any(bases.values()) else {}
    goods = [money.ZERO] * len(parts)
    deposit = shared = discount = money.ZERO
    for rate in bases:
        own = [index for index, part in enumerate(parts) if part.rate == rate]
        nets = _settled(
            [
                *(parts[index].goods for index in own),
                sum((parts[index].deposit for index in own), money.ZERO),
                -sum((parts[index].discount for index in own), money.ZERO),
                fees[rate].gross if rate in fees else money.ZERO,
            ],
            rate,
        )
        goods = [nets[own.index(index)] if index in own else known for index, known in enumerate(goods)]
        deposit, discount, shared = deposit + nets[-3], discount + nets[-2], shared + nets[-1]
    return Nets(goods=tuple(goods), deposit=deposit, fee=shared, discount=discount)


def _settled(amounts: Sequence[Decimal], rate: Decimal) -> list[Decimal]:
    """Amounts of one rate without its tax; they add up to their sum without its tax."""
    whole = vat.from_gross(sum(amounts, money.ZERO), rate).net
    return money.settle([vat.exact_net(amount, rate) for amount in amounts], whole)
