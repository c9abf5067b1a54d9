"""Turns entries of the journal into lines with one debit and one credit, on the accounts of a standard chart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing import chart
from billing.chart import Chart, UnmappedAccount
from billing.datev import Booking
from billing.models import JournalEntry, Posting
from marketplace.core import money

Ledger = Posting.Ledger
#: what was taken for others stands against itself, with no debtor or creditor
PASSED_ON = (Ledger.FEE_COSTS, Ledger.FEES_DUE)
TAXES = {Ledger.VAT_OUT, Ledger.VAT_IN}
#: what the other sides of an entry are booked against, the first that is there
ANCHORS = (
    Ledger.RECEIVABLE,
    Ledger.PAYABLE,
    Ledger.SUPPLIERS,
    Ledger.BANK,
    Ledger.CASH,
    Ledger.PROVIDER,
    Ledger.IN_TRANSIT,
    Ledger.DISPUTED,
    Ledger.ENTRUSTED,
)


@dataclass(frozen=True)
class _Side:
    account: int
    amount: Decimal


def bookings(*, entry: JournalEntry, number: str, accounts: Chart, link: str = "") -> list[Booking]:
    """The lines of an entry whose postings are loaded with account; together they are what the entry says, to the cent.

    `number` is what its document, order or payment is known by, `link` what DATEV knows its document by. Raises
    `chart.UnmappedAccount`.
    """
    rows = list(entry.postings.all())
    passed_on = PASSED_ON if any(row.ledger == Ledger.FEE_COSTS for row in rows) else ()
    postings = [row for row in rows if row.ledger not in passed_on]
    anchor = next((row for ledger in ANCHORS for row in postings if row.ledger == ledger), None)
    if anchor is None:
        raise UnmappedAccount(str(entry))
    others = [row for row in postings if row is not anchor]
    bought = any(row.ledger == Ledger.PAYABLE for row in postings)
    sides = [(side, _account(anchor, accounts)) for side in _sides(others, accounts, bought)]
    if -anchor.amount != sum((side.amount for side, _counter in sides), money.ZERO):
        raise UnmappedAccount(str(entry))
    costs = (row for row in rows if row.ledger == Ledger.FEE_COSTS)
    sides += [(_Side(_account(row, accounts), row.amount), accounts.plain[Ledger.FEES_DUE]) for row in costs]
    return [
        Booking(
            amount=abs(side.amount),
            is_debit=side.amount > 0,
            account=side.account,
            counter=counter,
            day=entry.day,
            number=number,
            text=entry.text,
            link=link,
        )
        for side, counter in sides
        if side.amount
    ]


def _sides(postings: Sequence[Posting], accounts: Chart, bought: bool) -> Iterator[_Side]:
    """Each side on its account; VAT goes into the accounts that reckon it, in proportion to what they hold."""
    nets: dict[tuple[int, Decimal | None], Decimal] = defaultdict(Decimal)
    taxes: dict[tuple[str, Decimal | None], Decimal] = defaultdict(Decimal)
    for row in postings:
        ledger = chart.sold_or_bought(ledger=row.ledger, bought=bought)
        reckoning = accounts.reckoning.get((ledger, row.vat_rate or chart.NOTHING))
        if row.ledger in TAXES:
            taxes[row.ledger, row.vat_rate] += row.amount
        elif reckoning is not None:
            nets[reckoning, row.vat_rate] += row.amount
        else:
            yield _Side(_account(row, accounts, ledger), row.amount)
    yield from _grossed(nets, taxes, accounts)


def _grossed(
    nets: dict[tuple[int, Decimal | None], Decimal], taxes: dict[tuple[str, Decimal | None], Decimal], accounts: Chart
) -> Iterator[_Side]:
    left = dict(nets)
    for (ledger, rate), tax in taxes.items():
        with_rate = [key for key in nets if key[1] == rate]
        if not with_rate or sum((nets[key] for key in with_rate), money.ZERO) == 0:
            yield _Side(accounts.plain[ledger], tax)
            continue
        for key, part in zip(with_rate, money.spread(tax, [nets[key] for key in with_rate]), strict=True):
            left[key] += part
    for (account, _rate), amount in left.items():
        yield _Side(account, amount)


def _account(row: Posting, accounts: Chart, ledger: str = "") -> int:
    asked = ledger or row.ledger
    if asked == Ledger.RECEIVABLE:
        return chart.debtor(account_number=row.account.number) if row.account is not None else chart.VARIOUS_DEBTORS
    if asked == Ledger.PAYABLE and row.partner_id is not None:
        return chart.creditor(partner_id=row.partner_id)
    found = accounts.costs.get(row.cost) if row.cost else accounts.plain.get(asked)
    if found is None:
        raise UnmappedAccount(f"{asked} {row.vat_rate}")
    return found


def total(lines: Iterable[Booking]) -> Decimal:
    """What all lines come to: the debit, and the credit as well."""
    return sum((line.amount for line in lines), money.ZERO)
