"""Reads how a customer stands: what is open and until when, what is in the customer's favour, which accounts there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from billing import access, account_statements, claims, mandates, offsets, open_items, terms
from billing.account_statements import Statement
from billing.models import Account, Invoice, Mandate, Posting
from marketplace.core import money
from marketplace.regions.models import Region


@dataclass(frozen=True)
class Bill:
    """An open invoice, or the first of an order of which several sellers' invoices are open: one payment pays them all.

    `number` is the reference, `left` euro; `by_debit` says that it will be collected on its day.
    """

    invoice: Invoice
    number: str
    left: Decimal
    charged: Decimal
    by_debit: bool
    is_late: bool
    others: tuple[Invoice, ...] = ()


@dataclass(frozen=True)
class Purse:
    """All that the page shows."""

    bills: list[Bill]
    credit: Decimal
    account: Account | None
    mandate: Mandate | None
    hindrance: str
    statement: Statement

    @property
    def left(self) -> Decimal:
        """All that is open."""
        return sum((bill.left for bill in self.bills), money.ZERO)

    @property
    def next_due(self) -> date | None:
        """The next day on which something is to be paid."""
        return min((bill.invoice.due_on for bill in self.bills if bill.invoice.due_on), default=None)


def of(*, user: Any, region: Region, today: date) -> Purse:
    """How a person stands in a region. The same few queries for any number of invoices."""
    account = terms.account_of(user=user, region=region)
    whose: dict[str, Any] = {"account": account} if account else {"user": user}
    mandate = mandates.standing(region=region, **whose)
    return Purse(
        bills=_bills(user, region, today),
        credit=offsets.available(account=account) if account else money.ZERO,
        account=account,
        mandate=mandate,
        hindrance=mandates.hindrance(mandate=mandate, today=today) if mandate else "",
        statement=account_statements.of_customer(postings=_postings(user, region)),
    )


def bill(*, user: Any, region: Region, pk: int) -> tuple[str, Decimal] | None:
    """What is written on the transfer of a person's open invoice, and how much is open (with it); None when nothing is."""
    rows = open_items.unpaid(documents=access.of_customer(user=user, region=region)).select_related("order")
    found = rows.filter(pk=pk).first()
    if found is None:
        return None
    mine = list(rows.filter(order=found.order_id)) if found.order_id else [found]
    return _reference(mine), sum((row.left for row in mine), money.ZERO)


def _bills(user: Any, region: Region, today: date) -> list[Bill]:
    documents = access.of_customer(user=user, region=region)
    unpaid = open_items.unpaid(documents=documents).select_related("order").annotate(charged=claims.charged())
    rows = list(unpaid.order_by("due_on", "pk"))
    mine = Invoice.objects.filter(pk__in=[row.pk for row in rows])
    debits = set(mine.filter(content__payment__code="59").values_list("pk", flat=True))
    back = set(mine.filter(debit_items__payment__returns__reason__gt="").values_list("pk", flat=True))
    by_debit = debits - back
    late = {row.pk for row in rows if row.due_on and row.due_on < today and row.pk not in by_debit}
    paid_with: dict[Any, list[Any]] = {}
    for row in rows:
        key = ("order", row.order_id) if row.order_id and row.pk not in by_debit else row.pk
        paid_with.setdefault(key, []).append(row)
    return [
        Bill(
            invoice=some[0],
            number=_reference(some),
            left=sum((row.left for row in some), money.ZERO),
            charged=sum((row.charged for row in some), money.ZERO),
            by_debit=some[0].pk in by_debit,
            is_late=any(row.pk in late for row in some),
            others=tuple(some[1:]),
        )
        for some in paid_with.values()
    ]


def _reference(rows: Sequence[Any]) -> str:
    """The number of the invoice; of several of one order the order's."""
    number: str = rows[0].order.number if len(rows) > 1 else rows[0].number
    return number


def _postings(user: Any, region: Region) -> QuerySet[Posting]:
    accounts = Account.objects.filter(users=user, region=region)
    return Posting.objects.filter(Q(order__user=user) | Q(account__in=accounts), entry__region=region)
