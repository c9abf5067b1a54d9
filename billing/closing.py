"""Decides when a month of the books is closed, and who may open it again; a trigger keeps bookings out of a closed one.

What is told too late is booked on the first open day (`journal.post`), so a month that was handed over never changes.
"""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from billing import closed_months, invoicing, periods, settlements, triggers
from billing.models import BankLine, Closing, JournalEntry, ManualEntry
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User


class ClosingRefused(Exception):
    """The month cannot be closed or opened like that; the message is for the office."""


def next_month(*, region: Region, today: date) -> tuple[date, date] | None:
    """The earliest month that is over, follows the closed ones and holds bookings or comes before one that does."""
    closed = closed_months.until(region=region)
    start = closed + timedelta(days=1) if closed else JournalEntry.objects.filter(region=region).aggregate(day=Min("day"))["day"]
    if start is None:
        return None
    first, last = periods.month_of(start)
    return (first, last) if last < today else None


def hindrances(*, region: Region, first: date, last: date, today: date) -> list[str]:
    """What has to be done before a month can be closed, as sentences for the office; empty when it can."""
    found = []
    unbilled = invoicing.due_deliveries().filter(round__region=region, completed_at__lt=periods.starts(last + timedelta(days=1)))
    if number := unbilled.count():
        found.append(_("Deliveries that are not billed: %(number)s.") % {"number": number})
    accounts = set(region.accounts.values_list("pk", flat=True))
    if any(account in accounts and month <= last for account, month in invoicing.due_months(today=today)):
        found.append(_("The invoices of the month for customer accounts are not drawn yet."))
    lines = BankLine.objects.filter(region=region, status=BankLine.Status.OPEN, booked_on__range=(first, last))
    if number := lines.count():
        found.append(_("Bookings of the bank that are not assigned: %(number)s.") % {"number": number})
    waiting = ManualEntry.objects.filter(region=region, status=ManualEntry.Status.PROPOSED, day__lte=last)
    if number := waiting.count():
        found.append(_("Proposed bookings that nobody has decided on: %(number)s.") % {"number": number})
    return found


def remarks(*, region: Region, last: date) -> list[str]:
    """What is missing in a month but does not keep it open, because it will be booked on the day on which it is done."""
    number = settlements.without_document(region=region, before=last + timedelta(days=1)).count()
    return [_("Producers that are not settled: %(number)s.") % {"number": number}] if number else []


@transaction.atomic
def close(*, region: Region, first: date, today: date, at: datetime, by: User) -> Closing:
    """Close the next month; again gives back the closed one. Raises `ClosingRefused`."""
    _wait_for_bookings(region)
    standing = Closing.objects.filter(region=region, first=first, reopened_at__isnull=True).first()
    if standing is not None:
        return standing
    month = next_month(region=region, today=today)
    if month is None or month[0] != first:
        raise ClosingRefused(_("Months are closed one after the other, when they are over."))
    found = hindrances(region=region, first=month[0], last=month[1], today=today)
    if found:
        raise ClosingRefused(" ".join(found))
    closing = Closing.objects.create(region=region, first=month[0], last=month[1], closed_at=at, closed_by=by)
    audit.record(action="books.closed", target=closing, at=at, by=by, new={"month": f"{first:%Y-%m}"})
    return closing


@transaction.atomic
def ask_to_reopen(*, closing: Closing, reason: str, at: datetime, by: User) -> Closing:
    """Say why the last closed month should be opened; somebody else decides. Raises `ClosingRefused`."""
    locked = _last(closing)
    if not reason.strip():
        raise ClosingRefused(_("Please say why."))
    locked.reason, locked.asked_at, locked.asked_by = reason.strip()[:300], at, by
    locked.save(update_fields=["reason", "asked_at", "asked_by"])
    audit.record(action="books.reopening_asked", target=locked, at=at, by=by, new={"reason": locked.reason})
    return locked


@transaction.atomic
def reopen(*, closing: Closing, at: datetime, by: User) -> Closing:
    """Open the last closed month, as somebody else asked. Raises `ClosingRefused`."""
    locked = _last(closing)
    if locked.asked_at is None:
        raise ClosingRefused(_("Nobody has asked for it."))
    if locked.asked_by_id == by.pk:
        raise ClosingRefused(_("Somebody else has to agree."))
    locked.reopened_at, locked.reopened_by = at, by
    locked.save(update_fields=["reopened_at", "reopened_by"])
    audit.record(action="books.reopened", target=locked, at=at, by=by, new={"reason": locked.reason})
    return locked


def _last(closing: Closing) -> Closing:
    locked = Closing.objects.select_for_update(of=("self",)).select_related("region").get(pk=closing.pk)
    if locked.reopened_at is not None or locked.last != closed_months.until(region=locked.region):
        raise ClosingRefused(_("Only the month that was closed last can be opened again."))
    return locked


def _wait_for_bookings(region: Region) -> None:
    """Bookings under way end first, and new ones see the closing: each holds the same lock shared (`billing.triggers`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [triggers.CLOSING_LOCK, region.pk])
