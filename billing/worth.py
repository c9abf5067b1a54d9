"""Decides what a delivered order was charged with, line by line, and what of that was not credited since.

Gross euro in whole cents, less what vouchers took off. The same whether it is billed already or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from billing import charges
from billing.charges import Charged
from billing.models import Credit, InvoiceLine
from billing.rates import RateTable
from logistics.models import PackedLine
from marketplace.core import money
from marketplace.order.models import Order

Charge = InvoiceLine.Charge


@dataclass(frozen=True, kw_only=True)
class Worth:
    """A delivered line: how many pieces came, what they cost, and what of it was credited since."""

    pieces: int
    goods: Decimal
    deposit: Decimal
    #: what its producer is credited for the goods, before commission: without the vouchers that the operator bears
    supplied: Decimal
    credited_pieces: int = 0
    credited_goods: Decimal = money.ZERO
    credited_deposit: Decimal = money.ZERO

    @property
    def goods_left(self) -> Decimal:
        """What can still be taken off the goods."""
        return self.goods - self.credited_goods

    @property
    def deposit_left(self) -> Decimal:
        """What can still be taken off the deposits."""
        return self.deposit - self.credited_deposit

    def goods_of(self, *, pieces: int) -> Decimal:
        """What so many pieces cost, never more than is left; pieces credited one after the other sum to the whole."""
        return min(self.goods_left, _next(self.goods, self.pieces, self.credited_pieces, pieces))

    def supplied_of(self, *, goods: Decimal) -> Decimal:
        """What the producer was credited for what is taken off the goods."""
        return money.to_cents(Fraction(goods) * Fraction(self.supplied) / Fraction(self.goods)) if self.goods else money.ZERO

    def deposit_of(self, *, pieces: int) -> Decimal:
        """The deposit on so many pieces, never more than is left."""
        return min(self.deposit_left, money.to_cents(self.deposit * pieces / self.pieces)) if self.pieces else money.ZERO


@dataclass(frozen=True, kw_only=True)
class OrderWorth:
    """A delivered order: its lines by key, and what its fee came to by VAT rate and has left."""

    lines: Mapping[int, Worth]
    fee: Mapping[Decimal, Decimal]
    fee_left: Decimal


def of(*, order: Order) -> OrderWorth:
    """What an order was charged with and what is left of it."""
    pieces = dict(PackedLine.objects.filter(delivery__order=order).values_list("order_line", "delivered"))
    charged = charges.of(packed=charges.delivered().filter(delivery__order=order), rates=RateTable.load())
    credits = list(Credit.objects.filter(order=order))
    fee = _billed_fee(order) or fee_parts(charged=charged).get(order.number, {})
    given_back = sum((credit.gross for credit in credits if credit.charge == Charge.FEE), money.ZERO)
    goods, deposits, supplied = _by_line(charged, _bearers(order))
    return OrderWorth(
        lines={
            key: _worth(key, pieces[key] or 0, goods[key], deposits.get(key, money.ZERO), supplied[key], credits) for key in goods
        },
        fee=fee,
        fee_left=sum(fee.values(), money.ZERO) - given_back,
    )


def fee_parts(*, charged: Iterable[Charged]) -> dict[str, dict[Decimal, Decimal]]:
    """What the fees came to, less vouchers, by number of the order and VAT rate."""
    found: dict[str, dict[Decimal, Decimal]] = {}
    for item in charged:
        if item.charge == Charge.FEE:
            parts = found.setdefault(item.line.delivery_note, {})
            parts[item.line.vat_rate] = parts.get(item.line.vat_rate, money.ZERO) + item.gross
    return found


def _billed_fee(order: Order) -> dict[Decimal, Decimal]:
    rows = InvoiceLine.objects.filter(
        Q(fee__order=order) | Q(discount__order=order, order_line__isnull=True), kind="380", charge=Charge.FEE
    )
    latest: dict[tuple[int | None, int | None, Decimal], Decimal] = {}
    for fee, discount, rate, gross in rows.order_by("invoice", "pk").values_list("fee", "discount", "vat_rate", "gross"):
        latest[fee, discount, rate] = gross  # a document that was drawn anew says the same again
    found: dict[Decimal, Decimal] = {}
    for (_fee, _discount, rate), gross in latest.items():
        found[rate] = found.get(rate, money.ZERO) + gross
    return found


def _bearers(order: Order) -> dict[int, bool]:
    """Of each voucher of the order, whether a producer bears it; it then covers only that producer's goods."""
    return {row.pk: row.bearer_id is not None for row in order.discounts.all()}


def _by_line(
    charged: Iterable[Charged], borne: Mapping[int, bool]
) -> tuple[dict[int, Decimal], dict[int, Decimal], dict[int, Decimal]]:
    """Goods less vouchers, deposits, and goods less the vouchers that their producer bears, by order line."""
    goods: dict[int, Decimal] = {}
    deposits: dict[int, Decimal] = {}
    supplied: dict[int, Decimal] = {}
    for item in charged:
        if item.order_line_id is not None and item.charge == Charge.DEPOSIT:
            _add(deposits, item.order_line_id, item.gross)
        elif item.order_line_id is not None:
            _add(goods, item.order_line_id, item.gross)
            _add(supplied, item.order_line_id, item.gross)
        for key, share in item.shares:
            _add(goods, key, share)
            _add(supplied, key, share if borne.get(item.discount_id or 0) else money.ZERO)
    return goods, deposits, supplied


def _add(sums: dict[int, Decimal], key: int, amount: Decimal) -> None:
    sums[key] = sums.get(key, money.ZERO) + amount


def _worth(key: int, pieces: int, goods: Decimal, deposit: Decimal, supplied: Decimal, credits: Iterable[Credit]) -> Worth:
    mine = [credit for credit in credits if credit.order_line_id == key]
    on_goods = [credit for credit in mine if credit.charge == Charge.GOODS]
    return Worth(
        pieces=pieces,
        goods=goods,
        deposit=deposit,
        supplied=supplied,
        credited_pieces=sum(credit.quantity for credit in on_goods),
        credited_goods=sum((credit.gross for credit in on_goods), money.ZERO),
        credited_deposit=sum((credit.gross for credit in mine if credit.charge == Charge.DEPOSIT), money.ZERO),
    )


def _next(whole: Decimal, pieces: int, before: int, now: int) -> Decimal:
    """What the next pieces of a line cost when its price does not divide evenly; after more than all, simply their share."""
    if not pieces:
        return money.ZERO
    if before + now > pieces:
        return money.to_cents(whole * now / pieces)
    return money.to_cents(whole * (before + now) / pieces) - money.to_cents(whole * before / pieces)
