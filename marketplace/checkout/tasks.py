"""Jobs of the checkout: found by query, safe to run twice and late."""

from celery import shared_task
from django.utils import timezone

from marketplace.checkout import unpaid


@shared_task
def end_unpaid_orders() -> None:
    """End the orders that were to be paid online and were not."""
    unpaid.end_due(at=timezone.now())
