"""Gathers all that the office knows of one customer or producer in money: one page, every number read, none stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from billing import access, account_statements, open_items
from billing.account_statements import Statement
from billing.models import (
    Account,
    DunningLetter,
    Invoice,
    InvoiceLine,
    Mandate,
    OnlinePayment,
    Payment,
    Posting,
    Refund,
)
from marketplace.aftersales.models import Complaint, Withdrawal
from marketplace.core import money
from marketplace.dashboard import second_attempts
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

#: rows of each list; the whole lists stand behind links
MOST = 20
Charge = InvoiceLine.Charge


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything of one party. `overdue` and `deposits` are euro; `deposits` is what was billed and has not come back."""

    statement: Statement
    unpaid: Sequence[Any]
    overdue: Decimal
    deposits: Decimal
    documents: Sequence[Invoice]
    payments: Sequence[Payment]
    orders: Sequence[Order] = ()
    refunds: Sequence[Refund] = ()
    complaints: Sequence[Complaint] = ()
    withdrawals: Sequence[Withdrawal] = ()
    accounts: Sequence[Account] = field(default_factory=tuple)
    mandates: Sequence[Mandate] = ()
    letters: Sequence[DunningLetter] = ()
    online: Sequence[OnlinePayment] = ()


def of_account(*, account: Account, today: date) -> Sheet:
    """A customer account: what it owes, whoever ordered for it."""
    orders = Order.objects.filter(region=account.region_id, terms__account=account)
    documents = Invoice.objects.filter(Q(account=account) | Q(order__in=orders), region=account.region_id)
    return _of_customer(orders, documents, Posting.objects.filter(account=account), today, Q(account=account), Q(account=account))


def of_person(*, user: User, region: Region, today: date) -> Sheet:
    """A customer with a login: the own orders; what was ordered for an account is owed by the account."""
    orders = Order.objects.filter(region=region, user=user)
    own = orders.filter(terms__account__isnull=True)
    documents = Invoice.objects.filter(region=region, order__in=own)
    accounts = list(user.accounts.filter(region=region).order_by("name"))
    mine = Q(user=user, region=region)
    return _of_customer(orders, documents, Posting.objects.filter(order__in=own), today, mandates=mine, accounts=accounts)


def of_guest(*, email: str, region: Region, today: date) -> Sheet:
    """Somebody without a login: all orders with that e-mail address."""
    orders = Order.objects.filter(region=region, user__isnull=True, guest_email__iexact=email)
    documents = Invoice.objects.filter(region=region, order__in=orders)
    return _of_customer(orders, documents, Posting.objects.filter(order__in=orders), today)


def of_order(*, order: Order, today: date) -> Sheet:
    """Somebody who left no e-mail address, by telephone: the one order."""
    orders = Order.objects.filter(pk=order.pk)
    return _of_customer(orders, Invoice.objects.filter(order=order), Posting.objects.filter(order=order), today)


def of_producer(*, partner: Partner) -> Sheet:
    """A producer: what it is owed, its credit notes and payouts, and what customers complained about."""
    documents = Invoice.objects.filter(region=partner.region_id, partner=partner)
    waiting = {item.pk for item in open_items.to_go_out(region=partner.region_id) if item.kind == open_items.CREDIT_NOTE}
    rows = list(access.listed(documents).annotate(received=open_items.received())[:MOST])
    complaints = Complaint.objects.filter(order_line__partner=partner).select_related("order_line__order")
    return Sheet(
        statement=account_statements.of_producer(partner=partner),
        unpaid=[row for row in rows if row.pk in waiting],
        overdue=money.ZERO,
        deposits=_deposits(documents),
        documents=rows,
        payments=list(_payments(Q(invoice__in=documents))),
        complaints=list(complaints.order_by("-reported_at", "-pk")[:MOST]),
    )


def _of_customer(
    orders: QuerySet[Order],
    documents: QuerySet[Invoice],
    postings: QuerySet[Posting],
    today: date,
    refunds: Q | None = None,
    mandates: Q | None = None,
    accounts: Sequence[Account] = (),
) -> Sheet:
    unpaid = list(open_items.unpaid(documents=documents).order_by("issued_on", "number"))
    complaints = Complaint.objects.filter(order_line__order__in=orders).select_related("order_line__order")
    shown = orders.annotate(given_up=second_attempts.given_up()).select_related("delivery__round", "terms")
    given_back = Refund.objects.filter((refunds or Q(pk__in=())) | Q(order__in=orders)).select_related("order")
    return Sheet(
        statement=account_statements.of_customer(postings=postings),
        unpaid=unpaid,
        overdue=sum((row.left for row in unpaid if row.due_on and row.due_on < today), money.ZERO),
        deposits=_deposits(documents),
        documents=list(access.listed(documents).annotate(received=open_items.received())[:MOST]),
        payments=list(_payments(Q(invoice__in=documents) | Q(order__in=orders))),
        orders=list(shown.order_by("-date_placed", "-pk")[:MOST]),
        refunds=list(given_back.order_by("-paid_on", "-pk")[:MOST]),
        complaints=list(complaints.order_by("-reported_at", "-pk")[:MOST]),
        withdrawals=list(Withdrawal.objects.filter(order__in=orders).order_by("-declared_at", "-pk")[:MOST]),
        accounts=accounts,
        mandates=list(Mandate.objects.filter(mandates).order_by("-signed_at", "-pk")) if mandates else (),
        letters=_letters(Q(order__in=orders) | (refunds or Q(pk__in=()))),
        online=list(OnlinePayment.objects.filter(order__in=orders).select_related("order").order_by("-opened_at", "-pk")[:MOST]),
    )


def _letters(which: Q) -> list[DunningLetter]:
    return list(DunningLetter.objects.filter(which).defer("content", "pdf").order_by("-day", "-pk")[:MOST])


def _payments(which: Q) -> QuerySet[Payment]:
    rows = Payment.objects.filter(which).select_related("invoice", "order", "bank_line")
    return rows.defer("invoice__content").order_by("-received_on", "-pk")[:MOST]


def _deposits(documents: QuerySet[Invoice]) -> Decimal:
    """Deposit billed less what came back, cancelled documents left out."""
    standing = documents.filter(kind__in=(Invoice.Kind.INVOICE, Invoice.Kind.SELF_BILLED), replaced_by__isnull=True)
    rows = InvoiceLine.objects.filter(invoice__in=standing, charge__in=(Charge.DEPOSIT, Charge.RETURN))
    found: Decimal | None = rows.aggregate(sum=Sum("gross"))["sum"]
    return found or money.ZERO
