"""Decides how a debt is paid bit by bit: what was agreed on, what is kept, and when it counts as broken.

What is paid is read from the invoices, never stored. While a plan is kept its invoices are not reminded of; once a rate is not
there some days after it was due, the plan ends and the reminders go on where they were.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from billing import editions, numbers, open_items
from billing.models import Instalment, InstalmentPlan, Invoice
from marketplace.core import audit, money
from marketplace.regions.models import Region
from marketplace.users.models import User

#: transfers take their time
GRACE = timedelta(days=3)
MOST_RATES = 24


class PlanRefused(Exception):
    """It cannot be agreed like that; the message is for the office."""


@dataclass(frozen=True)
class Rate:
    """One rate, and whether what was paid covers it."""

    due_on: date
    amount: Decimal
    is_paid: bool


@dataclass(frozen=True)
class State:
    """How a plan stands: `paid` and `left` in euro."""

    plan: InstalmentPlan
    invoices: tuple[Invoice, ...]
    rates: tuple[Rate, ...]
    paid: Decimal
    left: Decimal

    def is_broken(self, today: date) -> bool:
        """Whether a rate is missing some days after it was due."""
        return any(not rate.is_paid and rate.due_on + GRACE < today for rate in self.rates)


@transaction.atomic
def agree(
    *,
    region: Region,
    invoice_ids: Collection[int],
    rates: int,
    first_due: date,
    today: date,
    at: datetime,
    by: User | None,
    note: str = "",
) -> InstalmentPlan:
    """Split what is open of one customer's invoices into monthly rates. Raises `PlanRefused`."""
    numbers.lock_books(region=region)
    documents = Invoice.objects.filter(region=region, pk__in=invoice_ids)
    rows = list(open_items.unpaid(documents=documents).order_by("due_on", "pk"))
    _refuse(rows, len(set(invoice_ids)), rates, first_due, today)
    total = sum((row.left for row in rows), money.ZERO)
    plan = InstalmentPlan.objects.create(
        region=region, total=total, agreed_on=today, agreed_at=at, agreed_by=by, note=note.strip()[:300]
    )
    plan.invoices.set(rows)
    parts = money.spread(total, [Decimal(1)] * rates)
    Instalment.objects.bulk_create(
        Instalment(plan=plan, due_on=first_due + relativedelta(months=index), amount=part) for index, part in enumerate(parts)
    )
    audit.record(action="instalments.agreed", target=plan, at=at, by=by, new={"total": str(total), "rates": rates})
    return plan


def running(*, region: Region | None = None) -> list[State]:
    """How the plans stand that nobody has ended (of one region), the oldest first. Two queries, for any number."""
    rates = Instalment.objects.filter(plan__ended_at__isnull=True).select_related("plan")
    if region is not None:
        rates = rates.filter(plan__region=region)
    plans: dict[InstalmentPlan, list[Instalment]] = {}
    for rate in rates.order_by("plan__agreed_at", "plan", "due_on"):
        plans.setdefault(rate.plan, []).append(rate)
    if not plans:
        return []
    invoices = _invoices(plans)
    return [_state(plan, rows, invoices.get(plan.pk, ())) for plan, rows in plans.items()]


def state_of(*, plan: InstalmentPlan) -> State:
    """What of a plan is paid: what was open when it was agreed less what is open now."""
    return _state(plan, plan.instalments.order_by("due_on"), _invoices([plan]).get(plan.pk, ()))


def _invoices(plans: Iterable[InstalmentPlan]) -> dict[int, list[Any]]:
    """The invoices of each plan that stand, with `left`; one drawn anew since takes the place of the first. One query."""
    through = InstalmentPlan.invoices.through._default_manager.filter(editions.of_outer(name="invoice"))
    mine = through.filter(instalmentplan__in=[plan.pk for plan in plans])
    rows = open_items.with_left(documents=Invoice.objects.filter(Exists(mine)))
    found: dict[int, list[Any]] = {}
    for row in rows.annotate(plans=ArraySubquery(mine.values("instalmentplan"))).order_by("number"):
        for plan in set(row.plans):
            found.setdefault(plan, []).append(row)
    return found


def _state(plan: InstalmentPlan, rates: Iterable[Instalment], invoices: Sequence[Any]) -> State:
    left = sum((max(row.left, money.ZERO) for row in invoices), money.ZERO)
    paid = max(plan.total - left, money.ZERO)
    found, sum_so_far = [], money.ZERO
    for rate in rates:
        sum_so_far += rate.amount
        found.append(Rate(rate.due_on, rate.amount, sum_so_far <= paid))
    return State(plan, tuple(invoices), tuple(found), paid, left)


def end_due(*, today: date, at: datetime) -> int:
    """End the plans that are paid off or were not kept; says how many. Again changes nothing."""
    ended = 0
    for state in running():
        if state.left == 0:
            ended += end(plan=state.plan, because=_("Paid off."), at=at, by=None)
        elif state.is_broken(today):
            ended += end(plan=state.plan, because=_("A rate did not come."), at=at, by=None)
    return ended


@transaction.atomic
def end(*, plan: InstalmentPlan, because: str, at: datetime, by: User | None) -> bool:
    """The plan does not hold any more; its invoices are reminded of again. False when it had ended."""
    row = InstalmentPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if row.ended_at is not None:
        return False
    row.ended_at, row.ended_because = at, because[:300]
    row.save(update_fields=["ended_at", "ended_because"])
    audit.record(action="instalments.ended", target=row, at=at, by=by, new={"because": because})
    return True


def _refuse(rows: list[Invoice], asked: int, rates: int, first_due: date, today: date) -> None:
    if not asked:
        raise PlanRefused(_("Please choose at least one invoice."))
    if len(rows) != asked:
        raise PlanRefused(_("One of them is paid by now. Please look at the list again."))
    if len({(row.account_id, None if row.account_id else row.order_id) for row in rows}) != 1:
        raise PlanRefused(_("A plan is agreed with one customer. Please choose invoices of one customer only."))
    through = InstalmentPlan.invoices.through._default_manager.filter(editions.of_outer(name="invoice"))
    planned = through.filter(instalmentplan__ended_at__isnull=True)
    if Invoice.objects.filter(Exists(planned), pk__in=[row.pk for row in rows]).exists():
        raise PlanRefused(_("A plan runs for one of them already."))
    if not 2 <= rates <= MOST_RATES:
        raise PlanRefused(_("Please agree on 2 to 24 rates."))
    if first_due < today:
        raise PlanRefused(_("The day lies in the past."))
