"""Decides which customers may buy on account: the office approves an account with its limit, and can take that back."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from billing.models import Account
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User


def waiting(*, region: Region) -> QuerySet[Account]:
    """Accounts that nobody has approved."""
    return Account.objects.filter(region=region, approved_at__isnull=True).order_by("number", "pk")


@transaction.atomic
def grant(*, account: Account, limit: Decimal, payment_days: int, terms: str, at: datetime, by: User | None) -> Account:
    """Let the account buy on invoice up to `limit` euro, to be paid within `payment_days`; also changes an approved one."""
    row = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    old = _state(row)
    row.credit_limit, row.payment_days, row.terms = limit, payment_days, terms
    row.approved_at = row.approved_at or at
    row.save(update_fields=["credit_limit", "payment_days", "terms", "approved_at"])
    audit.record(action="account.granted", target=row, at=at, by=by, old=old, new=_state(row))
    return row


@transaction.atomic
def withdraw(*, account: Account, at: datetime, by: User | None) -> Account:
    """No new orders on invoice from now on; what was ordered is billed as agreed. Again changes nothing."""
    row = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if row.approved_at is not None:
        old = _state(row)
        row.approved_at = None
        row.save(update_fields=["approved_at"])
        audit.record(action="account.withdrawn", target=row, at=at, by=by, old=old, new=_state(row))
    return row


def _state(row: Account) -> dict[str, str | int | bool]:
    return {
        "limit": str(row.credit_limit),
        "payment_days": row.payment_days,
        "terms": row.terms,
        "approved": row.approved_at is not None,
    }
