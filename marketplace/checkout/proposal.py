"""Decides what would be ordered: the contents of a basket at today's prices, in one window, with its fee and the tax in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from logistics import orderable, stock
from logistics.models import DeliveryRound, DeliveryWindow
from marketplace.basket import baskets
from marketplace.basket.baskets import Contents
from marketplace.basket.models import Basket
from marketplace.core import money, rates, vat
from marketplace.core.models import VatCategory


@dataclass(frozen=True)
class VatShare:
    """How much tax of one rate (percent) is in a total, in euro."""

    rate: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Totals:
    """Sums in euro; `net` and `fee_net` are without VAT. `total` is goods, deposits and fee together."""

    goods: Decimal
    deposit: Decimal
    fee: Decimal
    fee_net: Decimal
    total: Decimal
    net: Decimal
    vat: tuple[VatShare, ...]


@dataclass(frozen=True)
class Proposal:
    """What lies before the customer. The maps are keyed by stock record and by product."""

    contents: Contents
    window: DeliveryWindow | None
    rates: Mapping[str, Decimal]
    totals: Totals
    available: Mapping[int, int | None]
    hindrances: Mapping[int, str]

    @property
    def delivery_round(self) -> DeliveryRound | None:
        """The round of the window."""
        return self.window.round if self.window else None

    @property
    def age_limit(self) -> int | None:
        """The age in years that whoever takes the goods must have reached."""
        return max((line.product.age_limit for line in self.contents.lines if line.product.age_limit), default=None)


def draw_up(*, basket: Basket, window_id: int | None, at: datetime) -> Proposal:
    """Read everything that an order of this basket in that window rests on, in four queries whatever its size."""
    contents = baskets.contents(basket=basket)
    window = _window(window_id=window_id, region_id=basket.region_id)
    day = window.round.delivery_day if window else at.date()
    known = rates.rates_on(day=day, categories=_categories(contents))
    return Proposal(
        contents=contents,
        window=window,
        rates=known,
        totals=totals_of(contents=contents, fee=window.fee if window else money.ZERO, known=known),
        available=_available(contents=contents, window=window),
        hindrances=_hindrances(contents=contents, window=window, at=at),
    )


def totals_of(*, contents: Contents, fee: Decimal, known: Mapping[str, Decimal]) -> Totals:
    """Add up. A deposit shares the rate of its content; the fee shares the rates of the goods (section 3.10 (5) UStAE)."""
    goods: dict[Decimal, Decimal] = {}
    gross: dict[Decimal, Decimal] = {}
    for line in contents.lines:
        rate = known[line.product.vat_category]
        goods[rate] = goods.get(rate, money.ZERO) + line.line_total
        gross[rate] = gross.get(rate, money.ZERO) + line.line_total + line.deposit_total
    fee_parts = vat.split_fee_by_rate(fee, goods) if fee and goods else {}
    for rate, part in fee_parts.items():
        gross[rate] += part.gross
    shares = tuple(VatShare(rate=rate, tax=vat.from_gross(gross[rate], rate).tax) for rate in sorted(gross))
    total = contents.total + fee
    return Totals(
        goods=contents.goods_total,
        deposit=contents.deposit_total,
        fee=fee,
        fee_net=sum((part.net for part in fee_parts.values()), money.ZERO),
        total=total,
        net=total - sum((share.tax for share in shares), money.ZERO),
        vat=shares,
    )


def _window(*, window_id: int | None, region_id: int) -> DeliveryWindow | None:
    if window_id is None:
        return None
    known = DeliveryWindow.objects.select_related("round__rule", "pickup_point__municipality")
    return known.filter(pk=window_id, round__region_id=region_id).first()


def _categories(contents: Contents) -> tuple[str, ...]:
    """What is in the basket; the reduced rate stands in for an empty one."""
    return tuple(sorted({line.product.vat_category for line in contents.lines})) or (VatCategory.REDUCED.value,)


def _available(*, contents: Contents, window: DeliveryWindow | None) -> Mapping[int, int | None]:
    if window is None:
        return {}
    return stock.available_in(delivery_round=window.round, stockrecords=[line.stockrecord for line in contents.lines])


def _hindrances(*, contents: Contents, window: DeliveryWindow | None, at: datetime) -> dict[int, str]:
    if window is None:
        return {}
    return {
        line.product.pk: orderable.hindrance(
            product=line.product, partner=line.product.partner, delivery_round=window.round, at=at
        )
        for line in contents.lines
    }
