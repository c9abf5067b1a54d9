"""Finds documents of a region for the office, with what came in for each."""

from django.db.models import F, Q, QuerySet

from billing import access, open_items
from billing.models import Invoice, Payment
from marketplace.core.models import AuditEntry
from marketplace.regions.models import Region

LONGEST = 80


def find(*, region: Region, text: str = "", kind: str = "", unpaid: bool = False) -> QuerySet[Invoice]:
    """Documents, the newest first; `received` is what was paid on each, payments for its order included.

    `text` is searched in number, account, order and producer. `unpaid` leaves invoices of which something is open.
    """
    rows = access.listed(access.of_office(region=region)).annotate(received=open_items.received())
    if kind in Invoice.Kind.values:
        rows = rows.filter(kind=kind)
    if unpaid:
        rows = rows.filter(kind=Invoice.Kind.INVOICE, received__lt=F("gross"), replaced_by__isnull=True)
    for word in text[:LONGEST].split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(account__name__icontains=word)
            | Q(order__number__icontains=word)
            | Q(order__last_name__icontains=word)
            | Q(partner__name__icontains=word)
        )
    return rows


def payments_of(*, invoice: Invoice) -> list[Payment]:
    """What was booked on a document or on its order, the oldest first."""
    concerned = Q(invoice=invoice) | (Q(order=invoice.order_id) if invoice.order_id else Q(pk__in=()))
    rows = Payment.objects.filter(concerned).select_related("invoice").defer("invoice__content").prefetch_related("returns")
    return list(rows.order_by("received_on", "pk"))


def objections_to(*, invoice: Invoice) -> list[str]:
    """What the producer wrote against a credit note, the oldest first."""
    told = AuditEntry.objects.filter(
        action="billing.objection", target_type=invoice._meta.label_lower, target_id=invoice.pk
    ).order_by("pk")
    return [text for entry in told if (text := str(entry.new.get("text", "")))]
