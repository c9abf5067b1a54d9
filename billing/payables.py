"""Reads from the journal what producers are owed in all, and what they owe the market meanwhile: that is set off before a payout.

A producer comes to owe money when a credit note is cancelled after it was paid out. The journal is what counts: credit notes that
wait for their payout, less the balance of the producer's account, are what is to be set off.
"""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from django.db.models import DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.models import Invoice, PayoutItem, Posting
from marketplace.core import money

WORTH = Coalesce(F("agency_statement__amount"), F("gross"), output_field=DecimalField(max_digits=12, decimal_places=2))


def worth(*, settlement: Invoice) -> Decimal:
    """What is owed on a credit note, or on a statement of agency, by the commission invoice that it belongs to; euro."""
    statement = getattr(settlement, "agency_statement", None)
    return statement.amount if statement is not None else settlement.gross


def owed_on(documents: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Of documents the credit notes and the commission invoices of agency on which a producer is owed something."""
    credited = Q(kind=Invoice.Kind.SELF_BILLED, gross__gt=0)
    return documents.filter(credited | Q(agency_statement__amount__gt=0))


def unpaid(*, partners: Collection[int]) -> QuerySet[Invoice]:
    """The credit notes and statements of producers that stand and are not paid out, objected to or not."""
    return owed_on(Invoice.objects.filter(partner__in=partners, replaced_by__isnull=True, payments__isnull=True))


def left_of(*, settlements: Sequence[Invoice]) -> dict[int, Decimal]:
    """What of each of these credit notes is paid out once their producers' debts are set off, by key; the oldest come first.

    Those in a payout that is under way are worth what it says. Three queries for any number.
    """
    partners = {row.partner_id for row in settlements if row.partner_id is not None}
    under_way = _under_way(partners)
    debt = _debts(partners, under_way)
    fixed = {item.settlement_id: item.amount for item in under_way}
    found: dict[int, Decimal] = {}
    for row in settlements:
        owed = debt.get(row.partner_id or 0, money.ZERO)
        whole = worth(settlement=row)
        off = min(owed, whole) if row.pk not in fixed else money.ZERO
        debt[row.partner_id or 0] = owed - off
        found[row.pk] = fixed.get(row.pk, whole - off)
    return found


def _debts(partners: Collection[int], under_way: Iterable[PayoutItem]) -> dict[int, Decimal]:
    """What each producer (by key) owes and no payout that is under way sets off; never below zero."""
    booked = Posting.objects.filter(ledger=Posting.Ledger.PAYABLE, partner__in=partners)
    balances = dict(booked.values_list("partner").annotate(sum=-Sum("amount")).order_by())
    found = dict(unpaid(partners=partners).values_list("partner").annotate(sum=Sum(WORTH)).order_by())
    for partner in partners:
        found[partner] = found.get(partner, money.ZERO) - balances.get(partner, money.ZERO)
    for item in under_way:
        partner_id = item.settlement.partner_id or 0
        found[partner_id] = found.get(partner_id, money.ZERO) - (worth(settlement=item.settlement) - item.amount)
    return {partner: max(debt, money.ZERO) for partner, debt in found.items()}


def _under_way(partners: Collection[int]) -> list[PayoutItem]:
    """What a file for the bank says of credit notes of which the bank has not said that they are paid."""
    rows = PayoutItem.objects.filter(stands=True, settlement__partner__in=partners, settlement__payments__isnull=True)
    standing = rows.filter(settlement__replaced_by__isnull=True).select_related("settlement__agency_statement")
    return list(standing.defer("settlement__content"))
