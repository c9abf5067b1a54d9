"""Takes a document back by another one that mirrors it and refers to it; the first stays as it was.

What a cancelled invoice billed is not billed again by itself: the order lines keep their mark, so that no run draws by machine
what a person took back; `reissues` draws it anew. What a cancelled credit note settled is settled again, as it is still owed.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing import documents, finalising, holds, journal, parties
from billing.documents import Document
from billing.finalising import Draft, Source
from billing.models import AgencyStatement, Invoice, InvoiceLine, JournalEntry, PayoutItem
from billing.numbers import Prefix
from billing.snapshots import thawed
from marketplace.core import audit


class CancellationRefused(Exception):
    """The document cannot be taken back; the message is fit for the office."""


@transaction.atomic
def cancel(*, invoice: Invoice, reason: str, today: date, at: datetime, by: Any) -> Invoice:
    """Write the 384 that takes an invoice or a credit note back; a second call gives back the first one's result.

    The journal gets the entry of the document with the other sign. A credit note that was paid out can be taken back only when
    its producer objected to it; what was paid is set off against the next ones. Raises `CancellationRefused`.
    """
    locked = Invoice.objects.select_for_update(of=("self",)).select_related("region").get(pk=invoice.pk)
    existing = Invoice.objects.filter(replaces=locked).first()
    if existing:
        return existing
    if locked.kind not in (Invoice.Kind.INVOICE, Invoice.Kind.SELF_BILLED):
        raise CancellationRefused(_("%(number)s is itself a correction and cannot be cancelled.") % {"number": locked.number})
    if locked.settled_by is not None:
        told = {"number": locked.number, "theirs": locked.settled_by.number}
        raise CancellationRefused(_("%(number)s was settled by their own invoice %(theirs)s and cannot be cancelled.") % told)
    if AgencyStatement.objects.filter(commission=locked).exists():
        raise CancellationRefused(_("%(number)s belongs to a payout and cannot be cancelled.") % {"number": locked.number})
    if locked.kind == Invoice.Kind.SELF_BILLED and locked.objected_at is None and locked.payments.exists():
        raise CancellationRefused(_("%(number)s was paid out and cannot be cancelled.") % {"number": locked.number})
    if not locked.payments.exists() and PayoutItem.objects.filter(settlement=locked, stands=True).exists():
        raise CancellationRefused(_("%(number)s is in a transfer file and cannot be cancelled.") % {"number": locked.number})
    cancellation = finalising.finalise(draft=_draft(locked, reason, today), at=at)
    audit.record(
        action="billing.cancel", target=locked, at=at, by=by, new={"reason": reason, "cancellation": cancellation.number}
    )
    return cancellation


def _draft(invoice: Invoice, reason: str, today: date) -> Draft:
    document = documents.cancelled(_readable(invoice), number="-", issued_on=today)
    if reason:
        document = replace(document, intro=f"Grund: {reason}")
    entry = JournalEntry.objects.filter(key=f"invoice:{invoice.pk}").first()
    return Draft(
        region=invoice.region,
        prefix=Prefix.CANCELLATION,
        document=document,
        period=(invoice.period_from, invoice.period_until),
        part=invoice.part,
        sources=tuple(_mirrored(line) for line in invoice.lines.order_by("position")),
        sides=tuple(journal.reversal(entry=entry)) if entry else (),
        entry_kind=JournalEntry.Kind.CANCELLATION,
        account_id=invoice.account_id,
        order_id=invoice.order_id,
        partner_id=invoice.partner_id,
        seller_id=invoice.seller_id,
        replaces=invoice,
    )


def _readable(invoice: Invoice) -> Document:
    """What it says. One that the rules refused names its parties as they are on file today, or they would refuse this too."""
    document = thawed(invoice.content)
    if not holds.held(region=invoice.region_id).filter(pk=invoice.pk).exists():
        return document
    seller, buyer = parties.on_file(invoice=invoice)
    return replace(document, seller=seller or document.seller, buyer=buyer or document.buyer)


def source_of(line: InvoiceLine) -> Source:
    """A line of a document as a draft wants it."""
    return Source(
        charge=InvoiceLine.Charge(line.charge),
        quantity=line.quantity,
        net=line.net,
        gross=line.gross,
        vat_rate=line.vat_rate,
        order_line_id=line.order_line_id,
        fee_id=line.fee_id,
        credit_id=line.credit_id,
        deposit_return_id=line.deposit_return_id,
        discount_id=line.discount_id,
        producer_fee_id=line.producer_fee_id,
        percent=line.percent,
    )


def _mirrored(line: InvoiceLine) -> Source:
    return replace(source_of(line), quantity=-line.quantity, net=-line.net, gross=-line.gross)
