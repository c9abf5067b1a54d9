"""Jobs of logistics. Each finds its work by a query, so that nothing is lost when the queue is emptied, only later."""

import logging

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from logistics import rounds, tours
from logistics.models import DeliveryRound, RoundRule

logger = logging.getLogger(__name__)
#: how long a worker is left alone with a round before another one may plan it
PLANNING_SECONDS = 300


@shared_task(acks_late=True)
def announce_rounds() -> None:
    """Announce the rounds of every rule in use; one that fails does not keep the others waiting."""
    for rule in RoundRule.objects.filter(is_active=True).order_by("pk"):
        try:
            rounds.announce(rule=rule, today=timezone.localdate())
        except Exception:
            logger.exception("The rounds of rule %s could not be announced; the next run tries again.", rule.pk)


@shared_task(acks_late=True)
def close_due_rounds() -> None:
    """Close what is due, and have every round planned that is closed and has no tours yet."""
    rounds.close_due(at=timezone.now())
    for pk in DeliveryRound.objects.filter(status=DeliveryRound.Status.CLOSED).order_by("pk").values_list("pk", flat=True):
        plan_round.delay(round_id=pk)


@shared_task(acks_late=True)
def plan_round(*, round_id: int) -> None:
    """Plan one round, unless it is planned already or another worker is at it."""
    closed = DeliveryRound.objects.filter(pk=round_id, status=DeliveryRound.Status.CLOSED).first()
    key = f"planning-round-{round_id}"
    if closed is None or not cache.add(key, "1", timeout=PLANNING_SECONDS):
        return
    try:
        tours.plan(delivery_round=closed, at=timezone.now())
    finally:
        cache.delete(key)
