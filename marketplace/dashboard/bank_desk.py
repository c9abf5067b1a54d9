"""Reads the bank's bookings for the office, each with what it may have been for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import DecimalField, Prefetch, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from billing import bank_lines, bank_matches, open_items
from billing.bank_matches import Ground, Index, Suggestion
from billing.models import BankLine, IncomingInvoice
from billing.open_items import OpenItem
from marketplace.core import money
from marketplace.regions.models import Region

MONEY = DecimalField(max_digits=12, decimal_places=2)
MOST_OPEN, MOST_DONE = 60, 40
RECENT = timedelta(days=60)


@dataclass(frozen=True)
class Proposal:
    """An open item for a booking, and why, in words."""

    item: OpenItem
    why: str
    #: euro that would be a credit balance of the customer, if the whole booking went there
    too_much: Decimal = money.ZERO


@dataclass(frozen=True)
class Entry:
    """A booking that is to be assigned; `left` is the part of it that is not, above zero."""

    line: BankLine
    left: Decimal
    proposals: list[Proposal]


@dataclass(frozen=True)
class Desk:
    """All that the page shows; `more` are open bookings beyond those shown."""

    entries: list[Entry]
    more: int
    done: list[BankLine]
    coming: list[OpenItem]
    going: list[OpenItem]


def read(*, region: Region, at: datetime) -> Desk:
    """The open bookings with proposals, and those dealt with lately. The same few queries for any number."""
    lines = BankLine.objects.filter(region=region)
    open_ones = list(_assigned(lines.filter(status=BankLine.Status.OPEN)).order_by("booked_on", "pk")[: MOST_OPEN + 1])
    more = max(0, lines.filter(status=BankLine.Status.OPEN).count() - MOST_OPEN) if len(open_ones) > MOST_OPEN else 0
    coming, going = (bank_lines.expected(region=region, incoming=incoming) for incoming in (True, False))
    incoming = Prefetch("payments__incoming", IncomingInvoice.objects.only("number"))
    decided = lines.filter(decided_at__gte=at - RECENT).select_related("decided_by")
    done = decided.prefetch_related("payments__invoice", "payments__order", incoming).order_by("-decided_at", "-pk")[:MOST_DONE]
    ways = {True: Index(coming), False: Index(going)}
    entries = [_entry(line, ways[line.amount > 0]) for line in open_ones[:MOST_OPEN]]
    # a debit that came back is proposed where its number or amount stands; all that were collected are too many to choose from
    chosen_from = [item for item in going if item.kind != open_items.DEBIT_ITEM]
    return Desk(entries=entries, more=more, done=list(done), coming=coming, going=chosen_from)


def _assigned(lines: QuerySet[BankLine]) -> QuerySet[BankLine]:
    return lines.annotate(assigned=Coalesce(Sum("payments__amount"), Value(0), output_field=MONEY))


def _entry(line: BankLine, items: Index) -> Entry:
    left = abs(line.amount) - line.assigned  # type: ignore[attr-defined]  # annotated above
    found = bank_matches.suggest(line=line, items=items)
    return Entry(line=line, left=left, proposals=[_proposal(one, left) for one in found])


def _proposal(one: Suggestion, left: Decimal) -> Proposal:
    over = left - one.item.left if one.item.kind in bank_lines.OF_CUSTOMERS else money.ZERO
    return Proposal(one.item, _why(one), max(over, money.ZERO))


def _why(one: Suggestion) -> str:
    return {
        Ground.NUMBER_AND_AMOUNT: _("number and amount fit"),
        Ground.NUMBER: _("the number fits, the amount does not"),
        Ground.NAME_AND_AMOUNT: _("name and amount fit"),
        Ground.AMOUNT: _("only the amount fits"),
    }[one.ground]
