"""What a quarter's money does at the bank and at the tax adviser's, and what must hold of it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from billing import bank_lines, chart, ledger_exports, open_items, payouts
from billing.ledger_exports import ExportRefused
from billing.models import Bookkeeping, ExportedEntry, JournalEntry, LedgerExport, PayoutRun, Posting
from marketplace.regions.models import Region
from tests.billing.test_bank import camt
from tests.billing.test_ledger_exports import rows, sums
from tests.quarter.mishaps import Mishaps

ADVISER, CLIENT = 1001, 42


def settle(*, region: Region, mishaps: Mishaps, today: date, at: datetime) -> bytes:
    """Customers pay what is open, producers get what they are owed; the bank's statement is taken in twice. Returns it."""
    ids = [item.settlement_id for item in payouts.due(region=region, today=today) if not item.hindrance]
    if ids:
        mishaps.work("pay out", lambda: _draw_up(region, ids, today, at))
    told = [(str(item.left), item.whom, f"Danke {item.number}", f"E{item.key}") for item in open_items.to_come_in(region=region)]
    told += [
        (f"-{item.left}", "", item.number, f"A{item.key}")
        for item in open_items.to_go_out(region=region)
        if item.kind == open_items.PAYOUT_RUN
    ]
    statement = camt(told, iban=region.iban.replace(" ", "").upper())
    for _turn in range(2):
        mishaps.work("bank", lambda: bank_lines.take_in(region=region, content=statement, at=at, by=None))
    return statement


def hand_over(*, region: Region, mishaps: Mishaps, today: date, at: datetime) -> None:
    """Every month that is over goes to the tax adviser."""
    Bookkeeping.objects.get_or_create(region=region, defaults={"adviser": ADVISER, "client": CLIENT})
    while ledger_exports.next_month(region=region, today=today) is not None:
        mishaps.work("export", lambda: _export(region, today, at))


def findings(*, region: Region, today: date) -> Iterator[str]:
    """Nothing is open, every entry is in one file, and the files say what the journal says."""
    for item in open_items.to_come_in(region=region):
        yield f"{item.number}: {item.left} is still to come in."
    for due in payouts.due(region=region, today=today):
        if not due.hindrance:
            yield f"{due.number}: {due.amount} was not paid out."
    missing = JournalEntry.objects.filter(region=region, day__lt=today.replace(day=1), exported__isnull=True).count()
    if missing:
        yield f"{missing} entries went to no tax adviser."
    held: dict[int, Decimal] = {}
    for export in LedgerExport.objects.filter(region=region):
        for account, amount in sums(rows(export)).items():
            held[account] = held.get(account, Decimal(0)) + amount
    yield from (f"{what}: {booked} in the journal, {told} in the tax adviser's files." for what, booked, told in _both(held))


def _both(held: dict[int, Decimal]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """What differs between the journal and the files: all together, bank and cash, and each producer."""
    nothing = Decimal(0)
    exported = Posting.objects.filter(entry__in=ExportedEntry.objects.values("entry"))
    accounts = chart.CHARTS["03"].plain
    pairs = [("Debit less credit", nothing, sum(held.values(), nothing))]
    for ledger in (Posting.Ledger.BANK, Posting.Ledger.CASH):
        booked = exported.filter(ledger=ledger).aggregate(sum=Sum("amount"))["sum"] or nothing
        pairs.append((str(ledger), booked, held.get(accounts[ledger], nothing)))
    for partner_id, booked in exported.filter(ledger=Posting.Ledger.PAYABLE).values_list("partner").annotate(sum=Sum("amount")):
        pairs.append((f"Producer {partner_id}", booked, held.get(chart.creditor(partner_id=partner_id), nothing)))
    return (pair for pair in pairs if pair[1] != pair[2])


def _draw_up(region: Region, ids: list[int], today: date, at: datetime) -> None:
    """Whoever goes on after a worker's death sees whether the file is made."""
    if not PayoutRun.objects.filter(region=region, items__settlement__in=ids).exists():
        payouts.draw_up(region=region, settlement_ids=ids, execution_on=today, today=today, at=at, by=None)


def _export(region: Region, today: date, at: datetime) -> None:
    try:
        ledger_exports.make(region=region, today=today, at=at, by=None)
    except ExportRefused:
        if ledger_exports.next_month(region=region, today=today) is not None:
            raise
