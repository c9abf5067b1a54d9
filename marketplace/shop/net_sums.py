"""Decides how a basket is told without VAT, for businesses: each line, the sums, and the tax by rate up to the gross total."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.net_prices import Rates
from marketplace.basket.baskets import Contents
from marketplace.core import money, wording
from marketplace.order import nets, sums
from marketplace.order.sums import Part
from marketplace.vouchers.counting import Outcome


@dataclass(frozen=True)
class NetBasket:
    """The goods of each line by its id, and the rows of `components/summary_list.html`; euro without VAT."""

    lines: Mapping[int, Decimal]
    rows: list[dict[str, Any]]


def of(*, contents: Contents, fee: Decimal, fee_row: dict[str, Any], vouchers: Outcome, rates: Rates) -> NetBasket:
    """The basket at these rates in percent by category; `fee_row` is how the fee is told otherwise."""
    parts = [
        Part(
            rate=rates[line.product.vat_category],
            goods=line.line_total,
            deposit=line.deposit_total,
            discount=vouchers.of_line(place),
        )
        for place, line in enumerate(contents.lines)
    ]
    found = nets.of(parts=parts, fee=fee - vouchers.fee)
    told = sums.add_up(parts=parts, fee=fee, fee_discount=vouchers.fee)
    rows: list[dict[str, Any]] = [{"label": _("Goods without VAT"), "amount": sum(found.goods, money.ZERO)}]
    rows += [{"label": _("Deposits without VAT"), "amount": found.deposit}] if found.deposit else []
    rows.append({"label": fee_row["label"], "amount": found.fee} if found.fee else fee_row)
    rows += [{"label": _("Vouchers"), "amount": found.discount}] if found.discount else []
    rows += [
        {"label": _("plus %(rate)s VAT") % {"rate": wording.quantity(share.rate, unit="%")}, "amount": share.tax}
        for share in told.vat
        if share.tax
    ]
    return NetBasket(
        lines={line.line.pk: net for line, net in zip(contents.lines, found.goods, strict=True)},
        rows=rows,
    )
