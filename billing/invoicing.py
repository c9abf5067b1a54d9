"""Decides when delivered goods are billed, and draws the invoices: one an order, or one a week or month over all producers.

Billing pulls: what is due is found by a query, so a run that was missed or broke off is made up for by the next one. The operator
sells on commission (section 383 HGB); producers that sell in their own names (agency) have invoices of their own. Locks keep two
runs apart, and unique constraints hold in any case.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from billing import charges, drafting, finalising, offsets, payments, periods, selling
from billing.models import Account, Invoice, OrderTerms
from billing.numbers import Prefix
from logistics import empties
from logistics.models import Delivery, DepositReturn, PackedLine
from marketplace.core import money
from marketplace.order.models import Order

log = logging.getLogger(__name__)
CONSOLIDATED = Q(delivery__order__terms__account__terms__in=Account.CONSOLIDATED)


def due_deliveries() -> QuerySet[Delivery]:
    """Completed deliveries that get an invoice of their own and have none, the oldest first."""
    waiting = charges.unbilled().exclude(CONSOLIDATED).filter(delivery=OuterRef("pk"))
    return Delivery.objects.filter(Exists(waiting), status=Delivery.Status.COMPLETED).order_by("completed_at", "pk")


def due_periods(*, today: date) -> list[tuple[int, date, date]]:
    """Accounts with first and last day of past weeks or months in which goods were delivered that are not billed. One query.

    The oldest first. A week is cut where the month ends.
    """
    waiting = charges.unbilled().filter(CONSOLIDATED, delivery__completed_at__lt=periods.starts(today))
    days = waiting.annotate(day=TruncDate("delivery__completed_at"))
    account = "delivery__order__terms__account"
    rows = days.values_list(account, f"{account}__terms", "day").distinct()
    spans = {(pk, *periods.span_of(day, weekly=terms == Account.Terms.WEEKLY)) for pk, terms, day in rows}
    return sorted((span for span in spans if span[2] < today), key=lambda span: (span[1], span[0]))


def due_months(*, today: date) -> list[tuple[int, date]]:
    """The same by account and first day."""
    return [(account, first) for account, first, _last in due_periods(today=today)]


def draw_due(*, today: date, at: datetime) -> list[Invoice]:
    """Draw every invoice that is due, and give back the new ones.

    One that cannot be drawn is logged and tried again next time; it does not keep up the others.
    """
    draws: list[tuple[str, Callable[[], list[Invoice]]]] = [
        (f"delivery {delivery.pk}", partial(_of_order, delivery, today, at)) for delivery in due_deliveries()
    ]
    spans = due_periods(today=today)
    accounts = Account.objects.in_bulk({account for account, _first, _last in spans})
    for account, first, last in spans:
        draws.append(
            (f"account {account} from {first:%Y-%m-%d}", partial(_of_period, accounts[account], (first, last), today, at))
        )
    return [invoice for what, draw in draws for invoice in _tried(what, draw)]


def draw_for_order(*, delivery: Delivery, today: date, at: datetime) -> Invoice | None:
    """The invoice for a completed delivery: a new one, or the one that exists; of several sellers the operator's, or the first.

    Every producer that sells in its own name has one of its own besides. None when nothing arrived, or when the order belongs on
    a consolidated invoice.
    """
    drawn = _of_order(delivery, today, at)
    return drawn[0] if drawn else _standing(Invoice.objects.filter(order=delivery.order_id))


def draw_consolidated(*, account: Account, first: date, last: date, today: date, at: datetime) -> Invoice | None:
    """The invoice over everything delivered to an account in a past period within one month and not billed yet.

    Every producer that sells in its own name has one of its own besides; given back is the operator's, or the first. With nothing
    left to bill it gives back the period's latest invoice, or None. Goods reported later make a further part of the month. Raises
    `periods.PeriodNotOver`.
    """
    drawn = _of_period(account, (first, last), today, at)
    return drawn[0] if drawn else _standing(Invoice.objects.filter(account=account, period_from=first, period_until=last))


def _standing(rows: QuerySet[Invoice]) -> Invoice | None:
    """Of the invoices of an order or a period the operator's latest, or that of a producer."""
    found = rows.filter(kind=Invoice.Kind.INVOICE)
    return found.order_by(F("seller").asc(nulls_first=True), "-part", "-edition", "-pk").first()


@transaction.atomic
def _of_order(delivery: Delivery, today: date, at: datetime) -> list[Invoice]:
    """New invoices for a completed delivery; none when there is one of the operator's already."""
    delivery = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
    order = Order.objects.select_related("region", "user", "terms__account").get(pk=delivery.order_id)
    account = _account(order)
    is_billed = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE, seller__isnull=True).exists()
    if is_billed or (account and account.terms in Account.CONSOLIDATED):
        return []
    given_back = empties.waiting(customers=[empties.customer_of(order)], region=order.region_id)
    bills = selling.bills(packed=charges.unbilled().filter(delivery=delivery), returns=_claimed(given_back))
    prepaid = selling.prepaid(bills=bills, received=drafting.received(order=order))
    whole = sum((bill.due for bill in bills), money.ZERO) - sum(prepaid, money.ZERO)
    return [_per_order(order, delivery, account, bill, part, today, at, whole) for bill, part in zip(bills, prepaid, strict=True)]


def _per_order(
    order: Order,
    delivery: Delivery,
    account: Account | None,
    bill: selling.Bill,
    prepaid: Decimal,
    today: date,
    at: datetime,
    whole: Decimal,
) -> Invoice:
    document = drafting.for_order(order, delivery, account, bill, today, prepaid, whole=whole)
    day = charges.day_of(delivery)
    draft = drafting.draft(
        order.region, document, bill, (day, day), Prefix.INVOICE, account_id=account.pk if account else None, order=order
    )
    invoice = finalising.finalise(draft=draft, at=at)
    if bill.vouchers:
        payments.use_vouchers(invoice=invoice, amount=bill.vouchers, day=today, at=at)
    return invoice


@transaction.atomic
def _of_period(account: Account, period: tuple[date, date], today: date, at: datetime) -> list[Invoice]:
    """New invoices for what was delivered to an account in a past period and is not billed."""
    first, last = period
    periods.check(first=first, last=last, today=today)
    account = Account.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=account.pk)
    drawn = Invoice.objects.filter(account=account, kind=Invoice.Kind.INVOICE, period_from=first, period_until=last)
    given_back = empties.waiting(customers=[empties.Customer(account.pk, None, "", None)], region=account.region_id)
    until = periods.starts(last + timedelta(days=1))
    bills = selling.bills(packed=_of_account(account, first, last), returns=_claimed(given_back.filter(noted_at__lt=until)))
    return [_consolidated(account, bill, drawn, period, today, at) for bill in bills]


def _consolidated(
    account: Account, bill: selling.Bill, drawn: QuerySet[Invoice], period: tuple[date, date], today: date, at: datetime
) -> Invoice:
    region = account.region
    credit = offsets.available(account=account)
    document = drafting.consolidated(region, account, bill, period, today, credit)
    of_seller = drawn.filter(seller=bill.seller)
    part = (of_seller.aggregate(last=Max("part"))["last"] or 0) + 1
    draft = drafting.draft(region, document, bill, period, Prefix.CONSOLIDATED, account_id=account.pk, order=None, part=part)
    invoice = finalising.finalise(draft=draft, at=at)
    if document.prepaid > bill.vouchers:
        offsets.use(account=account, invoice=invoice, amount=document.prepaid - bill.vouchers, day=today, at=at)
    if bill.vouchers:
        payments.use_vouchers(invoice=invoice, amount=bill.vouchers, day=today, at=at)
    return invoice


def _tried(what: str, draw: Callable[[], list[Invoice]]) -> list[Invoice]:
    try:
        return draw()
    except Exception:
        log.exception("No invoice for %s", what)
        return []


def _of_account(account: Account, first: date, last: date) -> QuerySet[PackedLine]:
    return charges.unbilled().filter(
        delivery__order__terms__account=account,
        delivery__completed_at__gte=periods.starts(first),
        delivery__completed_at__lt=periods.starts(last + timedelta(days=1)),
    )


def _claimed(returns: QuerySet[DepositReturn]) -> QuerySet[DepositReturn]:
    """Empties that no other document of the same customer takes at this moment."""
    return returns.select_for_update(of=("self",), no_key=True, skip_locked=True)


def _account(order: Order) -> Account | None:
    terms: OrderTerms | None = getattr(order, "terms", None)
    return terms.account if terms else None
