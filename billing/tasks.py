"""Jobs of billing: found by query, safe to run twice and late."""

from celery import shared_task
from django.utils import timezone

from billing import (
    agency,
    applications,
    corrections,
    debit_news,
    doorstep,
    dunning_paper,
    fee_statements,
    files,
    instalments,
    invoicing,
    offsets,
    payouts,
    seller_copies,
    seller_mails,
    sending,
    settlements,
)
from billing.online import jobs as online_jobs

#: files made at a go; after a full one as many go on, so that at a month's end all workers are at it
HANDFUL, HELPERS = 50, 2


@shared_task
def draw_due_documents() -> None:
    """Book what was paid at the door, take what is held for online payments, then draw the documents that are due."""
    now = timezone.now()
    doorstep.book(at=now)
    online_jobs.collect(at=now)
    invoicing.draw_due(today=timezone.localdate(now), at=now)
    corrections.draw_due(today=timezone.localdate(now), at=now)
    offsets.use_due(today=timezone.localdate(now), at=now)
    instalments.end_due(today=timezone.localdate(now), at=now)
    settlements.settle_due(today=timezone.localdate(now), at=now)
    agency.settle_due(today=timezone.localdate(now), at=now)
    fee_statements.settle_due(today=timezone.localdate(now), at=now)
    payouts.set_off_due(today=timezone.localdate(now), at=now)


@shared_task
def finish_documents() -> None:
    """Make the files that are missing and send what was not sent; where there are many, others go on and others help."""
    if files.make_due(at=timezone.now(), limit=HANDFUL) == HANDFUL:
        for _ in range(HELPERS):
            finish_documents.delay()
    sending.send_due(at=timezone.now())
    dunning_paper.send_due(at=timezone.now())
    applications.tell_due(at=timezone.now())
    debit_news.tell_due(at=timezone.now())


@shared_task
def follow_online_payments() -> None:
    """Work off what the payment provider reported, and take, give back and tell what is due."""
    online_jobs.follow(at=timezone.now())


@shared_task
def catch_up_with_the_provider() -> None:
    """Ask the payment provider for what it did not report."""
    online_jobs.catch_up(at=timezone.now())


@shared_task
def remind_sellers() -> None:
    """Ask sellers for facts that the tax office wants to know, and tell them what it was told."""
    seller_mails.remind_due(today=timezone.localdate())
    seller_copies.send_due(at=timezone.now())
