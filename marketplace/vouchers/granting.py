"""Writes into an order what its vouchers take off: one row for each, with the share of every line that it covers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from marketplace.core import money, vat
from marketplace.order.models import Line, Order, OrderDiscount, OrderLineDiscount
from marketplace.vouchers.counting import Applied, Outcome


@transaction.atomic
def write(*, order: Order, lines: Sequence[Line], outcome: Outcome) -> None:
    """Replace the discounts of an order by those of the outcome, whose keys are places in `lines`.

    Placing and changing an order both call this; what was agreed before is forgotten. The order's own sums and the lines' prices
    without vouchers are the caller's.
    """
    order.discounts.all().delete()
    for one in outcome.applied:
        if one.chosen.reduction is not None and one.goods:
            row = _row(order, one, one.chosen.reduction, category=OrderDiscount.BASKET, amount=one.goods)
            OrderLineDiscount.objects.bulk_create(
                OrderLineDiscount(line=lines[key], order_discount=row, is_incl_tax=True, amount=share)
                for key, share in sorted(one.shares.items())
            )
        if one.fee:
            _row(order, one, one.chosen.delivery, category=OrderDiscount.SHIPPING, amount=one.fee)
    if not outcome.applied:
        return
    for key, line in enumerate(lines):
        _price(line, outcome.of_line(key))
    Line.objects.bulk_update(lines, ["line_price_incl_tax", "line_price_excl_tax"])


def _row(order: Order, one: Applied, offer: Any, *, category: str, amount: Decimal) -> OrderDiscount:
    goods = category == OrderDiscount.BASKET
    row: OrderDiscount = OrderDiscount.objects.create(
        order=order,
        category=category,
        offer_id=offer.pk,
        offer_name=one.terms.title,
        voucher_id=one.terms.voucher_id,
        voucher_code=one.terms.code,
        frequency=1,
        amount=amount,
        bearer_id=one.terms.bearer_id if goods else None,
        percent=one.chosen.percent if goods else None,
    )
    return row


def _price(line: Line, discount: Decimal) -> None:
    """What the line comes to after vouchers; before them it says in its own fields. The row is not saved."""
    whole = line.line_price_before_discounts_incl_tax or money.ZERO
    price = vat.from_gross(whole - discount, line.vat_rate)
    line.line_price_incl_tax, line.line_price_excl_tax = price.gross, price.net
