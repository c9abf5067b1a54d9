"""Decides who is reminded of what is overdue, at which of three levels, and what it costs (sections 286 and 288 BGB).

The first level is a free reminder. It puts the customer in default; from the day after it interest runs, of a business already
from the 31st day after the invoice was due. Interest is charged with the later letters. A business pays the lump sum of 40 euro
once an invoice and then no fee (it counts towards the lump sum); a consumer never pays it. What is disputed rests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from billing import claims, editions, open_items
from billing.models import (
    DebitItem,
    Dispute,
    DunnedInvoice,
    DunningLevel,
    DunningStop,
    InstalmentPlan,
    Invoice,
    InvoiceLine,
    OnlinePayment,
)
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


def due(
    *,
    region: Region,
    today: date,
    disputed: Mapping[int, str],
    known: Mapping[int, Step] | None = None,
    stops: Sequence[DunningStop] | None = None,
) -> list[Proposal]:
    """Customers who are to be reminded, and those who would be if nothing stopped it; the highest sum first.

    `disputed` says of orders why they rest (an open complaint or withdrawal): those who know are above billing. `known` are the
    levels and `stops` what rests, where they are at hand. At most four queries, for any number.
    """
    levels = steps(region=region) if known is None else known
    rows = list(_overdue(region, today))
    last = {row.pk: (row.last_level, row.last_day) for row in rows if row.last_level}
    why = _stops(rows, disputed, standing_stops(region=region) if stops is None else stops)
    customers: dict[str, _Customer] = {}
    for row in rows:
        level, since = last.get(row.pk, (0, row.due_on))
        step = levels.get(level + 1)
        reached = step is not None and today >= since + timedelta(days=step.days)
        key = f"account:{row.account_id}" if row.account_id else f"order:{row.order_id}"
        business = bool(row.account and row.account.is_business)
        customer = customers.setdefault(key, _Customer(open_items.whom(row), business))
        customer.items.append(Item(row, row.left, row.charged, min(level + 1, LAST_LEVEL), reached))
        if row.pk in why:
            customer.stops.append(f"{row.number}: {why[row.pk]}")
    found = [_proposal(key, customer, last, levels, today) for key, customer in customers.items()]
    return sorted((one for one in found if one is not None), key=lambda one: (bool(one.stopped), one.over, -one.left, one.key))


def standing_stops(*, region: Region) -> QuerySet[DunningStop]:
    """What rests by somebody's word, the newest first."""
    rows = DunningStop.objects.filter(region=region, lifted_at__isnull=True).defer("invoice__content")
    return rows.select_related("invoice", "account", "made_by").order_by("-made_at", "-pk")


def default_from(*, invoice: Invoice, reminded_on: date | None, is_business: bool) -> date | None:
    """The first day that bears interest; None while the customer is not in default (section 286 BGB)."""
    by_letter = reminded_on + timedelta(days=1) if reminded_on else None
    if not is_business or invoice.due_on is None:
        return by_letter
    by_law = invoice.due_on + DEFAULT_AFTER + timedelta(days=1)
    return min(by_letter, by_law) if by_letter else by_law


def _overdue(region: Region, today: date) -> Any:
    """Open invoices after their day, but none that is waiting to be collected: that is the market's own business.

    With the level each has reached and since when, in any of its editions, and what keeps it from being reminded of.
    """
    documents = Invoice.objects.filter(region=region, due_on__lt=today)
    back = DebitItem.objects.filter(stands=False, run__dropped_at__isnull=True).values("invoice")
    collected = documents.exclude(Q(content__payment__code="59") & ~Q(pk__in=back))
    letters = DunnedInvoice.objects.filter(editions.of_outer(name="invoice")).order_by("-letter__day", "-level")
    theirs = editions.of_outer(name="invoice") | Q(order=OuterRef("order"), order__isnull=False)
    rows = open_items.unpaid(documents=collected).annotate(
        charged=claims.charged(),
        last_level=Subquery(letters.values("level")[:1]),
        last_day=Subquery(letters.values("letter__day")[:1]),
        in_rates=Exists(_in_rates()),
        moves=Exists(OnlinePayment.objects.filter(theirs, status__in=OnlinePayment.UNDER_WAY)),
        at_bank=Exists(OnlinePayment.objects.filter(theirs, disputes__status=Dispute.Status.OPEN)),
    )
    return rows.select_related("account", "order__terms", "region").order_by("due_on", "number")


def _in_rates() -> QuerySet[Any]:
    """The running plans of instalments of the outer query's invoice, whichever of its editions they were agreed on."""
    return InstalmentPlan.invoices.through._default_manager.filter(
        editions.of_outer(name="invoice"), instalmentplan__ended_at__isnull=True
    )


def _stops(rows: Sequence[Any], disputed: Mapping[int, str], stops: Iterable[DunningStop]) -> dict[int, str]:
    """Why invoices rest: the office said so, a plan of instalments runs, something about an order is open, or is paid online."""
    found: dict[int, str] = {row.pk: _("It is paid in instalments.") for row in rows if row.in_rates}
    for stop in stops:
        origin = editions.origin_of(stop.invoice) if stop.invoice is not None else 0
        mine = [row for row in rows if editions.origin_of(row) == origin or row.account_id == (stop.account_id or 0)]
        found |= {row.pk: stop.reason for row in mine}
    found |= _disputed(rows, disputed)
    found |= {row.pk: _("A payment is under way.") for row in rows if row.moves}
    return found | {row.pk: _("The payment is disputed at the bank.") for row in rows if row.at_bank}


def _disputed(rows: Sequence[Any], disputed: Mapping[int, str]) -> dict[int, str]:
    """Invoices with goods of orders about which something is open. One query, none while nothing is."""
    if not disputed:
        return {}
    lines = InvoiceLine.objects.filter(invoice__in=rows, order_line__order__in=disputed)
    pairs = lines.values_list("invoice", "order_line__order").distinct().order_by("invoice", "-order_line__order")
    return {invoice: disputed[order] for invoice, order in pairs}


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
