"""Decides what is handed out of the books for a period: each once, and the same byte for byte whenever it is asked for again."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing import (
    archives,
    audit_export,
    closed_months,
    datev_master,
    document_archive,
    master_data,
    numbers,
    seller_copies,
    seller_reports,
    seller_xml,
    vat_returns,
)
from billing.models import PeriodExport
from billing.seller_reports import Report
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User

Kind = PeriodExport.Kind
#: what hangs on the bookings of the period: it is made once they cannot change any more
OF_CLOSED_MONTHS = (Kind.AUDIT, Kind.VAT)
#: large, and built of rows that never change: only its hash is kept
REBUILT = (Kind.DOCUMENTS,)
NAMES = {
    Kind.AUDIT: "Pruefung_{0}.zip",
    Kind.DOCUMENTS: "Belege_{0}.zip",
    Kind.MASTER: "EXTF_DebKred_Stamm_{0}.csv",
    Kind.VAT: "Umsatzsteuer_{0}.csv",
    Kind.SELLERS: "Anbieter_{0}.zip",
}


class PeriodRefused(Exception):
    """The period cannot be exported (yet); the message is for the office."""


class ChangedSince(Exception):
    """What is built now is not what was handed out: somebody changed rows that never change."""


@transaction.atomic
def make(*, region: Region, kind: str, first: date, last: date, today: date, at: datetime, by: User | None) -> PeriodExport:
    """Make the export of a period, or give back the one that was made. Raises `PeriodRefused`."""
    numbers.lock_books(region=region)
    known = PeriodExport.objects.filter(region=region, kind=kind, first=first, last=last).first()
    if known is not None:
        return known
    if not first <= last < today:
        raise PeriodRefused(_("The period is not over yet."))
    until = closed_months.until(region=region)
    if kind in OF_CLOSED_MONTHS and (until is None or until < last):
        raise PeriodRefused(_("Please close the month first; then nothing in it can change any more."))
    reports = seller_reports.of_year(region=region, year=first.year) if kind == Kind.SELLERS else []
    content = _build(region, kind, first, last, at) if kind != Kind.SELLERS else _sellers(region, first.year, at, reports)
    made = PeriodExport.objects.create(
        region=region,
        kind=kind,
        first=first,
        last=last,
        content=None if kind in REBUILT else content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        made_at=at,
        made_by=by,
    )
    seller_copies.keep(export=made, reports=reports)
    audit.record(action="period_export.made", target=made, at=at, by=by, new={"kind": kind, "sha256": made.sha256})
    return made


def content(*, export: PeriodExport) -> bytes:
    """What was handed out. Raises `ChangedSince` when that cannot be built any more."""
    if export.content is not None:
        return bytes(export.content)
    built = _build(export.region, export.kind, export.first, export.last, export.made_at)
    if hashlib.sha256(built).hexdigest() != export.sha256:
        raise ChangedSince(str(export))
    return built


def file_name(*, export: PeriodExport) -> str:
    """How the file is called when it is downloaded."""
    whole_month = (export.first.year, export.first.month) == (export.last.year, export.last.month)
    span = f"{export.first:%Y-%m}" if whole_month else f"{export.first:%Y-%m-%d}_{export.last:%Y-%m-%d}"
    return NAMES[Kind(export.kind)].format(span)


def _build(region: Region, kind: str, first: date, last: date, at: datetime) -> bytes:
    ways: dict[str, Callable[[], bytes]] = {
        Kind.AUDIT: lambda: audit_export.build(region=region, first=first, last=last, made_at=at),
        Kind.DOCUMENTS: lambda: _documents(region, first, last),
        Kind.MASTER: lambda: _master(region, last, at),
        Kind.VAT: lambda: vat_returns.table(figures=vat_returns.of_period(region=region, first=first, last=last)),
    }
    return ways[kind]()


def _documents(region: Region, first: date, last: date) -> bytes:
    missing = document_archive.without_file(region=region, first=first, last=last)
    if missing:
        raise PeriodRefused(_("These documents have no file yet: %(numbers)s") % {"numbers": ", ".join(missing[:5])})
    return document_archive.build(region=region, first=first, last=last)


def _sellers(region: Region, year: int, at: datetime, reports: list[Report]) -> bytes:
    incomplete = [str(report.seller.partner.name) for report in reports if report.is_reported and report.seller.missing]
    if incomplete:
        raise PeriodRefused(_("Facts are missing of: %(names)s") % {"names": ", ".join(incomplete[:5])})
    xml = seller_xml.write(region=region, year=year, reports=reports, made_at=at)
    table = seller_reports.table(reports=reports)
    return archives.packed(files=((f"dpi_{year}.xml", xml), (f"anbieter_{year}.csv", table)))


def _master(region: Region, last: date, at: datetime) -> bytes:
    firm = master_data.firm(region=region)
    if firm is None:
        raise PeriodRefused(_("Please enter the numbers that your tax adviser gave you first."))
    return datev_master.batch(firm=firm, day=last, parties=master_data.parties(region=region, until=last), made_at=at)
