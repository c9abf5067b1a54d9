"""Jobs around notices. What is due is found by a query, so a lost job is only a later one."""

import logging

from celery import shared_task
from django.utils import timezone

from marketplace.notices import articles, post
from marketplace.regions.models import Region

logger = logging.getLogger(__name__)


@shared_task
def ask_back() -> None:
    """Ask the owners of addresses whether the wishes are theirs; one that fails stays due and does not keep others back."""
    for notice_id in articles.unasked():
        try:
            post.ask_back(notice_id=notice_id, at=timezone.now())
        except Exception:
            logger.exception("The mail about notice %s could not be sent; it stays due.", notice_id)


@shared_task
def send_due_notices() -> None:
    """Send everything that is due in every region, and forget what is of no use any more."""
    at = timezone.now()
    for region in Region.objects.select_related("site").order_by("pk"):
        for letter in post.due(region=region, at=at):
            try:
                post.send(region=region, letter=letter, at=at)
            except Exception:
                logger.exception("Notices of region %s could not be sent to person %s.", region.pk, letter[0].user_id)
    post.forget(at=at)
