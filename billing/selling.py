"""Splits what was delivered by who sells it: one bill of the operator, and one of each producer that sells in its own name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from billing import agencies, allowances, charges, reductions
from billing.agencies import Agencies
from billing.charges import Charged
from billing.models import InvoiceLine
from billing.rates import RateTable
from logistics.models import DepositReturn, PackedLine
from marketplace.core import money
from marketplace.core.models import VatCategory
from marketplace.order.discounts import Given
from marketplace.partner.models import Partner


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What one seller bills: `seller` is the producer, None the operator."""

    seller: Partner | None
    charged: tuple[Charged, ...]
    #: what vouchers that the market bears pay of a producer's own invoice
    vouchers: Decimal = money.ZERO
    #: whether goods are taxed as those of farmers who reckon by averages (section 24 UStG)
    at_flat_rate: bool = False

    @property
    def gross(self) -> Decimal:
        """What the customer pays for it."""
        return sum((item.gross for item in self.charged), money.ZERO)

    @property
    def due(self) -> Decimal:
        """What is left of it once the market's vouchers are used."""
        return self.gross - self.vouchers


def bills(*, packed: QuerySet[PackedLine], returns: Iterable[DepositReturn]) -> list[Bill]:
    """The bills of these delivered lines and empties, the operator's first, those without a line left out.

    What only came back waits for the next bill of its seller.
    """
    rates, own = RateTable.load(), packed.filter(agencies.in_own_name())
    producers = list(Partner.objects.filter(pk__in=own.values("order_line__partner")).order_by("name", "pk"))
    came_back = by_seller(returns=list(returns))
    found = [
        Bill(
            seller=None,
            charged=reductions.billable(
                packed=agencies.rows_of(packed, seller_id=None),
                returns=came_back.get(None, ()),
                rates=rates,
                fees_alone=_fees_alone(packed, rates) if producers else (),
            ),
        )
    ]
    found += [
        Bill(
            seller=producer,
            charged=reductions.billable(
                packed=agencies.rows_of(packed, seller_id=producer.pk),
                returns=came_back.get(producer.pk, ()),
                rates=agencies.own_rates(partner_id=producer.pk, rates=rates),
                seller_id=producer.pk,
            ),
        )
        for producer in producers
    ]
    given = allowances.given(orders=set(packed.values_list("delivery__order", flat=True))) if producers else {}
    return [
        replace(bill, at_flat_rate=_at_flat_rate(bill, rates), vouchers=_vouchers(bill, given)) for bill in found if bill.charged
    ]


def _vouchers(bill: Bill, given: Mapping[int, Sequence[Given]]) -> Decimal:
    """What the market gives on the goods of a producer that sells itself."""
    if bill.seller is None:
        return money.ZERO
    goods = {item.order_line_id for item in bill.charged if item.charge == InvoiceLine.Charge.GOODS}
    market = [one for some in given.values() for one in some if one.granted.bearer_id is None]
    return sum((share for one in market for line, share in one.shares.items() if line in goods), money.ZERO)


def _at_flat_rate(bill: Bill, rates: RateTable) -> bool:
    days = {item.line.delivered_on for item in bill.charged if item.line.delivered_on is not None}
    flat = {rates.on(category=VatCategory.FLAT_RATE, day=day).rate for day in days} if bill.seller is not None else set()
    return any(item.line.vat_rate in flat for item in bill.charged)


def prepaid(*, bills: Sequence[Bill], received: Decimal) -> list[Decimal]:
    """How the money that came in for an order counts for its bills: the first ones are paid first, the last has the rest."""
    found, left = [], received
    for number, bill in enumerate(bills, 1):
        part = left if number == len(bills) else max(min(left, bill.due), money.ZERO)
        found.append(part)
        left -= part
    return found


def by_seller(*, returns: Sequence[DepositReturn]) -> dict[int | None, list[DepositReturn]]:
    """Empties by who sells the full ones on the day they came back."""
    held = Agencies.load(partners={row.partner_id for row in returns})

    def seller(row: DepositReturn) -> int | None:
        return held.seller_of(partner_id=row.partner_id, day=timezone.localdate(row.noted_at))

    return {key: list(rows) for key, rows in groupby(sorted(returns, key=lambda row: seller(row) or 0), seller)}


def _fees_alone(packed: QuerySet[PackedLine], rates: RateTable) -> tuple[Charged, ...]:
    """The fees of orders with nothing that the operator sells."""
    days: dict[int, date] = {}
    with_operator = set()
    for row in packed.annotate(own=agencies.in_own_name()).select_related("delivery", "order_line"):
        if not charges.goods_gross(row=row):
            continue  # nothing of worth came of it, and nobody pays for bringing nothing
        if row.own:
            days[row.delivery.order_id] = charges.day_of(row.delivery)
        else:
            with_operator.add(row.delivery.order_id)
    return charges.fees_alone(days={order: day for order, day in days.items() if order not in with_operator}, rates=rates)


def _own(packed: QuerySet[PackedLine]) -> QuerySet[PackedLine]:
    """What producers sell in their own names, with the deliveries."""
    return packed.filter(agencies.in_own_name()).select_related("delivery")
