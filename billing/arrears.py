"""Reads of many overdue invoices at once what interest and costs are reckoned from: letters, payments, corrections, charges."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Any, cast

from django.db.models import BigIntegerField, Q, QuerySet, Value

from billing import dunning, editions, interest
from billing.base_rates import BaseRates
from billing.dunning import Proposal, Step
from billing.interest import Change
from billing.models import DunnedInvoice, Invoice, Offset, Payment, PaymentReturn, Surcharge
from marketplace.core import money

Kind = Surcharge.Kind


class Fact(IntEnum):
    """What is read of an invoice."""

    PAID = 1
    PAID_ORDER = 2
    BACK = 3
    BACK_ORDER = 4
    CORRECTED = 5
    CREDITED = 6
    REMINDED = 7
    INTEREST = 8
    LUMP_SUM = 9


OF_ORDERS = (Fact.PAID_ORDER, Fact.BACK_ORDER)
#: what lowers what is owed, and what raises it
SIGNS = {Fact.PAID: -1, Fact.PAID_ORDER: -1, Fact.BACK: 1, Fact.BACK_ORDER: 1, Fact.CORRECTED: -1, Fact.CREDITED: -1}


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


@dataclass(frozen=True)
class Claim:
    """What one seller billed of an order: the first edition of the invoice, and euro."""

    key: int
    gross: Decimal


def load(*, invoices: Sequence[Invoice]) -> Arrears:
    """Two queries, for any number."""
    orders = _claims(invoices)
    chains = {editions.origin_of(row) for row in invoices} | {claim.key for claims in orders.values() for claim in claims}
    found: dict[Fact, list[tuple[int, Any, Decimal]]] = defaultdict(list)
    for fact, pk, origin, day, amount in _facts(chains, orders):
        known = Fact(fact)
        found[known].append((pk if known in OF_ORDERS else origin or pk, day, amount))
    changes: dict[int, list[Change]] = defaultdict(list)
    together: dict[int, list[Change]] = defaultdict(list)
    for fact, sign in SIGNS.items():
        for key, day, amount in found[fact]:
            (together if fact in OF_ORDERS else changes)[key].append(Change(day, sign * amount))
    for order, told in together.items():
        for key, shares in spread(claims=orders[order], own=changes, told=told).items():
            changes[key] = [*changes[key], *shares]
    return Arrears(
        changes=changes,
        reminded=_days(found[Fact.REMINDED], earliest=True),
        charged_until=_days(found[Fact.INTEREST], earliest=False),
        lump_sums={key for key, _day, _amount in found[Fact.LUMP_SUM]},
    )


def spread(*, claims: Sequence[Claim], own: Mapping[int, Sequence[Change]], told: Sequence[Change]) -> dict[int, list[Change]]:
    """How money for an order (`told`) counts for each of its claims, day by day; `own` is what changes each by itself.

    As `order_money` has it: the oldest is paid first, and the last has the rest.
    """
    found: dict[int, list[Change]] = {claim.key: [] for claim in claims}
    before = dict.fromkeys(found, money.ZERO)
    days = {row.day for row in told} | {row.day for claim in claims for row in own.get(claim.key, ())}
    for day in sorted(days):
        left = -sum((row.amount for row in told if row.day <= day), money.ZERO)
        for claim in claims:
            open_yet = claim.gross + sum((row.amount for row in own.get(claim.key, ()) if row.day <= day), money.ZERO)
            share = left if claim is claims[-1] else max(min(left, open_yet), money.ZERO)
            if share != before[claim.key]:
                found[claim.key].append(Change(day, before[claim.key] - share))
                before[claim.key] = share
            left -= share
    return found


def _claims(invoices: Iterable[Invoice]) -> dict[int, list[Claim]]:
    """By order all that was billed of it and stands, the oldest first; also what is not in arrears takes its share of money."""
    orders = {row.order_id for row in invoices if row.order_id}
    rows = Invoice.objects.filter(order__in=orders, kind=Invoice.Kind.INVOICE, replaced_by__isnull=True).only(
        "order_id", "origin_id", "gross"
    )
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in rows.order_by("pk") if orders else ():
        found[row.order_id or 0].append(Claim(editions.origin_of(row), row.gross))
    return found


def total(charges: Iterable[Charge]) -> Decimal:
    """What charges come to, in euro."""
    return sum((one.amount for one in charges), money.ZERO)


def _facts(chains: set[int], orders: Collection[int]) -> QuerySet[Any, Any]:
    """All at once: the fact, the document's id and its first edition's (of some facts the order's and nothing), day, euro."""
    charged = Surcharge.objects
    first, *others = (
        _of_chains(Payment.objects, Fact.PAID, "invoice", chains, "received_on", "amount"),
        _of_orders(Payment.objects, Fact.PAID_ORDER, "order", orders, "received_on"),
        _of_chains(PaymentReturn.objects, Fact.BACK, "payment__invoice", chains, "day", "amount"),
        _of_orders(PaymentReturn.objects, Fact.BACK_ORDER, "payment__order", orders, "day"),
        _of_chains(Invoice.objects, Fact.CORRECTED, "corrects", chains, "issued_on", "gross"),
        _of_chains(Offset.objects, Fact.CREDITED, "target", chains, "day", "amount"),
        _of_chains(DunnedInvoice.objects, Fact.REMINDED, "invoice", chains, "letter__day", "left"),
        _of_chains(charged.filter(kind=Kind.INTEREST), Fact.INTEREST, "invoice", chains, "until", "amount"),
        _of_chains(charged.filter(kind=Kind.LUMP_SUM), Fact.LUMP_SUM, "invoice", chains, "until", "amount"),
    )
    return first.union(*others, all=True)


def _of_chains(rows: Any, fact: Fact, name: str, chains: set[int], day: str, amount: str) -> QuerySet[Any, Any]:
    """Of the rows that name an edition of one of these chains."""
    mine: QuerySet[Any] = rows.filter(Q(**{f"{name}__in": chains}) | Q(**{f"{name}__origin__in": chains}))
    told = mine.annotate(fact=Value(int(fact))).order_by()
    return cast("QuerySet[Any, Any]", told.values_list("fact", name, f"{name}__origin", day, amount))


def _of_orders(rows: Any, fact: Fact, name: str, orders: Collection[int], day: str) -> QuerySet[Any, Any]:
    mine: QuerySet[Any] = rows.filter(**{f"{name}__in": list(orders)})
    nothing = Value(None, output_field=BigIntegerField())
    told = mine.annotate(fact=Value(int(fact)), nothing=nothing).order_by()
    return cast("QuerySet[Any, Any]", told.values_list("fact", name, "nothing", day, "amount"))


def _days(rows: Iterable[Any], *, earliest: bool) -> dict[int, date]:
    found: dict[int, date] = {}
    for key, day, _value in rows:
        known = found.get(key, day)
        found[key] = min(known, day) if earliest else max(known, day)
    return found
