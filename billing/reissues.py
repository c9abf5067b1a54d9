"""Draws a wrong invoice anew: a cancellation (384) takes it back, and one with the right particulars takes its place.

Only whom it names changes, never how much: amounts are put right by corrections (381). Both documents come about together or not
at all, so what was billed is billed again exactly once; what was paid and credited counts for the new one.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from billing import (
    cancellations,
    claims,
    drafting,
    editions,
    fee_statements,
    finalising,
    journal,
    parties,
    payments,
    settlements,
)
from billing.cancellations import CancellationRefused
from billing.documents import Document
from billing.finalising import Draft
from billing.models import Invoice, JournalEntry
from billing.numbers import Prefix
from billing.snapshots import thawed
from marketplace.core import audit, money
from marketplace.partner.models import Partner


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """Whom the new invoice names, and what the buyer wants to read on it."""

    name: str
    street: str
    postal_code: str
    city: str
    email: str = ""
    vat_id: str = ""
    buyer_reference: str = ""
    leitweg_id: str = ""


def particulars(*, invoice: Invoice) -> Particulars:
    """What the new invoice would name by what is on file today: the account, or the order's own address."""
    document, account = thawed(invoice.content), parties.account_of(invoice=invoice)
    buyer, leitweg = parties.on_file(invoice=invoice)[1] or document.buyer, document.leitweg_id
    return Particulars(
        name=buyer.name,
        street=buyer.street,
        postal_code=buyer.postal_code,
        city=buyer.city,
        email=buyer.email,
        vat_id=buyer.vat_id,
        buyer_reference=document.buyer_reference,
        leitweg_id=account.leitweg_id if account else leitweg,
    )


def hindrance(*, invoice: Invoice) -> str:
    """Why an invoice cannot be drawn anew, for the office; empty when it can."""
    if invoice.kind != Invoice.Kind.INVOICE:
        return _("%(number)s is no invoice.") % {"number": invoice.number}
    newest = editions.latest(invoice=invoice)
    if newest.pk != invoice.pk:
        return _("%(number)s was drawn anew already, as %(newest)s.") % {"number": invoice.number, "newest": newest.number}
    return ""


@transaction.atomic
def reissue(*, invoice: Invoice, told: Particulars, reason: str, today: date, at: datetime, by: Any) -> Invoice:
    """Cancel an invoice, unless it is, and draw it anew with these particulars; a second call gives back the first one's result.

    Raises `CancellationRefused`.
    """
    locked = Invoice.objects.select_for_update(of=("self",)).select_related("region").get(pk=invoice.pk)
    drawn = Invoice.objects.filter(origin_id=editions.origin_of(locked), edition=locked.edition + 1).first()
    if drawn is not None:
        return drawn
    if refusal := hindrance(invoice=locked):
        raise CancellationRefused(refusal)
    cancellation = cancellations.cancel(invoice=locked, reason=reason, today=today, at=at, by=by)
    renewed = finalising.finalise(draft=_draft(locked, cancellation, _document(locked, cancellation, told, reason, today)), at=at)
    new = {"reason": reason, "cancellation": cancellation.number, "invoice": renewed.number, **asdict(told)}
    audit.record(action="billing.reissue", target=locked, at=at, by=by, new=new)
    return renewed


@transaction.atomic
def resettle(*, settlement: Invoice, reason: str, today: date, at: datetime, by: Any) -> Invoice:
    """Cancel a credit note that its producer objected to, and settle the period again by what is on file today.

    A second call gives back the period's newest document. Raises `CancellationRefused`, and then changes nothing.
    """
    if settlement.kind != Invoice.Kind.SELF_BILLED or settlement.partner is None:
        raise CancellationRefused(_("%(number)s is no credit note.") % {"number": settlement.number})
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=settlement.partner_id)
    cancellations.cancel(invoice=settlement, reason=reason, today=today, at=at, by=by)
    settle = fee_statements.settle if settlement.passed_fees.exists() else settlements.settle
    settled = settle(partner=partner, first=settlement.period_from, last=settlement.period_until, today=today, at=at)
    if settled.invoice is None:
        raise CancellationRefused(_("It cannot be drawn anew: %(reason)s.") % {"reason": settled.hindrance.label})
    new = {"reason": reason, "settlement": settled.invoice.number}
    audit.record(action="billing.resettle", target=settlement, at=at, by=by, new=new)
    return settled.invoice


def _document(invoice: Invoice, cancellation: Invoice, told: Particulars, reason: str, today: date) -> Document:
    before = thawed(invoice.content)
    seller, on_file = parties.on_file(invoice=invoice)
    buyer = replace(
        on_file or before.buyer,
        name=told.name,
        street=told.street,
        postal_code=told.postal_code,
        city=told.city,
        email=told.email,
        vat_id=told.vat_id,
    )
    document = replace(
        before,
        seller=seller or before.seller,
        buyer=buyer,
        buyer_reference=told.buyer_reference,
        leitweg_id=told.leitweg_id,
        syntax=drafting.syntax_of(parties.account_of(invoice=invoice)),
        replaces=(invoice.number, invoice.issued_on),
        intro=f"Diese Rechnung ersetzt {invoice.number}, storniert durch {cancellation.number}. {_why(reason)}".strip(),
        notes=(*before.notes, *_corrections(invoice)),
    )
    return drafting.restated(document=document, today=today, prepaid=_received(invoice))


def _why(reason: str) -> str:
    return f"Grund: {reason}" if reason else ""


def _corrections(invoice: Invoice) -> tuple[str, ...]:
    """What was taken off the cancelled invoice stays taken off; the new one says so."""
    corrections = Invoice.objects.filter(editions.of(invoice=invoice, name="corrects")).order_by("pk")
    said = thawed(invoice.content).notes
    notes = (f"Die Rechnungskorrektur {row.number} vom {row.issued_on:%d.%m.%Y} gilt auch hierfür." for row in corrections)
    return tuple(note for note in notes if note not in said)


def _received(invoice: Invoice) -> Decimal:
    """What was paid for the goods by now, out of a credit balance too; corrections and charges for being late are told apart."""
    taken_off = Invoice.objects.filter(editions.of(invoice=invoice, name="corrects")).aggregate(sum=Sum("gross"))["sum"]
    return payments.paid(invoice=invoice) - (taken_off or money.ZERO) + claims.charged_on(invoice=invoice)


def _draft(invoice: Invoice, cancellation: Invoice, document: Document) -> Draft:
    """What the cancelled one billed, booked as that was."""
    entry = JournalEntry.objects.filter(key=f"invoice:{cancellation.pk}").first()
    return Draft(
        region=invoice.region,
        prefix=Prefix(invoice.series.prefix),
        document=document,
        period=(invoice.period_from, invoice.period_until),
        part=invoice.part,
        sources=tuple(cancellations.source_of(line) for line in invoice.lines.order_by("position")),
        sides=tuple(journal.reversal(entry=entry)) if entry else (),
        entry_kind=JournalEntry.Kind.INVOICE,
        account_id=invoice.account_id,
        order_id=invoice.order_id,
        partner_id=invoice.partner_id,
        seller_id=invoice.seller_id,
        reissues=invoice,
    )
