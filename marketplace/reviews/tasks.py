"""Jobs of reviews. What is due is found by a query, so a lost job is only a later one."""

import logging

from celery import shared_task
from django.utils import timezone

from marketplace.reviews import mails

logger = logging.getLogger(__name__)


@shared_task
def send_due_mails() -> None:
    """Send every mail that is due; one that fails stays due and does not keep the others back."""
    for send, pk in mails.due():
        try:
            send(pk=pk, at=timezone.now())
        except Exception:
            logger.exception("A mail about row %s of reviews could not be sent; it stays due.", pk)
