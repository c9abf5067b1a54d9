"""Jobs of the desk: found by query, safe to run twice and late."""

from celery import shared_task
from django.utils import timezone

from marketplace.desk import bulk


@shared_task
def cancel_in_bulk() -> None:
    """Cancel the orders that the office wants cancelled in one go, as far as they are due."""
    bulk.carry_on_due(at=timezone.now())
