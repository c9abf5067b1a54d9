"""Decides how a credit balance is used: what was paid too much on one invoice of an account pays the next one.

Only within an account that gets consolidated invoices: there both stand on one debtor of the books, so nothing is to be booked.
Orders of a person without an account get their money back instead (`refunds`), as the law wants it for withdrawals.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from billing import open_items
from billing.models import Account, Invoice, Offset, Refund
from marketplace.core import money


def available(*, account: Any) -> Decimal:
    """What an account has paid too much and did not get back, in euro."""
    over = -sum((row.left for row in _overpaid(account)), money.ZERO)
    if not over:
        return money.ZERO
    back: Decimal | None = Refund.objects.filter(account=account).aggregate(sum=Sum("amount"))["sum"]
    return max(over - (back or money.ZERO), money.ZERO)


@transaction.atomic
def use(*, account: Account, invoice: Invoice, amount: Decimal, day: date, at: datetime) -> list[Offset]:
    """Let `amount` of the credit balance pay a part of an invoice, out of the oldest overpaid one first."""
    made, left = [], amount
    refunded: Decimal = Refund.objects.filter(account=account).aggregate(sum=Sum("amount"))["sum"] or money.ZERO
    for source in _overpaid(account):
        over = -source.left
        gone = min(refunded, over)
        refunded -= gone
        part = min(over - gone, left)
        if part <= 0 or source.pk == invoice.pk:
            continue
        made.append(Offset.objects.create(source=source, target=invoice, amount=part, day=day, made_at=at))
        left -= part
    return made


def use_due(*, today: date, at: datetime) -> int:
    """Use what came about after an invoice was drawn: a correction, a transfer made twice. Says how often."""
    accounts = Account.objects.filter(terms__in=Account.CONSOLIDATED, invoices__corrections__isnull=False)
    paid_more = Account.objects.filter(terms__in=Account.CONSOLIDATED, invoices__payments__isnull=False)
    found = 0
    for account in (accounts | paid_more).distinct().order_by("pk"):
        found += _use_for(account, today, at)
    return found


@transaction.atomic
def _use_for(account: Account, today: date, at: datetime) -> int:
    if not available(account=account):
        return 0
    Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    found = 0
    for invoice in _open(account):
        credit = available(account=account)
        if not credit:
            break
        found += len(use(account=account, invoice=invoice, amount=min(credit, invoice.left), day=today, at=at))
    return found


def _overpaid(account: Any) -> Sequence[Any]:
    rows = open_items.with_left(documents=Invoice.objects.filter(account=account))
    return list(rows.filter(left__lt=0).order_by("issued_on", "pk"))


def _open(account: Account) -> Sequence[Any]:
    rows = open_items.unpaid(documents=Invoice.objects.filter(account=account))
    return list(rows.order_by("due_on", "issued_on", "pk"))
