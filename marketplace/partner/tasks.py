"""Jobs around offers."""

from celery import shared_task
from django.utils import timezone

from marketplace.partner import offers


@shared_task
def end_reductions() -> None:
    """Bring back the prices of reductions that are over."""
    offers.end_reductions(today=timezone.localdate(), at=timezone.now())
