"""Hands the documents of a month to the tax adviser: PDF and XML, and the list by which DATEV finds the document of a booking.

`document.xml` is DATEV's XML interface online (version 6.0); the booking batch names the same document in "Beleglink" (BEDI).
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.sax.saxutils import quoteattr

from django.db.models import QuerySet

from billing import archives
from billing.models import Invoice
from marketplace.regions.models import Region

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<archive xmlns="http://xml.datev.de/bedi/tps/document/v06.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://xml.datev.de/bedi/tps/document/v06.0 Document_v060.xsd" version="6.0"'
    ' generatingSystem="Marktrunde">\n'
)


def guid_of(*, invoice: Invoice) -> UUID:
    """What DATEV knows a document by: always the same for the same document."""
    return uuid5(NAMESPACE_URL, f"marktrunde:document:{invoice.sha256}")


def documents(*, region: Region, first: date, last: date) -> QuerySet[Invoice]:
    """The documents that were issued in these days, by number."""
    rows = (
        Invoice.objects.filter(region=region, issued_on__range=(first, last), settled_by__isnull=True)
        .defer("content", "replaces__content")
        .select_related("file", "replaces")
    )
    return rows.order_by("number", "pk")


def without_file(*, region: Region, first: date, last: date) -> list[str]:
    """Numbers of documents that have no file yet."""
    return list(documents(region=region, first=first, last=last).filter(file__isnull=True).values_list("number", flat=True))


def build(*, region: Region, first: date, last: date) -> bytes:
    """The ZIP: `document.xml`, and of each document its PDF and its XML. It depends on the documents alone."""
    rows = list(documents(region=region, first=first, last=last).filter(file__isnull=False))
    return archives.packed(files=_files(rows, last))


def _files(rows: list[Invoice], last: date) -> Iterator[tuple[str, bytes]]:
    yield "document.xml", _list(rows, last)
    for row in rows:
        yield f"{row.number}.pdf", bytes(row.file.pdf)
        yield f"{row.number}.xml", bytes(row.file.xml)


def _list(rows: list[Invoice], last: date) -> bytes:
    parts = [
        _HEAD,
        f"  <header>\n    <date>{datetime.combine(last, time.min):%Y-%m-%dT%H:%M:%S}</date>\n  </header>\n  <content>\n",
    ]
    for row in rows:
        meant = row.replaces if row.replaces is not None else row
        incoming = meant.kind == Invoice.Kind.SELF_BILLED
        parts.append(
            f'    <document guid="{guid_of(invoice=row)}" processID="1" type="{1 if incoming else 2}">\n'
            + "".join(f'      <extension xsi:type="File" name={quoteattr(f"{row.number}.{kind}")}/>\n' for kind in ("pdf", "xml"))
            + "    </document>\n"
        )
    return ("".join(parts) + "  </content>\n</archive>\n").encode()
