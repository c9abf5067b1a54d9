"""Decides whether the documents of a region are still what was finalised.

Each carries a hash over all it says and over the hash of the one before it.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from billing.models import Invoice, InvoiceLine
from billing.snapshots import canonical


def last_hash(*, region: Any) -> str:
    """The hash at the end of a region's chain; empty before the first document. The caller holds the lock of the books."""
    newest = Invoice.objects.filter(region_id=region.pk).order_by("-pk").values_list("sha256", flat=True).first()
    return newest or ""


def digest(*, invoice: Invoice, lines: Iterable[InvoiceLine]) -> str:
    """SHA-256 in hex over the previous hash and everything of the document that never changes."""
    facts = {
        "region": invoice.region_id,
        "kind": str(invoice.kind),
        "number": invoice.number,
        "counter": invoice.counter,
        "dates": [_day(day) for day in (invoice.issued_on, invoice.due_on, invoice.period_from, invoice.period_until)],
        "part": invoice.part,
        "concerns": [
            invoice.account_id,
            invoice.order_id,
            invoice.partner_id,
            invoice.replaces_id,
            *_corrected(invoice),
            *_anew(invoice),
            *_in_name_of(invoice),
        ],
        "sums": [f"{amount:.2f}" for amount in (invoice.net, invoice.tax, invoice.gross)],
        "finalised_at": invoice.finalised_at.astimezone(UTC).isoformat(),
        "content": invoice.content,
        "lines": [_line(line) for line in lines],
    }
    return hashlib.sha256(invoice.previous_sha256.encode() + b"\n" + canonical(facts)).hexdigest()


def verify_chain(*, region: Any) -> list[str]:
    """What does not fit, document by document; empty when nothing was changed, removed or put in between."""
    problems, previous = [], ""
    documents = Invoice.objects.filter(region_id=region.pk).order_by("pk").prefetch_related("lines")
    for invoice in documents.iterator(chunk_size=200):
        if invoice.previous_sha256 != previous:
            problems.append(f"{invoice.number} does not follow the document before it.")
        if digest(invoice=invoice, lines=sorted(invoice.lines.all(), key=lambda line: line.position)) != invoice.sha256:
            problems.append(f"{invoice.number} is not what was finalised.")
        previous = invoice.sha256
    return problems


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _corrected(invoice: Invoice) -> list[int]:
    """Named only by a correction, so that documents from before there were any keep their hash."""
    return [invoice.corrects_id] if invoice.corrects_id else []


def _anew(invoice: Invoice) -> list[Any]:
    """For the same reason only of a document that was drawn anew."""
    return ["anew", invoice.origin_id, invoice.edition] if invoice.edition > 1 else []


def _in_name_of(invoice: Invoice) -> list[Any]:
    """For the same reason only of a document in a producer's name."""
    return ["seller", invoice.seller_id] if invoice.seller_id else []


def _line(line: InvoiceLine) -> list[Any]:
    amounts = [f"{line.quantity:.3f}", f"{line.net:.2f}", f"{line.gross:.2f}", f"{line.vat_rate:.2f}"]
    return [line.position, str(line.kind), str(line.charge), line.order_line_id, line.fee_id, *amounts, *_given_back(line)]


def _given_back(line: InvoiceLine) -> list[Any]:
    """For the same reason only where there is one."""
    named = {"credit": line.credit_id, "deposit_return": line.deposit_return_id, "discount": line.discount_id}
    named["producer_fee"] = line.producer_fee_id
    percent = ["percent", f"{line.percent:.2f}"] if line.percent is not None else []
    again = ["edition", line.edition] if line.edition > 1 else []
    return [part for name, pk in named.items() if pk for part in (name, pk)] + again + percent
