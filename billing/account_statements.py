"""Reads the statement of one customer or producer from the journal: every posting with the balance after it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from billing.models import Posting
from marketplace.core import money

#: so many of the newest lines are shown; what came before is carried forward
MOST = 60


@dataclass(frozen=True, kw_only=True)
class Line:
    """One posting: euro, above zero what the balance rises by; `document_id` where it leads to, if anywhere."""

    day: date
    text: str
    amount: Decimal
    balance: Decimal
    document_id: int | None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The newest lines first, what was carried forward before them, and what it comes to."""

    lines: list[Line]
    carried: Decimal
    balance: Decimal


def of_customer(*, postings: QuerySet[Any]) -> Statement:
    """What a customer owes: `postings` of receivables of an account, or of orders. One query."""
    return _read(postings.filter(ledger=Posting.Ledger.RECEIVABLE), sign=1)


def of_producer(*, partner: Any) -> Statement:
    """What a producer is owed. One query."""
    return _read(Posting.objects.filter(ledger=Posting.Ledger.PAYABLE, partner=partner), sign=-1)


def _read(postings: QuerySet[Any], *, sign: int) -> Statement:
    rows = postings.order_by("entry__day", "entry_id", "pk").values_list("entry__day", "entry__text", "amount", "entry__invoice")
    lines, balance = [], money.ZERO
    for day, text, amount, document in rows:
        balance += sign * amount
        lines.append(Line(day=day, text=text, amount=sign * amount, balance=balance, document_id=document))
    shown = lines[-MOST:]
    carried = shown[0].balance - shown[0].amount if shown else money.ZERO
    return Statement(lines=shown[::-1], carried=carried, balance=balance)
