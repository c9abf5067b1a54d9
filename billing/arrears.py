"""Reads of many overdue invoices at once what interest and costs are reckoned from: letters, payments, corrections, charges."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from billing import dunning, editions, interest
from billing.base_rates import BaseRates
from billing.dunning import Proposal, Step
from billing.interest import Change
from billing.models import DunnedInvoice, Invoice, Offset, Payment, PaymentReturn, Surcharge
from marketplace.core import money

Kind = Surcharge.Kind


@dataclass(frozen=True)
class Charge:
    """What a letter adds to an invoice, euro; of interest `until` says up to which day."""

    invoice: Invoice
    kind: Kind
    amount: Decimal
    until: date | None = None


@dataclass(frozen=True)
class Arrears:
    """By the first edition of each invoice."""

    changes: dict[int, list[Change]]
    reminded: dict[int, date]
    charged_until: dict[int, date]
    lump_sums: set[int]

    def charges(self, *, proposal: Proposal, step: Step, rates: BaseRates, today: date) -> list[Charge]:
        """Interest and the lump sum of each invoice, or else the fee once, on the oldest."""
        reached = [item.invoice for item in proposal.items if item.is_due and item.level > 1]
        if step.level < 2 or not reached:
            return []
        found = [one for row in reached for one in self._interest(row, rates, today, business=proposal.is_business)]
        if not proposal.is_business:
            return found + ([Charge(reached[0], Kind.FEE, step.fee)] if step.fee else [])
        fresh = [row for row in reached if editions.origin_of(row) not in self.lump_sums]
        return found + [Charge(row, Kind.LUMP_SUM, interest.LUMP_SUM) for row in fresh]

    def _interest(self, invoice: Invoice, rates: BaseRates, today: date, *, business: bool) -> list[Charge]:
        """What came about since the last letter that charged it; a hole in the table waits for the next one."""
        key = editions.origin_of(invoice)
        start = dunning.default_from(invoice=invoice, reminded_on=self.reminded.get(key), is_business=business)
        before = self.charged_until.get(key)
        if start is None:
            return []
        first = max(start, before + timedelta(days=1)) if before else start
        until = rates.known_until(first=first, last=today) if first <= today else None
        if until is None:
            return []
        changes = [Change(invoice.issued_on, invoice.gross), *self.changes.get(key, ())]
        amount = interest.accrued(changes=changes, first=first, last=until, business=business, rates=rates)
        return [Charge(invoice, Kind.INTEREST, amount, until)] if amount > 0 else []


def load(*, invoices: Sequence[Invoice]) -> Arrears:
    """Six queries, for any number."""
    chains = {editions.origin_of(row) for row in invoices}
    orders = {row.order_id: editions.origin_of(row) for row in invoices if row.order_id}
    changes: dict[int, list[Change]] = defaultdict(list)
    for rows, name, day, sign in (
        (Payment.objects.all(), "", "received_on", -1),
        (PaymentReturn.objects.all(), "payment__", "day", 1),
    ):
        by_order = rows.filter(**{f"{name}order__in": orders}).values_list(f"{name}order", day, "amount")
        for order, when, amount in by_order:
            changes[orders[order]].append(Change(when, sign * amount))
        for key, when, amount in _of_chains(rows, f"{name}invoice", chains, day, "amount"):
            changes[key].append(Change(when, sign * amount))
    for key, when, amount in _of_chains(Invoice.objects.all(), "corrects", chains, "issued_on", "gross"):
        changes[key].append(Change(when, -amount))
    for key, when, amount in _of_chains(Offset.objects.all(), "target", chains, "day", "amount"):
        changes[key].append(Change(when, -amount))
    reminded = _days(_of_chains(DunnedInvoice.objects.all(), "invoice", chains, "letter__day", "left"), earliest=True)
    charged = Surcharge.objects.filter(kind__in=(Kind.INTEREST, Kind.LUMP_SUM))
    rows_of = list(_of_chains(charged, "invoice", chains, "until", "kind"))
    return Arrears(
        changes=changes,
        reminded=reminded,
        charged_until=_days([row for row in rows_of if row[2] == Kind.INTEREST], earliest=False),
        lump_sums={row[0] for row in rows_of if row[2] == Kind.LUMP_SUM},
    )


def total(charges: Iterable[Charge]) -> Decimal:
    """What charges come to, in euro."""
    return sum((one.amount for one in charges), money.ZERO)


def _of_chains(rows: QuerySet[Any], name: str, chains: set[int], *of: str) -> list[Any]:
    """Values of the rows that name an edition of one of these chains, each after the first edition's id."""
    mine = rows.filter(Q(**{f"{name}__in": chains}) | Q(**{f"{name}__origin__in": chains}))
    found = mine.values_list(name, f"{name}__origin", *of)
    return [(origin or pk, *values) for pk, origin, *values in found]


def _days(rows: Iterable[Any], *, earliest: bool) -> dict[int, date]:
    found: dict[int, date] = {}
    for key, day, _value in rows:
        known = found.get(key, day)
        found[key] = min(known, day) if earliest else max(known, day)
    return found
