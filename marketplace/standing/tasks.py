"""Jobs of standing orders. What is due is found by a query, so a lost job is only a later one."""

import logging
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils import timezone

from marketplace.standing import endings, mails, placing, summaries

logger = logging.getLogger(__name__)


@shared_task(acks_late=True)
def place_due_standing_orders() -> None:
    """Order everything that is due, then write every mail that is due."""
    placing.place_due(at=timezone.now())
    endings.carry_out_due(at=timezone.now())
    _send_due_mails()


def _send_due_mails() -> None:
    """Send everything that is due; one that fails stays due and does not keep the others back."""
    for standing_id in mails.unconfirmed():
        _try(mails.send_agreement, standing_id=standing_id)
    for placement_id in mails.untold():
        _try(mails.tell, placement_id=placement_id)
    for placement_id in mails.final_due(at=timezone.now()):
        _try(mails.tell_final, placement_id=placement_id)
    for round_id in summaries.due(at=timezone.now()):
        _try(summaries.tell, round_id=round_id)
    for ending_id in endings.without_receipt():
        _try(mails.send_receipt, ending_id=ending_id)


@shared_task
def send_agreement(*, standing_id: int) -> None:
    """Confirm a standing order just made."""
    mails.send_agreement(standing_id=standing_id, at=timezone.now())


@shared_task
def send_receipt(*, ending_id: int) -> None:
    """Confirm that a declaration of ending has arrived."""
    mails.send_receipt(ending_id=ending_id, at=timezone.now())


def _try(send: Callable[..., bool], **what: Any) -> None:
    try:
        send(**what, at=timezone.now())
    except Exception:
        logger.exception("A mail about %s could not be sent; it stays due.", what)
