"""Decides what the parts of an order add up to and how much VAT is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from marketplace.core import money, vat


@dataclass(frozen=True)
class Part:
    """Goods, their deposit and what vouchers take off the goods, gross euro, with their VAT rate in percent."""

    rate: Decimal
    goods: Decimal
    deposit: Decimal = money.ZERO
    discount: Decimal = money.ZERO


@dataclass(frozen=True)
class VatShare:
    """How much tax of one rate (percent) is in a total, in euro."""

    rate: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Sums:
    """Sums in euro; `net` and `fee_net` are without VAT. `total` is goods, deposits and fee together, less the discount.

    `discount` is what vouchers take off, that of the fee (`fee_discount`) included.
    """

    goods: Decimal
    deposit: Decimal
    fee: Decimal
    fee_net: Decimal
    total: Decimal
    net: Decimal
    vat: tuple[VatShare, ...]
    discount: Decimal = money.ZERO
    fee_discount: Decimal = money.ZERO

    @property
    def fee_paid(self) -> Decimal:
        """The fee less what a voucher takes off it."""
        return self.fee - self.fee_discount


def add_up(*, parts: Iterable[Part], fee: Decimal, fee_discount: Decimal = money.ZERO) -> Sums:
    """Add up. A deposit shares the rate of its content; the fee shares the rates of the goods (section 3.10 (5) UStAE).

    The fee is split by the prices of the goods before vouchers, so that it has rates even where the goods are free.
    """
    parts = tuple(parts)
    goods: dict[Decimal, Decimal] = {}
    gross: dict[Decimal, Decimal] = {}
    for part in parts:
        goods[part.rate] = goods.get(part.rate, money.ZERO) + part.goods
        gross[part.rate] = gross.get(part.rate, money.ZERO) + part.goods + part.deposit - part.discount
    paid = fee - fee_discount
    fee_parts = vat.split_fee_by_rate(paid, goods) if paid and any(goods.values()) else {}
    for rate, share in fee_parts.items():
        gross[rate] += share.gross
    shares = tuple(VatShare(rate=rate, tax=vat.from_gross(gross[rate], rate).tax) for rate in sorted(gross))
    discount = sum((part.discount for part in parts), fee_discount)
    total = sum((part.goods + part.deposit for part in parts), fee) - discount
    return Sums(
        goods=sum((part.goods for part in parts), money.ZERO),
        deposit=sum((part.deposit for part in parts), money.ZERO),
        fee=fee,
        fee_net=sum((share.net for share in fee_parts.values()), money.ZERO),
        total=total,
        net=total - sum((share.tax for share in shares), money.ZERO),
        vat=shares,
        discount=discount,
        fee_discount=fee_discount,
    )
