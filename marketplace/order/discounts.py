"""Decides what vouchers take off: of the lines of an order when it is ordered, and of what is delivered in the end (ADR 0009).

Each discount has its turn and takes from what those before it left of the goods, never from deposits. Amounts are gross euro in
whole cents by the key of the line. Keys are put in order first, so it does not matter how lines are sorted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Prefetch

from marketplace.core import money
from marketplace.order import amounts
from marketplace.order.models import Line, Order, OrderDiscount


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What was agreed: `shares` of every covered line at ordering, zero included; `percent` is None for a fixed amount."""

    discount_id: int
    code: str
    shares: Mapping[int, Decimal]
    percent: Decimal | None = None
    frees_delivery: bool = False
    bearer_id: int | None = None

    @property
    def amount(self) -> Decimal:
        """What the goods were to cost less."""
        return sum(self.shares.values(), money.ZERO)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What it comes to: `shares` of the covered lines, and `fee` of the delivery fee."""

    granted: Granted
    shares: Mapping[int, Decimal]
    fee: Decimal = money.ZERO

    @property
    def amount(self) -> Decimal:
        """All that it takes off."""
        return sum(self.shares.values(), self.fee)

    @property
    def off(self) -> Decimal:
        """The same as a negative amount, as it stands among the sums."""
        return -self.amount


def share_out(*, left: Mapping[int, Decimal], percent: Decimal | None = None, amount: Decimal = money.ZERO) -> dict[int, Decimal]:
    """Take `percent` of what is `left` of the lines, or `amount` but never more than is left; no line falls below zero.

    The sum is rounded once and then spread in proportion to what is left, so the shares sum to it to the cent.
    """
    keys = sorted(left)
    whole = sum(left.values(), money.ZERO)
    wanted = min(amount, whole) if percent is None else money.to_cents(Fraction(whole) * Fraction(percent) / 100)
    if not wanted:
        return dict.fromkeys(keys, money.ZERO)
    return dict(zip(keys, money.spread(wanted, [left[key] for key in keys]), strict=True))


def come_to(
    *, granted: Sequence[Granted], ordered: Mapping[int, Decimal], delivered: Mapping[int, Decimal], fee: Decimal
) -> tuple[Given, ...]:
    """What the discounts of an order come to when its lines cost `delivered` instead of `ordered` and the delivery `fee`.

    A percentage follows the goods. A fixed amount shrinks in proportion to the goods that it covers, and never grows. What came
    as it was ordered keeps its shares. Lines that `delivered` does not name did not come.
    """
    before, after = dict(ordered), {key: delivered.get(key, money.ZERO) for key in ordered}
    free, found = fee, []
    for one in granted:
        shares = _shares(one, before={key: before[key] for key in one.shares}, after={key: after[key] for key in one.shares})
        for key, share in shares.items():
            after[key] -= share
            before[key] -= one.shares[key]
        taken = free if one.frees_delivery else money.ZERO
        free -= taken
        found.append(Given(granted=one, shares=shares, fee=taken))
    return tuple(found)


def by_line(*, given: Iterable[Given]) -> dict[int, Decimal]:
    """What all of them together take off each line."""
    found: dict[int, Decimal] = {}
    for one in given:
        for key, share in one.shares.items():
            found[key] = found.get(key, money.ZERO) + share
    return found


def of_order(*, order: Order) -> tuple[Granted, ...]:
    """The discounts of an order in their turn; no query when they are prefetched (`prefetch`)."""
    rows = sorted(order.discounts.all(), key=lambda row: row.pk)
    return tuple(
        Granted(
            discount_id=row.pk,
            code=row.voucher_code,
            shares={share.line_id: share.amount for share in row.discount_lines.all()},
            percent=row.percent,
            frees_delivery=row.is_shipping_discount,
            bearer_id=row.bearer_id,
        )
        for row in rows
    )


def ordered_goods(*, lines: Iterable[Line]) -> dict[int, Decimal]:
    """What the lines cost as ordered, by key; what came into the order later in place of something else was not ordered."""
    pieces = {line: 0 if line.instead_of_id else line.quantity for line in lines}
    return {line.pk: amounts.goods_gross(line=line, quantity=number, weight_g=None) for line, number in pieces.items()}


def prefetch(*, of: str = "") -> "Prefetch[str]":
    """What a queryset fetches ahead so that `of_order` costs no query; `of` is the way to the order, e.g. "order__"."""
    return Prefetch(f"{of}discounts", queryset=OrderDiscount.objects.order_by("pk").prefetch_related("discount_lines"))


def _shares(one: Granted, *, before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> dict[int, Decimal]:
    if before == after:
        return dict(one.shares)
    if one.percent is not None:
        return share_out(left=after, percent=one.percent)
    was, now = sum(before.values(), money.ZERO), sum(after.values(), money.ZERO)
    amount = one.amount if now >= was else money.to_cents(Fraction(one.amount) * Fraction(now) / Fraction(was))
    return share_out(left=after, amount=amount)
