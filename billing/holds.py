"""Keeps what stands in the way of documents that cannot be made or sent: the office reads it, the next run tries again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet

from billing.models import DocumentHold, Invoice

Step = DocumentHold.Step
#: at first a hindrance may pass by itself; later it is looked into once an hour
SOON, LATER, FEW = timedelta(minutes=5), timedelta(hours=1), 3
#: after this time a document that was not sent is stuck
STUCK = timedelta(hours=2)


@transaction.atomic
def note(*, invoice: Invoice, step: Step, at: datetime, findings: Sequence[Any] = (), error: str = "") -> DocumentHold:
    """Write down that a step failed (again), and why. `findings` are `rules.Finding`."""
    told = {"findings": [list(finding) for finding in findings], "error": error[:500]}
    DocumentHold.objects.bulk_create([DocumentHold(invoice=invoice, step=step, first_at=at, last_at=at)], ignore_conflicts=True)
    DocumentHold.objects.filter(invoice=invoice, step=step).update(attempts=F("attempts") + 1, last_at=at, **told)
    return DocumentHold.objects.get(invoice=invoice, step=step)


def clear(*, invoice: Invoice, step: Step) -> None:
    """The step has worked."""
    DocumentHold.objects.filter(invoice=invoice, step=step).delete()


def resting(*, step: Step, at: datetime) -> QuerySet[DocumentHold]:
    """For a subquery over documents: the hold of a step that was tried too lately to be tried again."""
    lately = Q(attempts__lt=FEW, last_at__gt=at - SOON) | Q(attempts__gte=FEW, last_at__gt=at - LATER)
    return DocumentHold.objects.filter(lately, invoice=OuterRef("pk"), step=step)


def given_up() -> Q:
    """Documents that could not be made and were cancelled: nobody ever got them, so nobody waits for them."""
    return Q(file__isnull=True, replaced_by__isnull=False, holds__step=Step.FILE)


def held(*, region: Any) -> QuerySet[Invoice]:
    """The documents that could not be made, the oldest first, with what the rules said in `holds`."""
    rows = Invoice.objects.filter(region=region, file__isnull=True, replaced_by__isnull=True, holds__step=Step.FILE)
    return rows.select_related("account", "order", "partner").prefetch_related("holds").defer("content").order_by("pk")


def stuck(*, region: Any, at: datetime) -> QuerySet[Invoice]:
    """The documents that have a file and were not sent for hours, or could not be, the oldest first."""
    long_ago = Q(file__made_at__lt=at - STUCK) | Q(holds__step=Step.MAIL)
    rows = Invoice.objects.filter(long_ago, region=region, sent_at__isnull=True, file__isnull=False).exclude(unheard_of())
    rows = rows.select_related("account", "order", "partner").prefetch_related("holds").defer("content")
    return rows.order_by("pk").distinct()


def unheard_of() -> Q:
    """Cancellations of documents that were never made: they have nothing to tell anybody."""
    return Q(kind=Invoice.Kind.CANCELLATION, replaces__file__isnull=True)
