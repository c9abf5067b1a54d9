"""Decides what goes to the tax adviser: each entry of the journal once, month by month; what comes late gets another file."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from billing import chart, datev, document_archive, ledger_lines, numbers, periods
from billing.chart import UnmappedAccount
from billing.models import Bookkeeping, ExportedEntry, JournalEntry, LedgerExport, Payment, Refund
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User

_Kind = JournalEntry.Kind
OF_DOCUMENTS = (_Kind.INVOICE, _Kind.SETTLEMENT, _Kind.CANCELLATION, _Kind.CORRECTION, _Kind.COMMISSION)


class ExportRefused(Exception):
    """There is nothing to export, or something has no account; the message is for the office."""


def next_month(*, region: Region, today: date) -> tuple[date, date] | None:
    """The earliest month that is over and holds entries that went out with no file; None when there is none. One query."""
    earliest: date | None = _waiting(region).aggregate(day=Min("day"))["day"]
    if earliest is None:
        return None
    first, last = periods.month_of(earliest)
    return (first, last) if last < today else None


@transaction.atomic
def make(*, region: Region, today: date, at: datetime, by: User | None) -> LedgerExport:
    """Write the file of the next month and keep it. Raises `ExportRefused`; then nothing is kept.

    The same few queries for any number of entries.
    """
    numbers.lock_books(region=region)
    books = Bookkeeping.objects.filter(region=region).first()
    if books is None:
        raise ExportRefused(_("Please enter the numbers that your tax adviser gave you first."))
    month = next_month(region=region, today=today)
    if month is None:
        raise ExportRefused(_("Every month that is over has been exported."))
    first, last = month
    rows = _waiting(region).filter(day__range=month).select_related("invoice").defer("invoice__content")
    entries = list(rows.prefetch_related("postings__account").order_by("day", "pk"))
    known = _numbers(entries)
    try:
        accounts = chart.CHARTS[books.chart]
        lines = [
            line
            for entry in entries
            for line in ledger_lines.bookings(entry=entry, number=known[entry.pk], accounts=accounts, link=_link(entry))
        ]
    except UnmappedAccount as missing:
        text = _("“%(what)s” has no account in the chart. Nothing was exported; please ask your tax adviser.")
        raise ExportRefused(text % {"what": missing}) from missing
    firm = datev.Firm(adviser=books.adviser, client=books.client, chart=books.chart)
    content = datev.batch(firm=firm, first=first, last=last, bookings=lines, name=f"Marktrunde {first:%m/%Y}", made_at=at)
    export = LedgerExport.objects.create(
        region=region,
        number=LedgerExport.objects.filter(region=region).count() + 1,
        first=first,
        last=last,
        content=content,
        lines=len(lines),
        total=ledger_lines.total(lines),
        made_at=at,
        made_by=by,
    )
    ExportedEntry.objects.bulk_create(ExportedEntry(export=export, entry=entry) for entry in entries)
    audit.record(action="ledger_export.made", target=export, at=at, by=by, new={"first": str(first), "lines": len(lines)})
    return export


def file_name(*, export: LedgerExport) -> str:
    """As DATEV wants it: with its prefix."""
    return f"EXTF_Buchungsstapel_{export.first:%Y-%m}_{export.number}.csv"


def _waiting(region: Region) -> QuerySet[JournalEntry]:
    """What is on the balance; memos of what is only held are not."""
    return JournalEntry.objects.filter(region=region, exported__isnull=True).exclude(kind=JournalEntry.Kind.HOLD)


def _link(entry: JournalEntry) -> str:
    """The document by which it was booked, as the archive of documents names it."""
    if entry.invoice is None or entry.invoice.settled_by_id or entry.kind not in OF_DOCUMENTS:
        return ""
    return str(document_archive.guid_of(invoice=entry.invoice))


def _numbers(entries: list[JournalEntry]) -> dict[int, str]:
    """What each entry is known by: its document, else the order or invoice that was paid. Three queries."""
    ids = [entry.pk for entry in entries]
    found: dict[int, str] = {}
    paid = Coalesce("invoice__number", "incoming__number")
    payments = Payment.objects.filter(entry__in=ids).values_list("entry", paid, "order__number")
    refunds = Refund.objects.filter(entry__in=ids).values_list("entry", "account__number", "order__number")
    for entry_id, document, order in (*payments, *refunds):
        found[entry_id] = document or order or ""
    known = JournalEntry.objects.filter(pk__in=ids).exclude(invoice__isnull=True, manual_entry__isnull=True)
    documents = known.values_list("pk", "invoice__settled_by__number", "manual_entry__incoming__number", "invoice__number")
    found |= {pk: theirs or bought or number or "" for pk, theirs, bought, number in documents if pk not in found}
    return {pk: found.get(pk, "") for pk in ids}
