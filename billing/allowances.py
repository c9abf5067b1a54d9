"""Decides what vouchers take off delivered goods: the same shares for invoice and credit note, from the order's own rows.

All lines of an order are reckoned together, those that never came too, so that a fixed amount shrinks as agreed (ADR 0009).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from django.db.models import Prefetch

from billing.documents import DocLine, percent_text
from marketplace.core import money
from marketplace.order import amounts, discounts
from marketplace.order.discounts import Given
from marketplace.order.models import Line, Order

#: UN/ECE: one of something that has no unit
ONE = "C62"


@dataclass(frozen=True, kw_only=True)
class Off:
    """A voucher on a document, at one VAT rate: the negative line, and how much of it (negative) is off which order line."""

    line: DocLine
    discount_id: int
    shares: tuple[tuple[int, Decimal], ...]


def given(*, orders: Collection[int]) -> dict[int, tuple[Given, ...]]:
    """What the vouchers of these orders come to by what was handed over, by order key; orders without any are left out.

    One query when none of them has a voucher, else five.
    """
    lines = Prefetch("lines", queryset=Line.objects.select_related("packed_line").order_by("pk"))
    found = Order.objects.filter(pk__in=orders, discounts__isnull=False).distinct().order_by("pk")
    return {order.pk: _given(order) for order in found.prefetch_related(lines, "fees", discounts.prefetch())}


def of_one_producer(*, given: Iterable[Given], goods: Mapping[int, DocLine], producer: str) -> Iterator[Off]:
    """The vouchers that take something off the goods of this producer alone; they stand with them. `goods` by order line."""
    for one in given:
        if _producers(one, goods) == {producer}:
            yield from _lines(one, goods)


def of_several(*, given: Iterable[Given], goods: Mapping[int, DocLine]) -> Iterator[Off]:
    """The vouchers on the goods of several producers; they stand after all goods of the order."""
    for one in given:
        if len(_producers(one, goods)) > 1:
            yield from (replace(off, line=replace(off.line, producer="")) for off in _lines(one, goods))


def voucher_text(*, given: Given) -> str:
    """What a voucher is called on documents, e.g. "Gutschein SOMMER10, 10 %"."""
    percent = given.granted.percent
    return f"Gutschein {given.granted.code}" + (f", {percent_text(percent)} %" if percent is not None else "")


def share_text(*, rate: Decimal, rates: int) -> str:
    """Said where an amount is split over several rates."""
    return f" (Anteil zu {percent_text(rate)} % USt)" if rates > 1 else ""


def _producers(given: Given, goods: Mapping[int, DocLine]) -> set[str]:
    return {goods[key].producer for key, share in given.shares.items() if share and key in goods}


def _lines(given: Given, goods: Mapping[int, DocLine]) -> Iterator[Off]:
    """One line for each VAT rate of the goods."""

    def rate(key: int) -> Decimal:
        return goods[key].vat_rate

    covered = sorted((key for key, share in given.shares.items() if share and key in goods), key=lambda key: (rate(key), key))
    rates = len({rate(key) for key in covered})
    for _rate, members in groupby(covered, rate):
        keys = list(members)
        like = goods[keys[0]]
        line = replace(
            like,
            kind="allowance",
            text=voucher_text(given=given) + share_text(rate=like.vat_rate, rates=rates),
            quantity=Decimal(-1),
            unit_code=ONE,
            unit_label="",
            gross=-sum((given.shares[key] for key in keys), money.ZERO),
            sku="",
            note="",
            organic_code="",
        )
        yield Off(
            line=line,
            discount_id=given.granted.discount_id,
            shares=tuple((key, -given.shares[key]) for key in keys),
        )


def _given(order: Order) -> tuple[Given, ...]:
    lines = list(order.lines.all())
    delivered = {line.pk: _delivered(line) for line in lines}
    fee = sum((fee.gross for fee in order.fees.all()), money.ZERO) if any(delivered.values()) else money.ZERO
    return discounts.come_to(
        granted=discounts.of_order(order=order), ordered=discounts.ordered_goods(lines=lines), delivered=delivered, fee=fee
    )


def _delivered(line: Line) -> Decimal:
    """What the goods of a line cost that were handed over; a line that was never packed came to nobody."""
    packed = getattr(line, "packed_line", None)
    if packed is None or not packed.delivered:
        return money.ZERO
    return amounts.goods_gross(line=line, quantity=packed.delivered, weight_g=packed.delivered_weight_g)
