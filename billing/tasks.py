"""Jobs of billing: found by query, safe to run twice and late."""

from celery import shared_task
from django.utils import timezone

from billing import corrections, doorstep, files, invoicing, sending, settlements


@shared_task
def draw_due_documents() -> None:
    """Book what was paid at the door, then draw the invoices, corrections and credit notes that are due."""
    now = timezone.now()
    doorstep.book(at=now)
    invoicing.draw_due(today=timezone.localdate(now), at=now)
    corrections.draw_due(today=timezone.localdate(now), at=now)
    settlements.settle_due(today=timezone.localdate(now), at=now)


@shared_task
def finish_documents() -> None:
    """Make the files that are missing and send what was not sent."""
    files.make_due(at=timezone.now())
    sending.send_due(at=timezone.now())
