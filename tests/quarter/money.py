"""What a quarter's money does at the bank and at the tax adviser's, and what must hold of it."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db.models import Sum

from billing import bank_lines, chart, closing, debit_banking, debit_runs, ledger_exports, open_items, payouts, period_exports
from billing.ledger_exports import ExportRefused
from billing.models import BankLine, Bookkeeping, ExportedEntry, JournalEntry, LedgerExport, PayoutRun, PeriodExport, Posting
from billing.online import arriving
from billing.open_items import OpenItem
from marketplace.regions.models import Region
from tests.billing.test_bank import camt
from tests.billing.test_ledger_exports import rows, sums
from tests.factories.market import UserFactory
from tests.quarter import bank_jobs, relief
from tests.quarter.mishaps import Mishaps
from tests.quarter.quarter import Quarter

ADVISER, CLIENT = 1001, 42


def settle(*, quarter: Quarter, today: date, at: datetime) -> bytes:
    """Customers pay what is open, producers get what they are owed; the bank's statement is taken in twice. Returns it.

    Before that the office lets some customers off, and the payment provider pays out all that it holds.
    """
    region, mishaps = quarter.rule.region, quarter.mishaps
    waiting = payouts.due(region=region, today=today)
    ids = [item.settlement_id for item in waiting if not item.hindrance and not item.by_provider]
    if ids:
        mishaps.work("pay out", lambda: _draw_up(region, ids, today, at))
    mishaps.work("collect", lambda: _collect(region, today, at))
    relief.let_off(quarter, today=today, at=at)
    bank_jobs.pay_out(quarter, at)
    bank_jobs.settle_up(quarter, at)
    told = [(str(item.left), item.whom, f"Danke {item.number}", f"E{item.key}") for item in open_items.to_come_in(region=region)]
    runs = debit_banking.awaited(region=region, incoming=True)
    told += [(str(item.left), "", f"Sammler {item.number}", f"L{item.key}") for item in runs]
    told += [
        (f"-{item.left}", "", item.number, f"A{item.key}")
        for item in open_items.to_go_out(region=region)
        if item.kind == open_items.PAYOUT_RUN
    ]
    sent = arriving.awaited(region=region, incoming=True)
    told += [(str(item.left), arriving.NAME, f"STRIPE {item.number}", f"P{item.key}") for item in sent]
    statement = camt(told, iban=region.iban.replace(" ", "").upper())
    for _turn in range(2):
        mishaps.work("bank", lambda: bank_lines.take_in(region=region, content=statement, at=at, by=None))
        for item in sent:
            mishaps.work("arrive", partial(_arrive, item, at))
    return statement


def _arrive(item: OpenItem, at: datetime) -> None:
    """The office sees what the provider transferred on the statement, unless somebody has seen it before."""
    line = BankLine.objects.filter(purpose__contains=item.number, status=BankLine.Status.OPEN).first()
    if line is not None:
        bank_lines.assign(line=line, item_key=item.key, at=at, by=None)


def _collect(region: Region, today: date, at: datetime) -> None:
    """What was announced is collected by one file; a second file finds nothing."""
    due = [item for item in debit_runs.due(region=region, today=today) if not item.hindrance]
    if due:
        day = max([item.due_on for item in due] + [debit_runs.earliest(today=today)])
        ids = [item.invoice_id for item in due]
        debit_runs.draw_up(region=region, invoice_ids=ids, collect_on=day, today=today, at=at, by=None)


def hand_over(*, region: Region, mishaps: Mishaps, today: date, at: datetime) -> None:
    """Every month that is over goes to the tax adviser."""
    Bookkeeping.objects.get_or_create(region=region, defaults={"adviser": ADVISER, "client": CLIENT})
    closer = UserFactory.create(email="kasse@quartal.example")
    while (month := closing.next_month(region=region, today=today)) is not None:
        first = month[0]
        mishaps.work("close", partial(closing.close, region=region, first=first, today=today, at=at, by=closer))
        for kind in (PeriodExport.Kind.VAT, PeriodExport.Kind.AUDIT, PeriodExport.Kind.DOCUMENTS):
            made = partial(period_exports.make, region=region, kind=kind, first=first, last=month[1], today=today, at=at, by=None)
            mishaps.work("hand out", made)
    while ledger_exports.next_month(region=region, today=today) is not None:
        mishaps.work("export", lambda: _export(region, today, at))


def findings(*, region: Region, paid_on: date, today: date) -> Iterator[str]:
    """Nothing is open, every entry is in one file, and the files say what the journal says; who was due on `paid_on` was paid.

    Every month that is over is closed, and what was handed out of it is the same whenever it is built.
    """
    if closing.next_month(region=region, today=today) is not None:
        yield "A month that is over is not closed."
    for made in PeriodExport.objects.filter(region=region):
        if hashlib.sha256(period_exports.content(export=made)).hexdigest() != made.sha256:
            yield f"{made} is not what was handed out."
    for item in open_items.to_come_in(region=region):
        yield f"{item.number}: {item.left} is still to come in."
    for due in payouts.due(region=region, today=paid_on):
        if not due.hindrance:
            yield f"{due.number}: {due.amount} was not paid out."
    past = JournalEntry.objects.filter(region=region, day__lt=today.replace(day=1))
    missing = past.exclude(kind=JournalEntry.Kind.HOLD).filter(exported__isnull=True).count()  # memos are told to nobody
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
