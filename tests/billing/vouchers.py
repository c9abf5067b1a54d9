"""Vouchers on the delivered orders of `tests.billing.deliveries`, written straight into the tables."""

from decimal import Decimal

from logistics.models import Delivery
from marketplace.core import money
from marketplace.order import discounts
from marketplace.order.models import OrderDiscount, OrderLineDiscount
from marketplace.partner.models import Partner


def grant(
    delivery: Delivery,
    *,
    code: str = "SOMMER10",
    percent: str = "",
    amount: str = "",
    free_delivery: bool = False,
    goods_of: Partner | None = None,
    bearer: Partner | None = None,
) -> OrderDiscount:
    """Give the order a voucher, as if it had been placed with it after those that it has."""
    order = delivery.order
    lines = [line for line in order.lines.order_by("pk") if goods_of is None or line.partner_id == goods_of.pk]
    left = discounts.ordered_goods(lines=lines)
    for share in OrderLineDiscount.objects.filter(line__in=lines):
        left[share.line_id] -= share.amount
    shares = (
        {}
        if free_delivery
        else discounts.share_out(left=left, percent=Decimal(percent) if percent else None, amount=Decimal(amount or 0))
    )
    fee = sum((fee.gross for fee in order.fees.all()), money.ZERO)
    row: OrderDiscount = OrderDiscount.objects.create(
        order=order,
        category=OrderDiscount.SHIPPING if free_delivery else OrderDiscount.BASKET,
        voucher_code=code,
        offer_name=code,
        amount=fee if free_delivery else sum(shares.values(), money.ZERO),
        percent=Decimal(percent) if percent else None,
        bearer=bearer,
    )
    OrderLineDiscount.objects.bulk_create(
        OrderLineDiscount(line_id=key, order_discount=row, is_incl_tax=True, amount=share) for key, share in shares.items()
    )
    return row
