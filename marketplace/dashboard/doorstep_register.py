"""Says what customers still owe who pay at the door, for a whole page of deliveries at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from billing import reductions
from billing.models import Posting
from logistics.models import Delivery
from marketplace.core import money


@dataclass(frozen=True)
class Owed:
    """A completed delivery and what its customer still owes, in euro."""

    delivery: Delivery
    amount: Decimal


def owed(*, deliveries: Sequence[Delivery]) -> list[Owed]:
    """The deliveries in their order, each with what `payments.open_amount` says of it.

    A handful of queries for any number: asking for each would cost as many a row. The deliveries have their orders at hand.
    """
    amounts: dict[str, Decimal] = {row.order.number: money.ZERO for row in deliveries}
    for number, amount in (*reductions.owed_each(deliveries=deliveries).items(), *_billed(deliveries)):
        amounts[number] += amount
    return [Owed(delivery=row, amount=amounts[row.order.number]) for row in deliveries]


def _billed(deliveries: Sequence[Delivery]) -> Iterator[tuple[str, Decimal]]:
    """Order number and balance of what the journal knows."""
    receivable = Posting.objects.filter(ledger=Posting.Ledger.RECEIVABLE, order__in=[row.order_id for row in deliveries])
    yield from receivable.values_list("order__number").annotate(sum=Sum("amount")).order_by("order__number")
