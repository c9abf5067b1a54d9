"""Reads how a customer stands: what is open and until when, what is in the customer's favour, which accounts there are."""

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
    """An open invoice: `left` is euro; `by_debit` that it will be collected on its day."""

    invoice: Invoice
    left: Decimal
    charged: Decimal
    by_debit: bool
    is_late: bool


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


def bill(*, user: Any, region: Region, pk: int) -> Any:
    """An open invoice of a person with `left`, or None."""
    return open_items.unpaid(documents=access.of_customer(user=user, region=region)).filter(pk=pk).first()


def _bills(user: Any, region: Region, today: date) -> list[Bill]:
    documents = access.of_customer(user=user, region=region)
    rows = list(open_items.unpaid(documents=documents).annotate(charged=claims.charged()).order_by("due_on", "pk"))
    mine = Invoice.objects.filter(pk__in=[row.pk for row in rows])
    debits = set(mine.filter(content__payment__code="59").values_list("pk", flat=True))
    back = set(mine.filter(debit_items__payment__returns__reason__gt="").values_list("pk", flat=True))
    by_debit = debits - back
    late = {row.pk for row in rows if row.due_on and row.due_on < today and row.pk not in by_debit}
    return [Bill(row, row.left, row.charged, row.pk in by_debit, row.pk in late) for row in rows]


def _postings(user: Any, region: Region) -> QuerySet[Posting]:
    accounts = Account.objects.filter(users=user, region=region)
    return Posting.objects.filter(Q(order__user=user) | Q(account__in=accounts), entry__region=region)
