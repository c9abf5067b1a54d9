"""Turns an approved proposal of the office into its entry of the journal (`billing.manual_entries` decides who may)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from billing import bank_lines, claims, incoming, journal, open_items, returns, supplier_invoices, surcharges
from billing.journal import Ledger, Side
from billing.models import IncomingInvoice, Invoice, InvoiceLine, JournalEntry, ManualEntry, Payment, PaymentReturn, Posting
from marketplace.core import money, vat
from marketplace.users.models import User

Kind = ManualEntry.Kind


class Overtaken(Exception):
    """Something changed since it was proposed; the message is for the office."""


def book(*, proposed: ManualEntry, at: datetime, by: User) -> JournalEntry:
    """The entry of a proposal; the caller holds its lock and that of the books. Raises `Overtaken`."""
    ways: dict[str, Callable[[ManualEntry, datetime, User], JournalEntry]] = {
        Kind.WRITE_OFF: _write_off,
        Kind.SMALL: _write_off,
        Kind.LET_OFF: _let_off,
        Kind.TAKE_BACK: _take_back,
        Kind.CASH_COUNT: _cash_count,
        Kind.BANK_LINE: _bank_line,
        Kind.REVERSAL: _reverse,
        Kind.INCOMING: _incoming,
    }
    return ways[proposed.kind](proposed, at, by)


def _post(proposed: ManualEntry, kind: JournalEntry.Kind, text: str, sides: Sequence[Side], at: datetime) -> JournalEntry:
    return journal.post(
        region=proposed.region,
        kind=kind,
        key=f"manual:{proposed.pk}",
        day=proposed.day,
        at=at,
        text=text,
        sides=sides,
        invoice=_document(proposed),
    )


def _document(proposed: ManualEntry) -> Invoice | None:
    """What the entry is about; of what is taken back what that was about."""
    wrong = proposed.reverses.entry if proposed.reverses is not None else None
    return wrong.invoice if wrong is not None else proposed.invoice


def _write_off(proposed: ManualEntry, at: datetime, _by: User) -> JournalEntry:
    """The rest is not asked for any more; above a small difference the VAT in it is no longer owed."""
    invoice = proposed.invoice
    row = open_items.unpaid(documents=Invoice.objects.filter(pk=invoice.pk)).first() if invoice else None
    if invoice is None or row is None or row.left != proposed.amount:
        raise Overtaken(_("What is open has changed since. Please propose it anew."))
    owed = Posting.objects.filter(entry__invoice=invoice, ledger=Ledger.RECEIVABLE).order_by("pk").first()
    sides = [
        Side(
            ledger=Ledger.RECEIVABLE,
            amount=-row.left,
            account_id=owed.account_id if owed else invoice.account_id,
            order_id=owed.order_id if owed else invoice.order_id,
        )
    ]
    if proposed.kind == Kind.SMALL:
        sides.append(Side(ledger=Ledger.ROUNDING, amount=row.left))
    else:
        sides += _lost(invoice, row.left)
    entry = _post(proposed, JournalEntry.Kind.WRITE_OFF, f"Ausbuchung {invoice.number}", sides, at)
    Payment.objects.create(
        invoice=invoice,
        method=Payment.Method.WRITE_OFF,
        amount=row.left,
        received_on=proposed.day,
        reference=proposed.reason[:140],
        entry=entry,
    )
    return entry


def _let_off(proposed: ManualEntry, at: datetime, by: User) -> JournalEntry:
    invoice = proposed.invoice
    if invoice is None or claims.charged_on(invoice=invoice) != proposed.amount:
        raise Overtaken(_("What was charged has changed since. Please propose it anew."))
    return surcharges.let_off(invoice=invoice, today=proposed.day, at=at, by=by).entry


def _lost(invoice: Invoice, left: Decimal) -> list[Side]:
    """What is lost by rate, without its VAT, and the VAT; charges for being late hold none.

    Of an invoice in a producer's name all of it: the VAT in it is the producer's, who is paid whole.
    """
    if invoice.seller_id is not None:
        return [Side(ledger=Ledger.WRITE_OFF, amount=left, vat_rate=money.ZERO)]
    charged = min(claims.charged_on(invoice=invoice), left)
    rates = InvoiceLine.objects.filter(invoice=invoice).values_list("vat_rate").annotate(sum=Sum("gross")).order_by("vat_rate")
    grosses = [(rate, gross) for rate, gross in rates if gross > 0]
    sides = [Side(ledger=Ledger.WRITE_OFF, amount=charged, vat_rate=money.ZERO)]
    if left > charged:
        parts = money.spread(left - charged, [gross for _rate, gross in grosses])
        for (rate, _gross), part in zip(grosses, parts, strict=True):
            taxed = vat.from_gross(part, rate)
            sides.append(Side(ledger=Ledger.WRITE_OFF, amount=taxed.net, vat_rate=rate))
            sides.append(Side(ledger=Ledger.VAT_OUT, amount=taxed.tax, vat_rate=rate))
    return sides


def _take_back(proposed: ManualEntry, at: datetime, by: User) -> JournalEntry:
    payment = proposed.payment
    if payment is None or payment.returns.exists():
        raise Overtaken(_("This payment was taken back already."))
    into = payment.entry.postings.exclude(ledger=Ledger.RECEIVABLE).get()
    back = returns.take_back(payment=payment, day=proposed.day, at=at, ledger=Ledger(into.ledger))
    if payment.bank_line is not None:
        bank_lines.open_again(line=payment.bank_line, at=at, by=by)
    return back.entry


def _cash_count(proposed: ManualEntry, at: datetime, _by: User) -> JournalEntry:
    count = proposed.cash_count
    if count is None or count.counted - count.expected != proposed.amount:
        raise Overtaken(_("The cash was counted again since. Please propose it anew."))
    day = count.tour.round.delivery_day
    sides = (
        Side(ledger=Ledger.CASH, amount=proposed.amount),
        Side(ledger=Ledger.CASH_DIFF, amount=-proposed.amount),
    )
    return _post(proposed, JournalEntry.Kind.CASH_COUNT, f"Kassendifferenz Tour {day:%d.%m.%Y}", sides, at)


def _bank_line(proposed: ManualEntry, at: datetime, by: User) -> JournalEntry:
    line, ledger = proposed.bank_line, Ledger(proposed.ledger)
    if line is None or line.status != line.Status.OPEN or bank_lines.left(line=line) != proposed.amount:
        raise Overtaken(_("This booking has been dealt with already."))
    kind = JournalEntry.Kind.CASH_TO_BANK if ledger == Ledger.CASH else JournalEntry.Kind.BANK_CHARGE
    sides = (Side(ledger=Ledger.BANK, amount=line.amount), Side(ledger=ledger, amount=-line.amount))
    entry = _post(proposed, kind, f"{ledger.label}: {proposed.reason}", sides, at)
    bank_lines.close_by_hand(line=line, note=proposed.reason, at=at, by=by)
    return entry


def _incoming(proposed: ManualEntry, at: datetime, by: User) -> JournalEntry:
    """An expense by its VAT, or what settles what is owed for a month."""
    told = proposed.incoming
    if told is None or told.status == IncomingInvoice.Status.REFUSED:
        raise Overtaken(_("This invoice was refused since."))
    if proposed.cost:
        text = f"Eingangsrechnung {told.number} {told.seller_name}"
        sides = supplier_invoices.expense(invoice=told, cost=proposed.cost)
        entry = _post(proposed, JournalEntry.Kind.INCOMING, text, sides, at)
    else:
        made = supplier_invoices.settle(invoice=told, key=f"{proposed.ledger}:{proposed.month}", today=localdate(at), at=at)
        if made is None:
            raise Overtaken(_("What is owed has changed since. Please propose it anew."))
        entry = JournalEntry.objects.get(invoice=made)
    incoming.decide(invoice=told, status=IncomingInvoice.Status.ACCEPTED, note=told.note, at=at, by=by)
    return entry


def _reverse(proposed: ManualEntry, at: datetime, by: User) -> JournalEntry:
    wrong = proposed.reverses
    if wrong is None or wrong.entry is None:
        raise Overtaken(_("Only what was booked by hand can be taken back."))
    entry = _post(proposed, JournalEntry.Kind.REVERSAL, f"Storno: {wrong.entry.text}", journal.reversal(entry=wrong.entry), at)
    surcharges.restore(let_off=wrong.entry, entry=entry)
    payment = Payment.objects.filter(entry=wrong.entry).first()
    if payment is not None:
        PaymentReturn.objects.create(payment=payment, amount=payment.amount, day=entry.day, entry=entry)
    if wrong.bank_line is not None:
        bank_lines.open_again(line=wrong.bank_line, at=at, by=by)
    return entry
