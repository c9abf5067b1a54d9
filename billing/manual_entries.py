"""Decides what the office may book by hand: one proposes it and says why, another one approves, then it stands in the journal.

Nothing is ever changed: what was booked by mistake is taken back by an entry with the other signs, proposed and approved again.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from billing import bank_lines, claims, manual_booking, numbers, open_items, supplier_invoices
from billing.chart import Expense
from billing.journal import Ledger
from billing.models import BankLine, IncomingInvoice, Invoice, ManualEntry, Payment
from logistics.models import CashCount
from marketplace.core import audit, money
from marketplace.core.transitions import lock_for
from marketplace.regions.models import Region
from marketplace.users.models import User

Kind, Status = ManualEntry.Kind, ManualEntry.Status
#: up to here a missing rest is a small difference; above it is a lost receivable, whose VAT is corrected (section 17 UStG)
SMALL = Decimal("1.00")
#: payments that the office books itself; others have their own way back
BY_HAND = (Payment.Method.TRANSFER, Payment.Method.CASH, Payment.Method.CARD)
#: what has no way back
FOR_GOOD = (Kind.REVERSAL, Kind.TAKE_BACK)
#: what a booking of the bank may have been for, besides documents
BANK_LEDGERS = (Ledger.CASH, Ledger.BANK_FEES, Ledger.ROUNDING)


class EntryRefused(Exception):
    """The booking cannot be proposed or approved like that; the message is for the office."""


def propose_write_off(*, invoice: Invoice, reason: str, day: date, at: datetime, by: User) -> ManualEntry:
    """What is still open on an invoice will not be paid. Raises `EntryRefused`."""
    row = open_items.unpaid(documents=Invoice.objects.filter(pk=invoice.pk)).first()
    if row is None:
        raise EntryRefused(_("Nothing is open on %(number)s.") % {"number": invoice.number})
    if ManualEntry.objects.filter(invoice=invoice, status=Status.PROPOSED).exists():
        raise EntryRefused(_("That is proposed already."))
    kind = Kind.SMALL if row.left <= SMALL else Kind.WRITE_OFF
    return _propose(invoice.region, kind, row.left, day, reason, at, by, invoice=invoice)


def propose_let_off(*, invoice: Invoice, reason: str, day: date, at: datetime, by: User) -> ManualEntry:
    """What was charged on an invoice for being late is given up, all of it. Raises `EntryRefused`."""
    charged = claims.charged_on(invoice=invoice)
    if charged <= 0:
        raise EntryRefused(_("Nothing was charged on %(number)s.") % {"number": invoice.number})
    return _propose(invoice.region, Kind.LET_OFF, charged, day, reason, at, by, invoice=invoice)


def can_be_taken_back(*, payment: Payment) -> bool:
    """Whether the office booked this payment of a customer itself, so that it may take it back. Its invoice is at hand."""
    paid_out = payment.incoming_id is not None or (payment.invoice is not None and payment.invoice.partner_id is not None)
    return payment.method in BY_HAND and not paid_out


def propose_take_back(*, payment: Payment, reason: str, day: date, at: datetime, by: User) -> ManualEntry:
    """A payment was booked on the wrong document; its booking of the bank can be assigned anew. Raises `EntryRefused`."""
    if not can_be_taken_back(payment=payment):
        raise EntryRefused(_("This payment was not booked by hand and cannot be taken back here."))
    if payment.returns.exists():
        raise EntryRefused(_("This payment was taken back already."))
    return _propose(payment.entry.region, Kind.TAKE_BACK, payment.amount, day, reason, at, by, payment=payment)


def propose_cash_count(*, count: CashCount, reason: str, day: date, at: datetime, by: User) -> ManualEntry:
    """More or less cash came home than drivers reported. Raises `EntryRefused`."""
    difference = count.counted - count.expected
    if not difference:
        raise EntryRefused(_("The counted cash is what drivers reported."))
    return _propose(count.tour.round.region, Kind.CASH_COUNT, difference, day, reason, at, by, cash_count=count)


def propose_bank_line(*, line: BankLine, ledger: str, reason: str, at: datetime, by: User) -> ManualEntry:
    """A booking of the bank that concerns no document: cash paid in, the bank's charges. Raises `EntryRefused`."""
    if line.status != BankLine.Status.OPEN or bank_lines.left(line=line) != abs(line.amount):
        raise EntryRefused(_("This booking has been dealt with already."))
    if ledger not in BANK_LEDGERS:
        raise EntryRefused(_("Please say what it was for."))
    return _propose(
        line.region, Kind.BANK_LINE, abs(line.amount), line.booked_on, reason, at, by, bank_line=line, ledger=str(ledger)
    )


def propose_reversal(*, entry: ManualEntry, reason: str, day: date, at: datetime, by: User) -> ManualEntry:
    """What was booked by hand was wrong. Raises `EntryRefused`."""
    if entry.status != Status.BOOKED or entry.kind in FOR_GOOD:
        raise EntryRefused(_("Only what was booked by hand can be taken back."))
    if entry.incoming is not None and (not entry.cost or entry.incoming.payments.exists()):
        raise EntryRefused(_("What was settled or paid by this invoice stays booked."))
    return _propose(entry.region, Kind.REVERSAL, abs(entry.amount), day, reason, at, by, reverses=entry)


def propose_expense(*, incoming: IncomingInvoice, cost: str, reason: str, today: date, at: datetime, by: User) -> ManualEntry:
    """An invoice that came in is an expense of this sort (`chart.Expense`). Raises `EntryRefused`."""
    if cost not in Expense.values:
        raise EntryRefused(_("Please say what it was for."))
    return _propose_invoice(incoming, today, reason, at, by, cost=cost)


def propose_settling(*, incoming: IncomingInvoice, key: str, reason: str, today: date, at: datetime, by: User) -> ManualEntry:
    """An invoice that came in settles what is owed for a month (`supplier_invoices.Owed.key`), to the cent.

    Raises `EntryRefused`, also with the difference.
    """
    owed = next((one for one in supplier_invoices.owed(partner=incoming.partner, today=today) if one.key == key), None)
    if owed is None:
        raise EntryRefused(_("Nothing is owed for that month any more. Please look at the page again."))
    if difference := supplier_invoices.difference(invoice=incoming, owed=owed):
        raise EntryRefused(difference)
    return _propose_invoice(incoming, today, reason, at, by, month=owed.first, ledger=str(owed.ledger))


def _propose_invoice(incoming: IncomingInvoice, today: date, reason: str, at: datetime, by: User, **what: Any) -> ManualEntry:
    if problem := supplier_invoices.problem(invoice=incoming):
        raise EntryRefused(problem)
    day = min(incoming.issued_on, today)
    return _propose(incoming.region, Kind.INCOMING, incoming.gross, day, reason, at, by, incoming=incoming, **what)


@transaction.atomic
def approve(*, entry: ManualEntry, at: datetime, by: User) -> ManualEntry:
    """Book it, as somebody else than the one who proposed it. Raises `EntryRefused` or `ForbiddenTransition`."""
    numbers.lock_books(region=entry.region)
    locked = lock_for(row=entry, to=Status.BOOKED)
    if locked.proposed_by_id == by.pk:
        raise EntryRefused(_("Somebody else has to approve what you proposed."))
    try:
        locked.entry = manual_booking.book(proposed=locked, at=at, by=by)
    except manual_booking.Overtaken as overtaken:
        raise EntryRefused(str(overtaken)) from overtaken
    if locked.reverses is not None:
        _set_reversed(locked.reverses, at, by)
    return _decide(locked, Status.BOOKED, "", at, by)


@transaction.atomic
def refuse(*, entry: ManualEntry, answer: str, at: datetime, by: User) -> ManualEntry:
    """It is not booked; whoever proposed it may take the proposal back. Raises `ForbiddenTransition`."""
    return _decide(lock_for(row=entry, to=Status.REFUSED), Status.REFUSED, answer.strip()[:300], at, by)


def differing(*, region: Region) -> QuerySet[CashCount]:
    """Counted cash that was not what drivers reported, and for which nothing is booked or proposed."""
    known = ManualEntry.objects.filter(kind=Kind.CASH_COUNT, status__in=(Status.PROPOSED, Status.BOOKED))
    rows = CashCount.objects.filter(tour__round__region=region).exclude(counted=F("expected"))
    return rows.exclude(pk__in=known.values("cash_count"))


def cash_differences(*, region: Region) -> list[CashCount]:
    """The same with tour, vehicle and driver at hand, the oldest first."""
    rows = differing(region=region).select_related("tour__round", "tour__vehicle", "tour__driver")
    return list(rows.order_by("counted_at", "pk"))


def _propose(
    region: Region, kind: ManualEntry.Kind, amount: Decimal, day: date, reason: str, at: datetime, by: User, **what: Any
) -> ManualEntry:
    if not reason.strip():
        raise EntryRefused(_("Please say why."))
    try:
        with transaction.atomic():
            entry = ManualEntry.objects.create(
                region=region,
                kind=kind,
                amount=money.to_cents(amount),
                day=day,
                reason=reason.strip()[:300],
                proposed_at=at,
                proposed_by=by,
                **what,
            )
    except IntegrityError as twice:
        raise EntryRefused(_("That is proposed already.")) from twice
    audit.record(action="manual_entry.proposed", target=entry, at=at, by=by, new={"kind": kind, "amount": str(entry.amount)})
    return entry


def _decide(locked: ManualEntry, to: str, answer: str, at: datetime, by: User) -> ManualEntry:
    old, locked.status = locked.status, to
    locked.answer, locked.decided_at, locked.decided_by = answer, at, by
    locked.save(update_fields=["status", "answer", "decided_at", "decided_by", "entry"])
    audit.record(action=f"manual_entry.{to}", target=locked, at=at, by=by, old={"status": old}, new={"status": to})
    return locked


def _set_reversed(entry: ManualEntry, at: datetime, by: User) -> None:
    wrong = lock_for(row=entry, to=Status.REVERSED)
    wrong.status = Status.REVERSED
    wrong.save(update_fields=["status"])
    audit.record(action="manual_entry.reversed", target=wrong, at=at, by=by)
