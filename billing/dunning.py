"""Decides who is reminded of what is overdue, at which of three levels, and what it costs (sections 286 and 288 BGB).

The first level is a free reminder. It puts the customer in default; from the day after it interest runs, of a business already
from the 31st day after the invoice was due. Interest is charged with the later letters. A business pays the lump sum of 40 euro
once an invoice and then no fee (it counts towards the lump sum); a consumer never pays it. What is disputed rests.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from billing import claims, open_items
from billing.models import DebitItem, Dispute, DunnedInvoice, DunningLevel, DunningStop, Invoice, InvoiceLine, OnlinePayment
from marketplace.core import money
from marketplace.regions.models import Region

LAST_LEVEL = 3
#: section 286 (3) BGB
DEFAULT_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Step:
    """One level: so many days after the day it was due or the letter before, so many days to pay, a fee in euro."""

    level: int
    days: int
    days_to_pay: int
    fee: Decimal


USUAL = (Step(1, 7, 7, money.ZERO), Step(2, 7, 7, Decimal("2.50")), Step(3, 10, 10, Decimal("2.50")))


@dataclass(frozen=True)
class Item:
    """An overdue invoice: `left` is what of it is open, `charged` what of that was charged before, euro; `level` the next."""

    invoice: Invoice
    left: Decimal
    charged: Decimal
    level: int
    is_due: bool


@dataclass(frozen=True)
class Proposal:
    """A letter that could go to one customer. `stopped` says why not, "" when it can; `over` that every letter was sent."""

    key: str
    name: str
    items: tuple[Item, ...]
    is_business: bool
    stopped: str = ""
    over: bool = False

    @property
    def level(self) -> int:
        """The highest level that is reached."""
        return max((item.level for item in self.items if item.is_due), default=LAST_LEVEL)

    @property
    def left(self) -> Decimal:
        """All that is open."""
        return sum((item.left for item in self.items), money.ZERO)


@dataclass
class _Customer:
    name: str
    is_business: bool
    items: list[Item] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)


def steps(*, region: Any) -> dict[int, Step]:
    """The three levels of a region; what it did not decide is usual."""
    rows = DunningLevel.objects.filter(region=region).values_list("level", "days", "days_to_pay", "fee")
    return {step.level: step for step in (*USUAL, *(Step(*row) for row in rows))}


def due(*, region: Region, today: date, disputed: Mapping[int, str]) -> list[Proposal]:
    """Customers who are to be reminded, and those who would be if nothing stopped it; the highest sum first.

    `disputed` says of orders why they rest (an open complaint or withdrawal): those who know are above billing.
    The same few queries for any number.
    """
    known = steps(region=region)
    rows = list(_overdue(region, today))
    last = _last_letters(rows)
    why = _stops(rows, disputed)
    customers: dict[str, _Customer] = {}
    for row in rows:
        level, since = last.get(row.pk, (0, row.due_on))
        step = known.get(level + 1)
        reached = step is not None and today >= since + timedelta(days=step.days)
        key = f"account:{row.account_id}" if row.account_id else f"order:{row.order_id}"
        business = bool(row.account and row.account.is_business)
        customer = customers.setdefault(key, _Customer(open_items.whom(row), business))
        customer.items.append(Item(row, row.left, row.charged, min(level + 1, LAST_LEVEL), reached))
        if row.pk in why:
            customer.stops.append(f"{row.number}: {why[row.pk]}")
    found = [_proposal(key, customer, last, known, today) for key, customer in customers.items()]
    return sorted((one for one in found if one is not None), key=lambda one: (bool(one.stopped), one.over, -one.left, one.key))


def default_from(*, invoice: Invoice, reminded_on: date | None, is_business: bool) -> date | None:
    """The first day that bears interest; None while the customer is not in default (section 286 BGB)."""
    by_letter = reminded_on + timedelta(days=1) if reminded_on else None
    if not is_business or invoice.due_on is None:
        return by_letter
    by_law = invoice.due_on + DEFAULT_AFTER + timedelta(days=1)
    return min(by_letter, by_law) if by_letter else by_law


def _overdue(region: Region, today: date) -> Any:
    """Open invoices after their day, but none that is waiting to be collected: that is the market's own business."""
    documents = Invoice.objects.filter(region=region, due_on__lt=today)
    back = DebitItem.objects.filter(stands=False, run__dropped_at__isnull=True).values("invoice")
    collected = documents.exclude(Q(content__payment__code="59") & ~Q(pk__in=back))
    rows = open_items.unpaid(documents=collected).annotate(charged=claims.charged())
    return rows.select_related("account", "order__terms", "region").order_by("due_on", "number")


def _last_letters(rows: Sequence[Invoice]) -> dict[int, tuple[int, date]]:
    """The level each invoice has reached, and since when."""
    dunned = DunnedInvoice.objects.filter(invoice__in=rows).values_list("invoice").annotate(Max("level"), Max("letter__day"))
    return {pk: (level, day) for pk, level, day in dunned.order_by("invoice")}


def _stops(rows: Sequence[Invoice], disputed: Mapping[int, str]) -> dict[int, str]:
    """Why invoices rest: the office said so, a plan of instalments runs, or something about an order is open."""
    found = dict.fromkeys(_in_instalments(rows), _("It is paid in instalments."))
    accounts = {row.account_id for row in rows if row.account_id}
    stops = DunningStop.objects.filter(Q(invoice__in=rows) | Q(account__in=accounts), lifted_at__isnull=True)
    for stop in stops:
        found |= {row.pk: stop.reason for row in rows if row.pk == stop.invoice_id or row.account_id == (stop.account_id or 0)}
    orders: dict[int, set[int]] = defaultdict(set)
    lines = InvoiceLine.objects.filter(invoice__in=rows, order_line__isnull=False)
    for invoice, order in lines.values_list("invoice", "order_line__order").distinct():
        orders[invoice].add(order)
    for invoice, known in orders.items():
        if reasons := [disputed[order] for order in sorted(known) if order in disputed]:
            found[invoice] = reasons[0]
    return found | _online(rows)


def _online(rows: Sequence[Invoice]) -> dict[int, str]:
    """What is under way with the payment provider, or disputed there."""
    theirs = Q(invoice__in=rows) | Q(order__in={row.order_id for row in rows if row.order_id})
    state = Q(status__in=OnlinePayment.UNDER_WAY) | Q(disputes__status=Dispute.Status.OPEN)
    found: dict[int, str] = {}
    for invoice, order, disputed in OnlinePayment.objects.filter(theirs & state).values_list("invoice", "order", "disputes"):
        why = _("The payment is disputed at the bank.") if disputed else _("A payment is under way.")
        found |= {row.pk: why for row in rows if row.pk == invoice or (row.order_id is not None and row.order_id == order)}
    return found


def _in_instalments(rows: Sequence[Invoice]) -> set[int]:
    running = Invoice.objects.filter(pk__in=[row.pk for row in rows], instalment_plans__ended_at__isnull=True)
    return set(running.filter(instalment_plans__isnull=False).values_list("pk", flat=True))


def _proposal(
    key: str, customer: _Customer, last: Mapping[int, tuple[int, date]], known: Mapping[int, Step], today: date
) -> Proposal | None:
    items = tuple(customer.items)
    ended = all(
        last.get(item.invoice.pk, (0, today))[0] >= LAST_LEVEL
        and today > last[item.invoice.pk][1] + timedelta(days=known[LAST_LEVEL].days_to_pay)
        for item in items
    )
    if not ended and not any(item.is_due for item in items):
        return None
    return Proposal(key, customer.name, items, customer.is_business, stopped="; ".join(customer.stops), over=ended)
