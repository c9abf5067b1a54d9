"""Says what customers still owe who pay at the door, for a whole page of deliveries at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from billing import charges
from billing.models import Posting
from billing.rates import RateTable
from logistics.models import Delivery
from marketplace.core import money


@dataclass(frozen=True)
class Owed:
    """A completed delivery and what its customer still owes, in euro."""

    delivery: Delivery
    amount: Decimal


def owed(*, deliveries: Sequence[Delivery]) -> list[Owed]:
    """The deliveries in their order, each with what `payments.open_amount` says of it.

    Four queries for any number: asking for each would cost four a row. The deliveries have their orders at hand.
    """
    amounts: dict[str, Decimal] = {row.order.number: money.ZERO for row in deliveries}
    for number, amount in (*_unbilled(deliveries), *_billed(deliveries)):
        amounts[number] += amount
    return [Owed(delivery=row, amount=amounts[row.order.number]) for row in deliveries]


def _unbilled(deliveries: Sequence[Delivery]) -> Iterator[tuple[str, Decimal]]:
    """Order number and gross of what is on no invoice yet; each charge names the order it belongs to."""
    packed = charges.unbilled().filter(delivery__in=[row.pk for row in deliveries])
    for charged in charges.of(packed=packed, rates=RateTable.load()):
        yield charged.line.delivery_note, charged.gross


def _billed(deliveries: Sequence[Delivery]) -> Iterator[tuple[str, Decimal]]:
    """Order number and balance of what the journal knows."""
    receivable = Posting.objects.filter(ledger=Posting.Ledger.RECEIVABLE, order__in=[row.order_id for row in deliveries])
    yield from receivable.values_list("order__number").annotate(sum=Sum("amount")).order_by("order__number")
