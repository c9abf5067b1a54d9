"""What the office lets customers off: invoices that nobody will pay, and costs of being late; always by two people."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from billing import manual_entries, open_items, surcharges
from billing.manual_entries import EntryRefused
from billing.models import Invoice, ManualEntry, Surcharge
from marketplace.demo import people
from marketplace.users.models import User
from tests.quarter import crowd

if TYPE_CHECKING:
    from tests.quarter.quarter import Quarter

#: of a hundred open invoices: nobody will pay it; it cost more because it was late, and that is let off
LOST, LATE = 6, 10
CHARGE = Decimal("2.50")


def let_off(quarter: "Quarter", *, today: date, at: datetime) -> None:
    """One proposes, the same tries to approve and is refused, another approves; whoever dies is followed by another."""
    told = open_items.to_come_in(region=quarter.rule.region)
    keys = [item.pk for item in told if item.kind == open_items.INVOICE]
    for invoice in Invoice.objects.filter(pk__in=keys).select_related("region", "order__terms").order_by("pk"):
        thrown = quarter.dice("relief", invoice.pk).randrange(100)
        if thrown < LOST + LATE:
            late = thrown >= LOST
            quarter.mishaps.work("let off", partial(_let_off, quarter, invoice, late, today, at))
            quarter.told["costs let off" if late else "written off"] += 1


def findings() -> Iterator[str]:
    """Nothing waits for the second pair of eyes, nothing was approved by the first, and nothing let off is open."""
    for entry in ManualEntry.objects.select_related("invoice"):
        if entry.status != ManualEntry.Status.BOOKED or entry.decided_by_id == entry.proposed_by_id:
            yield f"{entry.kind} of {entry.invoice} is {entry.status}, decided by {entry.decided_by_id}."
    lost = ManualEntry.objects.filter(kind__in=(ManualEntry.Kind.WRITE_OFF, ManualEntry.Kind.SMALL)).values("invoice")
    for row in open_items.unpaid(documents=Invoice.objects.filter(pk__in=lost)):
        yield f"{row.number} was written off, and {row.left} is open."


def _let_off(quarter: "Quarter", invoice: Invoice, late: bool, today: date, at: datetime) -> None:
    first, second = quarter.office, quarter.ground.users[people.TILL[crowd.REGION]]
    kinds = (ManualEntry.Kind.LET_OFF,) if late else (ManualEntry.Kind.WRITE_OFF, ManualEntry.Kind.SMALL)
    entry = ManualEntry.objects.filter(invoice=invoice, kind__in=kinds).first() or _propose(invoice, late, today, at, first)
    if entry.status == ManualEntry.Status.PROPOSED:
        try:
            manual_entries.approve(entry=entry, at=at, by=first)
        except EntryRefused:
            manual_entries.approve(entry=entry, at=at, by=second)


def _propose(invoice: Invoice, late: bool, today: date, at: datetime, by: User) -> ManualEntry:
    propose: Callable[..., ManualEntry] = manual_entries.propose_let_off if late else manual_entries.propose_write_off
    if late:
        key = f"quarter:{invoice.pk}"
        surcharges.charge(invoice=invoice, kind=Surcharge.Kind.FEE, amount=CHARGE, key=key, day=today, at=at)
    return propose(invoice=invoice, reason="Hat sich mit dem Markt geeinigt.", day=today, at=at, by=by)
