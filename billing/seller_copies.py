"""Keeps what the tax office was told of each seller, and tells it to the seller itself (section 22 PStTG: by 31 January).

The copy comes about with the report, from the same figures, and says what was reported however things change afterwards.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from email.utils import formataddr
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing import seller_xml
from billing.models import PeriodExport, SellerCopy
from billing.seller_reports import QUARTERS, Report


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """A quarter as it was reported: whole euro, as the format wants them, and the exact sums they come from."""

    number: int
    got: Decimal
    fees: Decimal
    got_reported: int
    fees_reported: int
    sales: int


@dataclass(frozen=True, kw_only=True)
class Told:
    """A copy, readable: facts with their names in the reader's language, then the quarters."""

    year: int
    reported_on: date
    operator: str
    facts: tuple[tuple[str, str], ...]
    quarters: tuple[Quarter, ...]


def keep(*, export: PeriodExport, reports: Iterable[Report]) -> None:
    """Keep the copies of those that a report names; the caller made it of the same `reports`, in the same transaction."""
    SellerCopy.objects.bulk_create(
        SellerCopy(partner=report.seller.partner, year=report.year, export=export, content=_content(report))
        for report in reports
        if report.is_reported
    )


def of_seller(*, partner: Any) -> QuerySet[SellerCopy]:
    """A seller's copies, the latest year first."""
    return SellerCopy.objects.filter(partner=partner).select_related("export__region").defer("export__content").order_by("-year")


def read(*, copy: SellerCopy) -> Told:
    """A copy for people."""
    content = copy.content
    names = {
        "name": _("Name"),
        "address": _("Address"),
        "birth_date": _("Date of birth"),
        "tin": _("Tax number"),
        "vat_id": _("VAT id"),
        "register_number": _("Number in the commercial register"),
        "iban": "IBAN",
    }
    activity = _("services") if content["is_service"] else _("sale of goods")
    return Told(
        year=copy.year,
        reported_on=timezone.localdate(copy.export.made_at),
        operator=copy.export.region.legal_name,
        facts=(
            *((label, content["facts"][key]) for key, label in names.items() if content["facts"][key]),
            (_("Kind of activity"), activity),
        ),
        quarters=tuple(
            Quarter(
                number=number,
                got=Decimal(row["got"]),
                fees=Decimal(row["fees"]),
                got_reported=int(row["got_reported"]),
                fees_reported=int(row["fees_reported"]),
                sales=row["sales"],
            )
            for number, row in zip(QUARTERS, content["quarters"], strict=True)
        ),
    )


def table(*, copy: SellerCopy) -> bytes:
    """The same as CSV, German: facts, then a line for each quarter."""
    with translation.override("de"):
        told = read(copy=copy)
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Meldung nach dem Plattformen-Steuertransparenzgesetz", told.year])
    writer.writerow(["Gemeldet am", f"{told.reported_on:%d.%m.%Y}"])
    writer.writerow(["Gemeldet von", told.operator])
    writer.writerows(told.facts)
    writer.writerow([])
    writer.writerow(["Quartal", "Vergütung (gemeldet)", "Gebühren (gemeldet)", "Verkäufe", "Vergütung genau", "Gebühren genau"])
    for row in told.quarters:
        writer.writerow([row.number, row.got_reported, row.fees_reported, row.sales, _euro(row.got), _euro(row.fees)])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def send_due(*, at: datetime) -> int:
    """Mail every copy that was not mailed, each once, and say how many went out."""
    waiting = SellerCopy.objects.filter(sent_at__isnull=True).select_related("partner__region__site", "export__region")
    return sum(_send(copy, at) for copy in waiting.defer("export__content").order_by("pk"))


@transaction.atomic
def _send(copy: SellerCopy, at: datetime) -> bool:
    """Whoever marks it first sends it; a mail that fails takes the mark back. The tax number is not put into a mail."""
    if not SellerCopy.objects.filter(pk=copy.pk, sent_at__isnull=True).update(sent_at=at):
        return False
    region = copy.partner.region
    with translation.override("de"):
        address = f"{region.site.root_url}{reverse('dashboard:seller_copy', args=[copy.year])}"
        context = {"told": read(copy=copy), "partner": copy.partner, "region": region, "address": address}
        EmailMessage(
            subject=_("%(region)s: what we told the tax office about %(year)s") % {"region": region.name, "year": copy.year},
            body=render_to_string("billing/mail_seller_copy.txt", context),
            from_email=formataddr((region.name, region.email)),
            to=[copy.partner.email],
            reply_to=[region.email],
        ).send()
    return True


def _content(report: Report) -> dict[str, Any]:
    partner, facts = report.seller.partner, report.seller.facts
    return {
        "is_service": report.is_service,
        "facts": {
            "name": partner.contact_name if facts.is_person else str(partner.name),
            "address": f"{partner.street}, {partner.postal_code} {partner.city}",
            "birth_date": f"{facts.birth_date:%d.%m.%Y}" if facts.is_person and facts.birth_date else "",
            "tin": facts.tin or ("" if facts.is_person else partner.tax_number),
            "vat_id": partner.vat_id,
            "register_number": "" if facts.is_person else facts.register_number or partner.register_entry,
            "iban": partner.iban.replace(" ", ""),
        },
        "quarters": [
            {
                "got": str(quarter.got),
                "fees": str(quarter.fees),
                "got_reported": seller_xml.whole(quarter.got),
                "fees_reported": seller_xml.whole(quarter.fees),
                "sales": quarter.sales,
            }
            for quarter in (report.quarters[number] for number in QUARTERS)
        ],
    }


def _euro(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
