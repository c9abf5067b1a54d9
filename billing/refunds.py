"""Decides to whom the operator owes money back, and books that it was paid: credit balances of orders and of accounts.

A balance is read from the journal. What was paid in advance for an order that is still on its way is no credit balance.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from billing import journal
from billing.journal import Ledger, Side
from billing.models import Account, Invoice, JournalEntry, Payment, Posting, Refund
from billing.payments import LEDGERS
from logistics.models import PackedLine
from marketplace.order.models import Order

_AMOUNT = DecimalField(max_digits=12, decimal_places=2)


def orders(*, region: Any) -> QuerySet[Order]:
    """Orders of a region whose customers get money back, the oldest first, with `credit_balance` in euro."""
    negative = _balances("order").filter(sum__lt=0)
    nothing_came = ~Exists(PackedLine.objects.filter(delivery__order=OuterRef("pk"), delivered__gt=0))
    ended = (
        Q(status=Order.Status.CANCELLED)
        | Exists(Invoice.objects.filter(order=OuterRef("pk"), kind=Invoice.Kind.INVOICE))
        | (Q(status=Order.Status.COMPLETED) & nothing_came)
    )
    found = Order.objects.filter(ended, region=region, pk__in=negative.values("order"))
    balance = Subquery(_balances("order").filter(order=OuterRef("pk")).values("sum"), output_field=_AMOUNT)
    rows: QuerySet[Order] = found.annotate(credit_balance=-balance).select_related("user", "terms__account")
    return rows.order_by("date_placed", "pk")


def accounts(*, region: Any) -> QuerySet[Any]:
    """Monthly accounts of a region that have paid more than they owe, by name, with `credit_balance` in euro."""
    whole = _balances("account", order__isnull=True)
    balance = Subquery(whole.filter(account=OuterRef("pk")).values("sum"), output_field=_AMOUNT)
    found = Account.objects.filter(region=region, pk__in=whole.filter(sum__lt=0).values("account"))
    return found.annotate(credit_balance=-balance).order_by("name", "pk")


@transaction.atomic
def pay_back_order(
    *,
    order: Order,
    method: str,
    paid_on: date,
    at: datetime,
    iban: str = "",
    reference: str = "",
    most: Decimal | None = None,
) -> Refund | None:
    """Book that an order's credit balance went back to its customer, all of it or `most` of it; None when there is none."""
    locked = Order.objects.select_for_update(of=("self",), no_key=True).select_related("region", "terms").get(pk=order.pk)
    owed = orders(region=locked.region).filter(pk=locked.pk).first()
    if owed is None:
        return None
    amount: Decimal = owed.credit_balance if most is None else min(most, owed.credit_balance)
    terms = getattr(locked, "terms", None)
    side = Side(
        ledger=Ledger.RECEIVABLE, amount=amount, order_id=locked.pk, account_id=terms.account_id if terms is not None else None
    )
    key = f"refund:order:{locked.pk}:{locked.refunds.count() + 1}"
    entry = _entry(locked.region, key, f"Rückzahlung Bestellung {locked.number}", side, method, paid_on, at)
    return Refund.objects.create(
        order=locked, method=method, amount=amount, paid_on=paid_on, iban=iban, reference=reference, entry=entry
    )


@transaction.atomic
def pay_back_account(
    *, account: Account, method: str, paid_on: date, at: datetime, iban: str = "", reference: str = ""
) -> Refund | None:
    """Book that a monthly account's whole credit balance went back; None when there is none (any more)."""
    locked = Account.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=account.pk)
    owed = accounts(region=locked.region).filter(pk=locked.pk).first()
    if owed is None:
        return None
    amount: Decimal = owed.credit_balance
    side = Side(ledger=Ledger.RECEIVABLE, amount=amount, account_id=locked.pk)
    key = f"refund:account:{locked.pk}:{locked.refunds.count() + 1}"
    entry = _entry(locked.region, key, f"Rückzahlung Kundenkonto {locked.number}", side, method, paid_on, at)
    return Refund.objects.create(
        account=locked, method=method, amount=amount, paid_on=paid_on, iban=iban, reference=reference, entry=entry
    )


def _balances(by: str, **which: Any) -> QuerySet[Any, Any]:
    """What each order, or each account, owes as the journal says."""
    booked = Posting.objects.filter(ledger=Ledger.RECEIVABLE, **{f"{by}__isnull": False}, **which)
    sums: QuerySet[Any, Any] = booked.order_by().values(by).annotate(sum=Sum("amount"))
    return sums


def _entry(region: Any, key: str, text: str, side: Side, method: str, paid_on: date, at: datetime) -> JournalEntry:
    return journal.post(
        region=region,
        kind=JournalEntry.Kind.REFUND,
        key=key,
        day=paid_on,
        at=at,
        text=text,
        sides=(side, Side(ledger=LEDGERS[Payment.Method(method)], amount=-side.amount)),
    )
