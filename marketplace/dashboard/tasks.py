"""Jobs that the office asks for."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from logistics import tours
from logistics.models import DeliveryRound
from logistics.tasks import PLANNING_SECONDS
from logistics.tours import TourRefused
from marketplace.users.models import User


@shared_task(acks_late=True)
def plan_tours(*, round_id: int, by_id: int) -> None:
    """Plan the tours of a closed round, or plan them anew, unless another worker is at it or a tour has started."""
    key = f"planning-round-{round_id}"
    if not cache.add(key, "1", timeout=PLANNING_SECONDS):
        return
    try:
        delivery_round = DeliveryRound.objects.get(pk=round_id)
        tours.plan(delivery_round=delivery_round, at=timezone.now(), by=User.objects.filter(pk=by_id).first())
    except TourRefused:
        return  # somebody drove off meanwhile; the page says so
    finally:
        cache.delete(key)
