"""Decides how a money fact becomes a balanced entry of the journal, and reads from it who owes what.

Debit is positive, credit negative, in euro. An entry is made once for its key; the database refuses one that does not sum to
zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from billing import closed_months
from billing.models import Account, Invoice, InvoiceLine, JournalEntry, Posting
from marketplace.core import money

Ledger = Posting.Ledger
Charge = InvoiceLine.Charge
SOLD = {
    Charge.GOODS: Ledger.SALES,
    Charge.DISCOUNT: Ledger.SALES,
    Charge.FEE: Ledger.FEES,
    Charge.DEPOSIT: Ledger.DEPOSITS,
    Charge.RETURN: Ledger.DEPOSITS,
}
BOUGHT = {
    Charge.GOODS: Ledger.PURCHASES,
    Charge.DISCOUNT: Ledger.PURCHASES,
    Charge.COMMISSION: Ledger.PURCHASES,
    Charge.FEE: Ledger.PURCHASES,
    Charge.DEPOSIT: Ledger.DEPOSITS,
    Charge.RETURN: Ledger.DEPOSITS,
    Charge.SERVICE: Ledger.FEES_DUE,
}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of an entry before it is booked; sides of zero are left out."""

    ledger: Posting.Ledger
    amount: Decimal
    vat_rate: Decimal | None = None
    account_id: int | None = None
    order_id: int | None = None
    partner_id: int | None = None
    #: of an expense which sort it is (`chart.EXPENSES`)
    cost: str = ""


def post(
    *, region: Any, kind: str, key: str, day: date, at: datetime, text: str, sides: Iterable[Side], invoice: Invoice | None = None
) -> JournalEntry:
    """Book a money fact; the same `key` a second time gives back the first entry and books nothing.

    What is told of a month that is closed by now is booked on the first open day, and says when it was.
    """
    told = tuple(sides)
    entry = JournalEntry(region_id=region.pk, kind=kind, key=key, day=day, booked_at=at, text=text[:200], invoice=invoice)
    try:
        return _book(entry, told)
    except IntegrityError:
        booked = JournalEntry.objects.filter(key=key).first()
        if booked is not None:
            return booked
        entry.day, entry.fact_on = closed_months.first_open_day(region=region, day=day), day
        if entry.day == day:
            raise
        entry.text = f"{text[:185]} ({day:%d.%m.%Y})"
    return _book(entry, told)


def sale(
    *,
    nets: Mapping[tuple[str, Decimal], Decimal],
    taxes: Mapping[Decimal, Decimal],
    gross: Decimal,
    account_id: int | None,
    order_id: int | None,
) -> list[Side]:
    """Receivable to sales, fees, deposits and VAT owed; `nets` by charge and rate, `taxes` by rate."""
    sides = [Side(ledger=Ledger.RECEIVABLE, amount=gross, account_id=account_id, order_id=order_id)]
    sides += [Side(ledger=SOLD[Charge(charge)], amount=-net, vat_rate=rate) for (charge, rate), net in nets.items()]
    return sides + [Side(ledger=Ledger.VAT_OUT, amount=-tax, vat_rate=rate) for rate, tax in taxes.items()]


def agency_sale(*, gross: Decimal, partner_id: int, account_id: int | None, order_id: int | None) -> list[Side]:
    """Receivable to what is held for the producer that sold in its own name; no turnover of the operator's."""
    return [
        Side(ledger=Ledger.RECEIVABLE, amount=gross, account_id=account_id, order_id=order_id),
        Side(ledger=Ledger.ENTRUSTED, amount=-gross, partner_id=partner_id),
    ]


def agency_payable(
    *, entrusted: Decimal, nets: Mapping[Decimal, Decimal], taxes: Mapping[Decimal, Decimal], partner_id: int
) -> list[Side]:
    """What was held for a producer becomes what it is owed, less commission; `nets` and `taxes` of that by rate."""
    sides = [Side(ledger=Ledger.ENTRUSTED, amount=entrusted, partner_id=partner_id)]
    sides += [Side(ledger=Ledger.COMMISSION, amount=-net, vat_rate=rate, partner_id=partner_id) for rate, net in nets.items()]
    sides += [Side(ledger=Ledger.VAT_OUT, amount=-tax, vat_rate=rate, partner_id=partner_id) for rate, tax in taxes.items()]
    left = entrusted - sum(nets.values(), money.ZERO) - sum(taxes.values(), money.ZERO)
    return [*sides, Side(ledger=Ledger.PAYABLE, amount=-left, partner_id=partner_id)]


def purchase(
    *,
    nets: Mapping[tuple[str, Decimal], Decimal],
    taxes: Mapping[Decimal, Decimal],
    gross: Decimal,
    partner_id: int,
) -> list[Side]:
    """Goods on commission, deposits and input VAT to the payable; the commission comes off the goods."""
    sides = [Side(ledger=Ledger.PAYABLE, amount=-gross, partner_id=partner_id)]
    sides += [
        Side(ledger=BOUGHT[Charge(charge)], amount=net, vat_rate=rate, partner_id=partner_id)
        for (charge, rate), net in nets.items()
    ]
    return sides + [Side(ledger=Ledger.VAT_IN, amount=tax, vat_rate=rate, partner_id=partner_id) for rate, tax in taxes.items()]


def passed_on(*, fees: Mapping[int, Decimal]) -> list[Side]:
    """What was taken of a producer for others, by key, is owed to them for what they do; without VAT until it is billed."""
    return [
        Side(ledger=ledger, amount=sign * amount, partner_id=payee)
        for payee, amount in fees.items()
        for ledger, sign in ((Ledger.FEE_COSTS, 1), (Ledger.FEES_DUE, -1))
    ]


def reversal(*, entry: JournalEntry) -> list[Side]:
    """The same sides with the other sign."""
    return [
        Side(
            ledger=Ledger(posting.ledger),
            amount=-posting.amount,
            vat_rate=posting.vat_rate,
            account_id=posting.account_id,
            order_id=posting.order_id,
            partner_id=posting.partner_id,
            cost=posting.cost,
        )
        for posting in entry.postings.order_by("pk")
    ]


def negated(sides: Iterable[Side]) -> list[Side]:
    """Sides that are not booked yet with the other sign: a correction lowers what the same sale would raise."""
    return [replace(side, amount=money.to_cents(-side.amount)) for side in sides]


def balance(*, account: Account | None = None, order: Any = None, partner: Any = None) -> Decimal:
    """What an account or an order owes, or what a producer is owed, in euro. Exactly one of the three is given."""
    if sum(item is not None for item in (account, order, partner)) != 1:
        raise ValueError("Ask for one account, one order or one producer.")
    if partner is not None:
        return -_sum(ledger=Ledger.PAYABLE, partner=partner)
    return _sum(ledger=Ledger.RECEIVABLE, **({"account": account} if account is not None else {"order": order}))


def _sum(**which: Any) -> Decimal:
    found: Decimal | None = Posting.objects.filter(**which).aggregate(sum=Sum("amount"))["sum"]
    return found or money.ZERO


@transaction.atomic
def _book(entry: JournalEntry, sides: Sequence[Side]) -> JournalEntry:
    entry.save(force_insert=True)
    Posting.objects.bulk_create(
        Posting(
            entry=entry,
            ledger=side.ledger,
            amount=side.amount,
            vat_rate=side.vat_rate,
            account_id=side.account_id,
            order_id=side.order_id,
            partner_id=side.partner_id,
            cost=side.cost,
        )
        for side in sides
        if side.amount
    )
    return entry
