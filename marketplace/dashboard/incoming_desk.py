"""Reads how an invoice that came in can be booked, and how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing import supplier_invoices
from billing.models import IncomingInvoice, ManualEntry
from billing.supplier_invoices import Owed


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something owed that the invoice may settle; `difference` says in a sentence what does not fit, "" when all does."""

    owed: Owed
    difference: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The booking that is proposed or stands, why there can be none, or what may be chosen."""

    entry: ManualEntry | None
    problem: str
    choices: Sequence[Choice]


def read(*, invoice: IncomingInvoice, today: date) -> Desk:
    """The desk for one invoice."""
    entry = supplier_invoices.standing(invoice=invoice)
    if entry is not None or invoice.status == IncomingInvoice.Status.REFUSED:
        return Desk(entry=entry, problem="", choices=())
    problem = supplier_invoices.problem(invoice=invoice)
    owed = supplier_invoices.owed(partner=invoice.partner, today=today) if not problem else []
    choices = [Choice(owed=one, difference=supplier_invoices.difference(invoice=invoice, owed=one)) for one in owed]
    return Desk(entry=None, problem=problem, choices=choices)
